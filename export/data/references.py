"""Reference textures that code draws better than photographs show them: luma `[side, side]` float32 in 0 … 1.

The same seed gives the same picture.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

SIDE = 640


def _noise(random: np.random.Generator, sigma: float | tuple[float, float]) -> np.ndarray:
    """Smooth noise of unit variance; `sigma` in pixels, or (down, across)."""
    noise = gaussian_filter(random.normal(size=(SIDE, SIDE)), sigma, mode="wrap")
    return noise / noise.std()


def film_grain(seed: int = 1) -> np.ndarray:
    """Silver grain: clumps of small dark specks, sharper than blurred noise and uneven in size."""
    random = np.random.default_rng(seed)
    fine, middle, clumps = _noise(random, 0.7), _noise(random, 1.2), _noise(random, 3.0)
    grain = np.tanh(1.2 * (0.6 * fine + 0.7 * middle + 0.25 * clumps))
    return np.clip(0.5 + 0.18 * grain, 0, 1).astype(np.float32)


def canvas(seed: int = 1) -> np.ndarray:
    """Artist's canvas, plain weave: threads 5 pixels wide that go over and under each other, slightly uneven, lit from the left above."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 0.55 * _noise(random, (2, 14))
    across += 0.55 * _noise(random, (14, 2))
    weft, warp = np.pi * down / 5, np.pi * across / 5
    over = 0.5 + 0.5 * np.tanh(4 * np.sin(weft) * np.sin(warp))
    height = over * np.abs(np.sin(weft)) ** 0.7 + (1 - over) * np.abs(np.sin(warp)) ** 0.7
    slub = 0.2 * _noise(random, (1.5, 14)) * over + 0.2 * _noise(random, (14, 1.5)) * (1 - over)
    height = gaussian_filter(height + slub, 0.6)
    light = -np.gradient(height, axis=0) - np.gradient(height, axis=1)
    return np.clip(0.45 + 0.22 * height + 0.25 * light, 0, 1).astype(np.float32)


def brick(seed: int = 1) -> np.ndarray:
    """A brick wall in running bond: courses of 12 pixels, bricks of 32, pale mortar, every brick rough and in its own shade."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 0.35 * _noise(random, 3)
    across += 0.5 * _noise(random, 3)
    course = np.floor(down / 12).astype(int)
    shifted = across + 16 * (course % 2)
    number = np.floor(shifted / 32).astype(int)
    from_bed = np.minimum(down % 12, 12 - down % 12)
    from_joint = np.minimum(shifted % 32, 32 - shifted % 32)
    inside = 1 / (1 + np.exp(-3.0 * (np.minimum(from_bed, from_joint) - 1.3)))
    shade = random.normal(0.42, 0.07, (SIDE // 12 + 4, SIDE // 32 + 4))[course % (SIDE // 12 + 4), number % (SIDE // 32 + 4)]
    face = shade + 0.045 * _noise(random, 0.8) + 0.035 * _noise(random, 2)
    mortar = 0.72 + 0.05 * _noise(random, 0.8)
    light = 0.10 * (down % 12 < 3) - 0.12 * (down % 12 > 9.5)
    return np.clip(gaussian_filter(inside * (face + light) + (1 - inside) * mortar, 0.5), 0, 1).astype(np.float32)


def paper(seed: int = 1) -> np.ndarray:
    """Cold-pressed watercolour paper: a felt's irregular dimples, lit from the left above, and a few fibres."""
    random = np.random.default_rng(seed)
    dimples = np.tanh(1.5 * _noise(random, 2.6)) + 0.5 * _noise(random, 1.3)
    fibres = np.zeros((SIDE, SIDE))
    for _ in range(2600):
        length, angle, bend = random.uniform(8, 26), random.uniform(0, np.pi), random.normal(0, 0.05)
        t = np.arange(0, length, 0.5)
        heading = angle + bend * t
        y = (random.uniform(0, SIDE) + np.cumsum(0.5 * np.sin(heading))).astype(int) % SIDE
        x = (random.uniform(0, SIDE) + np.cumsum(0.5 * np.cos(heading))).astype(int) % SIDE
        fibres[y, x] += 1
    height = dimples + 0.9 * gaussian_filter(fibres, 0.7, mode="wrap")
    light = -np.gradient(height, axis=0) - np.gradient(height, axis=1)
    return np.clip(0.75 + 0.11 * light, 0, 1).astype(np.float32)


def sand(seed: int = 1) -> np.ndarray:
    """Beach sand seen from near: rounded grains of two to four pixels in many shades, with dark gaps, on shallow ripples."""
    random = np.random.default_rng(seed)
    points = random.uniform(0, SIDE, (SIDE * SIDE // 9, 2))
    from scipy.spatial import cKDTree

    tree = cKDTree(points, boxsize=SIDE)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    where = np.stack([(down + 0.3 * _noise(random, 1.0)) % SIDE, (across + 0.3 * _noise(random, 1.0)) % SIDE], -1)
    near, index = tree.query(where.reshape(-1, 2), k=2)
    shade = random.normal(0.62, 0.10, len(points))[index[:, 0]].reshape(SIDE, SIDE)
    gap = np.exp(-((near[:, 1] - near[:, 0]) / 0.7) ** 2).reshape(SIDE, SIDE)
    offset = where - points[index[:, 0]].reshape(SIDE, SIDE, 2)
    light = -0.03 * np.clip(offset.sum(-1), -3, 3)
    ripple = map_coordinates(_noise(random, (3, 10)), [down, across], order=1, mode="wrap")
    return np.clip(gaussian_filter(shade + light - 0.22 * gap, 0.5) + 0.03 * ripple, 0, 1).astype(np.float32)


BY_CODE = {draw.__name__: draw for draw in (film_grain, canvas, brick, paper, sand)}
