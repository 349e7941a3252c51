#!/usr/bin/env python3
"""smssr in GIMP 3: Filters ▸ Super-Resolution. Registers the procedures; what they do is in the files beside this one.

Only the standard library and gi: the engine, which needs NumPy and onnxruntime, is a process of its own (engine.py).
"""

import os
import sys
import tempfile
import traceback

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib, GObject  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from words import _  # noqa: E402

MENU = "<Image>/Filters/Super-_Resolution"
UPSCALE, STYLIZE, BATCH, LEARN = "smssr-upscale", "smssr-stylize", "smssr-batch", "smssr-learn-style"


class Smssr(Gimp.PlugIn):
    """The plug-in."""

    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return [UPSCALE, STYLIZE, BATCH, LEARN]

    def do_create_procedure(self, name):
        return {UPSCALE: self._upscale, STYLIZE: self._stylize, BATCH: self._batch, LEARN: self._learn}[name](name)

    def _finish(self, procedure, label, blurb, help_):
        procedure.set_menu_label(label)
        procedure.add_menu_path(MENU)
        procedure.set_documentation(blurb, help_, procedure.get_name())
        procedure.set_attribution("smssr", "GPL-3.0-or-later", "2026")
        return procedure

    def _upscale(self, name):
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run_upscale, None)
        procedure.set_image_types("RGB*, GRAY*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE | Gimp.ProcedureSensitivityMask.DRAWABLES)
        procedure.add_double_argument("factor", _("_Factor"), _("How many times as large; 0 takes width and height"), 0.0, 64.0, 2.0,
                                      GObject.ParamFlags.READWRITE)
        procedure.add_int_argument("width", _("_Width"), _("New width in pixels; 0 keeps the proportions"), 0, 262144, 0,
                                   GObject.ParamFlags.READWRITE)
        procedure.add_int_argument("height", _("_Height"), _("New height in pixels; 0 keeps the proportions"), 0, 262144, 0,
                                   GObject.ParamFlags.READWRITE)
        procedure.add_string_argument("model", _("_Model"), _("A model's name; empty takes the one that fits"), "",
                                      GObject.ParamFlags.READWRITE)
        procedure.add_boolean_argument("layer-only", _("Only the acti_ve layer, into a new image"), _("Instead of the whole image"), False,
                                       GObject.ParamFlags.READWRITE)
        procedure.add_image_return_value("new-image", _("New image"), _("The image that was made of the layer"), True,
                                         GObject.ParamFlags.READWRITE)
        return self._finish(procedure, _("_Upscale…"), _("Scale the image up with a small neural network"),
                            _("Scales the whole image as Scale Image does, with every raster layer's pixels from the network; or the "
                              "active layer alone into a new image. Give a factor, or 0 and a width or a height."))

    def _stylize(self, name):
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run_stylize, None)
        procedure.set_image_types("RGB*, GRAY*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
        procedure.add_string_argument("style", _("_Style"), _("A style's name"), "grass", GObject.ParamFlags.READWRITE)
        procedure.add_double_argument("strength", _("S_trength"), _("Opacity of the style's layer, 0 to 1"), 0.0, 1.0, 0.8,
                                      GObject.ParamFlags.READWRITE)
        procedure.add_int_argument("seed", _("S_eed"), _("Another number draws the same texture anew"), 0, GLib.MAXINT32, 1,
                                   GObject.ParamFlags.READWRITE)
        procedure.add_layer_return_value("style-layer", _("Style layer"), _("The grain-merge layer that was made"), True,
                                         GObject.ParamFlags.READWRITE)
        return self._finish(procedure, _("_Stylize…"), _("Paint a texture into the layer, as a layer with a mask that stays editable"),
                            _("Adds a grain-merge layer above the active layer, in a group of that layer's styles. Its mask is the "
                              "selection, else the layer's own mask, else everything: repaint it, and the texture follows at once."))

    def _batch(self, name):
        procedure = Gimp.Procedure.new(self, name, Gimp.PDBProcType.PLUGIN, run_batch, None)
        procedure.add_enum_argument("run-mode", _("Run mode"), _("The run mode"), Gimp.RunMode.__gtype__, Gimp.RunMode.NONINTERACTIVE,
                                    GObject.ParamFlags.READWRITE)
        procedure.add_boolean_argument("open-images", _("All o_pen images"), _("Instead of a folder: what is visible of each"), False,
                                       GObject.ParamFlags.READWRITE)
        procedure.add_file_argument("input", _("_From folder"), _("The folder of pictures"),
                                    Gimp.FileChooserAction.SELECT_FOLDER, True, None, GObject.ParamFlags.READWRITE)
        procedure.add_file_argument("output", _("To fol_der"), _("The folder for the answers"),
                                    Gimp.FileChooserAction.CREATE_FOLDER, False, None, GObject.ParamFlags.READWRITE)
        procedure.add_double_argument("factor", _("F_actor"), _("How many times as large"), 1.01, 64.0, 4.0, GObject.ParamFlags.READWRITE)
        procedure.add_string_argument("model", _("_Model"), _("A model's name; empty takes the one that fits"), "",
                                      GObject.ParamFlags.READWRITE)
        procedure.add_string_argument("names", _("_Names"), _("{name}, {scale} and {model} are filled in"), "{name}-x{scale}",
                                      GObject.ParamFlags.READWRITE)
        formats = choice(("same", _("Each picture's own")), ("png", "PNG"), ("jpg", "JPEG"), ("tif", "TIFF"), ("webp", "WebP"))
        procedure.add_choice_argument("format", _("Forma_t"), _("What to write; an open image's own format is PNG"), formats, "same",
                                      GObject.ParamFlags.READWRITE)
        existing = choice(("skip", _("Skip")), ("replace", _("Replace")), ("rename", _("Write beside")))
        procedure.add_choice_argument("existing", _("E_xisting files"), _("What to do where an answer is there already"), existing, "skip",
                                      GObject.ParamFlags.READWRITE)
        procedure.add_boolean_argument("recursive", _("Folders _within, too"), _("Keeps the sub-folders"), False,
                                       GObject.ParamFlags.READWRITE)
        for key, label in (("written", _("Written")), ("skipped", _("Skipped")), ("failed", _("Failed"))):
            procedure.add_int_return_value(key, label, label, 0, GLib.MAXINT32, 0, GObject.ParamFlags.READWRITE)
        return self._finish(procedure, _("_Batch Upscale…"), _("Enlarge a folder of pictures, or all open images"),
                            _("Enlarges every picture of a folder, or what is visible of every open image, into files of another folder, "
                              "without opening them here. What fails is listed, the rest is done; run again, it does what is missing."))

    def _learn(self, name):
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run_learn, None)
        procedure.set_image_types("RGB*, GRAY*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
        procedure.add_string_argument("name", _("_Name"), _("What to call the style: letters, digits, - and _"), "my-style",
                                      GObject.ParamFlags.READWRITE)
        procedure.add_string_argument("title", _("_Title"), _("What it paints, in words"), "", GObject.ParamFlags.READWRITE)
        procedure.add_double_argument("minutes", _("_Minutes"), _("At most so long"), 0.1, 600.0, 8.0, GObject.ParamFlags.READWRITE)
        procedure.add_boolean_argument("replace", _("Replace my st_yle of this name"), _("Else a name that is taken is refused"), False,
                                       GObject.ParamFlags.READWRITE)
        return self._finish(procedure, _("_Learn a Style from Selection…"), _("The selection's pixels become a new style"),
                            _("Learns a style from the part of the active layer that is selected, or all of it; 184 pixels a side or "
                              "more. Needs smssr's export extra (PyTorch). One can go on working meanwhile."))


def choice(*options):
    """A choice of (key, label) options."""
    made = Gimp.Choice.new()
    for i, (key, label) in enumerate(options):
        made.add(key, i, label, "")
    return made


def guarded(work):
    """A procedure's run function: what the user should read becomes its error message."""
    def run(procedure, *arguments):
        from engine import EngineError

        try:
            return work(procedure, *arguments)
        except EngineError as error:
            words = str(error)
        except Exception as error:  # a fault of ours: without an answer GIMP would say nothing at all
            traceback.print_exc()
            words = _("Something unforeseen ({kind}: {error}). Please report it.").format(kind=type(error).__name__, error=error)
        return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR,
                                           GLib.Error.new_literal(Gimp.PlugIn.error_quark(), words, 0))
    return run


