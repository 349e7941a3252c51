"""References of what lies outdoors, drawn by code: luma `[SIDE, SIDE]` float32 in 0 … 1. The same seed gives the same picture."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.special import expit

from .references import SIDE, noise


def foliage(seed: int = 1) -> np.ndarray:
    """Leaves over leaves: pointed, 10 to 26 pixels long, lying every way, either half of its own brightness, a pale rib between them."""
    random = np.random.default_rng(seed)
    luma = np.full((SIDE, SIDE), 0.06)
    light = 0.75 + 0.25 * np.tanh(noise(random, 14))
    down, across = np.mgrid[-15:16, -15:16]
    leaves = 5200
    for leaf in range(leaves):
        at, angle, half_length = random.integers(0, SIDE, 2), random.uniform(0, 2 * np.pi), random.uniform(5, 13)
        along = (across * np.cos(angle) + down * np.sin(angle)) / half_length
        beside = down * np.cos(angle) - across * np.sin(angle) + 0.15 * half_length * along**2
        width = half_length * random.uniform(0.38, 0.5) * np.cos(np.pi / 2 * along.clip(-1, 1)) ** 0.8
        shade = random.uniform(0.3, 0.75) * (0.4 + 0.6 * leaf / leaves) * light[tuple(at)]
        halves = 1 + 0.22 * np.tanh(2 * beside) * np.sign(np.cos(angle + 0.8)) + 0.12 * np.exp(-(beside / 0.6) ** 2)
        there = (at[0] + down) % SIDE, (at[1] + across) % SIDE
        luma[there] *= 1 - 0.45 * np.clip(width + 2.5 - np.abs(beside), 0, 1) * (np.abs(along) < 1.1)  # its shadow
        luma[there] += np.clip(width + 0.5 - np.abs(beside), 0, 1) * (np.abs(along) < 1) * (shade * halves - luma[there])
    return np.clip(luma, 0, 1).astype(np.float32)


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


def grass(seed: int = 1) -> np.ndarray:
    """Tall grass: blades, 45 to 95 pixels long, lean, bend and taper, each lit on one side, those in front brighter, dark at the roots."""
    random = np.random.default_rng(seed)
    luma = np.full((SIDE, SIDE), 0.16)
    blades = 4200
    for blade in range(blades):
        root, length, half = random.uniform(0, SIDE, 2), random.uniform(45, 95), random.uniform(1.2, 2.6)
        lean, bend, shade = random.normal(0, 0.2), random.normal(0, 0.3), random.uniform(0.35, 0.85) * (0.6 + 0.4 * blade / blades)
        along = np.linspace(0, 1, 200)
        up, right = length * along * np.cos(lean + bend * along), length * along * np.sin(lean + bend * along)
        rows, at = np.unique(np.round(root[0] - up).astype(int), return_index=True)  # one stretch of a row each: blades stand
        along, centre = along[at, None], root[1] + right[at, None]
        columns = np.floor(centre).astype(int) + np.arange(-4, 6)
        width = half * (1 - along ** 2.2) + 0.25
        off = (columns - centre) / width
        cover = np.clip(width + 0.5 - np.abs(columns - centre), 0, 1)
        face = shade * (0.45 + 0.55 * along) * (1 + 0.28 * off.clip(-1, 1)) - 0.1 * (np.abs(columns - centre) < 0.5) * (width > 1.2)
        there = rows[:, None] % SIDE, columns % SIDE
        luma[there] += cover * (face - luma[there])
    return np.clip(luma, 0, 1).astype(np.float32)


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
    """Marble: veins that wander and meet, few dark ones and more fine ones, gone here and there, with smoke to one side of each, on white.

    Each is where a smooth noise crosses zero, for that is what a small network can draw from noise: pieces of stone with veins between
    them (a Voronoi net) became the same short curl everywhere.
    """
    random = np.random.default_rng(seed)
    veins = np.zeros((SIDE, SIDE))
    for sigma, weight in ((6, 1.0), (3.6, 0.5)):
        field = noise(random, sigma) + 0.3 * noise(random, sigma / 2.5)
        vein = np.exp(-(np.abs(field) / 0.12) ** 1.2) + 0.35 * np.exp(-field.clip(0) / 0.5) * (field > 0)
        veins = np.maximum(veins, weight * vein * expit(2.5 * noise(random, 1.6 * sigma) + 0.8))
    return np.clip(0.88 + 0.006 * noise(random, 1) - 0.45 * veins, 0, 1).astype(np.float32)


NATURE = {draw.__name__: draw for draw in (grass, foliage, water, clouds, marble)}
