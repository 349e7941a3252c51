"""Salt and pepper: pixels, or single colours of them, that became white or black.

Where few are, such a pixel lies beyond its neighbours by more than they differ among themselves. Where many are, they touch, and what
tells them from white and black that belong there is that those are many in one place or stand in a line. Drawn dots look the same: a
picture is taken for salted and peppered only where both are common everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source
from .hot_pixels import around, beyond

EXTREME = 5 / 255
"""Salt is as near to white, and pepper to black."""

REACH = 2
"""Pixels around one that tell whether it is salt or pepper."""

SURFACE = 11
"""Of the 25 pixels around one so many that are as white, or as black, are a part of the picture."""

BY_CHANCE = 0.01
"""As many of the eight neighbours may be salt, too, as would be surpassed by chance in this share of places."""

COMMON = 0.001
"""The share of the pixels from which on salt and pepper that lie beyond their neighbours are common."""
BALANCED = 0.2
"""The rarer kind is at least this share of the other."""
CALM = 10 / 255
"""The median of how far pixels are from the mean of their four neighbours, up to which there can be salt and pepper: strong noise reaches
white and black, too, and is the network's."""

DENSE, DENSE_BALANCED, DENSE_CALM = 0.01, 0.3, 14 / 255
"""The same where salt and pepper may touch; neighbours that are white or black don't count for how calm it is."""
CONTRAST = 0.2
"""And they lie so far from their neighbours, in the median, 0 … 1."""
EVERYWHERE = 0.3
"""And where there are fewest, there are at least this share of their median."""

FILLING = 0.6
"""σ in pixels of the Gaussian by which neighbours stand in for salt and pepper: 1 to 10 dB better than medians (measured)."""

WINDOW, WINDOWS = 240, 3
"""Side of the windows that are looked at, and how many of them, at most, down and across a picture."""


def _sums(marked: np.ndarray, reach: int) -> np.ndarray:
    """How many are marked in the square around each pixel, itself among them: `[C, h, w]` → `[C, h − 2·reach, w − 2·reach]`."""
    count = 2 * reach + 1
    height, width = (n - 2 * reach for n in marked.shape[1:])
    rows = np.add.reduce([marked[:, k:k + height].view(np.uint8) for k in range(count)], dtype=np.uint8)
    return np.add.reduce([rows[:, :, k:k + width] for k in range(count)], dtype=np.uint8)


def _shifted(planes: np.ndarray, down: int, across: int) -> np.ndarray:
    """The neighbours of all pixels but the REACH outermost."""
    height, width = planes.shape[1:]
    return planes[:, REACH + down:height - REACH + down, REACH + across:width - REACH + across]


def _alike(share: float) -> int:
    """How many of eight neighbours may be salt where a `share` of all pixels is."""
    likely = 0.0
    for count in range(9):
        likely += math.comb(8, count) * share**count * (1 - share) ** (8 - count)
        if likely > 1 - BY_CHANCE:
            return count
    return 8


def salt(planes: np.ndarray, share: float) -> np.ndarray:
    """1 where there is salt, −1 where there is pepper, else 0: `int8 [C, h, w]`.

    `planes` `[C, h + 2·REACH, w + 2·REACH]` in 0 … 1, of a picture of whose pixels a `share` is salt or pepper.
    """
    found = np.zeros(_shifted(planes, 0, 0).shape, np.int8)
    alike = _alike(share / 2)
    for kind, extreme in ((1, planes >= 1 - EXTREME), (-1, planes <= EXTREME)):
        near = _sums(extreme, 1)[:, REACH - 1:1 - REACH, REACH - 1:1 - REACH]
        alone = _shifted(extreme, 0, 0) & (near <= alike + 1) & (_sums(extreme, REACH) < SURFACE)
        if alike > 1:  # less is no line
            for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
                line = np.logical_and.reduce([_shifted(extreme, k * down, k * across) for k in range(-REACH, REACH + 1)])
                alone &= ~line
        found[alone] = kind
    return found


