"""What a picture has been through, judged by its pixels: noise, and the traces of JPEG blocks."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..arrays.jpeg_grid import cosines
from ..arrays.node import Source
from ..arrays.pixels import LUMA, grey
from .grain import look_of
from .jpeg_quality import estimate_quality
from .noise import NONE, Noise, noise_of, windows
from .treatment import seen

SEEN = 768
"""The middle of a picture, so many pixels to a side at most, is judged."""

BLOCK = 8
"""Side of the cells whose flattest tenth shows the noise."""

LEAST = 0.02
"""So little fine detail, in levels, tells nothing."""

FAR = 1e6
"""Floats beyond this, either way, tell no more, and would overflow."""

SPREAD_FROM = 1.0
"""Levels of luma's noise from which on it matters how it is spread over the lightnesses."""

SPREADS = 0.5, 2.0
"""The least and the most of it at any lightness."""

TRUSTED = 0.7
"""The power to which these are raised: texture is taken for noise, too. Photographs of a camera that no training saw are cleaned 0.16 dB
better so than by a network that is told the same everywhere (22 of them; with 1: 0.18), pictures whose noise is alike 0 to 0.2 dB worse.
"""

CLIPPED = 12
"""Levels from black and white in which noise is clipped away."""


@dataclasses.dataclass(frozen=True)
class Degradation:
    """How damaged a picture is."""

    noise: float
    """Standard deviation, in levels of 255, of what differs between the colours in its flattest places: white noise, not grain."""
    blocks: float
    """How much weaker fine detail is on JPEG's grid of 8 pixels than off it: 0 none, 1 there is none left."""
    jpeg_origin: tuple[int, int] = (0, 0)
    """Row and column, 0 … 7, from which JPEG blocks begin; (0, 0) where they do not show, as in a picture that was not cut."""

    sigma: Noise = NONE
    """How much noise there is, of any width, in luma and in chroma."""

    same: float = 0.0
    """The share of pixels that are exactly what their neighbours to the right are: noise leaves few."""

    quality: float = 0.0
    """Of what quality, 1 … 100, the JPEG was that it is, or once was, by its file and its pixels; 0 where that is unknown."""

    jpeg: bool = True
    """Whether the network for JPEG artefacts cleans it; else the one for noise."""

    tiny: bool = False
    """Whether it is too small to tell."""

    @property
    def drawn(self) -> bool:
        """Whether it was drawn, and is no photograph."""
        return self.same > DRAWN

    @property
    def shows(self) -> bool:
        """Whether any noise or JPEG blocks show at all."""
        return self.blocked or max(self.noise, self.sigma.luma, self.sigma.chroma) > NOTHING

    def may_gain(self, jpeg: int | None) -> bool:
        """Whether treating it may gain anything: any noise or JPEG blocks show, or the JPEG file that it was read from has artefacts; of a
        tiny picture nothing is known."""
        return not self.tiny and (self.shows or (jpeg is not None and jpeg < LOSSLESS))

    @property
    def blocked(self) -> bool:
        """Whether JPEG blocks show."""
        return self.blocks > SHOWN

    @property
    def was_jpeg(self) -> bool:
        """Whether its file or its pixels speak of a JPEG with artefacts."""
        return self.blocked or 0 < self.quality < LOSSLESS


DRAWN = 0.5
"""A picture more of whose pixels are the same as their neighbours was drawn, and has no noise."""

STRONG = 12
"""Levels of luma's noise from which on a picture that shows nothing of a JPEG is noisy, unless it is foreseen to lose by being cleaned
before it is enlarged: the finest detail of small pictures looks like strong noise."""

NOTHING = 0.5
"""Levels of noise that are none: rounding to 8 bits leaves as much."""

LOSSLESS = 98
"""The quality of a JPEG file from which on it counts as one without artefacts."""

SHOWN = 0.04
"""Blocks that show less may be none (measured: clean pictures reach 0.03)."""


