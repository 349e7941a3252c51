"""What several sub-commands share: numbers, the progress bar, how an error looks."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from ..translations import said

USAGE = "usage: "
ARGPARSE = ("options", "positional arguments", "show this help message and exit", "show program's version number and exit",
            "argument {name}: {error}", "expected one argument", "the following arguments are required: {names}",
            "unrecognized arguments: {names}")
"""What argparse itself says."""


class Help(argparse.HelpFormatter):
    """Help in the user's language."""

    def _get_help_string(self, action: argparse.Action) -> str:
        return said(action.help or "")

    def add_text(self, text: str | None) -> None:
        super().add_text(text and said(text))

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and said(heading))

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        became = said(USAGE)
        super().add_usage(usage, actions, groups, became if prefix is None and became != USAGE else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, and whose help is in the user's language."""

    def __init__(self, *args: Any, **settings: Any):
        super().__init__(*args, **{"formatter_class": Help, "allow_abbrev": False, **settings})

    def error(self, message: str) -> NoReturn:
        hint = "; a list that begins with a minus sign needs an equals sign: --bands=-1,1,1" if "--bands: expected one" in message else ""
        if message.startswith("the following arguments are required") and (masks := self._that_take_a_mask()):
            hint = f"; {masks} take what follows for a mask: place them after IN and OUT"
        if choice := re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message):
            like = difflib.get_close_matches(choice[1], re.findall(r"[\w-]+", choice[2]), 1)
            hint = f"; did you mean {like[0]}?" if like else ""
            if message.startswith("argument COMMAND"):
                message = f"there is no command {choice[1]!r}"
        raise ValueError(f"{message}{hint} (see '{self.prog} --help')")

    def _that_take_a_mask(self) -> str:
        """The options that may be followed by a file's name, or by nothing."""
        return ", ".join(action.option_strings[0] for action in self._actions if action.option_strings and action.nargs == "?")

    def _like(self, command: str | None, word: str) -> str:
        """The option of a sub-command that is most like a word; empty where none is."""
        commands = next((action.choices for action in self._actions if isinstance(action, Commands)), None)
        parser = (commands or {}).get(command or "", self)
        return next(iter(difflib.get_close_matches(word.partition("=")[0], parser._option_string_actions, 1)), "")

    def parse_args(self, args: Any = None, namespace: Any = None) -> argparse.Namespace:  # type: ignore[override]
        """As argparse does, but what a sub-command does not know is said by that sub-command."""
        arguments, unknown = self.parse_known_args(args, namespace)
        if unknown:
            command = f" {arguments.command}" if getattr(arguments, "command", None) else ""
            pictures = command == " upscale" and not any(word.startswith("-") for word in unknown)
            hint = "; for many pictures there is 'smssr batch FOLDER OUT'" if pictures else ""
            if unknown[0].startswith("-") and (like := self._like(getattr(arguments, "command", None), unknown[0])):
                hint = f"; did you mean {like}?"
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
    size = shutil.get_terminal_size()  # 80×24 where a terminal does not know its own, of which tqdm would show nothing
    with tqdm(total=1.0, desc=label, delay=1, leave=False, bar_format=shape, ncols=size.columns, nrows=size.lines) as bar:
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
    parser.add_argument("input", type=Path, metavar="IN", help="a picture; - reads it, or a video (y4m), from standard input")
    parser.add_argument("output", type=Path, metavar="OUT",
                        help="its extension chooses the format; an existing file is replaced. - writes to standard output, in the "
                             "picture's own format, png:- as PNG")


def printed(text: str) -> tuple[int, float]:
    """`30cm@300` as the longer side in pixels and the resolution in dots per inch."""
    parts = re.fullmatch(r"([0-9.]+)(cm|mm|in)@([0-9.]+)", text)
    try:
        length, unit, dpi = float(parts[1]), parts[2], float(parts[3])  # type: ignore[index]
    except (TypeError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a length and a resolution such as 30cm@300 (cm, mm or in)") from None
    pixels = round(length / {"cm": 2.54, "mm": 25.4, "in": 1}[unit] * dpi)
    if pixels < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is less than a pixel")
    return pixels, dpi


def colour(text: str) -> tuple[int, int, int]:
    """`white`, `#ffcc00` or `rgb(255,204,0)` as 8-bit red, green and blue."""
    from PIL import ImageColor

    try:
        return ImageColor.getrgb(text)[:3]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no colour such as white or #ffcc00") from None
