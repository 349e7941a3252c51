"""How much noise a picture has: σ of its luma and of its chroma, estimated from its flattest places at three scales.

The wavelet coefficients (Haar) of blocks hold noise and detail. In the flattest blocks noise is most of it; how much, a small regression
has learnt from photographs whose noise is known (`export.train_noise_estimate`): it knows that facades are rough in luma alone, and that
what a camera has smoothed in flat places is still noisy elsewhere. A second one sees what went when a part of the picture was cleaned of
that on trial (`export.train_noise_after_trial`), and says by how much more or less noise there is.
"""

from __future__ import annotations

import contextlib
import dataclasses

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source
from ..arrays.pixels import LUMA
from ..arrays.scale_space import mirror
from .perceptron import perceptron

FILE, AFTER_TRIAL = "noise-estimate.json", "noise-after-trial.json"
WINDOW = 240
"""Side of the windows that are looked at, in pixels."""
WINDOWS = 3
"""So many windows, at most, down and across a picture."""
SCALES = 3
QUANTILES = (0.02, 0.1, 0.3, 0.6)
FEATURES = SCALES * (2 * len(QUANTILES) + 1)
"""So many tell of a window."""
FLAT = 0.15
"""Share of the blocks whose spectrum is looked at."""
CLIPPED = 6
"""Levels from black and white in which noise is clipped away."""
LEAST = 0.02
"""Added to a variance, in levels², before its logarithm is taken: rounding to 8 bits leaves as much."""
OFFSET = 0.3
"""Levels that are added to σ before the regression's logarithm."""


@dataclasses.dataclass(frozen=True)
class Noise:
    """Standard deviations in levels of 255: of luma's noise, and of what R, G and B have beside it (root mean square of the three)."""

    luma: float
    chroma: float
    spread: tuple[float, ...] = ()
    """How many times as much of it there is at lightnesses evenly from black to white; empty where it is alike at all."""

    def with_luma(self, sigma: float) -> Noise:
        """The same kind of noise, but of `sigma` levels in luma: as coloured as it was, or as white noise is where none was seen."""
        return Noise(sigma, sigma * (self.chroma / self.luma if self.luma > 0.5 else WHITE), self.spread)


NONE = Noise(0.0, 0.0)
WHITE = 1.32
"""Chroma's σ over luma's in noise that each of R, G and B has for itself."""
MOST = 100.0
"""Levels: noise beyond it cannot be asked for."""


def sigma_of(noise: str | float) -> float:
    """σ of luma's noise in levels as a user said it. Raises ValueError for anything but a number in 0 … MOST."""
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if 0 <= (sigma := float(noise)) <= MOST:
            return sigma
    raise ValueError(f"noise is 'auto', or how much there is: σ of luma in levels of 255, 0 … {MOST:g}, not {noise!r:.40}")


def _haar(plane: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """The means of a plane's 2×2 cells, and its horizontal, vertical and diagonal details."""
    height, width = (n // 2 * 2 for n in plane.shape)
    a, b, c, d = (plane[i:height:2, j:width:2] for i in (0, 1) for j in (0, 1))
    return (a + b + c + d) / 4, [(a + b - c - d) / 4, (a - b + c - d) / 4, (a - b - c + d) / 4]


def blocks(plane: np.ndarray, side: int) -> np.ndarray:
    """A plane in blocks, `[rows, columns, side, side]`; what is left over at the end is dropped."""
    rows, columns = (n // side for n in plane.shape)
    return plane[:rows * side, :columns * side].reshape(rows, side, columns, side).swapaxes(1, 2)


def features(colours: np.ndarray) -> np.ndarray:
    """What the regression sees of a window `[3, h, w]` in levels, h and w at least 64: float32 `[FEATURES]`."""
    luma = np.tensordot(LUMA, colours, 1)
    chroma = list(colours - luma)
    found: list[float] = []
    for _ in range(SCALES):
        luma, details = _haar(luma)
        side = 8 if min(luma.shape) >= 64 else 4
        level = blocks(luma, side).mean((2, 3))
        usable = (level > CLIPPED) & (level < 255 - CLIPPED)
        if np.count_nonzero(usable) < 4:
            usable[:] = True
        parts = [blocks(detail, side).var((2, 3))[usable] for detail in details]
        energy = np.sum(parts, 0)
        found += list(np.log(np.quantile(energy, QUANTILES) + LEAST))
        flat = energy <= np.quantile(energy, FLAT)
        found.append(np.log((parts[2][flat].mean() + LEAST / 2) / (energy[flat].mean() / 3 + LEAST / 2)))  # wide noise has little diagonal
        coarser, of_chroma = zip(*map(_haar, chroma), strict=True)
        energy = np.mean([np.sum([blocks(detail, side).var((2, 3)) for detail in three], 0) for three in of_chroma], 0)[usable]
        found += list(np.log(np.quantile(energy, QUANTILES) + LEAST))
        chroma = list(coarser)
    return np.array(found, np.float32)


def _window(source: Source, window: tiling.Tile) -> np.ndarray:
    """A window's colours in levels `[3, h, w]`, mirrored to at least 64 pixels a side."""
    planes = 255 * source.read(*window)[:source.colours].clip(0, 1)
    rows, columns = (mirror(np.arange(max(64, n)), n) for n in planes.shape[1:])
    return np.broadcast_to(planes[:, rows[:, None], columns], (3, len(rows), len(columns)))


def places(shape: tuple[int, int]) -> list[tiling.Tile]:
    """Up to 3×3 windows spread over a picture of that shape."""
    return tiling.spread(*shape, WINDOW, WINDOWS)


def windows(source: Source) -> np.ndarray:
    """The `features` of a picture's windows, which are at its `places`: float32 `[n, 27]`."""
    return np.stack([features(_window(source, window)) for window in places(source.shape)])


def noise_of(features_of_windows: np.ndarray, colours: int) -> Noise:
    """The noise of a picture with so many colours, by the median over its `windows`."""
    found = [perceptron(FILE, row) for row in features_of_windows]
    luma, chroma = np.maximum(np.exp(np.median(found, axis=0)) - OFFSET, 0)
    return Noise(float(luma), float(chroma) if colours == 3 else 0.0)


def seen_after_trial(features_of_window: np.ndarray, noise: Noise, trial: np.ndarray) -> np.ndarray:
    """What the second regression sees of a window: its `features`, the noise that was told on trial, and what went (`trial_cleaning`)."""
    told = np.log(np.array([noise.luma, noise.chroma]) + OFFSET)
    return np.concatenate([features_of_window, told, trial]).astype(np.float32)


def after_trial(noise: Noise, features_of_windows: np.ndarray, trials: np.ndarray, colours: int) -> Noise:
    """The noise of a picture with so many colours, by what went of some windows, `[m, 27]`, when they were cleaned of `noise` on trial,
    `[m, 15]`: what goes is noise more surely than what is there."""
    factors = [perceptron(AFTER_TRIAL, seen_after_trial(*window)) for window in
               zip(features_of_windows, [noise] * len(trials), trials, strict=True)]
    luma, chroma = (np.array([noise.luma, noise.chroma]) + OFFSET) * np.exp(np.median(factors, axis=0)) - OFFSET
    return Noise(max(0.0, float(luma)), max(0.0, float(chroma)) if colours == 3 else 0.0)


def estimate(source: Source) -> Noise:
    """The noise of a picture."""
    return noise_of(windows(source), source.colours)
