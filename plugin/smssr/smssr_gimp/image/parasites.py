"""What the plug-in writes on layers, saved with the image: which group holds a layer's styles, and which style a layer is."""

import json
import struct

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from ..protocol import Style  # noqa: E402
from .snapshot import fingerprint  # noqa: E402

KEPT = Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE

GROUP = "smssr-styles"
"""Marks the group that holds a layer's styles; its data is the layer's tattoo."""

STYLE = "smssr-style"
"""Marks a style's layer; its data is JSON: KEYS, and the fingerprint of the pixels that were computed."""


def data_of(mark):
    """What a parasite holds; GIMP takes its bytes for signed numbers."""
    return bytes(number % 256 for number in mark.get_data())


def mark_of(name, data):
    """A parasite that is saved with the image, of any bytes."""
    return Gimp.Parasite.new(name, KEPT, [number - 256 if number > 127 else number for number in data])


def _tattoo(group):
    """The tattoo of the layer whose styles a group holds; None for another group, and for one with a mark that is not ours."""
    mark = group.get_parasite(GROUP)
    data = data_of(mark) if mark else b""
    return struct.unpack("<I", data)[0] if len(data) == 4 else None


def base_of(image, layer):
    """The layer to stylise: the one given or, for a style's layer or group, the one that it belongs to."""
    while layer:
        tattoo = _tattoo(layer) if layer.is_group() else None
        if tattoo is not None:
            base = image.get_layer_by_tattoo(tattoo) if hasattr(image, "get_layer_by_tattoo") else None
            if base:
                return base
        layer = layer.get_parent()
    return None


def styles_group(image, base):
    """The group of a layer's styles, if there is one."""
    def search(layers):
        for layer in layers:
            if layer.is_group():
                if _tattoo(layer) == base.get_tattoo():
                    return layer
                found = search(layer.get_children())
                if found:
                    return found
        return None
    return search(image.get_layers())


def mark_group(group, base):
    """Say that a group holds a layer's styles."""
    group.attach_parasite(mark_of(GROUP, struct.pack("<I", base.get_tattoo())))


RESULT = "smssr-result"
"""Marks a restored or repainted layer; its data is JSON: what was done and how, the base's tattoo, and the fingerprint of its pixels."""

KEYS = {"style": "", "seed": 1, "gain": 1.0, "size": 1.0, "direction": None, "sharpness": False, "colour": 1.0}
"""What a mark says of a style, and what one of an older version meant that does not say it."""


def mark_style(layer, request):
    """Say which style a layer is; `request`: what the engine was asked for."""
    data = json.dumps({key: getattr(request, key) for key in KEYS} | {"pixels": fingerprint(layer).hex()})
    layer.attach_parasite(mark_of(STYLE, data.encode()))


def mark_result(layer, done, settings, base):
    """Say what was done to a base to make a layer, a word, and with which settings."""
    data = {"done": done, "settings": settings, "base": base.get_tattoo(), "pixels": fingerprint(layer).hex()}
    layer.attach_parasite(mark_of(RESULT, json.dumps(data).encode()))


def result_of(image, layer, done):
    """The settings with which a layer was made, and the layer that it was made from.

    None for another layer, for one whose base is gone, and for one whose pixels somebody has painted on since.
    """
    mark = None if layer.is_group() else layer.get_parasite(RESULT)
    if not mark:
        return None
    try:
        told = json.loads(data_of(mark).rstrip(b"\0"))
        base = image.get_layer_by_tattoo(int(told["base"])) if told["done"] == done else None
        known = base and isinstance(told["settings"], dict) and told["pixels"] == fingerprint(layer).hex()
        return (told["settings"], base) if known else None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def style_of(layer):
    """Which style a layer is, a request to the engine; None for another layer, and for one whose pixels somebody has painted on since."""
    mark = None if layer.is_group() else layer.get_parasite(STYLE)
    if not mark:
        return None
    try:
        told = json.loads(data_of(mark).rstrip(b"\0"))
        return (Style(1, offset=0.5, **{key: told.get(key, KEYS[key]) for key in KEYS})
                if told["gain"] and told["pixels"] == fingerprint(layer).hex() else None)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
