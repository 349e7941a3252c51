"""What is "here" like, and what is not: how far a cell's looks are from those of either's seeds."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ..planes.tiling import cores

MOST = 600
"""So many seeds of a kind are compared with; more are thinned out evenly."""

NEAREST = 5

STRANGE = 0.5
"""A cell that is farther than this from all seeds tells little of which it belongs to."""

LEAST = 1e-6


def distance(looks: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Mean distance of every cell `[n, f]` to the nearest few samples `[m, f]`, `[n]`."""
    if len(samples) > MOST:
        samples = samples[np.linspace(0, len(samples) - 1, MOST).astype(int)]
    found = cKDTree(samples).query(looks, list(range(1, min(NEAREST, len(samples)) + 1)), workers=cores())[0]
    return np.asarray(found).mean(-1)


def likeness(looks: np.ndarray, here: np.ndarray, not_here: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much more cells `[h, w, f]` are like those `here` than those `not_here` (boolean `[h, w]`), and how sure that is; both 0 … 1."""
    flat = looks.reshape(-1, looks.shape[-1])
    near, far = (distance(flat, looks[seeds]).reshape(here.shape) ** 2 for seeds in (here, not_here))
    alike = (far + LEAST) / (near + far + 2 * LEAST)
    return alike, np.abs(2 * alike - 1) * np.exp(-np.minimum(near, far) / STRANGE**2)