def cancelled(procedure):
    """What a procedure answers when its dialog was closed."""
    return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)


def succeeded(procedure, *values):
    """What a procedure answers when it has worked: (type, value) for each of its return values."""
    answer = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    for i, (kind, value) in enumerate(values, 1):
        answer.remove(i)
        answer.insert(i, GObject.Value(kind, value))
    return answer


def tell(share, words):
    """Progress in GIMP's status bar or dialog."""
    Gimp.progress_update(share)
    Gimp.progress_set_text(words)


def new_size(config, width, height):
    """Width and height that the settings ask for, for something that is width × height now."""
    factor, wanted_width, wanted_height = (config.get_property(name) for name in ("factor", "width", "height"))
    if factor > 0:
        return int(factor * width + 0.5), int(factor * height + 0.5)
    if wanted_width and not wanted_height:
        wanted_height = max(1, int(height * wanted_width / width + 0.5))
    if wanted_height and not wanted_width:
        wanted_width = max(1, int(width * wanted_height / height + 0.5))
    return wanted_width, wanted_height


@guarded
def run_upscale(procedure, run_mode, image, drawables, config, _data):
    """Upscale…"""
    from engine import Engine
    from picture import upscale_image, upscale_layer

    with Engine() as engine:
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from dialogs import upscale_dialog

            if not upscale_dialog(procedure, config, engine, image, drawables):
                return cancelled(procedure)
        Gimp.progress_init(_("Enlarging"))
        model = config.get_property("model")
        if config.get_property("layer-only"):
            layer = drawables[0]
            size = new_size(config, layer.get_width(), layer.get_height())
            new = upscale_layer(engine, image, layer, *size, model, tell)
            if run_mode != Gimp.RunMode.NONINTERACTIVE:
                Gimp.Display.new(new)
            return succeeded(procedure, (Gimp.Image, new))
        upscale_image(engine, image, *new_size(config, image.get_width(), image.get_height()), model, tell)
        Gimp.displays_flush()
        return succeeded(procedure)


