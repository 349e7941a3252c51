"""From what a task computes into a file: rows are encoded and written while those below them are computed, in bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..planes import tiling
from ..planes.large import LargePicture
from ..planes.pixels import Picture
from ..stages.answer import Answer
from .picture_file import PictureFile
from .reading import LARGE
from .writing import Output

BAND = 24 << 20
"""Bytes of the rows that are computed together, and then encoded; three such bands are in memory."""

LEAST_ROWS = 256
"""Fewer rows together would cost too much around their tiles."""


def bands(shape: tuple[int, int], row: int, multiple: int) -> list[tuple[int, int]]:
    """The rows of a picture in nearly equal bands, each a multiple of `multiple` but the last; `row`: bytes of a row."""
    height = shape[0]
    most = max(LEAST_ROWS, BAND // row)
    count = -(-height // most)
    rows = -(-height // (count * multiple)) * multiple
    return [(top, min(height, top + rows)) for top in range(0, height, rows)]


def stream(answer: Answer, output: Output, progress: Callable[[float], None] | None = None) -> None:
    """Compute all of an answer that a file does not hold yet, and put it there; the file is left to be finished.

    What `progress` raises cancels the work.
    """
    width = answer.shape[1]
    blank = answer.picture.blank(0, width)
    whole = bands(answer.shape, blank.itemsize * width * int(np.prod(blank.shape[2:])), output.rows)
    spans = [(max(top, output.done), bottom) for top, bottom in whole if bottom > output.done]
    threads = tiling.cores()
    made: dict[int, np.ndarray] = {}
    tiles = [answer.tiles(threads, (top, bottom, 0, width)) for top, bottom in spans]

    def work(number: int, tile: tiling.Tile) -> None:
        top, bottom = spans[number]
        out = made.setdefault(number, answer.picture.blank(bottom - top, width))
        answer.write(tile, out, tile[0] - top, tile[2])

    try:
        tiling.run_in_order(work, tiles, threads, lambda number: output.put(made.pop(number)), progress)
    finally:
        answer.release()


def held(answer: Answer, folder: Path, progress: Callable[[float], None] | None = None) -> Picture:
    """All of an answer, to be read again and again: in memory, or what is too large for it in a file in `folder` that has no name."""
    blank = answer.picture.blank(0, answer.shape[1])
    shape = (answer.shape[0], *blank.shape[1:])
    if blank.itemsize * int(np.prod(shape)) < LARGE:
        return Picture(answer.whole(progress=progress))
    with tempfile.TemporaryFile(dir=folder, prefix=".smssr-") as file:
        return LargePicture(answer.whole(progress=progress, out=np.memmap(file, blank.dtype, "w+", shape=shape)))


def to_file(answer: Answer, path: Path, picture: PictureFile, progress: Callable[[float], None] | None = None,
            order: str | None = None) -> None:
    """Compute all of an answer into a file with `picture`'s metadata. Raises ValueError, in one line, where it cannot be written.

    `order`: as `Output` has it.
    """
    output = Output(path, picture, *answer.shape, order)
    try:
        stream(answer, output, progress)
        output.finish()
    except BaseException as error:
        output.discard()
        if output.kept and output.done and isinstance(error, (KeyboardInterrupt, ValueError)):
            begun = "cancelled" if isinstance(error, KeyboardInterrupt) else str(error)
            raise type(error)(f"{begun}; what is done is kept, and the same command goes on with it") from error
        raise
