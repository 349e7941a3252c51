"""Set Up…: fetches the engine, says whether it is there, or takes it away again."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import EngineError, recorded, terminal  # noqa: E402
from ..i18n import _  # noqa: E402
from .common import cancelled, described, guarded, succeeded, with_window  # noqa: E402

NAME = "smssr-set-up"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.Procedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.add_enum_argument("run-mode", _("Run mode"), _("The run mode"), Gimp.RunMode.__gtype__, Gimp.RunMode.NONINTERACTIVE,
                                GObject.ParamFlags.READWRITE)
    return described(procedure, _("S_et Up…"), _("Download what the filters need, or remove it"),
                     _("Downloads the filters' engine into a folder of your own, says whether it is there, or removes it. "
                       "Without a window it says what to run in a terminal."), 13)


@guarded
def run(procedure, config, _data):
    """Set Up…"""
    if with_window(config):
        from ..dialogs.setup_dialog import setup_dialog

        return succeeded(procedure) if setup_dialog(procedure) else cancelled(procedure)
    try:
        recorded()
    except EngineError:
        raise EngineError(terminal()) from None
    return succeeded(procedure)
