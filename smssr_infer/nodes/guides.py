"""What a restoring network is told beside the picture, as planes: where JPEG blocks begin and of what quality it was, how
much noise there is, how wide the blur."""

from __future__ import annotations

import dataclasses
import math
from typing import Protocol

import numpy as np

from ..analysis.noise import Noise
from ..arrays import deconvolution
from ..arrays.jpeg_grid import grid_planes
from ..arrays.pixels import luma
from ..arrays.scale_space import TRUNCATE, smooth

Range = tuple[int, int]

AROUND = 2.0
"""σ, in pixels, of the Gaussian over which a place's lightness is taken: noise does not move it."""


class Guide(Protocol):
    """Planes that a network sees beside the picture."""

    @property
    def reach(self) -> int:
        """Pixels of the picture that are read around a window."""

    def planes(self, colours: np.ndarray, rows: Range, columns: Range) -> np.ndarray:
        """The planes over rows × columns, `[n, h, w]` float32; `colours`: the picture there, with `reach` pixels around it."""


@dataclasses.dataclass(frozen=True)
class GridGuide:
    """Where JPEG blocks begin: row and column, 0 … 7."""

    origin: tuple[int, int]
    reach = 0

    def planes(self, colours: np.ndarray, rows: Range, columns: Range) -> np.ndarray:
        """Four planes, as of `grid_planes`."""
        return grid_planes(np.arange(*rows), np.arange(*columns), self.origin)


@dataclasses.dataclass(frozen=True)
class QualityGuide:
    """Of what quality, 1 … 100, the JPEG was; 0: unknown."""

    quality: float
    reach = 0

    def planes(self, colours: np.ndarray, rows: Range, columns: Range) -> np.ndarray:
        """A hundredth of it."""
        return np.full((1, rows[1] - rows[0], columns[1] - columns[0]), self.quality / 100, np.float32)


@dataclasses.dataclass(frozen=True)
class NoiseGuide:
    """How much noise there is."""

    noise: Noise

    @property
    def reach(self) -> int:
        """Pixels that a place's lightness is read from, each way."""
        return math.ceil(TRUNCATE * AROUND) if self.noise.spread else 0

    def planes(self, colours: np.ndarray, rows: Range, columns: Range) -> np.ndarray:
        """σ of luma and of chroma, in 0 … 1."""
        sigmas = np.array([self.noise.luma, self.noise.chroma if len(colours) == 3 else 0], np.float32)[:, None, None] / 255
        if not self.noise.spread:
            return np.broadcast_to(sigmas, (2, rows[1] - rows[0], columns[1] - columns[0]))
        around, spread = self.reach, np.array(self.noise.spread)
        lightness = smooth(luma(colours), AROUND)[around:-around, around:-around]
        return sigmas * np.interp(len(spread) * lightness - 0.5, np.arange(len(spread)), spread).astype(np.float32)


@dataclasses.dataclass(frozen=True)
class BlurGuide:
    """How wide the blur is: σ of a Gaussian, in pixels."""

    sigma: float
    reach = deconvolution.REACH

    def planes(self, colours: np.ndarray, rows: Range, columns: Range) -> np.ndarray:
        """σ as a share of MOST_SIGMA, and luma with that blur taken back."""
        restored = deconvolution.wiener(luma(colours), self.sigma)
        return np.stack([np.full_like(restored, self.sigma / deconvolution.MOST_SIGMA), restored])
