"""What a style's network is given beside luma: noise and plane waves that belong to places, not to tiles.

A convolution of a flat area is flat, so a texture needs a seed of randomness; and what is laid or woven in rows needs to know
where the rows are. Both are functions of a pixel's absolute coordinates. So the same pixel gets the same in every tile,
preview and run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import numbers

ODD = np.uint32(0x9E3779B1)
SEEDS = 1 << 32


def seed_of(wanted: int | None, own: int) -> int:
    """The seed that is wanted, or a style's own. Raises ValueError for what is none."""
    if wanted is None:
        return own
    seed = numbers.whole(wanted)
    if seed is None or not 0 <= seed < SEEDS:
        raise ValueError(f"the seed must be a whole number from 0 to {SEEDS - 1}, not {numbers.shown(wanted)}")
    return seed


def _mix(x: np.ndarray) -> np.ndarray:
    """A bijection of 32-bit numbers in which every bit of the input reaches every bit of the output; works in place."""
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def white(top: int, bottom: int, left: int, right: int, seed: int) -> np.ndarray:
    """White noise over a window, uniform in 0 … 1: a hash of row, column and seed. Coordinates may be negative."""
    rows = np.arange(top, bottom).astype(np.uint32)
    columns = np.arange(left, right).astype(np.uint32)
    start = _mix(np.array([seed], np.uint32) + ODD)
    x = _mix(rows * ODD + start)[:, None] ^ (columns * ODD)
    _mix(x)
    x >>= np.uint32(8)
    return x.astype(np.float32) * np.float32(2**-24)


def clouds(top: int, bottom: int, left: int, right: int, cell: int, seed: int) -> np.ndarray:
    """Noise over a window that is white on cells of `cell`² pixels and linear between their centres, in 0 … 1."""
    def between(lo: int, hi: int) -> tuple[np.ndarray, np.ndarray]:
        place = (np.arange(lo, hi) + 0.5) / cell - 0.5
        before = np.floor(place).astype(int)
        return before, (place - before).astype(np.float32)

    (row, down), (column, across) = between(top, bottom), between(left, right)
    first, begin = row[0], column[0]
    grid = white(first, row[-1] + 2, begin, column[-1] + 2, seed)
    row, column = row - first, column - begin
    some = grid[:, column] + (grid[:, column + 1] - grid[:, column]) * across
    return some[row] + (some[row + 1] - some[row]) * down[:, None]


def waves(top: int, bottom: int, left: int, right: int, frequencies: Sequence[tuple[float, float]]) -> np.ndarray:
    """Cosine and sine of plane waves over a window, `[2·n, h, w]` in 0 … 1; `frequencies`: (down, across), cycles per pixel."""
    planes = np.empty((2 * len(frequencies), bottom - top, right - left), np.float32)
    for i, (down, across) in enumerate(frequencies):
        # e^(i(a + b)) = e^(ia)·e^(ib): two short complex vectors instead of a plane of cosines
        a = np.exp(2j * np.pi * np.mod(down * np.arange(top, bottom), 1)).astype(np.complex64)
        b = np.exp(2j * np.pi * np.mod(across * np.arange(left, right), 1)).astype(np.complex64)
        both = np.outer(a, b)
        planes[2 * i] = both.real
        planes[2 * i + 1] = both.imag
    planes *= np.float32(0.5)
    planes += np.float32(0.5)
    return planes
