"""Grow to Similar…: from a few strokes to the mask of what they mean."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.result_layer import layer_of  # noqa: E402
from ..operations.growing import Wish, grow  # noqa: E402
from .common import cancelled, choice, described, guarded, succeeded, telling  # noqa: E402

NAME = "smssr-grow"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    where = choice(("selection", _("The selection")), ("mask", _("The layer's mask")))
    procedure.add_choice_argument("strokes", _("S_trokes"), _("What holds the strokes, and becomes the mask"), where, "selection",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("connected", _("Only what touches a strok_e"),
                                   _("Else everything that looks like it, wherever it is"), True, GObject.ParamFlags.READWRITE)
    return described(procedure, _("_Grow to Similar…"), _("Grow a few strokes to all of what they were painted on"),
                        _("What is white in the selection, or in the layer's mask, is meant: it grows to all that looks like it, up to the "
                          "picture's edges, soft at hair. Over a grey ground, black is what is not meant; on a black one the picture's "
                          "border is taken for that, where it looks otherwise."))


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Grow to Similar…"""
    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    layer = layer_of(image, drawables[0])
    with Engine() as engine:
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.grow_dialog import grow_dialog

            if not grow_dialog(procedure, config, engine, image, layer):
                return cancelled(procedure)
        telling(_("Growing the strokes"))
        grow(engine, image, layer, Wish(config.get_property("strokes"), config.get_property("connected")))
    Gimp.displays_flush()
    return succeeded(procedure)
