"""σ_x, the local standard deviation of luma: how strong a style is at a place (SMS-SR §2.2, f_β).

It is taken over a window as large as a training patch, once for a whole picture, on a coarse grid. So it changes slowly, costs next
to nothing, and is the same for every tile and preview.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..planes import tiling
from ..planes.pixels import luma
from ..planes.scalespace import gaussian, separable
from ..stages.stage import Source

CELL = 16
"""Pixels to a side of a grid cell."""

STRIP = 32 * CELL


class Contrast:
    """σ_x of a picture."""

    def __init__(self, picture: Source, window: float, floor: float, ceiling: float = np.inf, threads: int = 1,
                 check: Callable[[], None] | None = None):
        """`window`: side, in pixels, of the box whose standard deviation the Gaussian window has; `floor`: σ_x of a
        flat picture; `ceiling`: the most that it may be.

        `check` is called between strips and may raise to cancel.
        """
        height, width = picture.shape
        grid = -(-height // CELL), -(-width // CELL)
        sums = np.zeros((3, *grid), np.float32)

        def strip(tile: tiling.Tile) -> None:
            a, b, c, d = tile
            y = luma(picture.read(a, b, c, d)[:picture.colours]) - np.float32(0.5)
            down, across = np.arange(0, b - a, CELL), np.arange(0, d - c, CELL)
            for plane, values in zip(sums, (np.ones_like(y), y, y * y), strict=True):
                cells = np.add.reduceat(np.add.reduceat(values, across, axis=1, dtype=np.float32), down, axis=0)
                plane[a // CELL:-(-b // CELL), c // CELL:-(-d // CELL)] = cells

        strips = [(a, min(height, a + STRIP), c, min(width, c + STRIP)) for a in range(0, height, STRIP) for c in range(0, width, STRIP)]
        tiling.run(strip, strips, threads, check and (lambda _: check()))
        sigma = window / 12**0.5 / CELL
        blurred = separable(sums, gaussian(grid[0], sigma), gaussian(grid[1], sigma), (0, grid[0]), (0, grid[1])).astype(np.float64)
        mean, square = blurred[1:] / blurred[0]
        self._grid = np.sqrt(np.clip(square - mean**2 + floor**2, floor**2, ceiling**2)).astype(np.float32)

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """σ_x over a window, `[h, w]` float32, linear between the cells' centres."""
        grid = self._grid
        rows, row_part = between(np.arange(top, bottom), grid.shape[0])
        columns, column_part = between(np.arange(left, right), grid.shape[1])
        some = grid[rows[0]:rows[-1] + 2]
        some = some[:, columns] + (some[:, np.minimum(columns + 1, grid.shape[1] - 1)] - some[:, columns]) * column_part
        rows = rows - rows[0]
        return some[rows] + (some[np.minimum(rows + 1, len(some) - 1)] - some[rows]) * row_part[:, None]


def between(at: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """For pixels `at` the cell before each and the part of the way to the next."""
    place = np.clip((at + 0.5) / CELL - 0.5, 0, cells - 1)
    before = np.floor(place).astype(int)
    return before, (place - before).astype(np.float32)
