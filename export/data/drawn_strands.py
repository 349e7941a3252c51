"""Fur, wool and grass drawn strand by strand, in colour: uint8 `[SIDE, SIDE, 3]`. The same seed gives the same picture."""

from __future__ import annotations

import colorsys

import numpy as np
from PIL import Image, ImageDraw

SIDE = 320
FINE = 3
"""Everything is drawn so many times as large, and reduced: edges are smooth."""


def _strands(count: int, length: tuple[float, float], width: tuple[float, float], wander: float, bend: float, curl: float, hue: float,
             saturation: float, light: tuple[float, float], locks: float, seed: int) -> np.ndarray:
    """Tapered strands that lie from left to right, roots dark, later ones on top and brighter.

    `length`, `width`: ranges in pixels. `wander`, `bend`: radians by which strands, and a strand along itself, differ; `curl`: turns of a
    spiral along a strand. `locks`: radians by which neighbours together differ. `light`: of roots below and tips on top, 0 … 1.
    """
    random = np.random.default_rng(seed)
    margin = int(length[1])
    full = (SIDE + 2 * margin) * FINE
    picture = Image.new("RGB", (full, full), tuple(int(255 * light[0] * c) for c in colorsys.hsv_to_rgb(hue, saturation, 1)))
    draw = ImageDraw.Draw(picture)
    phases = random.uniform(0, 2 * np.pi, (3, 2))
    along = np.linspace(0, 1, 14)
    for strand in range(count):
        x, y = random.uniform(0, SIDE + 2 * margin, 2)
        lock = locks * sum(np.sin(x / (17 + 11 * k) + y / (13 + 7 * k) + a) * np.cos(y / (19 + 9 * k) - x / (31 + 5 * k) + b)
                           for k, (a, b) in enumerate(phases)) / 2
        size = random.uniform(*length)
        angle = lock + random.normal(0, wander) + random.normal(0, bend) * along + curl * 2 * np.pi * along * random.choice([-1, 1])
        step = size / (len(along) - 1)
        xs, ys = x + np.cumsum(np.cos(angle)) * step, y + np.cumsum(np.sin(angle)) * step
        thick = random.uniform(*width) * np.sqrt(np.clip(1 - along**2, 0, 1))
        depth = 0.55 + 0.45 * strand / count
        shade = (light[0] + (light[1] - light[0]) * (0.25 + 0.75 * along)) * depth * random.uniform(0.75, 1.15)
        tint = hue + random.normal(0, 0.012), np.clip(saturation + random.normal(0, 0.07), 0, 1)
        for k in range(len(along) - 1):
            colour = tuple(int(255 * min(1, max(0, c))) for c in colorsys.hsv_to_rgb(tint[0] % 1, tint[1], min(1, shade[k])))
            ends = [(FINE * xs[i], FINE * ys[i]) for i in (k, k + 1)]
            draw.line(ends, fill=colour, width=max(1, round(FINE * thick[k])))
    return _inner(picture, margin)


def _inner(picture: Image.Image, margin: int) -> np.ndarray:
    """What was drawn, without its margin, reduced."""
    inner = picture.crop([FINE * margin, FINE * margin, FINE * (margin + SIDE), FINE * (margin + SIDE)])
    return np.asarray(inner.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def short_fur(seed: int = 1) -> np.ndarray:
    """Short dense hairs."""
    return _strands(26000, (9, 17), (0.7, 1.3), 0.2, 0.25, 0, 0.08, 0.45, (0.16, 0.85), 0.22, seed)


def long_fur(seed: int = 1) -> np.ndarray:
    """Long soft hair in locks: the hairs of a lock run together towards its tip, later locks lie on top."""
    locks, hairs, hue, saturation = 4200, 13, 0.08, 0.42
    random = np.random.default_rng(seed)
    margin = 70
    full = (SIDE + 2 * margin) * FINE
    picture = Image.new("RGB", (full, full), (40, 28, 18))
    draw = ImageDraw.Draw(picture)
    phases = random.uniform(0, 2 * np.pi, 4)
    along = np.linspace(0, 1, 16)
    for lock in range(locks):
        x, y = random.uniform(0, SIDE + 2 * margin, 2)
        lies = 0.4 * (np.sin(x / 41 + y / 29 + phases[0]) + np.cos(y / 37 - x / 53 + phases[1]) + 0.5 * np.sin(y / 17 + phases[2])) / 2
        length, wide = random.uniform(34, 60), random.uniform(2.5, 5)
        angle = lies + random.normal(0, 0.1) + random.normal(0, 0.3) * along + 0.16 * np.sin(2 * np.pi * (along + random.uniform()))
        middle = np.cumsum([np.cos(angle), np.sin(angle)], 1) * length / len(along)
        across = np.array([-np.sin(angle), np.cos(angle)])
        bright = (0.62 + 0.38 * lock / locks) * random.uniform(0.85, 1.1)
        tint = hue + random.normal(0, 0.008)
        for place in random.permutation(np.linspace(-1, 1, hairs)):
            together = wide * place * (1 - 0.8 * along**1.3) + random.normal(0, 0.6)
            xs, ys = np.array([[x], [y]]) + middle + across * together + random.uniform(0, 0.3) * middle[:, -1:]
            shade = 0.14 + 0.66 * np.sin(np.pi / 2 * np.clip(1.35 * along, 0, 1))
            shade *= bright * (1 - 0.3 * place**2) * random.uniform(0.85, 1.12)
            thick = random.uniform(0.6, 1.1) * np.sqrt(np.clip(1 - along**3, 0, 1)) * np.clip(0.4 + 3 * along, 0, 1)
            paler = np.clip(saturation + random.normal(0, 0.04), 0, 1)
            for k in range(len(along) - 1):
                colour = tuple(int(255 * c) for c in colorsys.hsv_to_rgb(tint, paler, min(1, shade[k])))
                draw.line([(FINE * xs[i], FINE * ys[i]) for i in (k, k + 1)], fill=colour, width=max(1, round(FINE * thick[k])))
    return _inner(picture, margin)


def curly_wool(seed: int = 1) -> np.ndarray:
    """Tight curls."""
    return _strands(9000, (12, 26), (1.2, 2.4), 3.0, 0.5, 0.38, 0.1, 0.16, (0.25, 0.95), 0, seed)


def blades(seed: int = 1) -> np.ndarray:
    """Long blades of grass."""
    return _strands(5200, (34, 80), (1.6, 3.4), 0.16, 0.4, 0, 0.26, 0.6, (0.1, 0.75), 0.25, seed)
