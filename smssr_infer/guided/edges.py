"""From the grid to every pixel: β follows the picture's edges, soft at hair and hard where the picture is.

K. He et al., *Guided Image Filtering*, ECCV 2010; and, for the coefficients on a coarse grid, *Fast Guided Filter*, 2015.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy.ndimage import uniform_filter

EPSILON = 1e-4
"""Variance of a colour, 0 … 1, below which β does not follow it."""


def coefficients(guide: np.ndarray, beta: np.ndarray, radius: int) -> np.ndarray:
    """a (one for each colour) and b of β ≈ a · guide + b around every cell, `[h, w, 4]`; `guide` `[h, w, 3]`, β `[h, w]`."""
    size = 2 * radius + 1

    def mean(plane: np.ndarray) -> np.ndarray:
        return uniform_filter(plane, (size, size, *[0] * (plane.ndim - 2)), mode="nearest")

    guide = guide.astype(np.float64)
    middle, level = mean(guide), mean(beta)
    covariance = mean(guide[..., :, None] * guide[..., None, :]) - middle[..., :, None] * middle[..., None, :]
    covariance += EPSILON * np.eye(3)
    along = mean(guide * beta[..., None]) - middle * level[..., None]
    a = np.linalg.solve(covariance, along[..., None])[..., 0]
    b = level - (a * middle).sum(-1)
    return mean(np.concatenate([a, b[..., None]], -1)).astype(np.float32)


def enlarged(plane: np.ndarray, step: int, shape: tuple[int, int]) -> np.ndarray:
    """A plane of cells of step × step pixels, bilinearly, at every pixel of a picture of `shape`."""
    size = plane.shape[1] * step, plane.shape[0] * step
    whole = Image.fromarray(np.ascontiguousarray(plane, np.float32), "F").resize(size, Image.Resampling.BILINEAR)
    return np.asarray(whole)[:shape[0], :shape[1]]


def to_pixels(rgb: np.ndarray, beta: np.ndarray, step: int, radius: int = 2) -> np.ndarray:
    """β of cells of step × step pixels → β at every pixel of `rgb` (uint8 H×W×3), float32 in 0 … 1."""
    small = np.asarray(Image.fromarray(rgb).reduce(step), np.float32) / 255
    parts = coefficients(small, beta, radius)
    out = np.array(enlarged(parts[..., 3], step, rgb.shape[:2]))
    for channel in range(3):
        out += enlarged(parts[..., channel], step, rgb.shape[:2]) * (rgb[..., channel] * np.float32(1 / 255))
    return np.clip(out, 0, 1)
