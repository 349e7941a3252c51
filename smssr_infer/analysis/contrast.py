"""σ_x, the local standard deviation of luma: how strong a style is at a place (SMS-SR §2.2, f_β).

It is taken over a window as large as a training patch, once for a whole picture.
"""

from __future__ import annotations

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source
from ..arrays.scale_space import gaussian, separable
from . import cell_sums
from .f_beta import local_contrast

FLAT = 0.5 / 255
"""A cell whose luma has a smaller standard deviation is of one flat colour."""

SOME, MOST = 0.25, 0.75
"""Up to SOME of its surroundings a place may be of flat colours and count as textured; from MOST on it counts as flat."""


class Contrast:
    """σ_x of a picture, and where the picture is of flat colours, as drawings are."""

    def __init__(self, picture: Source, window: float, floor: float, ceiling: float = np.inf, threads: int = 1,
                 check: tiling.Check | None = None):
        """`window`: side, in pixels, of the box whose standard deviation the Gaussian window has; `floor`: σ_x of a
        flat picture; `ceiling`: the most that it may be.

        `check` is called between strips and may raise to cancel.
        """
        def moments(luma: np.ndarray) -> tuple[np.ndarray, ...]:
            y = luma - np.float32(0.5)
            return np.ones_like(y), y, y * y

        sums = cell_sums.sums(picture, 3, moments, 0, threads, check)
        grid = sums.shape[1:]
        sigma = window / 12**0.5 / cell_sums.CELL
        mean, square = sums[1:] / sums[0]
        planes = np.concatenate([sums, ((square - mean**2) < FLAT**2)[None]])
        blurred = separable(planes, gaussian(grid[0], sigma), gaussian(grid[1], sigma), (0, grid[0]), (0, grid[1])).astype(np.float64)
        mean, square = blurred[1:3] / blurred[0]
        self._grid = local_contrast(square - mean**2, floor, ceiling).astype(np.float32)
        self._flat = np.clip((blurred[3] - SOME) / (MOST - SOME), 0, 1).astype(np.float32)
        self.flat_somewhere = bool(self._flat.any())

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """σ_x over a window, `[h, w]` float32."""
        return cell_sums.read(self._grid, np.arange(top, bottom), np.arange(left, right))

    def flatness(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """How much a place counts as flat, 0 … 1, over a window: `[h, w]` float32."""
        return cell_sums.read(self._flat, np.arange(top, bottom), np.arange(left, right))


class Headroom:
    """How far a picture's luma is from black and white around a place: there a texture of the same strength everywhere has to be weaker."""

    LEAST = 0.35
    """A texture keeps so much of its strength, even on white paper."""

    def __init__(self, picture: Source, threads: int = 1, check: tiling.Check | None = None):
        """`check` is called between strips and may raise to cancel."""
        count, luma = cell_sums.sums(picture, 2, lambda y: (np.ones_like(y), y), 0, threads, check)
        self._grid = np.minimum(luma / count, 1 - luma / count)

    def read(self, window: tiling.Tile, deviation: float) -> np.ndarray:
        """The share, LEAST … 1, of a texture whose standard deviation is `deviation` that fits, over a window: `[h, w]` float32."""
        top, bottom, left, right = window
        room = cell_sums.read(self._grid, np.arange(top, bottom), np.arange(left, right))
        return np.clip(room / np.float32(2 * deviation), np.float32(self.LEAST), np.float32(1))
