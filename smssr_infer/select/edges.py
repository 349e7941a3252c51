"""From the grid to every pixel: β follows the picture's edges, soft at hair and hard where the picture is.

K. He et al., *Guided Image Filtering*, ECCV 2010; and, for the coefficients on a coarse grid, *Fast Guided Filter*, 2015.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy.ndimage import uniform_filter

from ..arrays.tiling import tiles

EPSILON = 1e-4
"""Variance of a colour, 0 … 1, below which β does not follow it."""

BLOCK = 24
"""Cells to a side of what is looked at together: most of a mask is all in or all out, and costs nothing."""

EVEN = 1e-3
"""Coefficients that differ by less are taken for one."""


def enlarged(plane: np.ndarray, step: int) -> np.ndarray:
    """A plane of cells, bilinearly at every pixel of them, step × step each."""
    size = plane.shape[1] * step, plane.shape[0] * step
    return np.asarray(Image.fromarray(np.ascontiguousarray(plane, np.float32)).resize(size, Image.Resampling.BILINEAR))


class Edges:
    """A picture's edges, which every mask of it follows: what of the guided filter does not depend on β is kept."""

    def __init__(self, rgb: np.ndarray, step: int, radius: int = 2):
        """`rgb`: uint8 H×W×3; `step`: pixels to a side of a cell; `radius`: of the window, in cells."""
        self._rgb, self._step, self._size = rgb, step, 2 * radius + 1
        self._guide = np.asarray(Image.fromarray(rgb).reduce(step), np.float32).astype(np.float64) / 255
        self._middle = self._mean(self._guide)
        covariance = self._mean(self._guide[..., :, None] * self._guide[..., None, :])
        covariance -= self._middle[..., :, None] * self._middle[..., None, :]
        self._inverse = np.linalg.inv(covariance + EPSILON * np.eye(3))

    def _mean(self, plane: np.ndarray) -> np.ndarray:
        return uniform_filter(plane, (self._size, self._size, *[0] * (plane.ndim - 2)), mode="nearest")

    def coefficients(self, beta: np.ndarray) -> np.ndarray:
        """a (one for each colour) and b of β ≈ a · guide + b around every cell, `[h, w, 4]`; β `[h, w]`."""
        level = self._mean(beta)
        along = self._mean(self._guide * beta[..., None]) - self._middle * level[..., None]
        a = (self._inverse @ along[..., None])[..., 0]
        b = level - (a * self._middle).sum(-1)
        return self._mean(np.concatenate([a, b[..., None]], -1)).astype(np.float32)

    def to_pixels(self, beta: np.ndarray) -> np.ndarray:
        """β of cells → β at every pixel, float32 H×W in 0 … 1."""
        rgb, step = self._rgb, self._step
        parts = self.coefficients(beta)
        out = np.empty(rgb.shape[:2], np.float32)
        for top, bottom, left, right in tiles(beta.shape[0], beta.shape[1], BLOCK):
            above, before = max(0, top - 1), max(0, left - 1)  # a cell around, which the pixels at the block's edge lean on
            part = parts[above:bottom + 1, before:right + 1]
            target = out[top * step:bottom * step, left * step:right * step]
            level = part[..., 3]
            if np.abs(part[..., :3]).max() < EVEN and np.ptp(level) < EVEN:
                target[...] = level.mean()
                continue
            rows, columns = ((first - wide) * step for first, wide in ((top, above), (left, before)))
            inside = slice(rows, rows + target.shape[0]), slice(columns, columns + target.shape[1])
            colours = rgb[top * step:bottom * step, left * step:right * step] * np.float32(1 / 255)
            target[...] = enlarged(level, step)[inside]
            for channel in range(3):
                target += enlarged(part[..., channel], step)[inside] * colours[..., channel]
        return np.clip(out, 0, 1, out=out)
