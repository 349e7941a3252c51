"""Numbered files, the frames of one moving picture: `frame_%04d.png` stands for frame_0001.png, frame_0002.png and so on, as in ffmpeg."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from .errors import reason

NUMBER = re.compile(r"%(?:0([1-9]))?d")


def is_numbered(path: Path) -> bool:
    """Whether a name stands for numbered files: there is one `%d` or `%04d` in it, and no file of that very name."""
    return len(NUMBER.findall(path.name)) == 1 and not path.exists()


def named(path: Path, number: int) -> Path:
    """The file of that number."""
    return path.with_name(NUMBER.sub(lambda hole: f"{number:0{int(hole[1] or 0)}}", path.name))


def found(path: Path) -> dict[int, Path]:
    """All files that a name stands for, by their numbers. Raises ValueError where there are none."""
    before, digits, after = NUMBER.split(path.name)
    least = int(digits or 1)
    name = re.compile(rf"{re.escape(before)}([0-9]{{{least}}}|[1-9][0-9]{{{least},}}){re.escape(after)}")
    numbers: dict[int, Path] = {}
    try:
        numbers |= {int(match[1]): file for file in path.parent.iterdir() if (match := name.fullmatch(file.name)) and file.is_file()}
        if not numbers:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    except OSError as error:
        raise ValueError(f"cannot read {path}: {reason(error)}") from error
    return dict(sorted(numbers.items()))


def chosen(text: str, files: dict[int, Path]) -> dict[int, Path]:
    """Those of numbered files that `all`, `first`, `7` or `3-20` means, by the numbers in their names. Raises ValueError for none."""
    if text == "all":
        return files
    if text == "first":
        return dict([next(iter(files.items()))])
    first, _, last = text.partition("-")
    some = {number: file for number, file in files.items() if int(first) <= number <= int(last or first)}
    if not some:
        count = len(files)
        raise ValueError(f"there are no frames {text}, of {count}")
    return some
