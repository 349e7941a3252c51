"""Brush strokes cut out of a painting: real ones, turned level, ready to be laid anywhere at any angle.

Stroke-based rendering (Hertzmann 1998, "Painterly Rendering with Curved Brush Strokes of Multiple Sizes") draws strokes of one colour; here
each keeps the bristles and the mixed paint that the painter left in it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from ..arrays.pixels import LUMA
from ..arrays.scale_space import smooth
from .random_fields import white

ANGLES = 24
"""Strokes are turned in so many steps of half a turn."""

KEPT = 96
"""A turned stroke of at most so many pixels to a side is kept for the next that lies so."""

SHAPES = 8
"""So many outlines of strokes are drawn for each width; the strokes take turns."""

RANGE = 0.8
"""How far a stroke's pixels may be from its mean colour, 0 … 1; more is clipped."""

EVEN = 0.055
"""The most that the standard deviation within a stroke may be, 0 … 1: no stroke is black at one end and white at the other."""

UNITS = np.array([RANGE / 127.5] * 3 + [1 / 255], np.float32)[:, None, None]
"""What a level of each plane of a stroke's picture stands for."""

ROOM = 2
"""Pixels around a stroke that are clear, so that its edge can be read between pixels."""


def tensor(luma: np.ndarray) -> np.ndarray:
    """The structure tensor of a plane, pixel by pixel: (gₓ² − g_y², 2·gₓ·g_y, gₓ² + g_y²), `[3, h, w]`."""
    down, across = np.gradient(luma)
    return np.stack([across**2 - down**2, 2 * across * down, across**2 + down**2])


def way(summed: np.ndarray) -> np.ndarray:
    """The angle of the lines in radians, x to the right and y down, of structure tensors `[3, …]` that were summed or smoothed."""
    return 0.5 * np.arctan2(summed[1], summed[0]) + np.pi / 2


def outline(length: float, width: float, softness: float, raggedness: float, number: int) -> np.ndarray:
    """The opacity of a level stroke, `[h, w]` float32 in 0 … 1: rounded, slightly bent, its ends where the bristles leave the canvas.

    `softness`: pixels over which its edge fades; `raggedness`: how far the bristles' ends are apart, 0 … 1; `number`: which outline.
    """
    tall, wide = math.ceil(width) + 2 * ROOM, math.ceil(length) + 2 * ROOM
    y, x = np.mgrid[:tall, :wide].astype(np.float32)
    y, x = y - np.float32((tall - 1) / 2), x - np.float32((wide - 1) / 2)
    draw = white(0, 3, 0, 64, number)
    y = y + (draw[2, 0] - 0.5) * 0.24 * width * ((2 * x / length) ** 2 - 0.3)
    bristle = np.clip((y / width + 0.5) * 24, 0, 31)
    left, right = (length / 2 * (1 - raggedness * 0.4 * np.interp(bristle, np.arange(32), _smoothed(row[:32]))) for row in draw[:2])
    half = width / 2 * np.sqrt(np.clip(1 - (2 * x / (1.2 * length)) ** 2, 0, 1))
    sides = np.clip((half - np.abs(y)) / softness + 0.5, 0, 1)
    ends = np.clip((right - x) / (1.5 * softness) + 0.5, 0, 1) * np.clip((left + x) / (1.5 * softness) + 0.5, 0, 1)
    alpha = (sides * ends).astype(np.float32)
    alpha[[0, -1]] = alpha[:, [0, -1]] = 0
    return alpha


def _smoothed(row: np.ndarray) -> np.ndarray:
    """A row of random numbers, neighbours being alike."""
    return (np.roll(row, 1) + 2 * row + np.roll(row, -1)) / 4


