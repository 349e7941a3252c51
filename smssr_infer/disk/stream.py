"""From what a task computes into a file: rows are encoded and written while those below them are computed, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..planes import tiling
from ..stages.answer import Answer
from .picture_file import PictureFile
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
    """Compute all of an answer and put it into a file, which is left to be finished; or discarded, where something is raised.

    What `progress` raises cancels the work.
    """
    width = answer.shape[1]
    blank = answer.picture.blank(0, width)
    spans = bands(answer.shape, blank.itemsize * width * int(np.prod(blank.shape[2:])), output.rows)
    threads = tiling.cores()
    made: dict[int, np.ndarray] = {}
    tiles = [answer.tiles(threads, (top, bottom, 0, width)) for top, bottom in spans]

    def work(number: int, tile: tiling.Tile) -> None:
        top, bottom = spans[number]
        out = made.setdefault(number, answer.picture.blank(bottom - top, width))
        answer.write(tile, out, tile[0] - top, tile[2])

    try:
        tiling.run_in_order(work, tiles, threads, lambda number: output.put(made.pop(number)), progress)
    except BaseException:
        output.discard()
        raise
    finally:
        answer.release()


def to_file(answer: Answer, path: Path, picture: PictureFile, progress: Callable[[float], None] | None = None) -> None:
    """Compute all of an answer into a file with `picture`'s metadata. Raises ValueError, in one line, where it cannot be written."""
    output = Output(path, picture, *answer.shape)
    stream(answer, output, progress)
    try:
        output.finish()
    except BaseException:
        output.discard()
        raise
