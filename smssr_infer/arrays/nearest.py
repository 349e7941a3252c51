"""For every pixel the nearest of some: in NumPy, since enlarging a picture with transparency must not need SciPy."""

from __future__ import annotations

import numpy as np

STRIP = 1 << 16
"""Pixels that are gone through at once, at some 60 bytes each."""


def nearest(marked: np.ndarray) -> np.ndarray:
    """The row and column of the nearest marked pixel, int32 `[2, H, W]`; at least one must be. Rows and columns of the way are added up.

    First the nearest within the column, above before below; then along each row the column that it is the least way to, left before right.
    Which one it is does not depend on pixels further away than that.
    """
    height, width = marked.shape
    far = height + width
    rows = np.arange(height, dtype=np.int32)[:, None]
    near = np.maximum.accumulate(np.where(marked, rows, np.int32(-far)), axis=0)
    below = np.minimum.accumulate(np.where(marked, rows, np.int32(height + far))[::-1], axis=0)[::-1]
    np.copyto(near, below, where=rows - near > below - rows)
    del below
    found = np.empty((2, height, width), np.int32)
    columns = np.arange(width, dtype=np.int64)
    step = max(1, STRIP // width)
    for top in range(0, height, step):
        part = slice(top, min(top + step, height))
        way = np.abs(near[part] - rows[part]).astype(np.int64)
        # One number holds the way, less or more the column, and the column itself, so that a running minimum finds both.
        left = np.minimum.accumulate((way - columns) * width + columns, axis=1)
        right = np.minimum.accumulate(((way + columns) * width + columns)[:, ::-1], axis=1)[:, ::-1]
        column = np.where(left // width + columns <= right // width - columns, left % width, right % width)
        found[0, part], found[1, part] = np.take_along_axis(near[part], column, axis=1), column
    return found