@guarded
def run_stylize(procedure, run_mode, image, drawables, config, _data):
    """Stylize…"""
    from engine import Engine, EngineError
    from picture import stylize_layer

    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    with Engine() as engine:
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from dialogs import stylize_dialog

            if not stylize_dialog(procedure, config, engine, image, drawables[0]):
                return cancelled(procedure)
        Gimp.progress_init(_("Painting"))
        style = config.get_property("style")
        layer = stylize_layer(engine, image, drawables[0], style, style, config.get_property("strength"), config.get_property("seed"), tell)
        Gimp.displays_flush()
        return succeeded(procedure, (Gimp.Layer, layer))


@guarded
def run_learn(procedure, run_mode, image, drawables, config, _data):
    """Learn a Style from Selection…"""
    from engine import Engine, EngineError
    from picture import check_mode, put, refuse_rendered

    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    check_mode(image)
    refuse_rendered(drawables[0])
    selected, *part = drawables[0].mask_intersect()
    if not selected:
        raise EngineError(_("The selection does not touch the layer. Select some of it, or nothing at all."))
    with Engine() as engine:
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from dialogs import learn_dialog

            if not learn_dialog(procedure, config, *part[2:]):
                return cancelled(procedure)
        Gimp.progress_init(_("Learning a style"))
        put(engine, drawables[0], part)
        number = engine.send(do="learn", picture=1, **{key: config.get_property(key) for key in ("name", "title", "minutes", "replace")})
        for header, _payload in engine.answers(number):
            if "share" in header:
                tell(header["share"], f"{config.get_property('name')}: {header['share']:.0%}")
        if run_mode == Gimp.RunMode.INTERACTIVE:
            Gimp.message(_("The style is learnt. It is in the list of Stylize…") + f" ({config.get_property('name')})")
        return succeeded(procedure)


@guarded
def run_batch(procedure, config, _data):
    """Batch Upscale…"""
    from engine import Engine, EngineError
    from opened import save_open_images

    interactive = config.get_property("run-mode") == Gimp.RunMode.INTERACTIVE
    with Engine() as engine, tempfile.TemporaryDirectory(prefix="smssr-") as saved:
        if interactive:
            from dialogs import batch_dialog

            if not batch_dialog(procedure, config, engine):
                return cancelled(procedure)
        source, target = (config.get_property(name) for name in ("input", "output"))
        if not target or not (source or config.get_property("open-images")):
            raise EngineError(_("Choose the folder of pictures and the folder for the answers."))
        Gimp.progress_init(_("Enlarging many pictures"))
        if config.get_property("open-images"):
            save_open_images(saved)
        format_ = config.get_property("format")
        number = engine.send(do="batch", input=saved if config.get_property("open-images") else source.get_path(),
                             output=target.get_path(), scale=config.get_property("factor"),
                             model=config.get_property("model") or None, names=config.get_property("names"),
                             format=None if format_ == "same" else format_, existing=config.get_property("existing"),
                             recursive=config.get_property("recursive"))
        for header, _payload in engine.answers(number):
            if "file" in header:
                tell((header["index"] + header["share"]) / header["files"],
                     _("{file} ({number} of {files})").format(file=header["file"], number=header["index"] + 1, files=header["files"]))
        if interactive or header["failures"]:
            Gimp.message("\n".join([header["summary"], *(f"{path}: {reason}" for path, reason in header["failures"])]))
        counts = header["written"], header["skipped"], len(header["failures"])
        return succeeded(procedure, *((GObject.TYPE_INT, count) for count in counts))


if __name__ == "__main__":
    Gimp.main(Smssr.__gtype__, sys.argv)
