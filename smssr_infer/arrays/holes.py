"""Holes in a picture: a first, smooth guess of what was there."""

from __future__ import annotations

import numpy as np

from .scale_space import gaussian, radius, separable

SIGMAS = (8.0, 4.0, 2.0, 1.0)
"""Gaussians, in pixels, by which colours flow into a hole, from the coarsest on; each hands over to the next where that sees enough."""

REACH = radius(SIGMAS[0])
"""How far from a pixel its guess may come, in pixels."""

TRUST = 1e-2
"""A Gaussian's weight of known pixels at which half of the guess is its own."""


def smooth(planes: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Planes `[C, h, w]` float32 with what is not `known` (bool `[h, w]`) filled in from around: normalised convolution, coarse to fine.

    Where nothing is known within REACH the guess is mid-grey.
    """
    height, width = known.shape
    known = known.astype(np.float32)
    parts = np.concatenate([planes * known, known[None]])
    guess = np.full_like(planes, 0.5)
    for sigma in SIGMAS:
        blurred = separable(parts, gaussian(height, sigma), gaussian(width, sigma), (0, height), (0, width))
        trust = np.float32(1e-6 if sigma == SIGMAS[0] else TRUST)
        guess = (blurred[:-1] + trust * guess) / (blurred[-1] + trust)
    return planes * known + guess * (1 - known)
