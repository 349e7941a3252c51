"""What is no photograph and comes out of machines small: street maps, soft shadows, JPEG's ringing in a grey PNG, checks and dither of
single pixels, halftone, letters of six pixels, red on black after 4:2:0, cut-outs with colours hidden beside them.

Each kind gives pairs: what is enlarged, and what it should become. All but the last two are luma, for training too.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from smssr_infer.arrays.resample import resize

from .pages import FINER, SIDE, Page, page
from .photographs import eight_bits

Pair = tuple[np.ndarray, np.ndarray]
"""`[h, w(, C)]` and `[s·h, s·w(, C)]`, uint8."""

WORDS = ("Main St", "Church Rd", "Bahnhof", "file.txt", "Open…", "Total 12.50", "OK  Cancel", "Quay", "3rd Ave", "Rue du Bac", "settings")


def _font(pixels: float) -> ImageFont.FreeTypeFont:
    from matplotlib import get_data_path  # which brings typefaces; learning a style goes without

    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"), round(pixels))


def _finished(sheet: Page, scale: int) -> np.ndarray:
    side = SIDE // scale * scale
    return sheet.finished()[:side, :side]


def _drawn(sheet: Page, scale: int) -> Pair:
    """A sheet as a renderer draws it small, and as it draws it large."""
    return sheet.reduced(Image.Resampling.BOX), _finished(sheet, scale)


def _sheet(random: np.random.Generator, scale: int, paper: int) -> Page:
    sheet = Page(random, scale, 1)
    sheet.paper = paper
    sheet.image.paste(paper, (0, 0, *sheet.image.size))
    return sheet


def street_map(random: np.random.Generator, scale: int) -> Pair:
    """Thin grey lines that cross, at two angles and a few more, with names beside them."""
    sheet = _sheet(random, scale, int(random.integers(232, 250)))
    angle, side = random.uniform(0, math.pi / 2), sheet.side
    for _ in range(12):  # parks and water
        x, y = sheet.point()
        w, h = random.uniform(8, 50, 2)
        sheet.draw.rectangle([sheet.zoom * n for n in (x, y, x + w, y + h)], fill=int(random.integers(205, 232)))
    for turn, gap in ((angle, random.uniform(7, 16)), (angle + math.pi / 2, random.uniform(7, 16)), (random.uniform(0, math.pi), 60)):
        way, aside = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
        for place in np.arange(-1.5 * side, 1.5 * side, gap):
            middle = np.array([side / 2, side / 2]) + aside * (place + random.normal(0, gap / 6))
            ends = [tuple(middle + way * length) for length in sorted(random.uniform(-side, side, 2))]
            level = int(random.integers(140, 205))
            if random.random() < 0.2:
                sheet.line(ends, random.uniform(2.5, 4), level)
                sheet.line(ends, random.uniform(1, 1.8), 255)
            else:
                sheet.line(ends, 1, level)
    for _ in range(14):
        x, y = sheet.point()
        sheet.draw.text((sheet.zoom * x, sheet.zoom * y), str(random.choice(WORDS)), fill=int(random.integers(40, 110)),
                        font=_font(sheet.zoom * random.uniform(7, 10)))
    return _drawn(sheet, scale)


def soft_shadow(random: np.random.Generator, scale: int) -> Pair:
    """Flat windows and cards, each above a shadow that fades."""
    sheet = _sheet(random, scale, int(random.integers(200, 256)))
    for _ in range(9):
        x, y = sheet.point()
        w, h = random.uniform(20, 110, 2)
        box = [sheet.zoom * n for n in (x, y, x + w, y + h)]
        radius, down = random.uniform(1.5, 9), random.uniform(0, 4)
        shade = Image.new("L", sheet.image.size, 0)
        lower = [box[0], box[1] + sheet.zoom * down, box[2], box[3] + sheet.zoom * down]
        ImageDraw.Draw(shade).rounded_rectangle(lower, sheet.zoom * 3, fill=int(random.integers(60, 170)))
        small = shade.reduce(FINER * scale).filter(ImageFilter.GaussianBlur(radius))  # smooth enough to be made large again
        sheet.image.paste(0, (0, 0), small.resize(sheet.image.size, Image.Resampling.BICUBIC))
        sheet.draw.rounded_rectangle(box, sheet.zoom * random.choice([0, 3, 6]), fill=int(random.integers(180, 256)))
    return _drawn(sheet, scale)


def ringing(random: np.random.Generator, scale: int) -> Pair:
    """A page that was a JPEG once and lies in a grey PNG now; it should become what it was before."""
    side = SIDE // scale
    large = page(int(random.integers(1, 1 << 20)))[:side * scale, :side * scale]
    stream = io.BytesIO()
    Image.fromarray(eight_bits(resize(large.astype(np.float32), side, side))).save(stream, "JPEG", quality=int(random.integers(40, 86)))
    return np.asarray(Image.open(stream).convert("L")), large


def _squares(small: np.ndarray, scale: int) -> Pair:
    """Single pixels, which become squares."""
    return small, np.kron(small, np.ones((scale, scale), np.uint8))


def checks(random: np.random.Generator, scale: int) -> Pair:
    """Patches of checks, stripes and sparse dots of single pixels."""
    side = SIDE // scale
    y, x = np.mgrid[:side, :side]
    small = np.full((side, side), int(random.integers(256)), np.uint8)
    patterns = [(x + y) % 2, x % 2, y % 2, (x % 2) & (y % 2), (x + 2 * y) % 4 == 0, (x + y) % 4 < 2]
    for _ in range(14):
        top, left = random.integers(0, side - 16, 2)
        tall, wide = random.integers(16, max(17, side // 2), 2)
        part = np.s_[top:top + tall, left:left + wide]
        low, high = random.integers(256, size=2)
        small[part] = np.where(patterns[random.integers(len(patterns))][part], high, low)
    return _squares(small, scale)


def dither(random: np.random.Generator, scale: int) -> Pair:
    """Soft tones in two levels, by Bayer's matrix or by diffusion."""
    side = SIDE // scale
    y, x = np.mgrid[:side, :side] / side
    tone = 0.5 + 0.25 * np.sin(random.uniform(1, 9) * x + random.uniform(0, 6)) + 0.25 * np.sin(random.uniform(1, 9) * y + 4 * x)
    if random.random() < 0.5:
        small = np.asarray(Image.fromarray(np.uint8(255 * np.clip(tone, 0, 1))).convert("1").convert("L"))
    else:
        bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 + 1 / 32
        small = np.uint8(255 * (tone > np.tile(bayer, (side // 4 + 1, side // 4 + 1))[:side, :side]))
    return _squares(small, scale)


def halftone(random: np.random.Generator, scale: int) -> Pair:
    """Dots on a slanted grid, as large as the tone is dark."""
    sheet = _sheet(random, scale, 255)
    angle, period = math.radians(float(random.choice([15, 45, 75]))), random.uniform(4, 8)
    side = int(FINER * SIDE)
    y, x = np.mgrid[:side, :side].astype(np.float32) / sheet.zoom
    along = (x * math.cos(angle) + y * math.sin(angle)) * (2 * math.pi / period)
    across = (-x * math.sin(angle) + y * math.cos(angle)) * (2 * math.pi / period)
    tone = 0.5 + 0.4 * np.sin(x / random.uniform(15, 60)) * np.cos(y / random.uniform(15, 60))
    dots = (0.5 + 0.25 * (np.cos(along) + np.cos(across))) < tone
    sheet.image.paste(Image.fromarray(np.where(dots, np.uint8(255), np.uint8(random.integers(0, 60)))))
    return _drawn(sheet, scale)


def small_letters(random: np.random.Generator, scale: int) -> Pair:
    """Words of letters six to nine pixels high."""
    dark = random.random() < 0.3
    sheet = _sheet(random, scale, int(random.integers(0, 50) if dark else random.integers(225, 256)))
    y = 1.0
    while y < sheet.side:
        size = random.uniform(6, 9)
        words = " ".join(random.choice(WORDS, 40))
        sheet.draw.text((sheet.zoom * random.uniform(0, 9), sheet.zoom * y), words, font=_font(sheet.zoom * size),
                        fill=int(random.integers(180, 256) if dark else random.integers(0, 90)))
        y += 1.4 * size
    return _drawn(sheet, scale)


def red_text(random: np.random.Generator, scale: int) -> Pair:
    """Red letters on black, RGB, of which a JPEG holds colours in a quarter of the pixels."""
    small, large = small_letters(random, scale)
    cover = [np.abs(part - np.float32(part[0, 0])) / np.ptp(large.astype(np.float32)) for part in (small, large)]
    made = [np.uint8(np.clip(part[..., None] * (235, 20, 20) + 0.5, 0, 255)) for part in cover]
    stream = io.BytesIO()
    Image.fromarray(made[0]).save(stream, "JPEG", quality=int(random.integers(80, 93)), subsampling="4:2:0")
    return np.asarray(Image.open(stream)), made[1]


def fringes(random: np.random.Generator, scale: int) -> Pair:
    """Shapes cut out, RGBA, whose colours go wild where they are all but hidden (alpha 1 to 3); large they have one colour."""
    sheet = _sheet(random, scale, 0)
    for _ in range(12):
        x, y = sheet.point()
        r = random.uniform(8, 40)
        sheet.draw.ellipse([sheet.zoom * n for n in (x - r, y - r, x + r, y + r)], fill=255)
    small, large = _drawn(sheet, scale)
    colour = random.integers(256, size=3).astype(np.uint8)
    around = small.astype(np.uint8)
    near = np.asarray(Image.fromarray(around).filter(ImageFilter.MaxFilter(5)))
    alpha = np.where((around == 0) & (near > 0), random.integers(1, 4, around.shape), around).astype(np.uint8)
    colours = np.where((alpha < 4)[..., None], random.integers(0, 256, (*alpha.shape, 3)), colour).astype(np.uint8)
    return np.dstack([colours, alpha]), np.dstack([np.broadcast_to(colour, (*large.shape, 3)), large])


GRAPHICS: dict[str, Callable[[np.random.Generator, int], Pair]] = {
    "map": street_map, "shadow": soft_shadow, "ringing": ringing, "checks": checks, "dither": dither, "halftone": halftone,
    "small-letters": small_letters, "red-text": red_text, "fringes": fringes}
"""By their names as benchmarks."""

TRAINED = tuple(name for name in GRAPHICS if name not in ("red-text", "fringes"))
"""Those that are luma."""


EACH = 16
"""Pairs of each kind that training has, by the numbers from 0 on."""


def graphic(name: str, number: int, scale: int) -> Pair:
    """The pair of that kind and number; the same number gives the same pair."""
    return GRAPHICS[name](np.random.default_rng([20_000, number]), scale)
