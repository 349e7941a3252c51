"""A material by example: by-example noise with histogram-preserving blending (Heitz and Neyret 2018), turned along a field of directions.

Each vertex of a triangle lattice takes a patch of the sample at a place of its own, turned by the direction there; three patches are
blended at every pixel. Nothing is learnt but the sample's colours, and every pixel is a function of its coordinates.
"""

from __future__ import annotations

import math

import numpy as np

from ..analysis.flow import Field
from ..arrays import tiling
from . import lattice
from .sample import Sample


def field_of_angles(field: Field | None, y: float, x: np.ndarray, shape: tuple[int, int], times: int) -> np.ndarray:
    """θ in radians, counter-clockwise, at places (y, x), those outside the picture being moved to its edge."""
    if field is None:
        return np.zeros(len(x), np.float32)
    row = np.array([min(max(round(y), 0), shape[0] - 1)])
    columns = np.clip(np.rint(x).astype(int), 0, shape[1] - 1)
    cosine, sine = field.planes(row, columns)
    return np.arctan2(sine[0], cosine[0]) / times


def material(sample: Sample, window: tiling.Tile, shape: tuple[int, int], cell: float, size: float, field: Field | None, times: int,
             seed: int) -> np.ndarray:
    """The residual of a material over a window of a picture of that `shape`: R, G, B `[3, h, w]` float32, mean 0.

    `cell`: the lattice's, in pixels of the sample; `size`: features so many times as large as in the sample. `field`: by which angles it
    is turned (times · θ).
    """
    top, bottom, left, right = window
    tall, wide = sample.gaussian.shape[1:]
    blended = np.zeros((3, bottom - top, right - left), np.float32)
    power = np.zeros(blended.shape[1:], np.float32)
    reach, margin = cell * size, cell + 2
    whole = field is None and size == 1  # pixels fall onto the sample's
    for j, columns in lattice.vertices(top, bottom, left, right, reach):
        y, xs = lattice.place(columns, j, reach)
        a, b = max(top, math.ceil(y - reach)), min(bottom, math.floor(y + reach) + 1)
        if a >= b:
            continue
        down = np.arange(a, b) - y
        angles = field_of_angles(field, y, xs, shape, times)
        places = [margin + lattice.drawn(columns, j, k, seed).astype(np.float64) * (n - 1 - 2 * margin) for k, n in ((0, tall), (1, wide))]
        for x, angle, from_top, from_left in zip(xs, angles, *places, strict=True):
            c, d = max(left, math.ceil(x - reach)), min(right, math.floor(x + reach) + 1)
            if c >= d:
                continue
            across = np.arange(c, d) - x
            weight = lattice.hat(down, across, reach)
            weight *= weight
            if whole:
                first, begin = round(from_top - y) + a, round(from_left - x) + c
                patch = sample.gaussian[:, first:first + b - a, begin:begin + d - c]
            else:
                cosine, sine = math.cos(angle) / size, math.sin(angle) / size
                patch = bilinear(sample.gaussian, (from_top + cosine * down)[:, None] + sine * across,
                                 (from_left - sine * down)[:, None] + cosine * across)
            box = np.s_[a - top:b - top, c - left:d - left]
            blended[:, *box] += weight * patch
            weight *= weight
            power[box] += weight
    blended /= np.sqrt(power)
    if not whole:
        blended *= sample.between[:, None, None]
    return sample.back(blended)


def bilinear(planes: np.ndarray, v: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Planes `[3, h, w]` at places (v, u) between pixels; those outside are moved to the edge."""
    tall, wide = planes.shape[1:]
    v, u = np.clip(v, 0, tall - 1.001), np.clip(u, 0, wide - 1.001)
    i, j = v.astype(np.int32), u.astype(np.int32)
    down, across = (v - i).astype(np.float32), (u - j).astype(np.float32)
    at = i * wide + j
    corners = [(at, (1 - down) * (1 - across)), (at + 1, (1 - down) * across), (at + wide, down * (1 - across)),
               (at + wide + 1, down * across)]
    return np.stack([sum(weight * flat.take(index) for index, weight in corners) for flat in planes.reshape(3, -1)])
