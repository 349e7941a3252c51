"""Pages of line art, letters and flat shapes for training, drawn by code: photographs hold little of what illustrators enlarge.

A network that has only seen photographs leaves grey wisps between the lines of a drawing; one that has only seen small pictures
reduced by bicubic hollows out the lines of a drawing or a screenshot that was made small, without smoothed edges.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 1024
FINER = 3
"""Pages are drawn so many times larger and reduced, which smooths their edges."""

PAGES = 24
ROUGH_PAGES = 36

Point = tuple[float, float]


class Page:
    """A sheet to draw on: coordinates and widths in units, levels 0 … 255.

    `unit`: pixels of the finished page that a unit is. `least`: the thinnest line, in units.
    """

    def __init__(self, random: np.random.Generator, unit: int = 1, least: float = 0.5):
        self.random, self.least = random, least
        self.zoom, self.side = FINER * unit, SIDE / unit
        self.paper, self.ink = _contrast(random)
        self.image = Image.new("L", (FINER * SIDE, FINER * SIDE), self.paper)
        self.draw = ImageDraw.Draw(self.image)

    def line(self, points: list[Point], width: float, level: int) -> None:
        """A polyline with round joints. The thinnest is as thin as a chain of pixels of a unit: the less, the more it slants."""
        points = [(self.zoom * x, self.zoom * y) for x, y in points]
        if width > self.least:
            self.draw.line(points, fill=level, width=max(1, round(self.zoom * width)), joint="curve")
            return
        for (a, b), (c, d) in itertools.pairwise(points):
            thin = max(abs(c - a), abs(d - b)) / (math.hypot(c - a, d - b) or 1)
            self.draw.line([(a, b), (c, d)], fill=level, width=max(1, round(self.zoom * width * thin)))

    def width(self) -> float:
        """The thinnest line to twelve units, mostly thin."""
        return max(self.least, float(np.exp(self.random.uniform(math.log(0.5), math.log(12)))))

    def many(self, count: int) -> range:
        """So many times on a page of pixels, fewer times on one of larger units."""
        return range(-(-round(count * self.side) // SIDE))

    def level(self) -> int:
        """The ink, or now and then any grey."""
        return self.ink if self.random.random() < 0.7 else int(self.random.integers(256))

    def point(self) -> Point:
        """Anywhere on the page."""
        return tuple(self.random.uniform(0, self.side, 2))

    def finished(self) -> np.ndarray:
        """The page as luma `[SIDE, SIDE]`, 0 … 255."""
        return np.asarray(self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS))

    def reduced(self, how: Image.Resampling) -> np.ndarray:
        """The page with a pixel for each whole unit, luma, 0 … 255. NEAREST: every pixel is what lies at its middle."""
        side = int(self.side)
        return np.asarray(self.image.resize((side, side), how, box=(0, 0, side * self.zoom, side * self.zoom)))


def _contrast(random: np.random.Generator) -> tuple[int, int]:
    """Levels of paper and ink: mostly black on white, else two greys that differ."""
    if random.random() < 0.5:
        pair = [int(random.integers(235, 256)), int(random.integers(0, 50))]
    else:
        first = int(random.integers(256))
        pair = [first, int(random.integers(0, max(1, first - 60)) if first > 128 else random.integers(first + 60, 256))]
    return tuple(pair if random.random() < 0.8 else pair[::-1])


def lines(page: Page) -> None:
    """Fans, curves and circles."""
    random = page.random
    for _ in page.many(18):
        start, way, width, level = np.array(page.point()), random.normal(size=2) * 300, page.width(), page.level()
        turn, gap = random.normal(0, 0.06), random.uniform(3, 40)
        for i in range(int(random.integers(4, 16))):
            heading = np.array([[math.cos(turn * i), -math.sin(turn * i)], [math.sin(turn * i), math.cos(turn * i)]]) @ way
            aside = np.array([-way[1], way[0]]) / np.linalg.norm(way) * gap * i
            page.line([tuple(start + aside), tuple(start + aside + heading)], width, level)
    for _ in page.many(60):
        corners = np.array(page.point()) + np.cumsum(random.normal(0, 90, (4, 2)), 0)
        t = np.linspace(0, 1, 60)[:, None]
        curve = (1 - t)**3 * corners[0] + 3 * t * (1 - t)**2 * corners[1] + 3 * t**2 * (1 - t) * corners[2] + t**3 * corners[3]
        page.line([tuple(p) for p in curve], page.width(), page.level())
    around = np.linspace(0, 2 * math.pi, 181)
    for _ in page.many(30):
        (x, y), r, width, level = page.point(), random.uniform(4, 160), page.width(), page.level()
        if width > page.least:
            page.draw.ellipse([page.zoom * n for n in (x - r, y - r, x + r, y + r)], outline=level, width=round(page.zoom * width))
        else:
            page.line(list(zip(x + r * np.cos(around), y + r * np.sin(around), strict=True)), width, level)


def letters(page: Page) -> None:
    """Words of nonsense in many typefaces and sizes, some of them slanted."""
    from matplotlib import get_data_path  # which brings typefaces; learning a style goes without

    random = page.random
    fonts = sorted((Path(get_data_path()) / "fonts" / "ttf").glob("DejaVu*.ttf"))
    signs = "etaoinshrdlucmfwypvbgkqjxzETAOINSHRDLUCMFWYPVBGKQJXZ0123456789.,;:!?-()&"
    y = 0.0
    while y < page.side:
        size = float(np.exp(random.uniform(math.log(8), math.log(70))))
        font = ImageFont.truetype(str(random.choice(fonts)), round(page.zoom * size))
        words = (" ".join("".join(random.choice(list(signs), random.integers(1, 9))) for _ in range(round(300 / size) + 2)))
        level = page.level()
        if random.random() < 0.3:
            strip = Image.new("L", (FINER * SIDE, round(page.zoom * 1.6 * size)), 0)
            ImageDraw.Draw(strip).text((0, 0), words, fill=255, font=font)
            strip = strip.rotate(random.normal(0, 6), Image.Resampling.BICUBIC, expand=True)
            page.image.paste(level, (0, round(page.zoom * y)), strip)
        else:
            page.draw.text((page.zoom * random.uniform(0, 60), page.zoom * y), words, fill=level, font=font)
        y += random.uniform(1.2, 1.7) * size


def shapes(page: Page) -> None:
    """Flat polygons, some of them outlined, one over the other."""
    random = page.random
    for _ in page.many(90):
        middle, r = np.array(page.point()), random.uniform(8, 170)
        corners = random.integers(3, 9)
        angles = np.sort(random.uniform(0, 2 * math.pi, corners))
        points = [tuple(middle + r * random.uniform(0.4, 1) * np.array([math.cos(a), math.sin(a)])) for a in angles]
        page.draw.polygon([(page.zoom * x, page.zoom * y) for x, y in points], fill=int(random.integers(256)))
        if random.random() < 0.6:
            page.line([*points, points[0], points[1]], page.width(), page.ink)


def stripes(page: Page) -> None:
    """Hatching, grids and checks at any angle, in patches."""
    random = page.random
    y, x = np.mgrid[:FINER * SIDE, :FINER * SIDE].astype(np.float32) / page.zoom
    whole = np.full(y.shape, page.paper, np.uint8)
    for _ in page.many(14):
        (a, b), (h, w) = page.point(), random.uniform(80, 420, 2)
        part = np.s_[int(page.zoom * b):int(page.zoom * (b + h)), int(page.zoom * a):int(page.zoom * (a + w))]
        angle, period, share = random.uniform(0, math.pi), np.exp(random.uniform(math.log(3), math.log(40))), random.uniform(0.15, 0.6)
        share = max(share, page.least / period)
        along, across = (x[part] * math.cos(t) + y[part] * math.sin(t) for t in (angle, angle + math.pi / 2))
        pattern = along % period < share * period
        kind = random.integers(3)
        if kind == 1:
            pattern |= across % period < share * period
        elif kind == 2:
            pattern ^= across % period < 0.5 * period
        paper, ink = _contrast(random)
        whole[part] = np.where(pattern, ink, paper)
    page.image.paste(Image.fromarray(whole))


ROUGH = (Image.Resampling.NEAREST, Image.Resampling.BOX, Image.Resampling.NEAREST, Image.Resampling.LANCZOS)

KINDS: tuple[Callable[[Page], None], ...] = (lines, letters, shapes, stripes)


def page(number: int) -> np.ndarray:
    """The page of that number, luma `[SIDE, SIDE]` uint8: the four kinds take turns, and the same number gives the same page."""
    sheet = Page(np.random.default_rng(number))
    KINDS[number % len(KINDS)](sheet)
    return sheet.finished()


def rough(number: int, scale: int, how: Image.Resampling | None = None) -> tuple[np.ndarray, np.ndarray]:
    """A page of that number and what a machine drew small: luma `[SIDE // scale, SIDE // scale]` and `[SIDE // scale · scale, …]`, uint8.

    `how`: NEAREST is drawn without smoothed edges, as by a pencil of one pixel or on a screen without antialiasing; BOX has a renderer's
    edges (the share of each pixel that is covered), LANCZOS those that a sharper filter leaves. None: they take turns, every other one
    NEAREST.
    """
    sheet = Page(np.random.default_rng(10_000 + number), scale, 1)
    KINDS[number % len(KINDS)](sheet)
    side = SIDE // scale * scale
    return sheet.reduced(ROUGH[number // len(KINDS) % len(ROUGH)] if how is None else how), sheet.finished()[:side, :side]
