"""References of what lies outdoors, drawn by code: luma `[SIDE, SIDE]` float32 in 0 … 1. The same seed gives the same picture."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from scipy.special import expit

from .references import SIDE, noise


def water(seed: int = 1) -> np.ndarray:
    """Ripples on water seen from the side: waves that cross, so that light gathers in lenses that lie, each with a dark belly below;
    calmer here than there, as gusts leave it."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE] * (2 * np.pi / SIDE)
    height = np.zeros((SIDE, SIDE))
    for _ in range(60):
        wide, deep = random.integers(-22, 23), random.integers(28, 70)
        height += np.cos(wide * across + deep * down + random.uniform(0, 2 * np.pi)) * (40 / deep)
    height *= np.exp(0.2 * noise(random, (45, 70))) / height.std()
    slope = np.gradient(height, axis=0)
    slope /= slope.std()
    glint = np.exp(2.2 * (slope - 1.6)).clip(0, 1.6)
    return np.clip(0.38 + 0.07 * height + 0.09 * np.tanh(slope) + 0.3 * glint + 0.006 * noise(random, (0.7, 2)), 0, 1).astype(np.float32)


def clouds(seed: int = 1) -> np.ndarray:
    """Heaped clouds: round heads upon larger heads, lit from the left above, with soft shade between them."""
    random = np.random.default_rng(seed)
    height = np.zeros((SIDE, SIDE))
    for radius, heads in ((26, 250), (16, 600), (10, 1300), (6, 3000), (3.6, 7000)):
        down, across = np.mgrid[-int(radius) - 1:int(radius) + 2, -int(radius) - 1:int(radius) + 2]
        dome = np.sqrt((radius ** 2 - down ** 2 - across ** 2).clip(0))
        for _ in range(heads):
            at = random.integers(0, SIDE, 2)
            there = (at[0] + down) % SIDE, (at[1] + across) % SIDE
            sits = height[tuple(at)] - 0.45 * radius
            height[there] = np.where(dome > 0, np.maximum(height[there], sits + random.uniform(0.7, 1) * dome), height[there])
    height = gaussian_filter(height, 0.7, mode="wrap")
    light = np.tanh(0.5 * (np.gradient(height, axis=0) + 0.4 * np.gradient(height, axis=1)))
    shade = np.tanh((gaussian_filter(height, 2, mode="wrap") - gaussian_filter(height, 8, mode="wrap")) / 4)
    return np.clip(0.7 + 0.1 * light + 0.08 * shade + 0.005 * noise(random, 0.8), 0, 1).astype(np.float32)


def marble(seed: int = 1) -> np.ndarray:
    """Marble: a net of dark veins around broken pieces, here wide, there thin or gone, and smoke beside them on clouded white."""
    random = np.random.default_rng(seed)
    pieces = cKDTree(random.uniform(0, SIDE, (620, 2)), boxsize=SIDE)
    bent = [axis + 5 * noise(random, 7) + 1.2 * noise(random, 2) for axis in np.mgrid[:SIDE, :SIDE]]
    nearest, _ = pieces.query(np.stack(bent, -1) % SIDE, k=2)
    from_vein = (nearest[..., 1] - nearest[..., 0]) / 2
    width = 0.7 + expit(3 * noise(random, 9))
    vein = np.exp(-(from_vein / width) ** 1.3) * expit(3 * noise(random, 12) + 0.3)
    clouded = 0.85 + 0.025 * noise(random, 6) + 0.008 * noise(random, 1)
    return np.clip(clouded - 0.45 * vein - 0.08 * np.exp(-from_vein / 4), 0, 1).astype(np.float32)


NATURE = {draw.__name__: draw for draw in (water, clouds, marble)}
