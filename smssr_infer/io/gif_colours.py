"""The few colours of a frame of a GIF: found by median cut in a sample, then moved to where they are least wrong (Lloyd, 1982)."""

from __future__ import annotations

import numpy as np
from PIL import Image

SAMPLE = 1 << 14
"""Pixels that median cut is given; it takes half a second for a frame of 640 × 480, and what follows makes up for the rest."""

ROUNDS = 2
"""How often colours move to the mean of what is nearest to them: 0.3 to 1.6 dB better than median cut of all pixels."""

BITS = 6
"""Of each channel, by which the nearest colour is looked up."""

LOST = 8 - BITS


def palette(colours: np.ndarray, most: int) -> np.ndarray:
    """At most so many colours `[m, 3]` that stand for those of pixels `[n, 3]`, exact where there are no more."""
    if Image.fromarray(colours[None]).getcolors(most) is not None:
        return _apart(np.unique(_packed(colours)))
    sample = np.ascontiguousarray(colours[::max(1, len(colours) // SAMPLE)][None])
    found = Image.fromarray(sample).quantize(most, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    made = np.asarray((found.getpalette() or [])[:3 * most], np.float32).reshape(-1, 3)
    counts = np.bincount(_cells(colours), minlength=1 << 3 * BITS)
    cells = np.flatnonzero(counts)
    middles, weights = _middles(cells), counts[cells].astype(np.float64)
    for _ in range(ROUNDS):
        near = _nearest(middles, made)
        share = np.bincount(near, weights, len(made))
        means = [np.bincount(near, weights * middles[:, channel], len(made)) / np.maximum(share, 1) for channel in range(3)]
        made = np.where(share[:, None] > 0, np.stack(means, 1), made).astype(np.float32)
    return np.rint(made).astype(np.uint8)


def numbers(colours: np.ndarray, among: np.ndarray) -> np.ndarray:
    """For pixels `[n, 3]` the number of the nearest colour `among` `[m, 3]`, at most 256; one that is among them is itself."""
    cells = _cells(colours)
    used = np.flatnonzero(np.bincount(cells, minlength=1 << 3 * BITS))
    table = np.zeros(1 << 3 * BITS, np.uint8)
    table[used] = _nearest(_middles(used), among.astype(np.float32))
    found = table[cells]
    packed, known = _packed(colours), _packed(among)
    order = np.argsort(known)
    place = order[np.minimum(np.searchsorted(known, packed, sorter=order), len(known) - 1)]
    exact = known[place] == packed
    found[exact] = place[exact]
    return found


def _nearest(colours: np.ndarray, among: np.ndarray) -> np.ndarray:
    near = np.empty(len(colours), np.intp)
    for start in range(0, len(colours), 4096):  # what a cache holds
        part = slice(start, start + 4096)
        near[part] = ((among ** 2).sum(1) - 2 * colours[part] @ among.T).argmin(1)
    return near


def _packed(colours: np.ndarray) -> np.ndarray:
    red, green, blue = (colours[:, channel].astype(np.int32) for channel in range(3))
    return red << 16 | green << 8 | blue


def _apart(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], 1).astype(np.uint8)


def _cells(colours: np.ndarray) -> np.ndarray:
    red, green, blue = (colours[:, channel].astype(np.int32) >> LOST for channel in range(3))
    return red << 2 * BITS | green << BITS | blue


def _middles(cells: np.ndarray) -> np.ndarray:
    """The colour in the middle of each cell."""
    most = (1 << BITS) - 1
    channels = np.stack([cells >> 2 * BITS, cells >> BITS & most, cells & most], 1).astype(np.float32)
    return channels * (1 << LOST) + ((1 << LOST) - 1) / 2
