"""Dither: a picture of few colours whose pixels change between them, so that from afar there seem to be more.

A pixel of dither lies above both neighbours in its row and both in its column, or below all four. Edges, letters and lines of a pixel's
width have no such pixels but at their ends, so it is asked for how many there are beside all that differ from their neighbours.
"""

from __future__ import annotations

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source

COLOURS = 32
"""A picture of more is not taken for dithered: from 64 on, the network that cleans does better alone."""

WINDOW, WINDOWS = 128, 3
"""Windows of so many pixels a side, up to so many across and down, are looked at."""

SPOTTED = 0.08
"""So many of the pairs that differ there are pixels of dither; 0.25 where dots are alone, 0.5 in a checkerboard, 0 in lines."""

COMMON = 0.02
"""The least share of pixels that differ from a neighbour at all."""

AROUND = 6
"""Pixels on each side over which that is counted from place to place."""

LITTLE, MUCH = 0.06, 0.1
"""Of the pairs there: below the one nothing is smoothed, from the other on all; 0 to 0.07 in letters, 0.1 to 0.27 in dither."""

BLACK_AND_WHITE, SOME_COLOURS = 1.0, 0.7
"""σ of the Gaussian that undoes it in a picture of two colours, and in one of more; measured."""


def spots(luma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of `[h + 2, w + 2]`: which pixels are dither, and how many of their four neighbours differ by half, 0 … 2, both float32 `[h, w]`."""
    centre = luma[1:-1, 1:-1]
    off = [centre - luma[1:-1, :-2], centre - luma[1:-1, 2:], centre - luma[:-2, 1:-1], centre - luma[2:, 1:-1]]
    spot = np.logical_and.reduce([part > 0 for part in off]) | np.logical_and.reduce([part < 0 for part in off])
    return spot.astype(np.float32), np.stack([part != 0 for part in off]).sum(0, dtype=np.float32) / np.float32(2)


def dithered(source: Source) -> float:
    """σ of the Gaussian that undoes a picture's dither; 0 where it has none, or too many colours."""
    colours: set[bytes] = set()
    spot = pairs = count = 0.0
    for window in tiling.spread(*source.shape, WINDOW, WINDOWS):
        planes = np.rint(source.read(*window)[:source.colours].clip(0, 1) * 255).astype(np.uint8)
        if min(planes.shape[1:]) < 3:
            continue
        colours |= {row.tobytes() for row in np.unique(planes.reshape(len(planes), -1).T, axis=0)}
        if len(colours) > COLOURS:
            return 0.0
        some, differing = spots(planes.astype(np.int16).sum(0))
        spot, pairs, count = spot + some.sum(), pairs + differing.sum(), count + some.size
    if pairs < COMMON * count or spot < SPOTTED * pairs or not pairs:
        return 0.0
    return BLACK_AND_WHITE if len(colours) == 2 else SOME_COLOURS
