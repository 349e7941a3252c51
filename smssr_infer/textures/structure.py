"""A structured material (brick, knit, scales): a sample that repeats exactly, laid like wallpaper, turned as a whole or bent along lines.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from PIL import Image

from ..analysis.drawn_lines import Along
from ..arrays import tiling
from .material import bilinear
from .random_fields import white


@dataclasses.dataclass(frozen=True, eq=False)
class Structure:
    """A sample that repeats."""

    planes: np.ndarray
    """`[3, h + 1, w + 1]` float32, mean 0: R, G and B; its first row and column stand once more at the end."""
    deviation: float
    """Standard deviation of luma."""

    @classmethod
    def of(cls, fine: np.ndarray, luma: np.ndarray) -> Structure:
        """Of a sample `[h, w, 3]` that repeats; `luma`: weights of R, G and B."""
        fine = fine - fine.mean((0, 1))
        planes = np.pad(fine.transpose(2, 0, 1), ((0, 0), (0, 1), (0, 1)), "wrap")
        return cls(np.ascontiguousarray(planes, np.float32), float((fine @ luma).std()))

    def laid(self, window: tiling.Tile, size: float, direction: float | Along, seed: int) -> np.ndarray:
        """It over a window, R, G and B `[3, h, w]` float32: `size` times as large, turned by degrees (counter-clockwise) or along lines."""
        top, bottom, left, right = window
        y, x = np.arange(top, bottom)[:, None] + 0.5, np.arange(left, right)[None] + 0.5
        if isinstance(direction, Along):
            across, along = direction.coordinates(y, x)
        else:
            cosine, sine = math.cos(math.radians(direction)), math.sin(math.radians(direction))
            across, along = sine * x + cosine * y, cosine * x - sine * y
        tall, wide = (n - 1 for n in self.planes.shape[1:])
        begin = white(0, 1, 0, 2, seed)[0].astype(float)  # another seed begins elsewhere
        v, u = (np.mod(at / size - 0.5 + start * n, n) for at, start, n in zip((across, along), begin, (tall, wide), strict=True))
        return bilinear(self.planes, v, u)


def shrunk(pixels: np.ndarray, by: float) -> np.ndarray:
    """A sample `[h, w, 3]` that repeats, reduced; it goes on repeating."""
    tall, wide = pixels.shape[:2]
    small = [max(1, round(by * n)) for n in (tall, wide)]
    nine = Image.fromarray(np.tile(pixels, (3, 3, 1))).resize((3 * small[1], 3 * small[0]), Image.Resampling.LANCZOS)
    return np.asarray(nine)[small[0]:2 * small[0], small[1]:2 * small[1]]
