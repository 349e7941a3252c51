"""Bicubic resampling (Keys, a = -0.5) to any size, antialiased when it shrinks: what MATLAB's `imresize` computes."""

from __future__ import annotations

import functools

import numpy as np

from .scale_space import Banded, mirror, separable


def keys(t: np.ndarray) -> np.ndarray:
    """Keys' cubic convolution kernel with a = -0.5, at distances `t` in samples; zero from 2 on."""
    t = np.abs(t)
    near = (1.5 * t - 2.5) * t * t + 1
    far = ((-0.5 * t + 2.5) * t - 4) * t + 2
    return np.where(t < 1, near, np.where(t < 2, far, 0.0))


@functools.lru_cache(maxsize=64)
def bicubic(n: int, m: int) -> Banded:
    """The m×n matrix that resamples n samples to m: centres aligned, both ends mirrored, every row sums to 1.

    When it shrinks (m < n) the kernel is stretched by n/m, so that nothing aliases.
    """
    step = n / m
    stretch = max(step, 1.0)
    centre = (np.arange(m) + 0.5) * step - 0.5
    taps = int(np.ceil(4 * stretch)) + 1
    left = np.floor(centre - 2 * stretch).astype(int) + 1
    reach = left[:, None] + np.arange(taps)
    kernel = keys((centre[:, None] - reach) / stretch)
    kernel /= kernel.sum(axis=1, keepdims=True)
    if taps >= n:
        first, width = np.zeros(m, int), n
    else:
        first, width = np.clip(left, 0, n - taps), taps
    weights = np.zeros((m, width))
    column = np.where((reach >= 0) & (reach < n), reach, mirror(reach, n)) - first[:, None]
    # A mirrored tap falls inside the clipped band, because the band at an edge starts or ends there.
    np.add.at(weights, (np.arange(m)[:, None], column), kernel)
    return Banded(first, weights)


def resize(x: np.ndarray, height: int, width: int) -> np.ndarray:
    """Planes `x` (…, H, W) float32 resampled to height × width."""
    return separable(np.ascontiguousarray(x, np.float32), bicubic(x.shape[-2], height), bicubic(x.shape[-1], width),
                     (0, height), (0, width))
