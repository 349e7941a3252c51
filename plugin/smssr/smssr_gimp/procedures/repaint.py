"""Repaint…: in the strokes and colours of a painting, as a layer with a mask."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.result_layer import subject_of  # noqa: E402
from ..operations.repainting import DONE, Wish, repaint_layer  # noqa: E402
from .common import cancelled, described, guarded, succeeded, telling  # noqa: E402

NAME = "smssr-repaint"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    procedure.add_string_argument("style", _("Pai_nting"), _("Whose strokes and colours"), "starry-night", GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("strength", _("S_trength"), _("The layer's opacity; at a half, faces and letters stay readable"),
                                  0.0, 1.0, 1.0, GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("seed", _("S_eed"), _("Another number paints it anew"), 0, GLib.MAXINT32, 1, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("size", _("Si_ze"),
                                  _("How many times as large the strokes are; 0: in proportion to the image"),
                                  0.0, 8.0, 0.0, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("detail", _("_Detail"), _("How much of the image's detail finer strokes keep"), 0.0, 1.0, 0.5,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("colour", _("P_alette"), _("How far the painting's colours take the place of the image's"),
                                  0.0, 1.0, 0.75, GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("grow", _("Gro_w the selection by"),
                               _("Pixels: the soft edge of what is selected is painted, too, instead of staying as a rim of the old "
                                 "colours"),
                               0, 20, 1, GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("change", _("Chan_ge the active layer instead of adding one"),
                                   _("The active layer, made here before, gets these settings and keeps its mask"), False,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_layer_return_value("layer", _("Repainted layer"), _("The layer that was made"), True, GObject.ParamFlags.READWRITE)
    return described(procedure, _("Re_paint…"), _("Paint the layer anew in the strokes and colours of a painting (style transfer)"),
                        _("Adds a normal layer above the active one. Its mask is the selection, else the layer's own mask, else "
                          "everything: repaint it, or move the opacity, to say where and how strongly. Then Stylize it: any texture goes "
                          "with any painting."), 4, "<Image>/Filters/Artistic")


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Repaint…"""
    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    with Engine() as engine:
        drawable = drawables[0]
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.repaint_dialog import repaint_dialog

            if not repaint_dialog(procedure, config, engine, image, drawable):
                return cancelled(procedure)
            if not config.get_property("change"):
                drawable = subject_of(image, drawable, DONE)
        layer = repaint_layer(engine, image, drawable, Wish.of(config), telling(_("Painting")))
        Gimp.displays_flush()
        return succeeded(procedure, (Gimp.Layer, layer))
