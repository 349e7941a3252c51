"""Presets: settings of a dialog under a name. Some ship; the user's own lie where GIMP keeps the settings of plug-ins."""

import json
import os

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402

PRINT = "print"
"""In a preset: not a setting, but the resolution at which what is enlarged is to be printed as large as it is now."""


def shipped(procedure):
    """The presets that come with a procedure: {name: settings}; what a preset does not say stays as it is."""
    photograph = {"model": "", "picture": "photo"}
    return {
        "smssr-upscale": {
            _("Old photograph"): {**photograph, "best": True, "factor": 2.0},
            _("Phone at night"): {**photograph, "best": False, "factor": 2.0},
            _("Scan"): {"model": "", "picture": "auto", "best": True, "factor": 2.0},
            _("Web JPEG"): {**photograph, "best": False, "factor": 4.0},
            _("Line art"): {"model": "", "picture": "clean", "best": True, "factor": 4.0},
            _("Print, 300 dpi"): {"model": "", "picture": "auto", "best": False, PRINT: 300.0},
        },
        "smssr-restore": {
            _("Old photograph"): {"what": "clean", "strength": 0.7, "chroma": 1.0, "noise": 0.0},
            _("Phone at night"): {"what": "clean", "strength": 1.0, "chroma": 1.0, "noise": 0.0},
            _("Scan"): {"what": "sharpen", "strength": 0.7, "blur": 0.0},
            _("Web JPEG"): {"what": "clean", "strength": 1.0, "chroma": 1.0, "noise": 0.0},
        },
        "smssr-batch": {
            _("Old photograph"): {**photograph, "clean": 0.7, "sharpen": 0.0, "factor": 2.0, "best": True},
            _("Phone at night"): {"clean": 1.0, "sharpen": 0.0, "factor": 1.0, "best": False},
            _("Scan"): {"clean": 0.0, "sharpen": 0.7, "factor": 1.0, "best": False},
            _("Web JPEG"): {**photograph, "clean": 0.0, "sharpen": 0.0, "factor": 4.0, "best": False},
            _("Line art"): {"model": "", "picture": "clean", "clean": 0.0, "sharpen": 0.0, "factor": 4.0, "best": True},
        },
    }.get(procedure, {})


def own(procedure):
    """The presets of a procedure that the user has kept: {name: settings}."""
    return _read().get(procedure, {})


def keep(procedure, name, settings):
    """Keep settings under a name; one of the user's own of that name is replaced. Raises EngineError."""
    name = " ".join(name.split())
    if not name:
        raise EngineError(_("Give it a name; any words will do."))
    if name in shipped(procedure):
        raise EngineError(_("{name} comes with the plug-in. Choose another name.").format(name=name))
    _write(procedure, {**own(procedure), name: settings})
    return name


def remove(procedure, name):
    """Forget one of the user's own. Raises EngineError."""
    _write(procedure, {key: settings for key, settings in own(procedure).items() if key != name})


def _path():
    return os.path.join(Gimp.directory(), "plug-in-settings", "smssr-presets.json")


def _read():
    """All of the user's own, by procedure; a damaged file holds none, and is kept aside when it is written anew."""
    try:
        with open(_path(), encoding="utf-8") as file:
            known = json.load(file)
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {key: {name: settings for name, settings in presets.items() if isinstance(settings, dict)}
            for key, presets in known.items() if isinstance(presets, dict)}


def _write(procedure, presets):
    path = _path()
    known = _read()
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not known and os.path.exists(path):
            os.replace(path, f"{path}.damaged")
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump({**known, procedure: presets}, file, ensure_ascii=False, indent=1)
        os.replace(f"{path}.new", path)
    except OSError as error:
        raise EngineError(_("The preset could not be kept: {error}.").format(error=error.strerror)) from error
