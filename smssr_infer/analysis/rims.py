"""How far a scratch goes beyond what was marked of it: its soft rim, which would stay as a ghost of it when the rest is filled."""

from __future__ import annotations

import numpy as np

from ..arrays import stopping
from ..arrays.holes import REACH, smooth
from ..arrays.pixels import Picture
from ..arrays.scale_space import gaussian, radius, separable

MOST = 3
"""Pixels that a mark is grown by at most."""

SHARE = 0.06
"""A pixel is of the rim where it has so much of what the scratch beside it differs by from what is around."""

ABOVE = 0.8
"""And so many times what the surroundings differ by from themselves, in that colour."""

NEAR, AROUND = 3.0, 6.0
"""σ, in pixels, over which the scratch's own difference and that of its surroundings are averaged."""

CLEAR = 3.0
"""A scratch that differs by less than so many times what its surroundings do can be told from them by nobody."""

LOCAL, TIGHT = 12.0, 0.55
"""A mark is too tight where its own edge, over this σ, differs by so much of what the scratch does: one with room around it ends beyond."""

FINE = 0.8
"""σ over which a rim has to be seen, too: noise is not."""

TILE = 256
MARGIN = REACH + radius(LOCAL) + MOST + 1


def with_rims(picture: Picture, marked: np.ndarray) -> np.ndarray:
    """Marks (bool `[H, W]`) with the soft rims of what they mark, as far as those are seen in the picture; at most MOST pixels wider."""
    height, width = marked.shape
    grown = marked.copy()
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            bottom, right = min(height, top + TILE), min(width, left + TILE)
            a, b, c, d = max(0, top - MARGIN), min(height, bottom + MARGIN), max(0, left - MARGIN), min(width, right + MARGIN)
            near = marked[max(0, top - MOST):bottom + MOST, max(0, left - MOST):right + MOST]
            if near.any() and not marked[a:b, c:d].all():
                stopping.check()
                part = _grown(picture.read(a, b, c, d)[:picture.colours], marked[a:b, c:d])
                grown[top:bottom, left:right] = part[top - a:bottom - a, left - c:right - c]
    return grown


def _grown(planes: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """Marks with their rims, of a part that is held at once."""
    known = ~_dilated(marked, MOST + 1)
    guess = smooth(planes, known)
    difference = planes - guess
    of_mark = _mean(difference, marked * (difference ** 2).sum(0), NEAR)
    strength = np.sqrt((of_mark ** 2).sum(0)) + np.float32(1e-6)
    towards = of_mark / strength
    along = (difference * towards).sum(0)
    own = _mean(planes, known, AROUND) - planes
    varies = np.sqrt(_mean((own * towards).sum(0, keepdims=True) ** 2, known, AROUND)[0])
    along = np.minimum(along, _mean(along[None], np.ones_like(known), FINE)[0])
    rim = along > np.maximum(SHARE * strength, ABOVE * varies)
    edge = marked & _dilated(~marked, 1)
    tight = (_mean((along / strength)[None], edge, LOCAL)[0] > TIGHT) & (strength > CLEAR * varies)
    grown = edge & rim & tight
    for _ in range(MOST):  # outwards
        grown = _dilated(grown, 1) & rim & tight
    return marked | grown


def _mean(planes: np.ndarray, where: np.ndarray, sigma: float) -> np.ndarray:
    """The mean of planes around each pixel, of the pixels in `where` alone; 0 where there are none."""
    height, width = where.shape
    parts = np.concatenate([planes * where, where[None]]).astype(np.float32)
    blurred = separable(parts, gaussian(height, sigma), gaussian(width, sigma), (0, height), (0, width))
    return blurred[:-1] / np.maximum(blurred[-1], np.float32(1e-9))


def _dilated(mask: np.ndarray, pixels: int) -> np.ndarray:
    """A mask grown by so many pixels in all eight directions."""
    for axis in (0, 1):
        wide = np.pad(mask, [(pixels, pixels) if i == axis else (0, 0) for i in (0, 1)])
        size = mask.shape[axis]
        mask = np.logical_or.reduce([np.take(wide, range(start, start + size), axis) for start in range(2 * pixels + 1)])
    return mask
