"""The quality of the JPEG file that a picture once was, from its pixels: its DCT coefficients lie at multiples of the table's steps."""

from __future__ import annotations

import contextlib
import functools

import numpy as np

from ..arrays.jpeg_grid import BLOCK, cosines
from ..arrays.pixels import grey

TABLE = np.array([
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
], np.float32).reshape(8, 8)
"""Steps of luma at quality 50 (ITU-T T.81, table K.1)."""

ROUNDING = 0.35
"""σ of a coefficient's error, in levels: R, G and B were rounded to 8 bits (measured)."""
SMALLEST = 2.0
"""Levels: coefficients below it may be rounding alone."""
MOST = 10_000
"""So many coefficients are looked at, at most."""
FEW, FEWEST = 40, 12
"""Fewer than FEW tell only where their evidence is strong, as in logos on white, whose blocks are mostly clipped; fewer than FEWEST
tell nothing."""
EVIDENCE = 10.0
"""The least sum of the logarithms of the likelihood ratio of FEW or fewer."""
STRAY = 0.05
"""The share of coefficients that may lie anywhere."""
SURE = 0.0
"""The least mean logarithm of the likelihood ratio: JPEGs of quality 40 to 92 have 0.5 to 2.6, those saved again better 0.1 to 0.9,
pictures that are none, or were resized, or have noise added or a table of another shape, -0.15 and less (16 photographs)."""


def quality_of(jpeg: str | float) -> float:
    """The quality of a JPEG as a user said it. Raises ValueError for anything but a number in 1 … 100."""
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if 1 <= (quality := float(jpeg)) <= 100:
            return quality
    raise ValueError(f"jpeg is 'auto', or the quality of the JPEG that the picture was, 1 … 100, not {jpeg!r:.40}")


def steps(quality: int) -> np.ndarray:
    """The table of luma that libjpeg writes for a quality, 1 … 100: `[8, 8]`."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((TABLE * percent + 50) // 100, 1, 255)


@functools.cache
def _tables() -> np.ndarray:
    return np.stack([steps(quality) for quality in range(1, 101)])


def _blocks(plane: np.ndarray, row: int, column: int) -> np.ndarray:
    """A plane `[h, w]` in blocks, `[n, 8, 8]`; what is left over at its edges is dropped."""
    rows, columns = (max(0, n - begin) // BLOCK for n, begin in zip(plane.shape, (row, column), strict=True))
    plane = plane[row:row + rows * BLOCK, column:column + columns * BLOCK]
    return plane.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2).reshape(-1, BLOCK, BLOCK)


def estimate_quality(colours: np.ndarray, row: int, column: int) -> float:
    """The quality, 1 … 100, of the JPEG file that colours `[1 or 3, h, w]` (levels, 0 … 255) were; 0 where that does not show.

    `row`, `column`: where a block begins, 0 … 7. Each coefficient that is not about zero is likely at multiples of its true step, and
    anywhere for a wrong one; small steps are likely for everything, so a step counts by how few multiples it has.
    """
    clipped = _blocks(np.any((colours <= 0) | (colours >= 255), axis=0), row, column).any((1, 2))
    blocks = _blocks(grey(colours), row, column)[~clipped]
    coefficients = (cosines() @ blocks @ cosines().T).reshape(-1, BLOCK * BLOCK)[:, 1:]
    block, place = np.nonzero(np.abs(coefficients) > SMALLEST)
    if len(block) < FEWEST:
        return 0.0
    chosen = slice(None, None, -(-len(block) // MOST))
    values, place = coefficients[block[chosen], place[chosen]], place[chosen]
    best, found = SURE, 0.0
    for quality, table in enumerate(_tables().reshape(100, -1)[:, 1:], 1):
        step = table[place]
        off = (values - step * np.round(values / step)) / ROUNDING
        likely = (1 - STRAY) * step * np.exp(-0.5 * off**2) / (ROUNDING * (2 * np.pi)**0.5) + STRAY
        score = float(np.log(likely).mean())
        if score > best and (len(values) >= FEW or score * len(values) > EVIDENCE):
            best, found = score, float(quality)
    return found
