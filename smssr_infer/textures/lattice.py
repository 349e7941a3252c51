"""A lattice of equilateral triangles over the plane, whose vertices carry random draws (Heitz and Neyret 2018, §4.2).

A vertex (i, j) lies at ((i + j/2) · cell, j · √3/2 · cell), x to the right, y down. Each has a hat function: 1 there, 0 at its
six neighbours and beyond. What a vertex draws is a hash of (i, j), so any window of the plane gives the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .random_fields import white

ROW = 3**0.5 / 2
"""Height of a row of triangles, in cells."""


def vertices(top: int, bottom: int, left: int, right: int, cell: float) -> Iterator[tuple[int, np.ndarray]]:
    """The vertices whose hats reach into a window: for each row j of them the consecutive i, int64."""
    for j in range(int(np.floor(top / (cell * ROW))) - 1, int(np.ceil(bottom / (cell * ROW))) + 2):
        first, last = left / cell - j / 2, right / cell - j / 2
        yield j, np.arange(int(np.floor(first)) - 1, int(np.ceil(last)) + 2)


def place(i: np.ndarray, j: int, cell: float) -> tuple[float, np.ndarray]:
    """y, and x of each, of vertices in pixels."""
    return j * cell * ROW, (i + j / 2) * cell


def hat(y: np.ndarray, x: np.ndarray, cell: float) -> np.ndarray:
    """The hat function of a vertex at (0, 0), of rows y × columns x in pixels: `[h, w]` float32 in 0 … 1."""
    v = (y / (cell * ROW))[:, None]
    u = (x / cell)[None] - v / 2
    return np.clip(1 - np.maximum(np.maximum(np.abs(u), np.abs(v)), np.abs(u + v)), 0, None).astype(np.float32)


def drawn(i: np.ndarray, j: int, number: int, seed: int) -> np.ndarray:
    """A number in 0 … 1 for each vertex (i, j); `number` tells several draws apart."""
    return white(j, j + 1, int(i[0]), int(i[-1]) + 1, (seed * 8 + number) % 2**32)[0]
