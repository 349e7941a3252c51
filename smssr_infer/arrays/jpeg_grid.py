"""JPEG blocks of 8 × 8 pixels: their DCT; and where they begin, as planes for networks, which see too little to tell one block's edge from
another."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

BLOCK = 8


@functools.cache
def cosines() -> np.ndarray:
    """The orthonormal DCT of BLOCK samples, float32 `[8, 8]`: a row for each frequency."""
    k, n = np.mgrid[:BLOCK, :BLOCK]
    matrix = np.cos(np.pi * k * (2 * n + 1) / (2 * BLOCK)) / 2
    matrix[0] /= 2**0.5
    return matrix.astype(np.float32)


def grid_planes(rows: np.ndarray, columns: np.ndarray, jpeg_origin: Sequence[int]) -> np.ndarray:
    """Cosine and sine of a wave of BLOCK pixels down, then across, over rows × columns: `[4, h, w]` float32 in 0 … 1.

    `jpeg_origin`: (row, column) of any block's first pixel.
    """
    planes = np.empty((4, len(rows), len(columns)), np.float32)
    down, across = (2 * np.pi / BLOCK * (np.mod(at - begin, BLOCK) + 0.5) for at, begin in zip((rows, columns), jpeg_origin, strict=True))
    for plane, wave in zip(planes, (np.cos(down)[:, None], np.sin(down)[:, None], np.cos(across), np.sin(across)), strict=True):
        plane[...] = 0.5 + 0.5 * wave
    return planes
