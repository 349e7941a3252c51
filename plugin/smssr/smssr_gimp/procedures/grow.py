"""Grow to Similar…: from a few strokes to the mask of what they mean."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import MASKS, Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.drawn_strokes import kept  # noqa: E402
from ..image.result_layer import layer_of  # noqa: E402
from ..operations.growing import Wish, grow  # noqa: E402
from .common import cancelled, choice, described, guarded, succeeded, telling  # noqa: E402

NAME = "smssr-grow"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    where = choice(("drawn", _("Painted in the preview")), ("selection", _("The selection, and those in the preview")),
                   ("mask", _("The layer's mask, and those in the preview")))
    procedure.add_choice_argument("strokes", _("S_trokes"), _("What holds the strokes; the answer becomes the selection, or the mask"),
                                  where, "selection", GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("connected", _("Only what touches a strok_e"),
                                   _("Otherwise everything that looks like it, wherever it is"), True, GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("solid", _("F_ill holes"), _("Include what is enclosed, too"), False, GObject.ParamFlags.READWRITE)
    return described(procedure, _("_Grow to Similar…"), _("Mask an object (cut out): grow a few strokes to everything they lie on"),
                        _("What is white in the selection, or in the layer's mask, grows to everything that looks like it, up to the "
                          "picture's edges, soft at hair. On a grey ground, black is what to leave out; on a black one the picture's "
                          "border is taken for that, where it looks different."), 5, "<Image>/Select")


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Grow to Similar…"""
    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    layer = layer_of(image, drawables[0])
    where, connected, solid = (config.get_property(name) for name in ("strokes", "connected", "solid"))
    wish, then = Wish(where, connected, tuple(kept(layer)) if where == "drawn" else (), solid), None
    with Engine() as engine:
        engine.need(MASKS)
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.grow_dialog import grow_dialog

            wish, then = grow_dialog(procedure, config, engine, image, layer)
            if not wish:
                return cancelled(procedure)
        telling(_("Growing the strokes"))
        grow(engine, image, layer, wish)
    Gimp.displays_flush()
    if then:
        from ..dialogs.handing import go_on

        go_on(then, image, layer)
    return succeeded(procedure)
