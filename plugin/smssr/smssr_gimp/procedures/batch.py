"""Batch Upscale…: a folder of pictures, or all open images."""

import tempfile

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _, said  # noqa: E402
from ..image.open_images import save_open_images  # noqa: E402
from ..protocol import Batch  # noqa: E402
from .common import add_best, cancelled, choice, described, guarded, kinds, succeeded, telling  # noqa: E402

NAME = "smssr-batch"


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.Procedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.add_enum_argument("run-mode", _("Run mode"), _("The run mode"), Gimp.RunMode.__gtype__, Gimp.RunMode.NONINTERACTIVE,
                                GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("open-images", _("All open ima_ges"), _("Instead of a folder: what is visible of each"), False,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_file_argument("input", _("_From folder"), _("The folder of pictures"),
                                Gimp.FileChooserAction.SELECT_FOLDER, True, None, GObject.ParamFlags.READWRITE)
    procedure.add_file_argument("output", _("To fol_der"), _("The folder for the results"),
                                Gimp.FileChooserAction.CREATE_FOLDER, False, None, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("factor", _("F_actor"), _("How many times as large; 1 only restores"), 1.0, 64.0, 4.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("model", _("_Model"), _("A model's name; empty takes the one that fits"), "",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_choice_argument("picture", _("Pict_ure"), _("Photographs often have noise and JPEG artefacts, which are then removed"),
                                  kinds(), "auto", GObject.ParamFlags.READWRITE)
    add_best(procedure)
    procedure.add_double_argument("clean", _("Clean f_irst"),
                                  _("How much of the noise and JPEG artefacts to remove; 0: none"),
                                  0.0, 1.0, 0.0, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("sharpen", _("Sharp_en first"), _("How much of the blur to remove; 0: none"), 0.0, 1.0, 0.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("names", _("_Names"), _("{name}, {scale} and {model} are filled in"), "{name}-x{scale}",
                                  GObject.ParamFlags.READWRITE)
    formats = choice(("same", _("Each picture's own")), ("png", "PNG"), ("jpg", "JPEG"), ("tif", "TIFF"), ("webp", "WebP"))
    procedure.add_choice_argument("format", _("Forma_t"), _("What to write; an open image's own format is PNG"), formats, "same",
                                  GObject.ParamFlags.READWRITE)
    existing = choice(("skip", _("Skip")), ("replace", _("Replace")), ("rename", _("Keep both")))
    procedure.add_choice_argument("existing", _("E_xisting files"), _("What to do where an output file already exists"), existing, "skip",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("recursive", _("Folders _within, too"), _("Keeps the sub-folders"), False,
                                   GObject.ParamFlags.READWRITE)
    for key, label in (("written", _("Written")), ("skipped", _("Skipped")), ("failed", _("Failed"))):
        procedure.add_int_return_value(key, label, label, 0, GLib.MAXINT32, 0, GObject.ParamFlags.READWRITE)
    return described(procedure, _("_Batch Upscale…"), _("Enlarge (upscale), denoise or sharpen a folder of pictures, or all open images"),
                        _("Enlarges every picture of a folder, or what is visible of every open image, into files of another folder, "
                          "without opening them here. What fails is listed, the rest is done; run again, it does what is missing."), 7)


@guarded
def run(procedure, config, _data):
    """Batch Upscale…"""
    interactive = config.get_property("run-mode") == Gimp.RunMode.INTERACTIVE
    with Engine() as engine, tempfile.TemporaryDirectory(prefix="smssr-") as saved:
        if interactive:
            from ..dialogs.batch_dialog import batch_dialog

            if not batch_dialog(procedure, config, engine):
                return cancelled(procedure)
        source, target = (config.get_property(name) for name in ("input", "output"))
        if not target or not (source or config.get_property("open-images")):
            raise EngineError(_("Choose the folder of pictures and the folder for the results."))
        tell = telling(_("Enlarging many pictures"))
        if config.get_property("open-images"):
            save_open_images(saved)
        format_ = config.get_property("format")
        number = engine.send(Batch(input=saved if config.get_property("open-images") else source.get_path(),
                             output=target.get_path(), scale=config.get_property("factor"),
                             model=config.get_property("model") or None, names=config.get_property("names"),
                             format=None if format_ == "same" else format_, existing=config.get_property("existing"),
                             recursive=config.get_property("recursive"), kind=config.get_property("picture"),
                             best=config.get_property("best"), clean=config.get_property("clean"), sharpen=config.get_property("sharpen")))
        for header, _payload in engine.answers(number):
            if "file" in header:
                tell((header["index"] + header["share"]) / header["files"],
                     _("{file} ({number} of {files})").format(file=header["file"], number=header["index"] + 1, files=header["files"]))
        if interactive or header["failures"]:
            summary = _("{written} written, {skipped} skipped (already exist), {failures} failed").format(
                written=header["written"], skipped=header["skipped"], failures=len(header["failures"]))
            failures = (said(reason) if path in reason else f"{path}: {said(reason)}" for path, reason in header["failures"])
            Gimp.message("\n".join([summary, *failures]))
        counts = header["written"], header["skipped"], len(header["failures"])
        return succeeded(procedure, *((GObject.TYPE_INT, count) for count in counts))
