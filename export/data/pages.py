"""Pages of line art, letters and flat shapes for training, drawn by code: photographs hold little of what illustrators enlarge.

A network that has only seen photographs leaves grey wisps between the lines of a drawing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 1024
FINER = 3
"""Pages are drawn so many times larger and reduced, which smooths their edges."""

PAGES = 24

Point = tuple[float, float]


class Page:
    """A sheet to draw on: coordinates and widths in pixels of the finished page, levels 0 … 255."""

    def __init__(self, random: np.random.Generator):
        self.random = random
        self.paper, self.ink = _contrast(random)
        self.image = Image.new("L", (FINER * SIDE, FINER * SIDE), self.paper)
        self.draw = ImageDraw.Draw(self.image)

    def line(self, points: list[Point], width: float, level: int) -> None:
        """A polyline with round joints."""
        self.draw.line([(FINER * x, FINER * y) for x, y in points], fill=level, width=max(1, round(FINER * width)), joint="curve")

    def level(self) -> int:
        """The ink, or now and then any grey."""
        return self.ink if self.random.random() < 0.7 else int(self.random.integers(256))

    def point(self) -> Point:
        """Anywhere on the page."""
        return tuple(self.random.uniform(0, SIDE, 2))

    def finished(self) -> np.ndarray:
        """The page as luma `[SIDE, SIDE]`, 0 … 255."""
        return np.asarray(self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def _contrast(random: np.random.Generator) -> tuple[int, int]:
    """Levels of paper and ink: mostly black on white, else two greys that differ."""
    if random.random() < 0.5:
        pair = [int(random.integers(235, 256)), int(random.integers(0, 50))]
    else:
        first = int(random.integers(256))
        pair = [first, int(random.integers(0, max(1, first - 60)) if first > 128 else random.integers(first + 60, 256))]
    return tuple(pair if random.random() < 0.8 else pair[::-1])


def _width(random: np.random.Generator) -> float:
    """Half a pixel to twelve, mostly thin."""
    return float(np.exp(random.uniform(math.log(0.5), math.log(12))))


def lines(page: Page) -> None:
    """Fans, curves and circles."""
    random = page.random
    for _ in range(18):
        start, way, width, level = np.array(page.point()), random.normal(size=2) * 300, _width(random), page.level()
        turn, gap = random.normal(0, 0.06), random.uniform(3, 40)
        for i in range(int(random.integers(4, 16))):
            heading = np.array([[math.cos(turn * i), -math.sin(turn * i)], [math.sin(turn * i), math.cos(turn * i)]]) @ way
            aside = np.array([-way[1], way[0]]) / np.linalg.norm(way) * gap * i
            page.line([tuple(start + aside), tuple(start + aside + heading)], width, level)
    for _ in range(60):
        corners = np.array(page.point()) + np.cumsum(random.normal(0, 90, (4, 2)), 0)
        t = np.linspace(0, 1, 60)[:, None]
        curve = (1 - t)**3 * corners[0] + 3 * t * (1 - t)**2 * corners[1] + 3 * t**2 * (1 - t) * corners[2] + t**3 * corners[3]
        page.line([tuple(p) for p in curve], _width(random), page.level())
    for _ in range(30):
        (x, y), r, width = page.point(), random.uniform(4, 160), _width(random)
        page.draw.ellipse([FINER * (x - r), FINER * (y - r), FINER * (x + r), FINER * (y + r)], outline=page.level(),
                          width=max(1, round(FINER * width)))


def letters(page: Page) -> None:
    """Words of nonsense in many typefaces and sizes, some of them slanted."""
    from matplotlib import get_data_path  # which brings typefaces; learning a style goes without

    random = page.random
    fonts = sorted((Path(get_data_path()) / "fonts" / "ttf").glob("DejaVu*.ttf"))
    signs = "etaoinshrdlucmfwypvbgkqjxzETAOINSHRDLUCMFWYPVBGKQJXZ0123456789.,;:!?-()&"
    y = 0.0
    while y < SIDE:
        size = float(np.exp(random.uniform(math.log(8), math.log(70))))
        font = ImageFont.truetype(str(random.choice(fonts)), round(FINER * size))
        words = (" ".join("".join(random.choice(list(signs), random.integers(1, 9))) for _ in range(round(300 / size) + 2)))
        level = page.level()
        if random.random() < 0.3:
            strip = Image.new("L", (FINER * SIDE, round(FINER * 1.6 * size)), 0)
            ImageDraw.Draw(strip).text((0, 0), words, fill=255, font=font)
            strip = strip.rotate(random.normal(0, 6), Image.Resampling.BICUBIC, expand=True)
            page.image.paste(level, (0, round(FINER * y)), strip)
        else:
            page.draw.text((FINER * random.uniform(0, 60), FINER * y), words, fill=level, font=font)
        y += random.uniform(1.2, 1.7) * size


def shapes(page: Page) -> None:
    """Flat polygons, some of them outlined, one over the other."""
    random = page.random
    for _ in range(90):
        middle, r = np.array(page.point()), random.uniform(8, 170)
        corners = random.integers(3, 9)
        angles = np.sort(random.uniform(0, 2 * math.pi, corners))
        points = [tuple(middle + r * random.uniform(0.4, 1) * np.array([math.cos(a), math.sin(a)])) for a in angles]
        page.draw.polygon([(FINER * x, FINER * y) for x, y in points], fill=int(random.integers(256)))
        if random.random() < 0.6:
            page.line([*points, points[0], points[1]], _width(random), page.ink)


def stripes(page: Page) -> None:
    """Hatching, grids and checks at any angle, in patches."""
    random = page.random
    y, x = np.mgrid[:FINER * SIDE, :FINER * SIDE].astype(np.float32) / FINER
    whole = np.full(y.shape, page.paper, np.uint8)
    for _ in range(14):
        (a, b), (h, w) = page.point(), random.uniform(80, 420, 2)
        part = np.s_[int(FINER * b):int(FINER * (b + h)), int(FINER * a):int(FINER * (a + w))]
        angle, period, share = random.uniform(0, math.pi), np.exp(random.uniform(math.log(3), math.log(40))), random.uniform(0.15, 0.6)
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


KINDS: tuple[Callable[[Page], None], ...] = (lines, letters, shapes, stripes)


def page(number: int) -> np.ndarray:
    """The page of that number, luma `[SIDE, SIDE]` uint8: the four kinds take turns, and the same number gives the same page."""
    sheet = Page(np.random.default_rng(number))
    KINDS[number % len(KINDS)](sheet)
    return sheet.finished()
