"""Restore…: noise, JPEG artefacts, blur and holes, as a layer with a mask."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.result_layer import subject_of  # noqa: E402
from ..operations.restoring import DONE, Wish, restore_layer  # noqa: E402
from .common import cancelled, choice, described, guarded, succeeded, telling  # noqa: E402

NAME = "smssr-restore"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    what = choice(("clean", _("Clean: remove noise and JPEG artefacts")), ("sharpen", _("Sharpen: undo blur")),
                  ("clean-sharpen", _("Clean, then sharpen")), ("fill", _("Fill the selection: remove scratches, dust, letters")))
    procedure.add_choice_argument("what", _("_What"), _("What to remove"), what, "clean", GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("strength", _("S_trength"), _("The layer's opacity"), 0.0, 1.0, 1.0, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("chroma", _("Colour _noise"), _("When cleaning, how much of the colour noise to remove"),
                                  0.0, 1.0, 1.0, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("noise", _("Noise le_vel"),
                                  _("When cleaning, what counts as noise, out of 255; more is smoother. 0: as found"),
                                  0.0, 100.0, 0.0, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("jpeg", _("JPEG _quality"),
                                  _("When cleaning, of what quality the JPEG was, up to 100; less is smoother. 0: as found"),
                                  0.0, 100.0, 0.0, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("blur", _("_Blur width"),
                                  _("When sharpening, how wide the blur is, in pixels; more is crisper. 0: as found"),
                                  0.0, 4.0, 0.0, GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("grain", _("Match the gr_ain"),
                                   _("When filling, gives what is filled the grain of the picture around it"), True,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("change", _("Chan_ge the active layer instead of adding one"),
                                   _("The active layer, made here before, gets these settings and keeps its mask"), False,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_layer_return_value("layer", _("Restored layer"), _("The layer that was made"), True, GObject.ParamFlags.READWRITE)
    return described(procedure, _("_Restore…"), _("Denoise, dejpeg, deblur, inpaint: remove noise, JPEG artefacts, blur or scratches"),
                        _("Adds a normal layer above the active one. Its mask is the selection, else the layer's own mask, else "
                          "everything: repaint it, or move the opacity, to say where and how strongly. Filling needs a selection: "
                          "what is selected, up to 30 pixels wide, is invented from around it."), 2, "<Image>/Filters/Enhance")


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Restore…"""
    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    with Engine() as engine:
        drawable = drawables[0]
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.restore_dialog import restore_dialog

            if not restore_dialog(procedure, config, engine, image, drawable):
                return cancelled(procedure)
            if not config.get_property("change"):
                drawable = subject_of(image, drawable, DONE)
        layer = restore_layer(engine, image, drawable, Wish.of(config), telling(_("Restoring")))
        Gimp.displays_flush()
        return succeeded(procedure, (Gimp.Layer, layer))
