"""What several sub-commands share: numbers, the progress bar, how an error looks."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

USUAL_SCALE = 4


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        hint = "; a list that begins with a minus sign needs an equals sign: --bands=-1,1,1" if "--bands: expected one" in message else ""
        if choice := re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message):
            like = difflib.get_close_matches(choice[1], re.findall(r"[\w-]+", choice[2]), 1)
            hint = f"; did you mean {like[0]}?" if like else ""
        raise ValueError(f"{message}{hint} (see '{self.prog} --help')")

    def parse_args(self, args: Any = None, namespace: Any = None) -> argparse.Namespace:  # type: ignore[override]
        """As argparse does, but what a sub-command does not know is said by that sub-command."""
        arguments, unknown = self.parse_known_args(args, namespace)
        if unknown:
            command = f" {arguments.command}" if getattr(arguments, "command", None) else ""
            pictures = command == " upscale" and not any(word.startswith("-") for word in unknown)
            hint = "; for many pictures there is 'smssr batch FOLDER OUT'" if pictures else ""
            raise ValueError(f"unrecognized arguments: {' '.join(unknown)}{hint} (see '{self.prog}{command} --help')")
        return arguments


Commands = argparse._SubParsersAction  # what `add_subparsers` returns has no public name


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal's standard error, shown once the work has taken a second."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from tqdm import tqdm

    shape = "{desc} {percentage:3.0f}% |{bar}| {remaining} left"
    with tqdm(total=1.0, desc=label, delay=1, leave=False, bar_format=shape) as bar:
        yield lambda done: (bar.update(done - bar.n), None)[1]


def numbers(text: str) -> list[float]:
    """`1.5,1,0` as a list."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of numbers such as 1.5,1,1") from None


def number(text: str) -> float:
    """A number, `x` or `×` before it allowed."""
    try:
        return float(text.lstrip("x×"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def number_or_auto(text: str) -> float | None:
    """A number, or None for `auto`."""
    return None if text == "auto" else number(text)


def whole_numbers(text: str) -> tuple[int, ...]:
    """`10,20,300,200` as whole numbers."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of whole numbers such as 10,20,300,200") from None


def add_input_and_output(parser: argparse.ArgumentParser) -> None:
    """One picture into another."""
    parser.add_argument("input", type=Path, metavar="IN", help="a picture; of an animation, the first frame")
    parser.add_argument("output", type=Path, metavar="OUT", help="its extension chooses the format; an existing file is replaced")


def add_scale_and_model(parser: argparse.ArgumentParser) -> None:
    """How to enlarge."""
    parser.add_argument("--scale", type=number, default=USUAL_SCALE, metavar="S",
                        help=f"above 1, at most 64; may be fractional (default {USUAL_SCALE})")
    parser.add_argument("--model", metavar="NAME", help="one of 'smssr models', or an ONNX file (default: by scale and picture)")
    parser.add_argument("--picture", choices=("auto", "clean", "photo"), default="auto",
                        help="clean: drawings, pictures without noise or JPEG's marks; photo: all others; auto: find out (default)")
    parser.add_argument("--best", action="store_true",
                        help="average the answers to the picture turned and mirrored: 0.05 to 0.15 dB better, four times the time")


def check_picture(arguments: argparse.Namespace) -> None:
    """Raises ValueError for --picture where it would change nothing."""
    if arguments.picture == "auto":
        return
    if arguments.model is not None:
        raise ValueError("--picture only chooses the model, and --model names one; leave out one of the two")
    if arguments.scale == 1:
        raise ValueError("--picture only applies to enlarging, not to --scale 1")


def strength(text: str) -> tuple[Path | None, float]:
    """`[MASK][:STRENGTH]`, or a number alone, taken apart."""
    with contextlib.suppress(ValueError):
        return None, float(text.removeprefix(":"))
    mask, colon, value = text.rpartition(":")
    with contextlib.suppress(ValueError):
        if colon:
            return Path(mask), float(value)
    return Path(text), 1.0


def add_restoring(parser: argparse.ArgumentParser) -> None:
    """What to restore."""
    form, where = "[MASK][:S]", "everywhere, or where a mask is white; S in 0 … 1 is how strongly (default 1)"
    parser.add_argument("--clean", type=strength, nargs="?", const=(None, 1.0), metavar=form,
                        help=f"take away noise and JPEG's marks, {where}. Give it after IN and OUT")
    parser.add_argument("--noise", type=number_or_auto, metavar="auto|S",
                        help="how much noise there is for --clean to remove: the standard deviation of lightness, in levels of 255 "
                             "(default: auto, estimated from the picture). Higher is smoother")
    parser.add_argument("--chroma", type=number, metavar="S", help="how strongly the noise of colours is taken away (default: as --clean)")
    parser.add_argument("--sharpen", type=strength, nargs="?", const=(None, 1.0), metavar=form, help="take away blur, in the same way")
    parser.add_argument("--fill", type=Path, metavar="MASK",
                        help="invent what a mask marks white, up to 30 pixels wide: scratches, dust, letters")
    parser.add_argument("--cleaner", metavar="NAME", help="the model to clean with, one of 'smssr models'")


def restoring(arguments: argparse.Namespace) -> Any:
    """What `add_restoring` read, as a `disk.wishes.Restoring`. Raises ValueError for what cannot be."""
    from ..io.restore_options import Restoring, Strength

    if arguments.cleaner is not None and arguments.clean is None and arguments.chroma is None and (arguments.sharpen or arguments.fill):
        raise ValueError("--cleaner says what to clean with, but nothing is to be cleaned; add --clean or --chroma")
    clean, sharpen = (wanted and Strength(wanted[1], wanted[0]) for wanted in (arguments.clean, arguments.sharpen))
    return Restoring(clean=clean, chroma=arguments.chroma, sharpen=sharpen, fill=arguments.fill, noise=arguments.noise)
