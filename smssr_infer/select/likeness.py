"""What is "here" like, and what is not: how far a cell's looks are from those of either's seeds."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ..arrays.tiling import cores

MOST = 600
"""So many seeds of a kind are compared with; more are thinned out evenly."""

NEAREST = 5

STEP = 2
"""Cells to a side for which one stands where that is enough."""

STRANGE = 0.5
"""A cell that is farther than this from all seeds tells little of which it belongs to."""

LEAST = 1e-6


def distance(looks: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Mean distance of every cell `[n, f]` to the nearest few samples `[m, f]`, `[n]`."""
    if len(samples) > MOST:
        samples = samples[np.linspace(0, len(samples) - 1, MOST).astype(int)]
    found = cKDTree(samples).query(looks, list(range(1, min(NEAREST, len(samples)) + 1)), workers=cores())[0]
    return np.asarray(found).mean(-1)


def likeness(looks: np.ndarray, here: np.ndarray, not_here: np.ndarray, exactly: np.ndarray) -> list[np.ndarray]:
    """How much more cells `[h, w, f]` are like those `here` than those `not_here` (boolean `[h, w]`), how sure that is, and how strange
    they are, unlike either; each 0 … 1.

    `exactly`: the cells that are looked at one by one (boolean `[h, w]`); of the others one stands for STEP².
    """
    def against(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        near, far = (distance(flat, looks[seeds]) ** 2 for seeds in (here, not_here))
        alike = (far + LEAST) / (near + far + 2 * LEAST)
        known = np.exp(-np.minimum(near, far) / STRANGE**2)
        return alike, np.abs(2 * alike - 1) * known, 1 - known

    some = looks[::STEP, ::STEP]
    found = [plane.reshape(some.shape[:2]).repeat(STEP, 0).repeat(STEP, 1)[:looks.shape[0], :looks.shape[1]]
             for plane in against(some.reshape(-1, looks.shape[-1]))]
    if exactly.any():
        for plane, better in zip(found, against(looks[exactly]), strict=True):
            plane[exactly] = better
    return found
