"""Reference textures of an illustrator's marks, drawn by code: luma `[SIDE, SIDE]` float32 in 0 … 1.

The same seed gives the same picture.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from scipy.special import expit

from .references import SIDE, noise


def hatching(seed: int = 1) -> np.ndarray:
    """Pen strokes side by side, 6 pixels apart, each of its own weight, wavering, lifted now and then, pressed harder here than there."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 0.9 * noise(random, (3, 30))
    line, inside = np.floor(down / 6).astype(int), down % 6 - 3
    lines = SIDE // 6 + 6
    weight = random.uniform(0.7, 1.4, lines)[line % lines] + 0.25 * noise(random, (1, 18)) + 0.45 * np.tanh(2 * noise(random, (10, 16)))
    length = random.uniform(45, 130, lines)[line % lines]
    along = (across + random.uniform(0, 130, lines)[line % lines]) % length
    ends = np.clip(np.minimum(along, length - along) / 5, 0, 1)
    ink = expit(4 * (weight * ends - np.abs(inside)))
    return np.clip(0.95 - 0.85 * gaussian_filter(ink, 0.4), 0, 1).astype(np.float32)


def stipple(seed: int = 1) -> np.ndarray:
    """Dots of a fine pen, in no order, closer here than there, and of many sizes."""
    random = np.random.default_rng(seed)
    apart = 7.5 * np.exp(0.15 * noise(random, 24))  # pixels between dots, from place to place
    points = random.uniform(0, SIDE, (SIDE * SIDE // 20, 2))
    points = points[random.random(len(points)) < 20 / (0.8 * apart[*points.astype(int).T] ** 2)]
    for _ in range(40):  # away from the nearest, until the dots are even
        near, index = cKDTree(points, boxsize=SIDE).query(points, k=2)
        away = points - points[index[:, 1]]
        away -= SIDE * np.round(away / SIDE)
        wanted = apart[*points.astype(int).T][:, None]
        points = (points + 0.25 * away / near[:, 1:] * np.clip(wanted - near[:, 1:], 0, None)) % SIDE
    near, index = cKDTree(points, boxsize=SIDE).query(np.mgrid[:SIDE, :SIDE].reshape(2, -1).T.astype(float))
    size = np.exp(random.normal(0.3, 0.25, len(points)))[index]
    ink = expit(4 * (size - near)).reshape(SIDE, SIDE)
    return np.clip(0.95 - 0.85 * gaussian_filter(ink, 0.3), 0, 1).astype(np.float32)


def _painted(random: np.random.Generator, count: int, length: float, width: float, bend: float, wander: float,
             bristle: float) -> np.ndarray:
    """Opaque strokes over each other, lying along the rows, each of its own shade, with its bristles' furrows and a ridge at its rims.

    `length`, `width` in pixels; `bend`: largest curvature in 1/pixel; `wander`: standard deviation of their angle in degrees;
    `bristle`: distance of the furrows in pixels.
    """
    reach = int(length / 2 + width) + 2
    down, across = np.mgrid[-reach:reach + 1, -reach:reach + 1].astype(float)
    luma, height = np.full((SIDE, SIDE), 0.5), np.zeros((SIDE, SIDE))
    for _ in range(count):
        angle, curve = np.radians(random.normal(0, wander)), random.uniform(-bend, bend)
        half, thick = length * random.uniform(0.35, 0.6), width * random.uniform(0.4, 0.6)
        x, y = across * np.cos(angle) + down * np.sin(angle), down * np.cos(angle) - across * np.sin(angle)
        y = y + curve * x**2
        furrow = np.interp(y, np.arange(-reach, reach + 1, bristle), random.normal(size=len(np.arange(-reach, reach + 1, bristle))))
        from_rim = np.minimum(thick - np.abs(y), half - np.abs(x) + 1.5 * furrow - 2 * (y / thick) ** 2)
        cover = expit(3 * from_rim)
        body = 0.5 * furrow + 0.9 * np.exp(-((from_rim - 1.2) / 1.1) ** 2) + 0.5 * x / half
        at = np.ix_(*((random.integers(SIDE) + np.arange(-reach, reach + 1)) % SIDE for _ in range(2)))
        luma[at] += cover * (random.normal(0.5, 0.13) + 0.03 * furrow - luma[at])
        height[at] += cover * (body - height[at])
    height = gaussian_filter(height, 0.4, mode="wrap")
    light = -np.gradient(height, axis=0) - 0.6 * np.gradient(height, axis=1)
    return np.clip(luma + 0.16 * light, 0, 1).astype(np.float32)


def dabs(seed: int = 1) -> np.ndarray:
    """Short thick dabs of paint, 18 pixels long and 6 wide, side by side, a little curved."""
    return _painted(np.random.default_rng(seed), 15000, 18, 6, 0.01, 14, 1.5)


def bristles(seed: int = 1) -> np.ndarray:
    """Long strokes of a flat stiff brush, 90 pixels long and 16 wide, in which every bristle shows."""
    return _painted(np.random.default_rng(seed), 3500, 90, 16, 0.0015, 4, 1.3)


MARKS = {draw.__name__: draw for draw in (hatching, stipple, dabs, bristles)}
