"""Directions from lines that somebody has drawn: a texture lies along them, and between them as the nearer ones say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import numbers
from .flow import Field, cosine_and_sine, unit

FADES = 2.0
"""A line counts by its distance to this power, per pixel of its length."""

CELL = 16
MOST_CELLS = 1 << 14
"""Directions are found on a grid of cells of CELL pixels, or of so many cells, and are linear between their centres."""


class Along:
    """A direction for `Style`: along lines that are drawn over the picture, whichever way a style lies by itself; what has a head and a
    tail, such as hairs, from the first point of a line to its last.

    `lines`: of each its points (x, y) in pixels, x to the right and y down; what lies outside the picture counts, too. Raises ValueError,
    in one line, for what is no line, or where none has a length.
    """

    def __init__(self, lines: Sequence[Sequence[tuple[float, float]]]):
        pieces = []
        for line in numbers.parts(lines):
            plain = numbers.array(line)
            points = np.empty(0) if plain is None else plain.astype(np.float64)
            if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
                raise ValueError(f"a line is points (x, y), such as [(10, 20), (60, 30)], not {numbers.shown(line)}")
            pieces.append(np.concatenate([points[:-1], points[1:] - points[:-1]], axis=1))
        found = np.concatenate(pieces) if pieces else np.empty((0, 4))
        self._pieces = found[np.hypot(found[:, 2], found[:, 3]) > 0]
        if not len(self._pieces):
            raise ValueError(f"{numbers.shown(lines)} has no line that a texture could lie along; a line has two different points at least")

    def coordinates(self, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far each place is to the side of the nearest line (above 0 to the right of whoever goes along it), and how far along it that
        is, in pixels; `y` `[h, 1]`, `x` `[1, w]`. A line goes on straight beyond its ends."""
        nearest = np.full((len(y), x.shape[1]), np.inf)
        aside, along = np.zeros_like(nearest), np.zeros_like(nearest)
        gone = 0.0
        ends = self._pieces[:, :2] + self._pieces[:, 2:]
        goes_on = (ends[:-1] == self._pieces[1:, :2]).all(1)  # whether a piece begins where the one before it ends
        first, last = ~np.insert(goes_on, 0, False), ~np.append(goes_on, False)
        for (left, top, across, down), begins, stops in zip(self._pieces, first, last, strict=True):
            long = np.hypot(across, down)
            least, most = -np.inf if begins else 0.0, np.inf if stops else long
            part = ((x - left) * across + (y - top) * down) / long
            side = ((y - top) * across - (x - left) * down) / long
            away = np.hypot(side, part - np.clip(part, least, most))
            nearer = away < nearest
            nearest = np.where(nearer, away, nearest)
            aside = np.where(nearer, np.copysign(away, side), aside)
            along = np.where(nearer, gone + np.clip(part, least, most), along)
            gone += long
        return aside, along

    def field(self, picture: tuple[int, int], shape: tuple[int, int], times: int) -> Field:
        """The angles of their lines, `times` · θ, for every pixel of the picture of height × width `picture` in another size, `shape`."""
        height, width = picture
        cell = max(CELL, (height * width / MOST_CELLS) ** 0.5)
        y, x = (size * (np.arange(count) + 0.5) / count for size in picture for count in [max(1, round(size / cell))])
        grid = np.zeros((2, len(y), len(x)))
        for left, top, across, down in self._pieces:
            long = np.hypot(across, down)
            part = np.clip(((x[None] - left) * across + (y[:, None] - top) * down) / long**2, 0, 1)  # where on the line is nearest
            away = np.hypot(x[None] - left - part * across, y[:, None] - top - part * down)
            way = cosine_and_sine(np.degrees(np.arctan2(-down, across)), times).astype(np.float64)
            grid += way[:, None, None] * long / (away + cell / 2) ** FADES
        return _Between(unit(grid), shape)


class _Between:
    """Angles read between the centres of a grid's cells, `[2, rows, columns]` over the whole of `shape`."""

    def __init__(self, grid: np.ndarray, shape: tuple[int, int]):
        self._grid, self._shape = grid, shape

    def planes(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Of those rows × columns, as of `Field`."""
        grid = self._grid
        for axis, at, whole in ((1, rows, self._shape[0]), (2, columns, self._shape[1])):
            count = grid.shape[axis]
            place = np.clip((np.asarray(at) + 0.5) * count / whole - 0.5, 0, count - 1)
            before = np.minimum(place.astype(int), max(0, count - 2))
            part = (place - before).reshape([-1 if i == axis else 1 for i in range(3)])
            grid = grid.take(before, axis) * (1 - part) + grid.take(np.minimum(before + 1, count - 1), axis) * part
        return unit(grid).astype(np.float32)
