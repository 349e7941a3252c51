"""Candidates for dust, hairs and scratches: small or thin things much brighter or darker than all around them."""

from __future__ import annotations

import numpy as np

from ..arrays import stopping
from ..arrays.pixels import Picture, luma

WEAKEST, STRONGEST = 0.4, 0.08
"""What a speck must differ by from its surroundings, in 0 … 1 of luma, at sensitivity 0 and 1."""

BUSY = 3.0
"""And by so many times what the surroundings themselves vary by, so that leaves and hair are left alone."""

GROWN = 1
"""Pixels that a candidate is grown by: a speck has a soft edge."""


def specks(picture: Picture, sensitivity: float = 0.5, size: int = 6) -> np.ndarray:
    """Where a picture may have specks, bool `[H, W]`, to be looked through by the user.

    `sensitivity`: 0 … 1; `size`: the widest that they may be, in pixels, 1 … 12 (a hair may be as long as it likes). Raises ValueError.
    """
    from scipy import ndimage  # a quarter of a second to import, and seldom needed

    if not 0 <= sensitivity <= 1:
        raise ValueError(f"the sensitivity must lie in 0 … 1, not {sensitivity:g}")
    if not 1 <= size <= 12:
        raise ValueError(f"the size of specks must lie in 1 … 12 pixels, not {size}")
    y = luma(picture.read(0, picture.shape[0], 0, picture.shape[1])[:picture.colours])
    least = WEAKEST * (STRONGEST / WEAKEST) ** sensitivity
    square = 2 * size + 1
    found = np.zeros(y.shape, bool)
    for plane in (y, 1 - y):  # bright ones, then dark ones
        stopping.check()
        opened = ndimage.grey_opening(plane, (size + 1, size + 1))  # without what is small, or thin and as long as it likes
        above = plane - ndimage.grey_dilation(opened, (2 * square, 2 * square))  # against the brightest of the surroundings
        busy = ndimage.uniform_filter(np.abs(plane - opened), 4 * square)
        found |= above > np.maximum(least, BUSY * busy)
    return ndimage.binary_dilation(found, np.ones((3, 3)), GROWN)
