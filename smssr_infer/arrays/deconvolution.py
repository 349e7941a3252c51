"""A Gaussian blur taken back by a short separable Wiener filter: what luma was before, as far as noise lets that be told.

A network that is told how blurred a picture is sees this beside the picture, and takes of it what is no noise and no ringing.
"""

from __future__ import annotations

import functools

import numpy as np

REACH = 12
"""Pixels that are read around each."""

NOISE = 0.01
"""The power of noise over that of the picture, at every frequency: nothing is amplified more than 5 times along an axis."""

MOST_SIGMA = 4.0
"""Pixels: a wider blur cannot be taken back so."""


@functools.lru_cache(maxsize=32)
def kernel(sigma: float) -> np.ndarray:
    """The filter along one axis for a blur of `sigma` pixels, float32 `[2·REACH + 1]`, sum 1: G / (G² + NOISE), tapered to its ends."""
    frequencies = np.fft.rfftfreq(512)
    gaussian = np.exp(-2 * (np.pi * sigma * frequencies) ** 2)
    full = np.fft.irfft(gaussian / (gaussian**2 + NOISE))
    row = np.concatenate([full[-REACH:], full[:REACH + 1]]) * np.hanning(2 * REACH + 3)[1:-1]
    return (row / row.sum()).astype(np.float32)


def wiener(plane: np.ndarray, sigma: float) -> np.ndarray:
    """A plane `[h + 2·REACH, w + 2·REACH]` with a blur of `sigma` pixels taken back: `[h, w]` float32, not clipped."""
    row = kernel(float(np.float32(sigma)))
    height, width = (n - 2 * REACH for n in plane.shape)
    down = sum(weight * plane[i:i + height] for i, weight in enumerate(row))
    return sum(weight * down[:, i:i + width] for i, weight in enumerate(row))
