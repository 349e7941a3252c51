"""Select Dust and Scratches…: candidates as a selection, to be edited and then filled."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import MASKS, Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image import kept_settings  # noqa: E402
from ..image.result_layer import layer_of  # noqa: E402
from ..operations.restoring import select_specks, specks_of  # noqa: E402
from .common import cancelled, choice, described, guarded, succeeded, telling  # noqa: E402

NAME = "smssr-select-specks"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    kinds = choice(("all", _("Lines and specks")), ("lines", _("Lines only: hairs and scratches")), ("specks", _("Specks only")))
    procedure.add_choice_argument("kind", _("_What"), _("What to look for"), kinds, "all", GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("sensitivity", _("Sensiti_vity"), _("How little a speck may differ from its surroundings"), 0.0, 1.0, 0.5,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("size", _("Si_ze"), _("The widest specks and hairs, in pixels"), 1, 12, 6, GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("longest", _("Longest si_de"), _("At most so many pixels long; 0: any"), 0, 2000, 0,
                               GObject.ParamFlags.READWRITE)
    return described(procedure, _("Select _Dust and Scratches…"), _("Find specks, hairs, dust and scratches, and select them"),
                        _("Selects what may be dust, hairs and scratches. Check the selection (Quick Mask), remove from it what belongs "
                          "to the picture, then use Restore… with Fill."), 6, "<Image>/Select")


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Select Dust and Scratches…"""
    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    then = None
    with Engine() as engine:
        engine.need(MASKS)
        layer = layer_of(image, drawables[0])
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.specks_dialog import specks_dialog

            fine, then = specks_dialog(procedure, config, engine, image, layer)
            if not fine:
                return cancelled(procedure)
        telling(_("Looking for dust"))
        found = select_specks(engine, image, layer, specks_of(config))
    if not found and run_mode == Gimp.RunMode.INTERACTIVE:
        Gimp.message(_("No dust or scratches were found. A higher sensitivity finds fainter ones."))
    Gimp.displays_flush()
    if found and then:
        from ..dialogs.handing import go_on

        kept_settings.suggest(then, what="fill")
        go_on(then, image, layer)
    return succeeded(procedure)
