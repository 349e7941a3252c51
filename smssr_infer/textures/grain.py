"""Grain: noise of the width, colour and strength that a picture's own has, at any place the same in every tile."""

from __future__ import annotations

import math

import numpy as np

from ..analysis.grain import Look
from ..arrays import tiling
from ..arrays.pixels import LUMA
from .random_fields import SEEDS, white

WORTH = 3
"""White noise is the sum of so many uniform numbers: nearly normal, and never far out."""
OF_CHROMA = math.sqrt(1 - 2 / 3 + float((LUMA**2).sum()))
"""Root mean square of what three independent fields have beside their luma."""


def field(window: tiling.Tile, size: float, seed: int) -> np.ndarray:
    """Normal noise over a window, of standard deviation 1, filtered by a Gaussian of `size` pixels: `[h, w]` float32."""
    reach = math.ceil(3 * size)
    top, bottom, left, right = window
    wide = top - reach, bottom + reach, left - reach, right + reach
    planes = [white(*wide, (seed + number * 0x51ED27) % SEEDS) for number in range(WORTH)]
    noise = (np.sum(planes, 0) - np.float32(WORTH / 2)) * np.float32(math.sqrt(12 / WORTH))
    if not reach:
        return noise
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / size) ** 2)
    weights = (weights / np.sqrt((weights**2).sum())).astype(np.float32)
    for axis in (0, 1):
        n = noise.shape[axis] - 2 * reach
        noise = sum(weight * np.take(noise, range(k, k + n), axis) for k, weight in enumerate(weights))
    return noise


def grain(look: Look, window: tiling.Tile, luma: np.ndarray, colours: int, seed: int) -> np.ndarray:
    """The grain over a window of a picture of that `luma` `[h, w]` in 0 … 1: `[colours, h, w]` float32, in 0 … 1's units."""
    levels = (np.arange(len(look.sigma)) + 0.5) / len(look.sigma)
    sigma = np.interp(luma, levels, np.array(look.sigma) / 255).astype(np.float32)
    found = np.broadcast_to(field(window, look.width, seed), (colours, *luma.shape))
    if colours == 3 and look.chroma:
        each = np.stack([field(window, look.chroma_width, (seed + 1000 * number) % SEEDS) for number in (1, 2, 3)])
        found = found + (each - np.tensordot(LUMA, each, 1)) * np.float32(look.chroma / OF_CHROMA)
    return found * sigma
