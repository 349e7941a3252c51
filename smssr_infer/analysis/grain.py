"""The grain of a picture's flat places: how strong it is at every lightness, how wide, and how coloured."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source
from ..arrays.pixels import LUMA
from ..arrays.scale_space import smooth
from .noise import Noise, estimate

WINDOW, WINDOWS = 240, 4
"""Side of the windows that are looked at, in pixels, and how many of them, at most, down and across a picture."""
BLOCK = 16
"""Side of the blocks whose strength is compared."""
COARSE = 4.0
"""What is coarser than a Gaussian of so many pixels is the picture."""
LEVELS = 8
"""The lightnesses at which the strength is told: the middles of so many equal ranges of 0 … 1."""
FLATTEST = 0.1
"""Share of the blocks of a lightness that are taken for flat."""
FEWEST = 12
"""Blocks of a lightness from which on its strength is measured; with fewer it is that of its neighbours."""
MOST = 1.5
"""Grain is at most so many times stronger at one lightness than in most places."""
CAP = 1.5
"""The most σ that grain has, times what the flattest blocks have: these lack what is coarse, and are flat by chance, too."""
LEAST, WIDEST = 0.4, 3.0
"""Widths in pixels: what is narrower is white noise, and wider grain is not told."""
ALIKE = 0.6
"""Neighbours with more than that in common say little; then pixels two apart are asked."""


@dataclasses.dataclass(frozen=True)
class Look:
    """What grain looks like."""

    sigma: tuple[float, ...]
    """Standard deviation of luma, in levels of 255, at lightnesses evenly from black to white."""
    width: float = 0.0
    """Width of a grain: the standard deviation of a Gaussian, in pixels; 0 for white noise."""
    chroma: float = 0.0
    """What R, G and B have beside luma, as a share of luma's standard deviation (root mean square of the three)."""
    chroma_width: float = 0.0
    """Width of a grain of colour."""


def look_of(source: Source, noise: Noise | None = None) -> Look:
    """The grain of a picture. `noise`: its noise, where that was estimated already.

    How strong it is on the whole, `analysis.noise` says, which tells it from texture; the flattest places say how that is spread over the
    lightnesses, and how wide a grain is.
    """
    noise = noise or estimate(source)
    strengths: list[list[float]] = [[] for _ in range(LEVELS)]
    fine: list[tuple[float, np.ndarray, np.ndarray]] = []
    for window in tiling.spread(*source.shape, WINDOW, WINDOWS):
        planes = 255 * source.read(*window)[:source.colours].clip(0, 1)
        luma = np.tensordot(LUMA, planes, 1) if len(planes) == 3 else planes[0]
        smoothed = smooth(luma, COARSE)
        residual = luma - smoothed
        chroma = planes - luma
        chroma = chroma - np.stack([smooth(plane, COARSE) for plane in chroma])
        for at in _blocks(luma.shape):
            level = int(min(LEVELS - 1, smoothed[at].mean() / 256 * LEVELS))
            variance = float(residual[at].var())
            strengths[level].append(variance)
            fine.append((variance, residual[at], chroma[(slice(None), *at)]))
    sigma = _spread(strengths, noise.luma)
    fine.sort(key=lambda part: part[0])
    flat = [part for part in fine if part[0] > 0][:max(FEWEST, int(FLATTEST * len(fine)))]
    return Look(tuple(round(float(value), 2) for value in sigma), _width([part[1][None] for part in flat]),
                _colour(flat) if source.colours == 3 else 0.0,
                _width([part[2] for part in flat]) if source.colours == 3 else 0.0)


def _blocks(shape: tuple[int, int]) -> list[tuple[slice, slice]]:
    """Blocks of BLOCK² pixels, those at the end that are smaller left out, but for a picture that is smaller itself."""
    rows, columns = (range(0, max(1, n - BLOCK + 1), BLOCK) for n in shape)
    return [(slice(i, i + BLOCK), slice(j, j + BLOCK)) for i in rows for j in columns]


def _spread(strengths: Sequence[Sequence[float]], overall: float) -> np.ndarray:
    """σ at every lightness, in levels: as the flattest blocks have it against each other, and `overall` in most places.

    Where even the flattest blocks are of texture they say too much: no lightness may have more than MOST times as much. And none may have
    far more than its flattest blocks have in all.
    """
    counts = np.array([len(some) for some in strengths])
    known = counts >= min(FEWEST, counts.max())
    flat = np.array([np.sqrt(np.quantile(some, FLATTEST)) if some else 0.0 for some in strengths])
    level = np.interp(np.arange(LEVELS), np.arange(LEVELS)[known], flat[known])
    usual = np.median(np.repeat(level, counts))
    return np.minimum(overall * np.minimum(level / usual, MOST), CAP * level) if usual > 0 else np.zeros(LEVELS)


def _colour(flat: Sequence[tuple[float, np.ndarray, np.ndarray]]) -> float:
    """What flat blocks have beside luma, as a share of luma's standard deviation."""
    if not flat:
        return 0.0
    luma = np.mean([float(residual.var()) for _, residual, _ in flat])
    chroma = np.mean([float(residual.var(axis=(1, 2)).mean()) for _, _, residual in flat])
    return round(float(np.sqrt(chroma / luma)), 2) if luma > 0 else 0.0


def _width(blocks: Sequence[np.ndarray]) -> float:
    """The width of the grain in blocks `[planes, h, w]`, by what neighbours have in common."""
    shares = []
    for apart in (1, 2):
        both = power = 0.0
        for block in blocks:
            if min(block.shape[1:]) <= apart:
                continue
            centred = block - block.mean((1, 2), keepdims=True)
            both += float((centred[:, :, apart:] * centred[:, :, :-apart]).mean() + (centred[:, apart:] * centred[:, :-apart]).mean())
            power += 2 * float((centred**2).mean())
        shares.append(both / power if power else 0.0)
    apart = 1 if shares[0] < ALIKE else 2
    widths = np.linspace(LEAST, WIDEST, 100)
    expected = _common(widths, apart)
    share = shares[apart - 1]
    return 0.0 if share < expected[0] else round(float(np.interp(share, expected, widths)), 2)


def _common(width: np.ndarray, apart: int) -> np.ndarray:
    """What pixels so far `apart` have in common, as a share of their variance, in noise filtered by a Gaussian of `width`, and then without
    what is coarser than COARSE: each Gaussian in its power spectrum, exp(−a·ω²), is one in the autocorrelation, exp(−d²/4a)/a."""
    of = [(1, width**2), (-2, width**2 + COARSE**2 / 2), (1, width**2 + COARSE**2)]
    at = [sum(sign * np.exp(-d * d / (4 * a)) / a for sign, a in of) for d in (0, apart)]
    return at[1] / at[0]
