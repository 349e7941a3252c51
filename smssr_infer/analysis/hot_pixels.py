"""Hot pixels: single pixels that stand out of all that is around them, in one colour alone.

A pixel stands out where it lies beyond its neighbours by more than they differ among themselves.
"""

from __future__ import annotations

import numpy as np

LEAST = 24 / 255
"""Such a pixel lies at least so far beyond its neighbours, 0 … 1."""

HOT = 40 / 255
"""A hot pixel does so in its own colour."""
NOISY = 6.0
"""And by so many standard deviations of the picture's noise."""
ALONE = 0.35
"""The other colours stand out by at most this share of that."""


def beyond(planes: np.ndarray, others: int) -> np.ndarray:
    """How far each pixel lies beyond its neighbours, above 0 for bright ones and below 0 for dark, else 0: `[C, h, w]`.

    `planes` `[C, h + 2, w + 2]` in 0 … 1; `others`: how many of the eight neighbours may lie as far out, 0 or 1.
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


def around(planes: np.ndarray) -> np.ndarray:
    """The mean of the four nearest neighbours, `[C, h, w]`."""
    return (planes[:, :-2, 1:-1] + planes[:, 2:, 1:-1] + planes[:, 1:-1, :-2] + planes[:, 1:-1, 2:]) / 4


def hot(planes: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """Where one colour is hot, bool `[3, h, w]`; `planes` as of `beyond`, in colour; `noise`: its standard deviation, 0 … 1."""
    found = beyond(planes, 0)
    centre = planes[:, 1:-1, 1:-1]
    off = np.abs(centre - around(planes))
    rest = np.stack([np.maximum(off[(c + 1) % 3], off[(c + 2) % 3]) for c in range(3)])
    return (found > max(HOT, NOISY * noise)) & (rest < ALONE * off)


def medians(planes: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """The medians of the eight neighbours of the `marked` pixels, bool `[C, h, w]`; `planes` as of `beyond`."""
    channel, down, across = np.nonzero(marked)
    near = [planes[channel, down + i, across + j] for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    return np.median(near, 0) if len(channel) else np.empty(0, planes.dtype)
