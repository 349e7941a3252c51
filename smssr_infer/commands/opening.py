"""The beginning of every command that makes one picture file of another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..disk.picture_file import PictureFile


def opened(source: Path, target: Path, done: str) -> PictureFile:
    """The input, read. `done`: what is done to it. Raises ValueError where it cannot be read, or nothing be written there."""
    from ..disk.reading import read
    from ..disk.writing import writer

    if not source.name:
        raise ValueError("the input's name is empty")
    if target.exists() and source.exists() and target.samefile(source):
        raise ValueError(f"{target} is the input itself; choose another name for the output")
    writer(target)
    picture = read(source)
    if picture.frames > 1:
        print(f"smssr: {source} has {picture.frames} frames; only the first is {done}", file=sys.stderr)
    return picture
