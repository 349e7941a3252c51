"""A folder of pictures, or all open images, as the settings of Batch Upscale have it; and what is said of it."""

import os
import re

from gi.repository import Gimp

from ..engine import EngineError
from ..i18n import _, amount, duration, ngettext, plain, said
from ..protocol import Report

COLOURS = {"white": "#ffffff", "black": "#000000"}

QUALITIES = ("same", "jpg", "webp")
"""The formats that have a quality, or may have."""

BY_FACTOR, BY_SIZE = "{name}-x{scale}", "{name}-{scale}"
"""How results are named where nobody has typed anything else."""


def check_folders(config):
    """Raises EngineError while it is not said from where to where."""
    if not (config.get_property("open-images") or config.get_property("input")):
        raise EngineError(_("Choose the folder of pictures."))
    if not config.get_property("output"):
        raise EngineError(_("Choose the folder for the results."))
    if (config.get_property("factor") == 1 and config.get_property("size") == "factor" and not config.get_property("recipe")
            and not config.get_property("clean") and not config.get_property("sharpen")):
        raise EngineError(_("There is nothing to do."))


def wanted(config, saved):
    """The fields of a request for the folder. `saved`: where the open images lie as files."""
    value = config.get_property
    size, amount = value("size"), value("amount")
    sizes = {"scale": value("factor")} if size == "factor" else {
        size.replace("-", "_"): amount if size == "megapixels" else max(1, round(amount))}
    return {"input": saved if value("open-images") else value("input").get_path(), "output": value("output").get_path(), **sizes,
            "recipe": value("recipe").get_path() if value("recipe") else None, "model": value("model") or None, "names": value("names"),
            "format": None if value("format") == "same" else value("format"), "existing": value("existing"),
            "recursive": value("recursive"), "kind": value("picture"), "best": value("best"), "clean": value("clean"),
            "sharpen": value("sharpen"), "quality": (value("quality") or None) if value("format") in QUALITIES else None,
            "background": background(value("transparency")), "instead": COLOURS["white"], "keep_date": value("keep-date")}


def named(size, names):
    """The pattern for names that goes with what the size is chosen by; one that was typed stays."""
    return (BY_FACTOR if size == "factor" else BY_SIZE) if names in (BY_FACTOR, BY_SIZE) else names


def background(choice):
    """The colour that transparency is laid on, as #rrggbb; None to keep it."""
    if choice == "background":
        return "#" + "".join(f"{round(255 * min(1, max(0, part))):02x}" for part in Gimp.context_get_background().get_rgba()[:3])
    return COLOURS.get(choice)


def in_words(text):
    """What the engine says, in the user's language, with the dialog's words for what the shell calls otherwise."""
    text = re.sub(r" ?[(（]--(?:cleaner|cmyk) [^)）]*[)）]", "", said(text))  # which the dialog has not
    for option, label in (("--background", _("Transparenc_y")), ("--existing", _("E_xisting files")),
                          (r"--picture\sclean", _chosen(_("Pict_ure"), _("Clean: a drawing, or without noise and JPEG artefacts"))),
                          ("--recursive", _("_With subfolders")), ("--quality", _("_Quality")), ("--scale", _("F_actor"))):
        text = re.sub(option, f"“{plain(label)}”", text)
    return text


def _chosen(field, choice):
    """A choice in a field, without what explains it."""
    return f"{field}: {re.split(r'[:：]', choice)[0].strip()}"


def failure(path, reason):
    """Why a picture failed, by its name alone: its folder is in the dialog."""
    name = os.path.basename(path)
    return in_words(reason.replace(path, name) if path in reason else f"{name}: {reason}")


def outcome(header):
    """What became of all pictures, in one line."""
    written, skipped, failed = header["written"], header["skipped"], len(header["failures"])
    parts = [ngettext("{0} picture written", "{0} pictures written", written).format(written)]
    if skipped:
        parts.append(ngettext("{0} exists already", "{0} exist already", skipped).format(skipped))
    if failed:
        parts.append(ngettext("{0} cannot be done", "{0} cannot be done", failed).format(failed))
    return f"{', '.join(parts)}."


def foretold(header):
    """What would be done, in one line."""
    todo, skipped, failed = header["todo"], header["skipped"], len(header["failures"])
    parts = []
    if todo:
        parts.append(_("{pictures}, about {time}, about {size}").format(
            pictures=ngettext("{0} picture", "{0} pictures", todo).format(todo), time=duration(header["seconds"]),
            size=amount(header["bytes"])))
    if skipped:
        parts.append(ngettext("{0} exists already", "{0} exist already", skipped).format(skipped))
    if failed:
        parts.append(ngettext("{0} cannot be done", "{0} cannot be done", failed).format(failed))
        parts.append(failure(*header["failures"][0]))
    return "; ".join(parts) or _("There is nothing to do.")


def save_report(engine, path):
    """Write a table of what became of each picture. Raises EngineError where it cannot be."""
    for _answer in engine.answers(engine.send(Report(file=path))):
        pass
