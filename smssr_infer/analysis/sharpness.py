"""A picture's own sharpness from place to place, so that no texture is sharper than what it lies on."""

from __future__ import annotations

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source
from ..arrays.scale_space import gaussian, radius, separable
from . import cell_sums

BLURS = (0.0, 1.0, 2.0, 4.0)
"""σ, in pixels, of the Gaussians between which a texture is blended."""

REACH = radius(BLURS[-1])

AGAIN = 1.5
"""An edge is compared with itself through a Gaussian of so many pixels: how much it loses tells how sharp it was (Zhuo and Sim, 2011)."""

SHARP = 1.2
"""Edges of a smaller σ, in pixels, are as sharp as those of any picture."""

USUAL = 0.25
"""A texture becomes softer by what a place is softer than this share of the picture, its sharpest: an enlargement is soft all over."""

LEAST = 0.4
"""A smaller difference, σ in pixels, is none."""

EDGE = 0.012
"""The least gradient, in 0 … 1 a pixel, of an edge."""

SPREADS = (24.0, 12.0, 6.0, 3.0)
"""Gaussians, in cells, over which edges speak for places without any."""


class Sharpness:
    """How blurred a picture is, σ in pixels, at every place: measured once, at its edges, on a coarse grid."""

    def __init__(self, source: Source, threads: int = 1, check: tiling.Check | None = None):
        """`check` is called between strips and may raise to cancel."""
        def edges(y: np.ndarray) -> tuple[np.ndarray, ...]:
            rows, columns = y.shape
            again = separable(y, gaussian(rows, AGAIN), gaussian(columns, AGAIN), (0, rows), (0, columns))
            inner = slice(margin, -margin)
            first, second = (np.hypot(p[inner, margin + 1:columns - margin + 1] - p[inner, margin - 1:-margin - 1],
                                      p[margin + 1:rows - margin + 1, inner] - p[margin - 1:-margin - 1, inner]) / 2
                             for p in (y, again))
            # |∇I| / |∇(G I)| = √((σ² + AGAIN²) / σ²) across a blurred step
            loss = np.square(first / np.maximum(second, np.float32(1e-6)))
            sigma = AGAIN / np.sqrt(np.maximum(loss - 1, np.float32(AGAIN**2 / 64)))
            weight = np.where(first > EDGE, first * first, 0)
            return sigma * weight, weight

        margin = radius(AGAIN) + 1
        sums = cell_sums.sums(source, 2, edges, margin, threads, check)
        grid = sums.shape[1:]
        found = np.zeros(grid, np.float32)
        least = np.float32(EDGE**2)
        for sigma in SPREADS:
            of_edges, weight = separable(sums, gaussian(grid[0], sigma), gaussian(grid[1], sigma), (0, grid[0]), (0, grid[1]))
            trust = weight / (weight + least)
            found = found * (1 - trust) + trust * of_edges / (weight + np.float32(1e-12))
        usual = max(SHARP, float(np.quantile(found, USUAL)))
        self._grid = np.sqrt(np.maximum(found**2 - np.float32(usual)**2, 0)).astype(np.float32)
        self._grid[self._grid < LEAST] = 0
        self.anywhere = bool(self._grid.any())
        """Whether some of the picture is softer than the rest."""

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """By how much a texture is to be blurred over a window, σ in pixels, `[h, w]` float32."""
        return cell_sums.read(self._grid, np.arange(top, bottom), np.arange(left, right))


def softened(residual: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """A residual as soft as the picture: `residual` `[h + 2·REACH, w + 2·REACH]`, `sigma` `[h, w]` → `[h, w]`."""
    rows, columns = (REACH, residual.shape[0] - REACH), (REACH, residual.shape[1] - REACH)
    sharp = residual[rows[0]:rows[1], columns[0]:columns[1]]
    if not sigma.any():
        return sharp
    result = np.zeros_like(sharp)
    levels = np.asarray(BLURS)
    at = np.interp(sigma, levels, np.arange(len(levels)))
    for number, blur in enumerate(BLURS):
        share = np.maximum(0, 1 - np.abs(at - number)).astype(np.float32)
        if share.any():
            down, across = (gaussian(n, blur or 1.0) for n in residual.shape)
            result += share * (separable(residual, down, across, rows, columns) if blur else sharp)
    return result
