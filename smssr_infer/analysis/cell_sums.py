"""What is measured of a picture on a coarse grid: sums over cells, and values read between their centres.

So it changes slowly, costs next to nothing, and is the same for every tile and preview.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source, mirrored
from ..arrays.pixels import luma

CELL = 16
"""Pixels to a side of a grid cell."""

STRIP = 32 * CELL


Measure = Callable[[np.ndarray], tuple[np.ndarray, ...]]


@runtime_checkable
class Summed(Protocol):
    """A source whose pixels are elsewhere, where they are summed as well."""

    def sums(self, measure: Measure, margin: int) -> np.ndarray:
        """What `sums` returns."""


def sums(source: Source, planes: int, measure: Measure, margin: int, threads: int,
         check: tiling.Check | None) -> np.ndarray:
    """The sums of what `measure` gives over every cell of a picture, `[planes, rows, columns]` float32.

    `measure`: luma `[h + 2·margin, w + 2·margin]`, mirrored beyond the picture's edges → `planes` values for each of h × w pixels.
    `check` is called between strips and may raise to cancel.
    """
    if isinstance(source, Summed):
        return source.sums(measure, margin)
    height, width = source.shape
    found = np.zeros((planes, -(-height // CELL), -(-width // CELL)), np.float32)

    def strip(tile: tiling.Tile) -> None:
        a, b, c, d = tile
        found[:, a // CELL:-(-b // CELL), c // CELL:-(-d // CELL)] = of_window(source, measure, margin, tile)

    strips = [(a, min(height, a + STRIP), c, min(width, c + STRIP)) for a in range(0, height, STRIP) for c in range(0, width, STRIP)]
    tiling.run(strip, strips, threads, check and (lambda _: check()))
    return found


def of_window(source: Source, measure: Measure, margin: int, window: tiling.Tile) -> np.ndarray:
    """The sums over the cells of a window that begins with a cell."""
    a, b, c, d = window
    y = luma(mirrored(source, (a - margin, b + margin), (c - margin, d + margin))[:source.colours])
    down, across = np.arange(0, b - a, CELL), np.arange(0, d - c, CELL)
    return np.stack([np.add.reduceat(np.add.reduceat(values, across, axis=1), down, axis=0) for values in measure(y)])


def read(grid: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Rows × columns of the picture, in any order, from a grid `[…, rows, columns]`: linear between the cells' centres."""
    (before, down), (left, across) = (_between(at, n) for at, n in zip((rows, columns), grid.shape[-2:], strict=True))
    after, right = (np.minimum(i + 1, n - 1) for i, n in zip((before, left), grid.shape[-2:], strict=True))
    first = before.min()
    grid = grid[..., first:after.max() + 1, :]
    some = grid[..., left] + (grid[..., right] - grid[..., left]) * across
    before, after = before - first, after - first
    return some[..., before, :] + (some[..., after, :] - some[..., before, :]) * down[:, None]


def _between(at: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """For pixels `at` the cell before each and the part of the way to the next."""
    place = np.clip((at + 0.5) / CELL - 0.5, 0, cells - 1)
    before = np.floor(place).astype(int)
    return before, (place - before).astype(np.float32)
