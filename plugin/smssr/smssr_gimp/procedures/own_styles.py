"""My Styles…: the user's own materials and paintings are renamed, deleted, exported and imported."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..protocol import Own  # noqa: E402
from .common import choice, described, guarded, succeeded  # noqa: E402
from .material import finished  # noqa: E402

NAME = "smssr-own-styles"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.Procedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.add_enum_argument("run-mode", _("Run mode"), _("The run mode"), Gimp.RunMode.__gtype__, Gimp.RunMode.NONINTERACTIVE,
                                GObject.ParamFlags.READWRITE)
    actions = choice(("rename", _("Rename")), ("remove", _("Delete")), ("export", _("Export")), ("import", _("Import")))
    procedure.add_choice_argument("action", _("_Action"), _("What to do"), actions, "rename", GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("style", _("_Style"), _("Its name"), "", GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("title", _("New _name"), _("What to call it"), "", GObject.ParamFlags.READWRITE)
    procedure.add_file_argument("file", _("_File"), _("The file to export to or import from"), Gimp.FileChooserAction.ANY, True, None,
                                GObject.ParamFlags.READWRITE)
    return described(procedure, _("M_y Styles…"), _("Rename, delete, export or import materials and paintings of your own"),
                        _("Each is exported into one file, which others can import."), 11)


@guarded
def run(procedure, config, _data):
    """My Styles…"""
    with Engine() as engine:
        if config.get_property("run-mode") == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.own_styles_dialog import own_styles_dialog

            own_styles_dialog(procedure, engine, lambda *what: finished(engine, Own(*what)))
            return succeeded(procedure)
        action, file = config.get_property("action"), config.get_property("file")
        if action in ("export", "import") and not (file and file.get_path()):
            raise EngineError(_("Choose a file."))
        finished(engine, Own(action, config.get_property("style"), config.get_property("title"), file.get_path() if file else ""))
        return succeeded(procedure)
