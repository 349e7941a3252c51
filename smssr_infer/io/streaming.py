"""From what a recipe computes into a file: rows are encoded and written while those below them are computed, in bounded memory."""

from __future__ import annotations

import numpy as np

from ..arrays import tiling
from ..nodes.result import Result
from .writing import Output

BAND = 24 << 20
"""Bytes of the rows that are computed together, and then encoded; three such bands are in memory."""

LEAST_ROWS = 256
"""Fewer rows together would cost too much around their tiles."""


def planned(result: Result, rows: int) -> list[list[tiling.Tile]]:
    """The tiles of a result in bands of nearly equal height, each of a multiple of `rows` rows but the last, from the top down."""
    height, width = result.shape
    count = -(-height // max(LEAST_ROWS, BAND // result.row_bytes))
    tall = -(-height // (count * rows)) * rows
    return [result.tiles((top, min(height, top + tall), 0, width)) for top in range(0, height, tall)]


def stream(result: Result, output: Output) -> None:
    """Compute all of a result that a file does not hold yet, and put it there; the file is left to be finished.

    What the runtime's progress raises cancels the work.
    """
    bands = [tiles for tiles in planned(result, output.rows) if tiles[0][0] >= output.done]
    made: dict[int, np.ndarray] = {}

    def work(number: int, tile: tiling.Tile) -> None:
        top, bottom = bands[number][0][0], bands[number][-1][1]
        out = made.setdefault(number, result.picture.blank(bottom - top, result.shape[1]))  # the first tile's; empty ones cost nothing
        result.write(tile, out, tile[0] - top, tile[2])

    try:
        tiling.run_in_order(work, bands, result.runtime.threads, lambda number: output.put(made.pop(number)), result.runtime.progress)
    finally:
        result.release()