@dataclasses.dataclass(frozen=True, eq=False)
class Strokes:
    """The strokes of one width that were cut out of a painting."""

    pictures: Sequence[Image.Image]
    """Each level: what R, G and B differ by from its mean colour, on mid grey, RANGE to either side; and its opacity. Mode RGBX."""
    colours: np.ndarray
    """Their mean colours, `[n, 3]` float32 in 0 … 1."""
    uneven: np.ndarray
    """`[n]` float32: the standard deviation within each, as it was in the painting: where forms meet it is no one stroke."""
    groups: np.ndarray
    """`[n]` int, 0 … 2: strokes near each other in the painting are of one group."""
    length: float
    width: float

    @classmethod
    def cut(cls, painting: np.ndarray, length: float, width: float, softness: float, raggedness: float,
            places: int) -> Strokes:
        """About so many of a painting `[3, h, w]` float32 in 0 … 1. Raises ValueError for one too small for a stroke."""
        tall, wide = painting.shape[1:]
        margin = math.hypot(length, width) / 2 + 1
        if min(tall, wide) < 3 * margin:
            raise ValueError(f"the painting is too small for strokes {length:.0f} pixels long: {wide}×{tall}")
        angles = way(smooth(tensor(smooth(np.tensordot(LUMA, painting, 1), 1.0)), 0.8 * width))
        step = math.sqrt((tall - 2 * margin) * (wide - 2 * margin) / places)
        rows, columns = (np.arange(margin, n - margin, step) for n in (tall, wide))
        jitter = white(0, 2 * len(rows), 0, len(columns), 1).reshape(2, len(rows), len(columns))
        ys = np.minimum(rows[:, None] + step * jitter[0], tall - 1 - margin).ravel()
        xs = np.minimum(columns[None] + step * jitter[1], wide - 1 - margin).ravel()
        at = np.rint(ys).astype(int), np.rint(xs).astype(int)
        canvas = Image.fromarray(np.rint(255 * painting.transpose(1, 2, 0)).astype(np.uint8))
        opacities = [outline(length, width, softness, raggedness, number) for number in range(SHAPES)]
        pictures, colours, uneven = [], [], []
        for n, (y, x, angle) in enumerate(zip(ys, xs, angles[at], strict=True)):
            picture, colour, deviation = _level(canvas, y, x, float(angle), opacities[n % SHAPES])
            pictures.append(picture)
            colours.append(colour)
            uneven.append(deviation)
        block = 2 * length
        groups = ((ys // block).astype(int) + 2 * (xs // block).astype(int)) % 3
        return cls(pictures, np.array(colours, np.float32), np.array(uneven, np.float32), groups, length, width)


def _level(canvas: Image.Image, y: float, x: float, angle: float, opacity: np.ndarray) -> tuple[Image.Image, np.ndarray, float]:
    """A stroke around a place of a painting, turned level; its mean colour; and how uneven it was."""
    tall, wide = opacity.shape
    cosine, sine = math.cos(angle), math.sin(angle)
    turned = canvas.transform((wide, tall), Image.Transform.AFFINE,
                              (cosine, -sine, x + 0.5 - cosine * wide / 2 + sine * tall / 2,
                               sine, cosine, y + 0.5 - sine * wide / 2 - cosine * tall / 2), Image.Resampling.BILINEAR)
    pixels = np.asarray(turned, np.float32) / 255
    colour = (opacity[..., None] * pixels).sum((0, 1)) / opacity.sum()
    fine = pixels - colour
    uneven = math.sqrt((opacity[..., None] * np.square(fine)).sum() / opacity.sum() / 3)
    fine *= min(1, EVEN / max(uneven, 1e-6))
    rgba = np.empty((tall, wide, 4), np.uint8)
    rgba[..., :3] = np.clip(np.rint(127.5 + 127.5 / RANGE * fine), 0, 255)
    rgba[..., 3] = np.rint(255 * opacity)
    return Image.frombytes("RGBX", (wide, tall), rgba.tobytes()), colour, uneven  # RGBA would be multiplied by its opacity and back


class Brush:
    """Strokes of one width in one size, turned as they are asked for."""

    def __init__(self, strokes: Strokes, size: float):
        """`size`: so many times as large as in the painting."""
        self.strokes, self._size = strokes, size
        self._turned: dict[tuple[int, int], np.ndarray] = {}
        """Once turned, a stroke is kept: others like it follow."""

    def _picture(self, number: int, step: int) -> np.ndarray:
        """A stroke turned by `step` of ANGLES parts of half a turn, `[4, h, w]` uint8."""
        found = self._turned.get((number, step))
        if found is None:
            stroke, size = self.strokes.pictures[number], self._size
            angle = math.pi * step / ANGLES
            cosine, sine = math.cos(angle), math.sin(angle)
            wide, tall = (math.ceil(size * (abs(a) * stroke.width + abs(b) * stroke.height)) for a, b in ((cosine, sine), (sine, cosine)))
            a, b = cosine / size, sine / size
            turned = stroke.transform((wide, tall), Image.Transform.AFFINE,
                                      (a, b, (stroke.width - a * wide - b * tall) / 2,
                                       -b, a, (stroke.height + b * wide - a * tall) / 2), Image.Resampling.BILINEAR)
            found = np.ascontiguousarray(np.asarray(turned).transpose(2, 0, 1))
            if max(wide, tall) <= KEPT:
                self._turned[number, step] = found
        return found

    def lay(self, canvas: np.ndarray, number: int, y: float, x: float, angle: float, colour: np.ndarray) -> None:
        """Lay a stroke on a canvas `[3, h, w]` float32: its middle at (y, x), turned by `angle` (radians, x to the right and y down), in
        that mean colour, `[3, 1, 1]`."""
        step = round(angle / math.pi * ANGLES)
        picture = self._picture(number, step % ANGLES)
        if step // ANGLES % 2:
            picture = picture[:, ::-1, ::-1]
        tall, wide = picture.shape[1:]
        above, before = round(y - tall / 2), round(x - wide / 2)
        top, bottom, left, right = max(0, above), min(canvas.shape[1], above + tall), max(0, before), min(canvas.shape[2], before + wide)
        if top >= bottom or left >= right:
            return
        paint = picture[:, top - above:bottom - above, left - before:right - before] * UNITS
        part = canvas[:, top:bottom, left:right]
        opacity = paint[3]
        paint = paint[:3]
        paint += colour - np.float32(RANGE)
        paint -= part
        paint *= opacity
        part += paint
