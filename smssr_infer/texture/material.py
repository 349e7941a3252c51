"""A material by example: by-example noise with histogram-preserving blending (Heitz and Neyret 2018), turned along a field of directions.

Each vertex of a triangle lattice takes a patch of the sample at a place of its own, turned by the direction there; three patches are
blended at every pixel. Nothing is learnt but the sample's colours, and every pixel is a function of its coordinates.
"""

from __future__ import annotations

import numpy as np

from ..planes import tiling
from . import lattice
from .direction import Field
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
    tall, wide = sample.gaussian.shape[:2]
    flat = sample.gaussian.reshape(-1, 3)
    blended = np.zeros(((bottom - top) * (right - left), 3), np.float32)
    power = np.zeros(len(blended), np.float32)
    reach, margin = cell * size, cell + 2
    whole = field is None and size == 1  # pixels fall onto the sample's
    for j, columns in lattice.vertices(top, bottom, left, right, reach):
        y, xs = lattice.place(columns, j, reach)
        a, b = max(top, int(np.ceil(y - reach))), min(bottom, int(np.floor(y + reach)) + 1)
        if a >= b:
            continue
        down = np.arange(a, b) - y
        angles = field_of_angles(field, y, xs, shape, times)
        places = [margin + lattice.drawn(columns, j, k, seed).astype(np.float64) * (n - 1 - 2 * margin) for k, n in ((0, tall), (1, wide))]
        for x, angle, from_top, from_left in zip(xs, angles, *places, strict=True):
            c, d = max(left, int(np.ceil(x - reach))), min(right, int(np.floor(x + reach)) + 1)
            if c >= d:
                continue
            across = np.arange(c, d) - x
            weight = lattice.hat(down, across, reach)
            weight *= weight
            at = np.flatnonzero(weight)
            if not len(at):
                continue
            rows, cols = np.divmod(at, d - c)
            if whole:
                from_top, from_left = round(from_top - y) + y, round(from_left - x) + x
            cosine, sine = np.cos(angle) / size, np.sin(angle) / size
            v = (from_top + cosine * down).astype(np.float32)[rows] + (sine * across).astype(np.float32)[cols]
            u = (from_left + cosine * across).astype(np.float32)[cols] - (sine * down).astype(np.float32)[rows]
            weight = weight.ravel()[at]
            target = (rows + (a - top)) * (right - left) + (cols + (c - left))
            blended[target] += weight[:, None] * bilinear(flat, wide, v, u)
            power[target] += weight * weight
    blended *= (1 if whole else sample.between) / np.sqrt(power)[:, None]
    return sample.back(blended).T.reshape(3, bottom - top, right - left)


def bilinear(flat: np.ndarray, wide: int, v: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Rows of `flat` `[h·wide, 3]` at places (v, u) between pixels."""
    i, j = v.astype(np.int32), u.astype(np.int32)
    v, u = (v - i)[:, None], (u - j)[:, None]
    at = i * wide + j
    first = flat[at]
    above = first + (flat[at + 1] - first) * u
    at += wide
    first = flat[at]
    return above + (first + (flat[at + 1] - first) * u - above) * v
