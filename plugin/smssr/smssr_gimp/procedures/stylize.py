"""Stylize…: a texture as a layer with a mask."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.result_layer import layer_of  # noqa: E402
from ..operations.styling import Wish, stylize_layer  # noqa: E402
from .common import cancelled, choice, described, guarded, succeeded, telling  # noqa: E402

NAME = "smssr-stylize"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    procedure.add_string_argument("style", _("St_yle"), _("A style's name"), "grass", GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("strength", _("S_trength"), _("The layer's opacity; above 1 the layer holds twice the texture"),
                                  0.0, 2.0, 0.8, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("colour", _("Colo_ur"), _("How much of a material's own colours is shown; 0: none"), 0.0, 1.0, 1.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("seed", _("S_eed"), _("Another number draws the same texture anew"), 0, GLib.MAXINT32, 1,
                               GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("size", _("Si_ze"),
                                  _("How many times as large its features are; 0: in proportion to the image"),
                                  0.0, 8.0, 0.0, GObject.ParamFlags.READWRITE)
    ways = choice(("own", _("Style default")), ("follow", _("Along the picture")), ("path", _("Along your path")),
                  ("angle", _("Turned by the angle")))
    procedure.add_choice_argument("direction", _("_Direction"), _("Which way hairs, blades, grain and strokes lie"), ways, "own",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("angle", _("A_ngle"), _("Degrees counter-clockwise"), -180.0, 180.0, 0.0, GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("sharpness", _("As so_ft as the picture"), _("Where it is out of focus, the texture is, too"), True,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("hidden", _("_Begin hidden, paint it in"),
                                   _("The mask begins black and nothing stays selected: paint on it with a brush, in white"), False,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("change", _("Chan_ge the active style instead of adding one"),
                                   _("The style's layer that is active becomes this style and keeps its mask"), False,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_layer_return_value("style-layer", _("Style layer"), _("The grain-merge layer that was made"), True,
                                     GObject.ParamFlags.READWRITE)
    return described(procedure, _("_Stylize…"), _("Paint a texture (fur, grain, canvas, stone …) into the layer, where a mask says"),
                        _("Adds a grain-merge layer above the active layer, in a group of that layer's styles. Its mask is the "
                          "selection, else the layer's own mask, else everything: repaint it, and the texture follows at once."),
                     3, "<Image>/Filters/Artistic")


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Stylize…"""
    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    with Engine() as engine:
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.stylize_dialog import stylize_dialog

            if not stylize_dialog(procedure, config, engine, image, drawables[0]):
                return cancelled(procedure)
        tell = telling(_("Painting"))
        layer = stylize_layer(engine, image, drawables[0], Wish.of(config, image, layer_of(image, drawables[0])), tell)
        Gimp.displays_flush()
        return succeeded(procedure, (Gimp.Layer, layer))
