"""Structured materials, drawn by code so that they repeat exactly: `[h, w, 3]` float32 in 0 … 1, lit from the upper left.

The same seed gives the same picture. Every shape is taken modulo the picture's size, and every noise is filtered around its edges.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

Random = np.random.Generator


def grid(tall: int, wide: int) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of every pixel's middle."""
    down, across = np.mgrid[:tall, :wide].astype(float) + 0.5
    return down, across


def noise(random: Random, shape: tuple[int, int], sigma: float | tuple[float, float]) -> np.ndarray:
    """Gaussian noise of standard deviation 1 that goes on beyond its edges."""
    x = gaussian_filter(random.standard_normal(shape), sigma, mode="wrap")
    return (x - x.mean()) / x.std()


def lit(height: np.ndarray, colour: np.ndarray, strength: float) -> np.ndarray:
    """A relief in pixels, lit from the upper left, on colours `[h, w, 3]`."""
    down = np.roll(height, -1, 0) - np.roll(height, 1, 0)
    across = np.roll(height, -1, 1) - np.roll(height, 1, 1)
    return np.clip(colour * (1 + strength * (down + across) / 2)[..., None], 0, 1).astype(np.float32)


def toned(random: Random, base: tuple[float, float, float], spread: float, hue: float, count: int) -> np.ndarray:
    """So many colours about a base, `[count, 3]`: brighter or darker by `spread`, redder or bluer by `hue`."""
    return np.array(base) * (1 + spread * random.standard_normal((count, 1))) + hue * random.standard_normal((count, 1)) * [1, 0, -1]


def courses(random: Random, shape: tuple[int, int], rows: int, columns: int, shift: float, joint: float,
            rough: float) -> tuple[np.ndarray, np.ndarray]:
    """Stones in courses: the number of each pixel's stone, and its distance to the stone's edge beyond half the joint, in pixels."""
    tall, wide = shape
    down, across = grid(*shape)
    down = down + rough * noise(random, shape, 6)
    across = across + rough * noise(random, shape, 6)
    row = np.floor(down * rows / tall).astype(int)
    along = across * columns / wide + shift * row
    column = np.floor(along).astype(int)
    high, long = tall / rows, wide / columns
    inside = np.minimum((0.5 - np.abs(down / high - row - 0.5)) * high, (0.5 - np.abs(along - column - 0.5)) * long)
    return (row % rows) * columns + column % columns, inside - joint / 2


def bricks(seed: int = 1) -> np.ndarray:
    """A wall of bricks in running bond, each of its own red."""
    random = np.random.default_rng(seed)
    shape = 240, 288
    stone, inside = courses(random, shape, 10, 4, 0.5, 4.5, 0.5)
    face = np.clip(inside / 2.5, 0, 1)
    grit = noise(random, shape, 0.7) + 0.8 * noise(random, shape, 2.5)
    colour = toned(random, (0.62, 0.33, 0.25), 0.14, 0.03, 40)[stone] * (1 + 0.05 * grit[..., None])
    mortar = np.array([0.68, 0.65, 0.6]) * (1 + 0.05 * noise(random, shape, 0.8)[..., None])
    return lit(2.5 * face + 0.35 * grit * face, np.where(face[..., None] > 0.3, colour, mortar), 0.3)


