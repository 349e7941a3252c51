"""Where JPEG blocks of 8 × 8 pixels begin, as planes for networks, which see too little to tell one block's edge from another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BLOCK = 8


def grid_planes(rows: np.ndarray, columns: np.ndarray, jpeg_origin: Sequence[int]) -> np.ndarray:
    """Cosine and sine of a wave of BLOCK pixels down, then across, over rows × columns: `[4, h, w]` float32 in 0 … 1.

    `jpeg_origin`: (row, column) of any block's first pixel.
    """
    planes = np.empty((4, len(rows), len(columns)), np.float32)
    down, across = (2 * np.pi / BLOCK * (np.mod(at - begin, BLOCK) + 0.5) for at, begin in zip((rows, columns), jpeg_origin, strict=True))
    for plane, wave in zip(planes, (np.cos(down)[:, None], np.sin(down)[:, None], np.cos(across), np.sin(across)), strict=True):
        plane[...] = 0.5 + 0.5 * wave
    return planes
