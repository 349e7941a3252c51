"""What a picture has been through, judged by its pixels: noise, and the traces of JPEG blocks."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..arrays.node import Source
from ..arrays.pixels import LUMA, grey
from .noise import NONE, Noise, estimate

SEEN = 768
"""The middle of a picture, so many pixels to a side at most, is judged."""

BLOCK = 8
"""Side of the cells whose flattest tenth shows the noise."""

LEAST = 0.02
"""So little fine detail, in levels, tells nothing."""

FAR = 1e6
"""Floats beyond this, either way, tell no more, and would overflow."""

CLIPPED = 12
"""Levels from black and white in which noise is clipped away."""


@dataclasses.dataclass(frozen=True)
class Degradation:
    """How damaged a picture is."""

    noise: float
    """Standard deviation, in levels of 255, of what is left in its flattest places."""
    blocks: float
    """How much weaker fine detail is on JPEG's grid of 8 pixels than off it: 0 none, 1 there is none left."""
    jpeg_origin: tuple[int, int] = (0, 0)
    """Row and column, 0 … 7, from which JPEG blocks begin; (0, 0) where they do not show, as in a picture that was not cut."""

    sigma: Noise = NONE
    """How much noise there is, of any width, in luma and in chroma."""

    flat: float = 0.0
    """Standard deviation of luma, in levels of 255, in its flattest places: what is high there is not texture."""

    mild: bool = False
    """Whether it is a JPEG of which so little was lost that the models for clean pictures serve it best, once it was cleaned a little."""

    @property
    def jpeg(self) -> bool:
        """Whether it has JPEG artefacts."""
        return self.mild or self.blocks > SHOWN

    @property
    def noisy(self) -> bool:
        """Whether noise is worse than any JPEG artefacts, for somebody who wants it cleaned; dense texture looks like it.

        Measured on 15 photographs of the validation set: noise of 9 levels in luma and 7 in each colour, saved as JPEG of quality 70 to 90,
        is cleaned 4 dB better as noise (0.3 to 7.4); clean photographs of dense texture, saved as JPEG and taken for noisy, 0.2 to 2 dB
        worse. Most engravings, whose hatching looks like noise, have none in their colours.
        """
        return self.sigma.luma > NOISY and self.sigma.chroma > COLOURED and self.flat > EVERYWHERE

    @property
    def photo(self) -> bool:
        """Whether the models for photographs serve it better (measured: see docs/restoration.md)."""
        return self.noise > NOISE or self.blocks > BLOCKS


NOISY, COLOURED, EVERYWHERE = 7.0, 0.5, 2.0
"""Levels of luma's and chroma's noise, and of what is left in the flattest places, above which a picture counts as noisy."""

NOISE = 1.7
BLOCKS = 0.1

SHOWN = 0.04
"""Blocks that show less may be none (measured: clean pictures reach 0.03)."""


def _cosine(k: int) -> np.ndarray:
    """The k-th vector of the 8-point DCT."""
    return (np.cos(np.pi * k * (2 * np.arange(8) + 1) / 16) / 2).astype(np.float32)


def _blocks(y: np.ndarray) -> tuple[float, int]:
    """Fine detail of rows `[h, w]` on the best of the eight grids against that on the others, and the column where that one begins."""
    width = (y.shape[1] - 7) // 8 * 8
    if width < 32:
        return 0.0, 0
    windows = np.lib.stride_tricks.sliding_window_view(y, 8, axis=1)[:, :width]
    detail = sum(np.abs(windows @ _cosine(k)) for k in (5, 6, 7))
    by_phase = np.minimum(detail, 12.0).reshape(len(y), -1, 8).mean((0, 1))
    best = by_phase.argmin()
    others = np.delete(by_phase, best)
    return float(1 - (by_phase[best] + LEAST) / (np.sort(others)[1] + LEAST)), int(best)


def _cells(plane: np.ndarray) -> np.ndarray:
    """Means over cells of BLOCK² pixels, from a plane's second row and column on."""
    rows, columns = ((n - 2) // BLOCK for n in plane.shape)
    return plane[1:1 + rows * BLOCK, 1:1 + columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK).mean((1, 3))


def _noise(plane: np.ndarray, usable: np.ndarray) -> float:
    """The standard deviation of white noise in a plane's flattest usable cells, by the mean of a mask that even slopes do not reach."""
    fine = plane[:-2] - 2 * plane[1:-1] + plane[2:]
    fine = np.pad(np.abs(fine[:, :-2] - 2 * fine[:, 1:-1] + fine[:, 2:]), 1)
    return float(np.quantile(_cells(fine)[usable], 0.1)) * (np.pi / 2) ** 0.5 / 6  # 6: the mask's gain on white noise


def degradation_of(picture: Source) -> Degradation:
    """The degradation of a picture.

    Noise is looked for where it differs most from detail: between the colours, which in a photograph have their edges in common.
    """
    height, width = picture.shape
    if min(height, width) < BLOCK + 2:
        return Degradation(0.0, 0.0, sigma=estimate(picture))
    top, left = max(0, height - SEEN) // 2, max(0, width - SEEN) // 2
    colours = picture.read(top, min(height, top + SEEN), left, min(width, left + SEEN))[:picture.colours]
    colours = 255 * np.clip(colours, -FAR, FAR, out=colours)
    y = grey(colours)
    level = _cells(y)
    usable = (level > CLIPPED) & (level < 255 - CLIPPED)
    if not usable.any():
        usable = np.ones_like(usable)
    if picture.colours == 3:
        red, green, blue = colours
        averaged = float(np.hypot.reduce(LUMA))  # what luma leaves of noise that each colour has for itself
        noise = min(*(_noise((colour - green) / 2**0.5, usable) for colour in (red, blue)), _noise(y, usable) / averaged)
    else:
        noise = _noise(y, usable)
    (across, column), (down, row) = _blocks(y), _blocks(np.ascontiguousarray(y.T))
    jpeg_origin = ((top + row) % 8, (left + column) % 8) if min(across, down) > SHOWN else (0, 0)
    return Degradation(noise, min(across, down), jpeg_origin, estimate(picture), _noise(y, usable))
