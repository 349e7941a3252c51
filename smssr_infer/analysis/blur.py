"""How blurred a picture is: σ of a Gaussian, in pixels, estimated at its strongest edges.

An edge that is blurred again loses the less, the softer it was (Zhuo and Sim, *Defocus map estimation from a single image*, 2011). How
much the edges of photographs lose at three scales, and how noisy they are, tells a small regression how blurred they are; it has learnt
that from photographs whose blur is known (`export.train_blur_estimate`).
"""

from __future__ import annotations

import contextlib

import numpy as np

from ..arrays import tiling
from ..arrays.deconvolution import MOST_SIGMA
from ..arrays.node import Source
from ..arrays.pixels import luma
from ..arrays.scale_space import mirror, smooth
from .perceptron import perceptron

FILE = "blur-estimate.json"
WINDOW = 240
"""Side of the windows that are looked at, in pixels."""
WINDOWS = 4
"""So many windows, at most, down and across a picture."""
FIRST = 0.6
"""σ of the Gaussian that is laid over a window first, so that single pixels of noise are no edges."""
AGAIN = (0.8, 1.6, 3.2)
"""σ of the Gaussians by which it is blurred again."""
STRONGEST = (0.02, 0.1)
"""Shares of the pixels that count as edges, by gradient."""
QUANTILES = (0.1, 0.3, 0.5, 0.7)
OFFSET = 0.3
"""Pixels that are added to σ before the regression's logarithm."""
SHARPEST = 0.4
"""The quantile of the windows' σ that a picture is taken for: what is in focus counts, and backgrounds are softer."""
LEAST = 0.3
"""Pixels: a narrower blur cannot be told from none. It is added in squares, since narrow blurs are underestimated (measured)."""
EDGE = 0.01
"""The least gradient, in 0 … 1 a pixel, of a window's edges: one without any tells nothing."""


def blur_of(blur: str | float) -> float:
    """σ of a blur in pixels as a user said it. Raises ValueError for anything but a number in 0 … MOST_SIGMA."""
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if 0 <= (sigma := float(blur)) <= MOST_SIGMA:
            return sigma
    raise ValueError(f"blur is 'auto', or how wide it is: σ in pixels, 0 … {MOST_SIGMA:g}, not {blur!r:.40}")


def _gradient(y: np.ndarray) -> np.ndarray:
    return np.hypot(y[1:-1, 2:] - y[1:-1, :-2], y[2:, 1:-1] - y[:-2, 1:-1]) / 2


def features(y: np.ndarray) -> np.ndarray:
    """What the regression sees of a window of luma `[h, w]` in 0 … 1, h and w at least 64: float32 `[28]`."""
    first = _gradient(smooth(y, FIRST))
    others = [_gradient(smooth(y, float(np.hypot(FIRST, sigma)))) for sigma in AGAIN]
    found: list[float] = []
    for share in STRONGEST:
        edges = first >= np.quantile(first, 1 - share)
        found.append(float(np.log(first[edges].mean() + 1e-4)))
        for other in others:
            loss = np.log((first[edges] + 1e-4) / (other[edges] + 1e-4))
            found += list(np.quantile(loss, QUANTILES))
    flat = y[1:, 1:] - y[1:, :-1] - y[:-1, 1:] + y[:-1, :-1]
    found += [float(np.log(np.quantile(np.abs(flat), q) + 1e-4)) for q in (0.3, 0.7)]
    return np.array(found, np.float32)


def estimate_blur(source: Source) -> float:
    """σ of a picture's blur in pixels, LEAST … MOST_SIGMA, of what is sharpest in it; 0 where there are no edges."""
    found = []
    for window in tiling.spread(*source.shape, WINDOW, WINDOWS):
        y = luma(source.read(*window)[:source.colours])
        rows, columns = (mirror(np.arange(max(64, n)), n) for n in y.shape)
        seen = features(y[rows[:, None], columns])
        if seen[0] > np.log(EDGE):
            found.append(float(np.exp(perceptron(FILE, seen)[0])) - OFFSET)
    if not found:
        return 0.0
    return float(min(MOST_SIGMA, np.hypot(LEAST, max(0.0, float(np.quantile(found, SHARPEST))))))