def _blocks(y: np.ndarray) -> tuple[float, int]:
    """Fine detail of rows `[h, w]` on the best of the eight grids against that on the others, and the column where that one begins."""
    width = (y.shape[1] - 7) // 8 * 8
    if width < 32:
        return 0.0, 0
    windows = np.lib.stride_tricks.sliding_window_view(y, 8, axis=1)[:, :width]
    detail = sum(np.abs(windows @ wave) for wave in cosines()[5:])
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


def by_lightness(picture: Source, noise: Noise) -> Noise:
    """The same noise, and how it is spread over the lightnesses, by a picture's flattest places; see `Noise.spread`."""
    if noise.luma <= max(SPREAD_FROM, noise.chroma):  # white noise, which has more of chroma, is alike at all lightnesses
        return noise
    of_levels = np.array(look_of(picture, noise).sigma) / noise.luma
    return dataclasses.replace(noise, spread=tuple((np.clip(of_levels, *SPREADS) ** TRUSTED).round(3).tolist()))


def cleaned_as_jpeg(found: Degradation, gain: float, enlarged: float) -> bool:
    """Whether the network for JPEG artefacts cleans a picture: by how many dB the one for noise is foreseen to gain over it, and to gain
    where the picture is enlarged, and by whether anything speaks of a JPEG."""
    return gain < 0 and (found.was_jpeg or found.sigma.luma <= STRONG or enlarged < 0)


def measured(picture: Source, jpeg: int | None = None) -> tuple[Degradation, np.ndarray]:
    """What is measured of a picture's degradation, and what of it treatments' gains are foreseen by, float32 `[n, 35]`.

    White noise is looked for where it differs most from detail: between the colours, which in a photograph have their edges in common.
    """
    height, width = picture.shape
    features = windows(picture)
    sigma = noise_of(features, picture.colours)
    if min(height, width) < BLOCK + 2:
        return Degradation(0.0, 0.0, sigma=sigma, tiny=True), seen(features, 0.0, 0.0, 0.0, jpeg, 0.0, 0.0)
    top, left = max(0, height - SEEN) // 2, max(0, width - SEEN) // 2
    colours = picture.read(top, min(height, top + SEEN), left, min(width, left + SEEN))[:picture.colours]
    colours = 255 * np.clip(colours, -FAR, FAR, out=colours)
    y = grey(colours)
    level = _cells(y)
    usable = (level > CLIPPED) & (level < 255 - CLIPPED)
    if not usable.any():
        usable = np.ones_like(usable)
    flat = _noise(y, usable)
    noise, between = flat, 0.0  # a picture of one colour is seen as one of three that are the same
    if picture.colours == 3:
        red, green, blue = colours
        averaged = float(np.hypot.reduce(LUMA))  # what luma leaves of noise that each colour has for itself
        noise = between = min(*(_noise((colour - green) / 2**0.5, usable) for colour in (red, blue)), flat / averaged)
    (across, column), (down, row) = _blocks(y), _blocks(np.ascontiguousarray(y.T))
    blocks = min(across, down)
    uncut = -top % 8, -left % 8  # as most pictures are
    if shown := estimate_quality(colours, *uncut):
        row, column = uncut
    elif (row, column) != uncut:
        shown = estimate_quality(colours, row, column)
    jpeg_origin = ((top + row) % 8, (left + column) % 8) if shown or blocks > SHOWN else (0, 0)
    same = float((colours[:, :, 1:] == colours[:, :, :-1]).all(0).mean())
    quality = min(filter(None, (jpeg, shown)), default=0)  # a JPEG that was saved again, better, is of the quality that it had
    found = Degradation(noise, blocks, jpeg_origin, sigma, same, quality=float(quality))
    if found.drawn and not quality:  # what looks like noise or like blocks is the drawing
        found = Degradation(0.0, 0.0, same=same)
    return found, seen(features, between, flat, blocks, jpeg, shown, same)
