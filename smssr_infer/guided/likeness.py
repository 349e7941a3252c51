"""What is "here" like, and what is not: how far a cell's looks are from those of either's seeds."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

MOST = 1500
"""So many seeds of a kind are compared with; more are thinned out evenly."""

NEAREST = 5


def thinned(samples: np.ndarray) -> np.ndarray:
    """At most MOST of the samples `[n, f]`, evenly."""
    return samples[np.linspace(0, len(samples) - 1, MOST).astype(int)] if len(samples) > MOST else samples


def distance(features: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Mean distance of every cell `[n, f]` to the nearest few samples `[m, f]`, `[n]`."""
    samples = thinned(samples)
    found = cKDTree(samples).query(features, min(NEAREST, len(samples)))[0]
    return found if found.ndim == 1 else found.mean(1)


def likeness(features: np.ndarray, here: np.ndarray, not_here: np.ndarray) -> np.ndarray:
    """How much more cells `[h, w, f]` are like those `here` than those `not_here` (boolean `[h, w]`), `[h, w]` in 0 … 1."""
    flat = features.reshape(-1, features.shape[-1])
    near, far = distance(flat, features[here]), distance(flat, features[not_here])
    return ((far**2 + 1e-6) / (near**2 + far**2 + 2e-6)).reshape(here.shape)
