"""The beginning of every command that makes one picture file of another."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..io.picture_file import PictureFile


def opened(arguments: argparse.Namespace, done: str) -> PictureFile:
    """A command's input, read; where it is large, ready to be read. `done`: what is done to it.

    Raises ValueError where it cannot be read, nothing be written to the output, or the output is a file that is read: input or mask.
    """
    from ..io.reading import read_large
    from ..io.targets import spare
    from ..io.writing import writer

    source, target = arguments.input, arguments.output
    if not source.name:
        raise ValueError("the input's name is empty")
    writer(target)
    spare(target, [source, *(path for path in parts(arguments) if isinstance(path, Path) and path != source)])
    picture = read_large(source)
    if picture.frames > 1:
        print(f"smssr: {source} has {picture.frames} frames; only the first is {done}", file=sys.stderr)
    if picture.unused:
        samples = f"{picture.unused} sample{'s' if picture.unused > 1 else ''} a pixel"
        print(f"smssr: {source} has {samples} that are neither colour nor transparency; they are left out", file=sys.stderr)
    return picture


def fits(arguments: argparse.Namespace, picture: PictureFile, height: int, width: int) -> None:
    """Say what the output cannot hold of the input. Raises ValueError for an output that cannot be written at that size."""
    from ..io.writing import check, left_out

    check(arguments.output, picture, height, width)
    if words := left_out(arguments.output, picture, height, width):
        print(f"smssr: {arguments.output} cannot hold of the picture: {words}", file=sys.stderr)


def parts(arguments: argparse.Namespace) -> Iterator[object]:
    """All of a command's arguments that decide what its answer holds, files one by one, for `disk.orders.stamp`."""
    from ..io.fingerprint import read_for

    for name, value in sorted(vars(arguments).items()):
        if name not in ("output", "run"):
            yield name
            yield from _flat(value)
    yield from read_for(vars(arguments).get("model"))


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _flat(part)
    else:
        yield value
