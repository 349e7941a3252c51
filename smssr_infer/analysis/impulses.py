"""Impulse noise: salt and pepper, and hot pixels. Single pixels that stand out of all that is around them.

A pixel is an impulse where it lies beyond its neighbours by more than they differ among themselves. Dots that were drawn look the same,
so a picture is taken for salted and peppered only where white and black impulses are both common, and a hot pixel stands out in one colour
alone.
"""

from __future__ import annotations

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source

LEAST = 24 / 255
"""An impulse lies at least so far beyond its neighbours, 0 … 1."""

HOT = 40 / 255
"""A hot pixel does so in its own colour."""
NOISY = 6.0
"""And by so many standard deviations of the picture's noise."""
ALONE = 0.35
"""The other colours stand out by at most this share of that."""

EXTREME = 5 / 255
"""Salt is as near to white, and pepper to black."""

COMMON = 0.001
"""The share of pixels from which on impulses are common."""
BALANCED = 0.2
"""Bright and dark ones are so by themselves, and the rarer kind is at least this share of the other."""

CALM = 10 / 255
"""The median of how far pixels are from the mean of their four neighbours, up to which there can be salt and pepper: strong noise reaches
white and black, too, and is the network's."""

WINDOW, WINDOWS = 240, 3
"""Side of the windows that are looked at, and how many of them, at most, down and across a picture."""


def beyond(planes: np.ndarray, others: int) -> np.ndarray:
    """How far each pixel lies beyond its neighbours, above 0 for bright ones and below 0 for dark, 0 where it is no impulse: `[C, h, w]`.

    `planes` `[C, h + 2, w + 2]` in 0 … 1; `others`: how many of the eight neighbours may be impulses themselves, 0 or 1.
    """
    centre = planes[:, 1:-1, 1:-1]
    height, width = centre.shape[1:]
    highest = second = np.full_like(centre, -np.inf)
    lowest = third = np.full_like(centre, np.inf)
    for down in range(3):
        for across in range(3):
            if (down, across) != (1, 1):
                near = planes[:, down:down + height, across:across + width]
                second, highest = np.maximum(second, np.minimum(highest, near)), np.maximum(highest, near)
                third, lowest = np.minimum(third, np.maximum(lowest, near)), np.minimum(lowest, near)
    top, bottom = (second, third) if others else (highest, lowest)
    least = np.maximum(np.float32(LEAST), top - bottom)
    above, below = centre - top, bottom - centre
    return np.where(above > least, above, 0) - np.where(below > least, below, 0)


def _around(planes: np.ndarray) -> np.ndarray:
    """The mean of the four nearest neighbours, `[C, h, w]`."""
    return (planes[:, :-2, 1:-1] + planes[:, 2:, 1:-1] + planes[:, 1:-1, :-2] + planes[:, 1:-1, 2:]) / 4


def hot(planes: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """Where one colour is hot, bool `[3, h, w]`; `planes` as of `beyond`, in colour; `noise`: its standard deviation, 0 … 1."""
    found = beyond(planes, 0)
    centre = planes[:, 1:-1, 1:-1]
    off = np.abs(centre - _around(planes))
    rest = np.stack([np.maximum(off[(c + 1) % 3], off[(c + 2) % 3]) for c in range(3)])
    return (found > max(HOT, NOISY * noise)) & (rest < ALONE * off)


def salt(planes: np.ndarray) -> np.ndarray:
    """1 where there is salt, −1 where there is pepper, else 0: `[C, h, w]`; `planes` as of `beyond`."""
    found, centre = beyond(planes, 1), planes[:, 1:-1, 1:-1]
    return ((found > 0) & (centre >= 1 - EXTREME)).astype(np.int8) - ((found < 0) & (centre <= EXTREME)).astype(np.int8)


def salted(source: Source) -> bool:
    """Whether a picture has salt and pepper, by up to 3×3 windows spread over it."""
    bright = dark = count = 0
    rough: list[float] = []
    for window in tiling.spread(*source.shape, WINDOW, WINDOWS):
        planes = source.read(*window)[:source.colours]
        if min(planes.shape[1:]) > 2:
            found = salt(planes)
            rough.append(float(np.median(np.abs(planes[:, 1:-1, 1:-1] - _around(planes)))))
            bright += int((found > 0).sum())
            dark += int((found < 0).sum())
            count += found.size
    if not rough or np.median(rough) > CALM:
        return False
    return min(bright, dark) >= COMMON / 2 * count and min(bright, dark) >= BALANCED * max(bright, dark)


def medians(planes: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """The medians of the eight neighbours of the `marked` pixels, bool `[C, h, w]`; `planes` as of `beyond`."""
    channel, down, across = np.nonzero(marked)
    near = [planes[channel, down + i, across + j] for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    return np.median(near, 0) if len(channel) else np.empty(0, planes.dtype)