def _share(windows: Sequence[np.ndarray]) -> tuple[float, list[np.ndarray]]:
    """The share of salt and pepper in windows as of `salt`, and where it is."""
    share = 0.0
    while True:
        found = [salt(planes, share) for planes in windows]
        more = sum(np.count_nonzero(part) for part in found) / sum(part.size for part in found)
        if _alike(more / 2) <= _alike(share / 2):
            return more, found
        share = more


def _grey_around(planes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which pixels are neither white nor black, and how far all are from the mean of such neighbours, NaN where fewer than two are."""
    grey = (planes > EXTREME) & (planes < 1 - EXTREME)
    near = ((0, 1), (0, -1), (1, 0), (-1, 0))
    count = np.add.reduce([_shifted(grey, *at).astype(np.float32) for at in near])
    total = np.add.reduce([_shifted(planes * grey, *at) for at in near])
    return _shifted(grey, 0, 0), np.where(count > 1, np.abs(_shifted(planes, 0, 0) - total / np.maximum(count, 1)), np.nan)


def _balanced(found: Sequence[np.ndarray], share: float, rarer: float) -> bool:
    """Whether of all pixels a `share` is salt or pepper, and the rarer kind at least `rarer` times the other."""
    bright, dark = (sum(int((part == kind).sum()) for part in found) for kind in (1, -1))
    return min(bright, dark) >= share / 2 * sum(part.size for part in found) and min(bright, dark) >= rarer * max(bright, dark)


def _sparse(windows: Sequence[np.ndarray]) -> bool:
    """Whether there is salt and pepper, each far beyond its neighbours."""
    inner = [planes[:, REACH - 1:1 - REACH, REACH - 1:1 - REACH] for planes in windows]
    rough = [float(np.median(np.abs(planes[:, 1:-1, 1:-1] - around(planes)))) for planes in inner]
    found = []
    for planes in inner:
        out, centre = beyond(planes, 1), planes[:, 1:-1, 1:-1]
        found.append(((out > 0) & (centre >= 1 - EXTREME)).astype(np.int8) - ((out < 0) & (centre <= EXTREME)).astype(np.int8))
    return float(np.median(rough)) <= CALM and _balanced(found, COMMON, BALANCED)


def _dense(windows: Sequence[np.ndarray], found: Sequence[np.ndarray]) -> bool:
    """Whether what was `found` in windows is salt and pepper that may touch."""
    shares = [np.count_nonzero(part) / part.size for part in found]
    if not _balanced(found, DENSE, DENSE_BALANCED) or min(shares) < EVERYWHERE * np.median(shares):
        return False
    rough, contrast = [], []
    for planes, part in zip(windows, found, strict=True):
        grey, off = _grey_around(planes)
        rough.append(off[grey & ~np.isnan(off)])
        contrast.append(off[(part != 0) & ~np.isnan(off)])
    of_picture, of_salt = (np.concatenate(parts) for parts in (rough, contrast))
    return bool(of_picture.size and of_salt.size and np.median(of_picture) <= DENSE_CALM and np.median(of_salt) >= CONTRAST)


def salted(source: Source) -> float:
    """The share of a picture's pixels that is salt or pepper, by up to 3×3 windows spread over it; 0 where it has none."""
    windows = [source.read(*window)[:source.colours] for window in tiling.spread(*source.shape, WINDOW, WINDOWS)]
    windows = [planes for planes in windows if min(planes.shape[1:]) > 2 * REACH]
    if not windows:
        return 0.0
    share, found = _share(windows)
    return float(share) if _sparse(windows) or _dense(windows, found) else 0.0


def filled(planes: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """`planes` `[C, h + 2·REACH, w + 2·REACH]` with the Gaussian mean of what is not `marked` around what is: `[C, h, w]`.

    `marked`: bool, of the same shape as the planes.
    """
    total = weights = np.zeros(1, np.float32)
    for down in range(-REACH, REACH + 1):
        for across in range(-REACH, REACH + 1):
            weight = np.float32(math.exp(-(down**2 + across**2) / (2 * FILLING**2))) * ~_shifted(marked, down, across)
            total = total + weight * _shifted(planes, down, across)
            weights = weights + weight
    own = _shifted(planes, 0, 0)
    return np.where(_shifted(marked, 0, 0) & (weights > 0), total / np.where(weights > 0, weights, 1), own)
