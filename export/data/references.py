"""Reference textures that code draws better than photographs show them: luma `[side, side]` float32 in 0 … 1.

The same seed gives the same picture.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.special import expit

SIDE = 640


def noise(random: np.random.Generator, sigma: float | tuple[float, float]) -> np.ndarray:
    """Smooth noise of unit variance; `sigma` in pixels, or (down, across)."""
    noise = gaussian_filter(random.normal(size=(SIDE, SIDE)), sigma, mode="wrap")
    return noise / noise.std()


def film_grain(seed: int = 1) -> np.ndarray:
    """Silver grain: clumps of small dark specks, sharper than blurred noise and uneven in size."""
    random = np.random.default_rng(seed)
    fine, middle, clumps = noise(random, 0.7), noise(random, 1.2), noise(random, 3.0)
    grain = np.tanh(1.2 * (0.6 * fine + 0.7 * middle + 0.25 * clumps))
    return np.clip(0.5 + 0.18 * grain, 0, 1).astype(np.float32)


def canvas(seed: int = 1) -> np.ndarray:
    """Artist's canvas, plain weave: threads 5 pixels wide that go over and under each other, slightly uneven, lit from the left above."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 0.55 * noise(random, (2, 14))
    across += 0.55 * noise(random, (14, 2))
    weft, warp = np.pi * down / 5, np.pi * across / 5
    over = 0.5 + 0.5 * np.tanh(4 * np.sin(weft) * np.sin(warp))
    height = over * np.abs(np.sin(weft)) ** 0.7 + (1 - over) * np.abs(np.sin(warp)) ** 0.7
    slub = 0.2 * noise(random, (1.5, 14)) * over + 0.2 * noise(random, (14, 1.5)) * (1 - over)
    height = gaussian_filter(height + slub, 0.6)
    light = -np.gradient(height, axis=0) - np.gradient(height, axis=1)
    return np.clip(0.45 + 0.22 * height + 0.25 * light, 0, 1).astype(np.float32)


def brick(seed: int = 1) -> np.ndarray:
    """A brick wall in running bond: courses of 12 pixels, bricks of 32, pale mortar, every brick rough and in its own shade."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 0.35 * noise(random, 3)
    across += 0.5 * noise(random, 3)
    course = np.floor(down / 12).astype(int)
    shifted = across + 16 * (course % 2)
    number = np.floor(shifted / 32).astype(int)
    from_bed = np.minimum(down % 12, 12 - down % 12)
    from_joint = np.minimum(shifted % 32, 32 - shifted % 32)
    inside = 1 / (1 + np.exp(-3.0 * (np.minimum(from_bed, from_joint) - 1.3)))
    shade = random.normal(0.42, 0.07, (SIDE // 12 + 4, SIDE // 32 + 4))[course % (SIDE // 12 + 4), number % (SIDE // 32 + 4)]
    face = shade + 0.045 * noise(random, 0.8) + 0.035 * noise(random, 2)
    mortar = 0.72 + 0.05 * noise(random, 0.8)
    light = 0.10 * (down % 12 < 3) - 0.12 * (down % 12 > 9.5)
    return np.clip(gaussian_filter(inside * (face + light) + (1 - inside) * mortar, 0.5), 0, 1).astype(np.float32)


def paper(seed: int = 1) -> np.ndarray:
    """Cold-pressed watercolour paper: a felt's irregular dimples, lit from the left above, and a few fibres."""
    random = np.random.default_rng(seed)
    dimples = np.tanh(1.5 * noise(random, 2.6)) + 0.5 * noise(random, 1.3)
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
    where = np.stack([(down + 0.3 * noise(random, 1.0)) % SIDE, (across + 0.3 * noise(random, 1.0)) % SIDE], -1)
    near, index = tree.query(where.reshape(-1, 2), k=2)
    shade = random.normal(0.62, 0.10, len(points))[index[:, 0]].reshape(SIDE, SIDE)
    gap = np.exp(-((near[:, 1] - near[:, 0]) / 0.7) ** 2).reshape(SIDE, SIDE)
    offset = where - points[index[:, 0]].reshape(SIDE, SIDE, 2)
    light = -0.03 * np.clip(offset.sum(-1), -3, 3)
    ripple = map_coordinates(noise(random, (3, 10)), [down, across], order=1, mode="wrap")
    return np.clip(gaussian_filter(shade + light - 0.22 * gap, 0.5) + 0.03 * ripple, 0, 1).astype(np.float32)


