"""Upscale…: the whole image, or one layer into a new image or a new layer."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.result_layer import chosen_layer  # noqa: E402
from ..operations.upscaling import new_size, upscale_image, upscale_into_layer, upscale_layer, way_of  # noqa: E402
from .common import add_best, cancelled, choice, described, guarded, kinds, succeeded, telling  # noqa: E402

NAME = "smssr-upscale"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE | Gimp.ProcedureSensitivityMask.DRAWABLES)
    procedure.add_double_argument("factor", _("_Factor"), _("How many times as large; 0 takes width and height"), 0.0, 64.0, 2.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("width", _("_Width"), _("New width in pixels; 0 keeps the proportions"), 0, 262144, 0,
                               GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("height", _("Hei_ght"), _("New height in pixels; 0 keeps the proportions"), 0, 262144, 0,
                               GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("resolution", _("Pi_xels per inch"), _("In print; 0 leaves it as it is"), 0.0, 10000.0, 0.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("model", _("_Model"), _("A model's name; leave it empty to take the one that fits"), "",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("detail", _("In_vented detail"),
                                  _("How much is shown of the detail that the model invents: 0 none, 1 as it was trained"),
                                  0.0, 2.0, 1.0, GObject.ParamFlags.READWRITE)
    procedure.add_choice_argument("picture", _("Pict_ure"), _("Photographs often have noise and JPEG artefacts, which are then removed"),
                                  kinds(), "auto", GObject.ParamFlags.READWRITE)
    add_best(procedure)
    procedure.add_boolean_argument("grain", _("Match the gr_ain"),
                                   _("Adds grain to the result, as fine as the picture's own"), False, GObject.ParamFlags.READWRITE)
    into = choice(("image", _("The whole image")), ("new-image", _("The active layer, into a new image")),
                  ("new-layer", _("The active layer, into a new layer")))
    procedure.add_choice_argument("into", _("_Enlarge"), _("What to enlarge, and where the result goes"), into, "image",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_double_aux_argument("last-factor", _("Last factor"), _("What the dialog opens with after a width or a height was typed"),
                                      1.0, 64.0, 2.0, GObject.ParamFlags.READWRITE)
    procedure.add_image_return_value("new-image", _("New image"), _("The image that was made of the layer"), True,
                                     GObject.ParamFlags.READWRITE)
    procedure.add_layer_return_value("new-layer", _("New layer"), _("The layer that was made of the layer"), True,
                                     GObject.ParamFlags.READWRITE)
    return described(procedure, _("_Upscale…"), _("Enlarge the image (upscale, super-resolution) with a small neural network"),
                        _("Scales the whole image as Scale Image does, with every raster layer's pixels from the network; or the "
                          "active layer alone into a new image or a new layer. Give a factor, or 0 and a width or a height."), 1,
                        "<Image>/Image/[Scale]")


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Upscale…"""
    with Engine() as engine:
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.upscale_dialog import upscale_dialog

            if not upscale_dialog(procedure, config, engine, image, drawables):
                return cancelled(procedure)
        way, resolution = way_of(config, engine.hello()["models"]), config.get_property("resolution")
        tell = telling(_("Enlarging"))
        into = config.get_property("into")
        if into != "image":
            if len(drawables) != 1:
                raise EngineError(_("Choose one layer."))
            layer = chosen_layer(image, drawables[0])
            size = new_size(config, layer.get_width(), layer.get_height())
            if into == "new-layer":
                fresh = upscale_into_layer(engine, image, layer, *size, way, tell)
                Gimp.displays_flush()
                return succeeded(procedure, (Gimp.Image, None), (Gimp.Layer, fresh))
            new = upscale_layer(engine, image, layer, *size, way, tell, resolution)
            if run_mode != Gimp.RunMode.NONINTERACTIVE:
                Gimp.Display.new(new)
            return succeeded(procedure, (Gimp.Image, new))
        upscale_image(engine, image, *new_size(config, image.get_width(), image.get_height()), way, tell, resolution)
        Gimp.displays_flush()
        return succeeded(procedure)
