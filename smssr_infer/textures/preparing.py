"""A piece of a picture as a material's sample: its fine structure without lighting, and the way that it lies."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from PIL import Image

from ..arrays.pixels import LUMA
from ..arrays.scale_space import TRUNCATE, smooth

LEAST, MOST = 64, 320
"""Sides of a sample, in pixels: smaller ones repeat, larger ones are cut."""

ENOUGH = 160
"""Pixels a side from which on a sample has enough places to choose from."""

STROKE = 16.0
"""Width of a painting's widest strokes, in pixels, where nobody says otherwise."""

PAINTING = 900
"""A painting is reduced to so many pixels on its longer side."""

PIECE = 512
"""So many of them, to a side, are kept: a few hundred strokes."""

CELL = 0.22
"""The lattice's cell as a share of the sample's shorter side: patches overlap by twice that and still have places to choose from."""
LEAST_CELL, MOST_CELL = 14.0, 64.0

DEVIATIONS = 4.0
"""So many standard deviations of the fine structure fit into the file's 8 bits; the rest is clipped."""

EVENED = 16.0
"""Places of so many pixels (σ of a Gaussian) are made equally strong: a landmark would be seen again and again."""
LOUDEST = 3.0
ROUNDS = 2

TURNS = 0.25
"""A structure tensor of this coherence, 0 … 1, or more has a direction."""


@dataclasses.dataclass(frozen=True)
class Prepared:
    """A sample ready to be written."""

    pixels: np.ndarray
    """`[h, w, 3]` uint8: the fine structure on mid grey, in whatever contrast fills 8 bits."""
    contrast: float
    """Standard deviation of its luma in the picture, in 0 … 1."""
    lies: float
    """The angle of its lines, degrees counter-clockwise from level."""
    coherence: float
    """How much of its structure lies that way, 0 … 1."""
    cell: float
    """Side of the lattice's triangles, in pixels."""


def direction(luma: np.ndarray) -> tuple[float, float]:
    """The angle of the lines of a plane, degrees counter-clockwise from level, and their coherence (structure tensor)."""
    down, across = np.gradient(smooth(luma, 1.0).astype(np.float64))
    cosine, sine, power = (down**2 - across**2).sum(), 2 * (across * down).sum(), (across**2 + down**2).sum()
    return float(np.degrees(np.arctan2(sine, cosine)) / 2), float(np.hypot(cosine, sine) / (power + 1e-12))


def evened(fine: np.ndarray, repeats: bool = False) -> np.ndarray:
    """Fine structure `[3, h, w]` with about the same standard deviation in every place, as far as LOUDEST times in each of ROUNDS go.

    `repeats`: of a sample that is laid edge to edge.
    """
    around = math.ceil(TRUNCATE * EVENED) if repeats else 0
    for _ in range(ROUNDS):
        power = np.pad((fine**2).mean(0), around, mode="wrap")
        local = np.sqrt(smooth(power, EVENED))[around:around + fine.shape[1], around:around + fine.shape[2]]
        fine = fine * np.clip(np.sqrt((fine**2).mean()) / (local + np.float32(1e-6)), 1 / LOUDEST, LOUDEST)
    return fine


def lighting(picture: np.ndarray) -> float:
    """σ, in pixels, of what is taken for lighting in a sample `[h, w, …]` of which nothing else is known."""
    return float(np.clip(0.04 * min(picture.shape[:2]), 4, 12))


def prepare_painting(picture: np.ndarray) -> np.ndarray:
    """The piece of a painting `[h, w, 3]` uint8 that strokes are cut out of: its middle, once it is as large as a painting is taken.

    Raises ValueError, in one line, for one of fewer than 2·LEAST pixels a side.
    """
    height, width = picture.shape[:2]
    reduced = Image.fromarray(picture)
    if (by := PAINTING / max(height, width)) < 1:
        reduced = reduced.resize((round(by * width), round(by * height)), Image.Resampling.LANCZOS)
    if min(reduced.size) < 2 * LEAST:
        raise ValueError(f"a painting needs at least {2 * LEAST} pixels a side, not {width}×{height}")
    return piece(reduced)


def piece(painting: Image.Image) -> np.ndarray:
    """The middle of a painting, PIECE pixels to a side at most: `[h, w, 3]` uint8."""
    left, top = (max(0, n - PIECE) // 2 for n in painting.size)
    return np.asarray(painting.crop((left, top, min(painting.width, left + PIECE), min(painting.height, top + PIECE))))


def whole(picture: np.ndarray) -> Prepared:
    """The sample of a structured material: a picture `[h, w, 3]` uint8 that repeats."""
    planes = picture.astype(np.float32).transpose(2, 0, 1) / 255
    mean = planes.mean((1, 2), keepdims=True)
    pixels = np.clip(np.rint(255 * (mean + evened(planes - mean, repeats=True))), 0, 255).astype(np.uint8)
    return Prepared(pixels.transpose(1, 2, 0), float(np.tensordot(LUMA, planes, 1).std()), 0.0, 1.0, LEAST_CELL)


def prepare(picture: np.ndarray, sigma: float, cell: float | None = None) -> Prepared:
    """The sample of a picture `[h, w, 3]` uint8, its middle if it is larger than MOST.

    `sigma`: what is coarser than a Gaussian of so many pixels is lighting and is taken out. `cell`: of the lattice; None for a share of the
    sample's side. Raises ValueError, in one line, for a picture smaller than LEAST or without any structure.
    """
    height, width = picture.shape[:2]
    if min(height, width) < LEAST:
        raise ValueError(f"a material needs a sample of at least {LEAST}×{LEAST} pixels, not {width}×{height}")
    top, left = (max(0, n - MOST) // 2 for n in (height, width))
    planes = picture[top:top + MOST, left:left + MOST].astype(np.float32).transpose(2, 0, 1) / 255
    rows, columns = planes.shape[1:]
    fine = planes - smooth(planes, sigma)
    luma = np.tensordot(LUMA, fine, 1)
    contrast = float(luma.std())
    if contrast < 1 / 255:
        raise ValueError("there is no texture here: the sample is flat")
    fine = evened(fine)
    luma = np.tensordot(LUMA, fine, 1)
    pixels = np.clip(np.rint(127.5 + 127.5 / (DEVIATIONS * fine.std()) * fine), 0, 255).astype(np.uint8)
    lies, coherence = direction(luma)
    return Prepared(pixels.transpose(1, 2, 0), contrast, lies, coherence,
                    cell or float(np.clip(CELL * min(rows, columns), LEAST_CELL, MOST_CELL)))