def hair(seed: int = 1) -> np.ndarray:
    """Long smooth hair, lying: strands one to three pixels wide that run together in locks, with a sheen along them."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 7 * noise(random, (22, 70)) + 1.5 * noise(random, (7, 40))  # locks, and strands that cross each other a little
    rows = np.clip(np.round(4 * down).astype(int), -400, 4 * SIDE + 399) + 400
    strand = gaussian_filter(random.normal(size=4 * SIDE + 800), 2.4)
    lock = gaussian_filter(random.normal(size=4 * SIDE + 800), 14)
    shade = strand / strand.std() + 0.7 * lock / lock.std()
    broken = 0.45 * noise(random, (0.7, 26))
    return np.clip(0.5 + 0.13 * (shade[rows] + broken), 0, 1).astype(np.float32)


def scales(seed: int = 1) -> np.ndarray:
    """A reptile's scales in rows, each over the one to its right: 11 pixels long, 9 wide, pale in the middle, dark at the rim; blotched."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 0.8 * noise(random, 9)
    across += 0.8 * noise(random, 9)
    blotch = np.tanh(3 * noise(random, 12))
    light = np.full((SIDE, SIDE), 0.2)
    shades = random.normal(0, 0.05, (256, 256))
    for column in range(-1, SIDE // 6 + 2):  # every column lies 6 pixels on and half a scale down, the later ones below
        at = 6 * (SIDE // 6 + 1 - column)
        y = (down + 4.5 * (column % 2)) % 9 - 4.5
        number = np.floor((down + 4.5 * (column % 2)) / 9).astype(int)
        x = across - at
        radius = np.hypot(y / 4.9, x / 8.5)
        cover = expit(14 * (1 - radius))
        face = 0.55 + 0.12 * blotch - (0.34 + 0.15 * blotch) * radius**3 + 0.03 * y + shades[number % 256, column % 256]
        light = cover * face + (1 - cover) * light
    return np.clip(light, 0, 1).astype(np.float32)


def denim(seed: int = 1) -> np.ndarray:
    """Denim's twill: pale and dark threads that step over each other along diagonals, 6 pixels apart, uneven as ring-spun yarn is."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    across += 0.4 * noise(random, (25, 2))
    diagonal = np.cos(2 * np.pi * (down + across) / 8)
    yarn = np.abs(np.sin(np.pi * across / 4))
    over = 1 / (1 + np.exp(-3.0 * (diagonal + 0.25)))
    pale = 0.25 * noise(random, (14, 1.2)) + 0.12 * noise(random, 0.7)
    cloth = over * (0.35 + 0.22 * yarn) + (1 - over) * (0.72 + 0.1 * pale)
    return np.clip(gaussian_filter(cloth + 0.08 * pale, 0.5), 0, 1).astype(np.float32)


def knit(seed: int = 1) -> np.ndarray:
    """Stocking stitch: columns of V's 16 pixels wide and 10 high, of twisted wool."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    down += 0.6 * noise(random, 6)
    across += 0.6 * noise(random, 6)
    from_middle = np.abs(across % 16 - 8)
    leg = (down + 0.9 * from_middle) % 10  # each leg rises outwards
    body = np.sin(np.pi * np.clip(leg / 10, 0, 1)) ** 0.6 * np.sin(np.pi * np.clip(from_middle / 8, 0.03, 0.97)) ** 0.5
    twist = np.cos(2 * np.pi * (down - 0.6 * from_middle) / 3.3)
    light = 0.2 + 0.55 * body + 0.07 * twist * body + 0.03 * noise(random, 0.8)
    return np.clip(gaussian_filter(light, 0.5), 0, 1).astype(np.float32)


def plaster(seed: int = 1) -> np.ndarray:
    """Trowelled plaster: short ridges where the trowel turned, smooth between them, lit from the left above."""
    random = np.random.default_rng(seed)
    height = np.zeros((SIDE, SIDE))
    down, across = np.mgrid[-40:41, -40:41]
    for _ in range(900):
        angle, bow, at = random.uniform(0, 2 * np.pi), random.uniform(18, 45), random.integers(0, SIDE, 2)
        x, y = across * np.cos(angle) + down * np.sin(angle), down * np.cos(angle) - across * np.sin(angle)
        from_arc = np.hypot(x, y + bow) - bow
        ridge = np.where(from_arc > 0, np.exp(-from_arc / 1.2), np.exp(from_arc / 7)) * np.exp(-(x / 17) ** 4) * (np.abs(y) < 30)
        rows, columns = (at[0] + down) % SIDE, (at[1] + across) % SIDE
        wiped = height[rows, columns] * (1 - 0.8 * (from_arc < 0) * (ridge > 0.1))
        height[rows, columns] = np.maximum(wiped, random.uniform(0.5, 1) * ridge)
    height = gaussian_filter(height, 0.6, mode="wrap")
    light = -np.gradient(height, axis=0) - np.gradient(height, axis=1)
    return np.clip(0.7 + 0.45 * light + 0.01 * noise(random, 0.8), 0, 1).astype(np.float32)


def concrete(seed: int = 1) -> np.ndarray:
    """Cast concrete: flat grey, with round pits that air left, few large and many small, and specks of sand."""
    random = np.random.default_rng(seed)
    height = 0.03 * noise(random, 1.0)
    down, across = np.mgrid[-14:15, -14:15]
    for _ in range(1500):
        radius, at = min(9.0, 1.1 * random.pareto(1.8) + 0.9), random.integers(0, SIDE, 2)
        squash = random.uniform(0.75, 1.3)
        pit = 1 / (1 + np.exp(3.0 * (np.hypot(down * squash, across / squash) - radius)))
        rows, columns = (at[0] + down) % SIDE, (at[1] + across) % SIDE
        height[rows, columns] = np.minimum(height[rows, columns], -0.8 * pit * min(1, radius / 2))
    light = -np.gradient(height, axis=0) - np.gradient(height, axis=1)
    return np.clip(0.62 + 0.18 * height + 0.35 * light + 0.02 * noise(random, 0.6), 0, 1).astype(np.float32)


def wood(seed: int = 1) -> np.ndarray:
    """Planed wood, lying: year rings as soft bands that bend round a few knots, with a dark late edge each, and short open pores."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    warp = 6 * noise(random, (30, 120)) + 1.2 * noise(random, (5, 60))
    for _ in range(7):
        y, x = random.uniform(0, SIDE, 2)
        far = np.hypot((down - y) / 14, (across - x) / 30)
        warp += 20 * np.sign(down - y) * (np.exp(-far) - 0.4 * np.exp(-far / 2))
    ring = (down + warp) / 9 + 0.35 * noise(random, (14, 90))
    part = ring % 1
    bands = 0.62 - 0.28 * part**3 + 0.05 * (part < 0.12)
    pores = gaussian_filter((random.random((SIDE, SIDE)) < 0.012).astype(float), (0.6, 4.5), mode="wrap")
    return np.clip(bands - 1.9 * pores + 0.025 * noise(random, (0.7, 9)), 0, 1).astype(np.float32)


BY_CODE = {draw.__name__: draw for draw in (film_grain, canvas, brick, paper, sand, hair, scales, denim, knit, plaster, concrete, wood)}
