"""Batch Upscale…: a folder of pictures, or all open images."""

import tempfile

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib, GObject  # noqa: E402

from ..engine import Engine  # noqa: E402
from ..i18n import _, plain  # noqa: E402
from ..image import kept_settings  # noqa: E402
from ..image.open_images import save_open_images  # noqa: E402
from ..operations.folders import check_folders, failure, outcome, save_report, wanted  # noqa: E402
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
    sizes = choice(("factor", plain(_("F_actor"))), ("width", _("Width in pixels")), ("height", _("Height in pixels")),
                   ("long-edge", _("Longer side in pixels")), ("megapixels", _("Megapixels")))
    procedure.add_choice_argument("size", _("Si_ze by"), _("How large each result is"), sizes, "factor",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("factor", _("F_actor"), _("How many times as large; 1 only restores"), 1.0, 64.0, 2.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("amount", _("Size"), _("How large each result is"), 1.0, 262144.0, 6000.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_file_argument("recipe", _("Sa_ved recipe"), _("A file of --save-recipe (.toml), which then says what is done: "
                                                               "size, model, cleaning and sharpening here do not count"),
                                Gimp.FileChooserAction.OPEN, True, None, GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("model", _("_Model"), _("A model's name; leave it empty to take the one that fits"), "",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_choice_argument("picture", _("Pict_ure"), _("Photographs often have noise and JPEG artefacts, which are then removed"),
                                  kinds(), "auto", GObject.ParamFlags.READWRITE)
    add_best(procedure)
    procedure.add_double_argument("clean", _("Clean f_irst"),
                                  _("How much of the noise and JPEG artefacts to remove; 0: none"),
                                  0.0, 1.0, 0.0, GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("sharpen", _("Sharp_en first"), _("How much of the blur to remove; 0: none"), 0.0, 1.0, 0.0,
                                  GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("names", _("_Names"),
                                  _("{name}, {scale} and {model} are filled in"),
                                  "{name}-x{scale}", GObject.ParamFlags.READWRITE)
    formats = choice(("same", _("Each picture's own")), ("png", "PNG"), ("jpg", "JPEG"), ("tif", "TIFF"), ("webp", "WebP"))
    procedure.add_choice_argument("format", _("Forma_t"), _("What to write; an open image's own format is PNG"), formats, "same",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_int_argument("quality", _("_Quality"), _("Of JPEG and WebP, 1 to 100; 0 takes the usual 95"), 0, 100, 0,
                               GObject.ParamFlags.READWRITE)
    backgrounds = choice(("keep", _("Keep (white in JPEG)")), ("white", _("Fill with white")), ("black", _("Fill with black")),
                         ("background", _("Fill with the background colour")))
    procedure.add_choice_argument("transparency", _("Transparenc_y"),
                                  _("JPEG has no transparency: there it is always filled with a colour"), backgrounds, "keep",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("keep-date", _("_Keep file dates"), plain(_("_Keep file dates")), False,
                                   GObject.ParamFlags.READWRITE)
    existing = choice(("skip", _("Skip")), ("replace", _("Replace")), ("rename", _("Keep both")))
    procedure.add_choice_argument("existing", _("E_xisting files"), _("What to do where an output file already exists"), existing, "skip",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("recursive", _("_With subfolders"), _("Keeps the sub-folders"), False,
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
            from ..dialogs.batch_dialog import FILES, WORK, batch_dialog

            names = [*FILES, *WORK, "model"]
            begun = kept_settings.recall(NAME, config, names)
            if not batch_dialog(procedure, config, engine):
                kept_settings.keep(NAME, config, names, begun)
                return cancelled(procedure)
            kept_settings.forget(NAME)
        check_folders(config)
        tell = telling(_("Enlarging many pictures"))
        if config.get_property("open-images"):
            save_open_images(saved)
        number = engine.send(Batch(thumbnails=interactive, **wanted(config, saved)))
        for header, _payload in engine.answers(number):
            if "file" in header:
                tell(header["done"],
                     _("{file} ({number} of {files})").format(file=header["file"], number=header["index"] + 1, files=header["files"]))
        if interactive:
            from ..dialogs.batch_results import show_results

            Gimp.progress_end()
            show_results(header, lambda path: save_report(engine, path))
        elif header["failures"]:
            Gimp.message("\n".join([outcome(header), *(failure(*pair) for pair in header["failures"])]))
        counts = header["written"], header["skipped"], len(header["failures"])
        return succeeded(procedure, *((GObject.TYPE_INT, count) for count in counts))