def ashlar(seed: int = 1) -> np.ndarray:
    """A wall of hewn stones."""
    random = np.random.default_rng(seed)
    shape = 256, 320
    stone, inside = courses(random, shape, 5, 4, 0.37 + 0.25, 5, 1.4)
    stone = (stone // 4) * 4 + stone % 4
    face = np.clip(inside / 6, 0, 1) ** 0.6
    grit = noise(random, shape, 1.0) + 1.4 * noise(random, shape, 5)
    colour = toned(random, (0.6, 0.57, 0.5), 0.1, 0.02, 20)[stone] * (1 + 0.05 * grit[..., None])
    return lit(5 * face + 0.7 * grit * face, np.where(inside[..., None] > 0.2, colour, np.array([0.4, 0.38, 0.34])), 0.22)


def planks(seed: int = 1) -> np.ndarray:
    """Boards side by side, each with its own grain."""
    random = np.random.default_rng(seed)
    shape = 240, 320
    stone, inside = courses(random, shape, 6, 1, 0.38, 2, 0.15)
    grain = np.zeros(shape)
    down, _ = grid(*shape)
    for board in range(6):
        bent = down + 2.5 * noise(random, shape, (3, 40))
        rings = np.sin(2 * np.pi * (bent * random.uniform(0.13, 0.22) + 1.2 * noise(random, shape, (8, 60))))
        grain = np.where(stone == board, rings, grain)
    fibre = noise(random, shape, (0.5, 14))
    colour = toned(random, (0.62, 0.45, 0.29), 0.12, 0.015, 6)[stone] * (1 - 0.07 * grain - 0.06 * fibre)[..., None]
    face = np.clip(inside / 1.5, 0, 1)
    return lit(2.0 * face + 0.25 * fibre * face, colour * (0.35 + 0.65 * face)[..., None], 0.25)


def tiles(seed: int = 1) -> np.ndarray:
    """Glazed square tiles."""
    random = np.random.default_rng(seed)
    shape = 240, 240
    stone, inside = courses(random, shape, 5, 5, 0, 4, 0.1)
    face = np.clip(inside / 4, 0, 1)
    cloud = noise(random, shape, 9)
    colour = toned(random, (0.5, 0.6, 0.62), 0.06, 0.02, 25)[stone] * (1 + 0.04 * cloud[..., None])
    grout = np.array([0.72, 0.7, 0.66]) * (1 + 0.04 * noise(random, shape, 0.8)[..., None])
    return lit(3 * np.sqrt(face), np.where(face[..., None] > 0.1, colour, grout), 0.28)


def overlapping(seed: int, columns: int, rows: int, wide: float, tall: float, pointed: float, base: tuple[float, float, float],
                ridge: float) -> np.ndarray:
    """Scales or tiles that overlap, each row half a scale aside, the lower over the upper's root: rounded, or `pointed` (0 … 1)."""
    random = np.random.default_rng(seed)
    shape = round(rows * tall), round(columns * wide)
    down, across = grid(*shape)
    best = np.full(shape, -np.inf)
    number, height = np.zeros(shape, int), np.zeros(shape)
    for row in range(-2, rows + 1):
        aside = across / wide - (0.5 if row % 2 else 0)
        column = np.floor(aside).astype(int)
        u, v = aside - column - 0.5, down / tall - row  # v: 0 at its root, 2 at its tip
        tip = 2.0 - 4 * (1 - pointed) * u**2 - 2 * pointed * np.abs(u) - 0.1
        inside = (v >= 0) & (v <= tip)
        over = np.where(inside, -row, -np.inf)  # the upper row lies over the lower one
        taken = over > best
        best = np.where(taken, over, best)
        number = np.where(taken, (row % rows) * columns + column % columns, number)
        rise = 1.5 * np.clip((tip - v) * tall / 2.5, 0, 1) + 1.6 * v + ridge * np.exp(-((u * wide / 1.5) ** 2)) - 5 * u**2
        height = np.where(taken, rise, height)
    grit = noise(random, shape, 0.8)
    colour = toned(random, base, 0.12, 0.02, rows * columns)[number] * (1 + 0.04 * grit[..., None])
    return lit(height + 0.12 * grit, colour, 0.3)


def roof_tiles(seed: int = 1) -> np.ndarray:
    """Clay tiles with round ends."""
    return overlapping(seed, 8, 8, 34, 34, 0.0, (0.6, 0.33, 0.24), 0.0)


def fish_scales(seed: int = 1) -> np.ndarray:
    """Round scales of a fish."""
    return overlapping(seed, 16, 20, 18, 14, 0.15, (0.52, 0.58, 0.6), 0.4)


def dragon_scales(seed: int = 1) -> np.ndarray:
    """Pointed scales with a ridge."""
    return overlapping(seed, 8, 10, 32, 26, 0.75, (0.34, 0.42, 0.3), 1.8)


def cable_knit(seed: int = 1) -> np.ndarray:
    """Stockinette: columns of V-shaped stitches."""
    random = np.random.default_rng(seed)
    shape = 240, 240
    down, across = grid(*shape)
    down, across = down + 0.5 * noise(random, shape, 5), across + 0.5 * noise(random, shape, 5)
    u = across / 20 % 1 - 0.5
    slant = down / 15 - 1.1 * np.abs(u) * 2
    loop = np.abs((slant % 1) - 0.5) * 2
    body = np.sqrt(np.clip(1 - loop**2, 0, 1)) * np.clip(1 - (np.abs(np.abs(u) - 0.25) / 0.26) ** 4, 0, 1)
    fibre = np.sin(2 * np.pi * (across * np.sign(u) + down) / 3.5) + noise(random, shape, 0.6)
    colour = np.array([0.6, 0.52, 0.45]) * (0.55 + 0.45 * body + 0.05 * fibre * body)[..., None]
    return lit(4.5 * body + 0.3 * fibre * body, colour, 0.16)


def basket_weave(seed: int = 1) -> np.ndarray:
    """Flat strips, over and under."""
    random = np.random.default_rng(seed)
    shape = 240, 240
    down, across = grid(*shape)
    row, column = np.floor(down / 20).astype(int), np.floor(across / 20).astype(int)
    v, u = down / 20 - row - 0.5, across / 20 - column - 0.5
    level = (row + column) % 2 == 0
    along, aside = np.where(level, u, v), np.where(level, v, u)
    rise = np.cos(np.pi * along) * np.clip((0.46 - np.abs(aside)) * 12, 0, 1) ** 0.5
    fibre = np.where(level, noise(random, shape, (0.7, 8)), noise(random, shape, (8, 0.7)))
    colour = toned(random, (0.66, 0.52, 0.34), 0.08, 0.015, 144)[(row % 12) * 12 + column % 12]
    return lit(4 * rise + 0.3 * fibre * rise, colour * (0.5 + 0.5 * np.clip(rise, 0, 1) + 0.06 * fibre)[..., None], 0.2)


def herringbone(seed: int = 1) -> np.ndarray:
    """Parquet: blocks of 3 by 1, by turns across and along."""
    random = np.random.default_rng(seed)
    unit, long = 16, 3
    shape = 2 * long * unit * 2, 2 * long * unit * 2
    down, across = grid(*shape)
    row, column = np.floor(down / unit).astype(int), np.floor(across / unit).astype(int)
    turn = (column - row) % (2 * long)
    level = turn < long
    part = np.where(level, turn, 2 * long - 1 - turn)
    along = np.where(level, part + across / unit - column, part + down / unit - row) / long
    aside = np.where(level, down / unit - row, across / unit - column)
    begins = np.where(level, column - part, column), np.where(level, row, row - part)
    number = (begins[0] % 12) * 12 + begins[1] % 12
    inside = np.minimum((0.5 - np.abs(along - 0.5)) * long * unit, (0.5 - np.abs(aside - 0.5)) * unit) - 0.6
    face = np.clip(inside / 1.2, 0, 1)
    fibre = np.where(level, noise(random, shape, (0.5, 9)), noise(random, shape, (9, 0.5)))
    colour = toned(random, (0.58, 0.42, 0.27), 0.14, 0.015, 144)[number] * (1 - 0.08 * fibre)[..., None]
    return lit(1.5 * face + 0.2 * fibre * face, colour * (0.4 + 0.6 * face)[..., None], 0.25)


def _pen(random: Random, shape: tuple[int, int], lines: int, slant: int) -> np.ndarray:
    """The ink of pen lines that close around the edges: `lines` of them down the picture, moving `slant` lines on across it."""
    down, across = grid(*shape)
    place = down * lines / shape[0] + across * slant / shape[1] + 0.09 * noise(random, shape, 14)
    weight = 0.2 + 0.012 * noise(random, shape, 10)
    return np.clip((weight - np.abs(place % 1 - 0.5)) * shape[0] / lines / np.hypot(1, slant / lines) + 0.5, 0, 1)


def cross_hatching(seed: int = 1) -> np.ndarray:
    """Pen lines crossing."""
    random = np.random.default_rng(seed)
    shape = 240, 240
    ink = np.maximum(_pen(random, shape, 30, 30), 0.9 * _pen(random, shape, 30, -24))
    return np.repeat((0.94 - 0.8 * gaussian_filter(ink, 0.35, mode="wrap"))[..., None], 3, -1).astype(np.float32)


def halftone(seed: int = 1) -> np.ndarray:
    """A printer's dots at 45 degrees."""
    shape = 192, 192
    down, across = grid(*shape)
    a, b = (down + across) * 2 * np.pi / 12, (down - across) * 2 * np.pi / 12
    ink = np.clip(0.5 + 1.2 * (np.cos(a) + np.cos(b)) / 2 + 0.02 * noise(np.random.default_rng(seed), shape, 0.7), 0, 1)
    return np.repeat((0.92 - 0.75 * ink)[..., None], 3, -1).astype(np.float32)
