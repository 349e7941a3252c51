"""What cleaning would take away, tried in a few small windows: noise is alike everywhere, detail lies where the picture has structure."""

from __future__ import annotations

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source, mirrored
from ..arrays.pixels import grey
from ..networks import manifest
from ..networks.cards import Purpose
from ..networks.loading import load
from ..networks.network import RestoringNetwork
from .noise import Noise, blocks, places

SIDE = 128
"""Of the windows, in pixels."""
LEAST_SIDE = 64
"""The least that the regression has seen."""
EVERY = 4
"""It is tried in the middle of every so many of the windows in which noise is looked for."""
BLOCK = 8
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LAGS = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0))
"""Pixels down and across: how like itself what goes is there tells noise of one pixel from wider noise, and both from lines."""
LEAST = 0.02
"""Added to a variance, in levels², before its logarithm is taken: rounding to 8 bits leaves as much."""
LEAST_DETAIL = 0.05
"""The same, of second derivatives."""
LEAST_SLOPE = 0.3
"""Levels that are added to a mean slope before its logarithm is taken."""


def tried(source: Source, noise: Noise, backend: str) -> np.ndarray:
    """The `features` of cleaning a picture of so much noise by the default network for noise, float32 `[n, 15]`.

    Raises ValueError where the network's weights are missing or damaged.
    """
    network = load(manifest.restorer(Purpose.CLEAN), backend)
    return np.stack([_tried(source, network, noise, place) for place in places(source.shape)[::EVERY]])


def _tried(source: Source, network: RestoringNetwork, noise: Noise, place: tiling.Tile) -> np.ndarray:
    (top, bottom), (left, right) = (_middle(*place[:2]), _middle(*place[2:]))
    rows, columns = network.around((top, bottom), (left, right))
    before = network.input(mirrored(source, rows, columns)[:source.colours])
    told = np.array([noise.luma, noise.chroma] if network.told else [], np.float32)[:, None, None] / 255
    maps = network.maps(np.concatenate([before, np.broadcast_to(told, (len(told), *before.shape[1:]))]))
    span = (top - rows[0], bottom - rows[0]), (left - columns[0], right - columns[0])
    gone = -network.colour_residual(maps, *span)
    return features(255 * before[:, slice(*span[0]), slice(*span[1])], 255 * gone)


def _middle(first: int, last: int) -> tuple[int, int]:
    """The SIDE pixels in the middle of first … last; of fewer all, or, beyond the picture's edges, where it is mirrored, LEAST_SIDE."""
    side = min(SIDE, max(LEAST_SIDE, last - first))
    start = (first + last - side) // 2
    return start, start + side


def features(before: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """What the regression sees of a window `[3, h, w]`, h and w at least BLOCK, and of what cleaning takes away from it, both in levels:
    float32 `[15]`.

    Of what goes of luma: its variance and how that differs from block to block, how far it lies where the picture has slopes, its
    autocorrelation at LAGS, its kurtosis; the variance of its colours; and how much of the finest detail is left.
    """
    luma = grey(gone)
    height, width = luma.shape
    power = np.log(blocks(luma, BLOCK).var((2, 3)) + LEAST).ravel()
    clean = grey(before) - luma
    slope = np.pad(np.abs(np.diff(clean, axis=0))[:, :-1] + np.abs(np.diff(clean, axis=1))[:-1], ((0, 1), (0, 1)))
    slopes = np.log(blocks(slope, BLOCK).mean((2, 3)) + LEAST_SLOPE).ravel()
    alike = np.corrcoef(power, slopes)[0, 1] if min(power.std(), slopes.std()) > 1e-3 else 0.0
    variance = luma.var() + LEAST
    lagged = [(luma[i:, j:] * luma[:height - i, :width - j]).mean() / variance for i, j in LAGS]
    kurtosis = np.log(((luma - luma.mean()) ** 4).mean() / variance**2 + 0.1)
    left, there = (np.log(blocks(np.pad(_second_derivative(plane), 1), BLOCK).var((2, 3)) + LEAST_DETAIL)
                   for plane in (clean, grey(before)))
    return np.array([np.log(variance), *np.quantile(power, QUANTILES), alike, *lagged, kurtosis, np.log((gone - luma).var() + LEAST),
                     np.median(left - there)], np.float32)


def _second_derivative(plane: np.ndarray) -> np.ndarray:
    return 4 * plane[1:-1, 1:-1] - plane[:-2, 1:-1] - plane[2:, 1:-1] - plane[1:-1, :-2] - plane[1:-1, 2:]
