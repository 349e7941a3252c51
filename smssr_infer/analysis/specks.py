"""Candidates for dust, hairs and scratches: small or thin things much brighter or darker than all around them; and hot pixels."""

from __future__ import annotations

import numpy as np

from ..arrays import stopping
from ..arrays.pixels import Picture, luma
from ..runtime import Runtime
from .hot_pixels import hot
from .measurements import Measurements
from .salt import REACH, salt

WEAKEST, STRONGEST = 0.4, 0.08
"""What a speck must differ by from its surroundings, in 0 … 1 of luma, at sensitivity 0 and 1."""

BUSY = 4.0
"""And by so many times what the surroundings themselves vary by, so that leaves and hair are left alone: somewhere in each piece."""

FAINTER, FAINT_BUSY = 0.6, 2.4
"""The rest of a piece is found from this share of the difference on, and from so many times what varies around it."""

USUAL = 6
"""How wide specks mostly are, in pixels: where wider ones are looked for, these are found as well."""

LEAST = 3
"""Pixels of the smallest piece."""

GROWN = 1
"""Pixels that a candidate is grown by: a speck has a soft edge."""

SLENDER, THINNEST = 3, 3
"""A line is so many times as long as it is wide, or as THINNEST pixels."""

KINDS = ("all", "lines", "specks")


def specks(picture: Picture, sensitivity: float = 0.5, size: int = 6, kind: str = "all", longest: int = 0,
           whole: Measurements | None = None) -> np.ndarray:
    """Where a picture may have specks, bool `[H, W]`, to be looked through by the user.

    `sensitivity`: 0 … 1; `size`: the widest that they may be, in pixels, 1 … 12; `kind`: one of KINDS, lines being hairs and scratches;
    `longest`: how many pixels long they may be at most, 0 for any length. Hot pixels, and salt and pepper, are specks of any sensitivity.
    `whole`: what is measured of the whole picture, where this is a part of it. Raises ValueError.
    """
    from scipy import ndimage  # a quarter of a second to import, and seldom needed

    if not 0 <= sensitivity <= 1:
        raise ValueError(f"the sensitivity must lie in 0 … 1, not {sensitivity:g}")
    if not 1 <= size <= 12:
        raise ValueError(f"the size of specks must lie in 1 … 12 pixels, not {size}")
    if kind not in KINDS:
        raise ValueError(f"what is looked for is one of {', '.join(KINDS)}, not {kind!r:.60}")
    if longest < 0:
        raise ValueError(f"specks are at least 0 pixels long, not {longest}")
    colours = picture.read(0, picture.shape[0], 0, picture.shape[1])[:picture.colours]
    y = luma(colours)
    least = WEAKEST * (STRONGEST / WEAKEST) ** sensitivity
    found = np.zeros(y.shape, bool)
    for widest in sorted({min(size, USUAL), size}):  # the wider, the farther are the surroundings that a small one may drown in
        for plane in (y, 1 - y):  # bright ones, then dark ones
            stopping.check()
            found |= _pieces(plane, widest, least, kind, longest)
    if kind != "lines":
        found |= _single_pixels(colours, whole or Measurements(picture, Runtime()))
    return ndimage.binary_dilation(found, np.ones((3, 3)), GROWN)


def _pieces(plane: np.ndarray, size: int, least: float, kind: str, longest: int) -> np.ndarray:
    """Where a plane `[H, W]` is brighter than all around it, in pieces of a kind: bool `[H, W]`; `least`: what they differ by."""
    from scipy import ndimage

    square = 2 * size + 1
    opened = ndimage.grey_opening(plane, (size + 1, size + 1))  # without what is small, or thin and as long as it likes
    above = plane - ndimage.grey_dilation(opened, (2 * square, 2 * square))  # against the brightest of the surroundings
    busy = ndimage.uniform_filter(np.abs(plane - opened), 4 * square)
    pieces, count = ndimage.label(above > np.maximum(FAINTER * least, FAINT_BUSY * busy), np.ones((3, 3)))
    areas = np.bincount(pieces.ravel(), minlength=count + 1)
    clear = np.bincount(pieces[above > np.maximum(least, BUSY * busy)], minlength=count + 1)
    wanted = (clear > 0) & (areas >= LEAST)
    wanted[0] = False
    if kind != "all" or longest:
        sides = np.array([0, *(max(part.stop - part.start for part in box) for box in ndimage.find_objects(pieces))])
        lines = sides >= SLENDER * np.maximum(THINNEST, areas / np.maximum(sides, 1))
        wanted &= {"all": True, "lines": lines, "specks": ~lines}[kind] & ((sides <= longest) | (not longest))
    return wanted[pieces]


def _single_pixels(colours: np.ndarray, whole: Measurements) -> np.ndarray:
    """Where colours `[1 or 3, H, W]` have hot pixels or, if the picture has any, salt and pepper: bool `[H, W]`; too small to be pieces."""
    planes = np.pad(colours, ((0, 0), (REACH, REACH), (REACH, REACH)), "symmetric")
    found = np.zeros(colours.shape[1:], bool)
    if whole.salted:
        found |= (salt(planes, whole.salted) != 0).any(0)
    if len(colours) == 3:
        sigma = whole.degradation.sigma
        found |= hot(planes[:, REACH - 1:1 - REACH, REACH - 1:1 - REACH], (sigma.luma + sigma.chroma) / 255).any(0)
    return found
