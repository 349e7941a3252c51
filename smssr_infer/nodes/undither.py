"""A picture without dither: smoothed where there is some, and elsewhere as it was, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..analysis.dither import AROUND, LITTLE, MUCH, spots
from ..arrays.node import Node, Source, mirrored, within

REACH = 4
"""σ of the Gaussian are looked at on each side."""


class Undithered(Node):
    """The source with its dither smoothed away by a Gaussian of `sigma`."""

    def __init__(self, source: Source, sigma: float):
        self.source, self.shape, self.colours = source, source.shape, source.colours
        around = int(np.ceil(REACH * sigma))
        weights = np.exp(-np.arange(-around, around + 1) ** 2 / (2 * sigma**2))
        self._weights = (weights / weights.sum()).astype(np.float32)
        self._around = around
        self.margin = max(around, AROUND + 1)

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in one piece."""
        margin = self.margin
        wide = mirrored(self.source, (top - margin, bottom + margin), (left - margin, right + margin))
        planes = wide[:self.colours]
        near = margin - AROUND - 1
        luma = np.rint(planes * 255).sum(0)
        spot, pairs = (_sums(part, AROUND) for part in spots(luma[near:luma.shape[0] - near, near:luma.shape[1] - near]))
        share = np.clip((spot / np.maximum(pairs, 1) - LITTLE) / (MUCH - LITTLE), 0, 1)
        cut = margin - self._around
        smooth = planes[:, cut:planes.shape[1] - cut, cut:planes.shape[2] - cut]
        for axis in (1, 2):
            smooth = _weighted(smooth, self._weights, axis)
        inner = wide[:, margin:-margin, margin:-margin].copy()
        inner[:self.colours] = np.where(share > 0, inner[:self.colours] + share * (smooth - inner[:self.colours]), inner[:self.colours])
        yield inner

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is computed from."""
        return within(self.shape, (top - self.margin, bottom + self.margin), (left - self.margin, right + self.margin))


def _sums(values: np.ndarray, around: int) -> np.ndarray:
    """Over squares of `2 around + 1` pixels, where they fit."""
    for axis in (0, 1):
        values = _weighted(values, np.ones(2 * around + 1, np.float32), axis)
    return values


def _weighted(values: np.ndarray, weights: np.ndarray, axis: int) -> np.ndarray:
    """The weighted sum of neighbours along an axis, always in the same order, so that it is the same in every tile."""
    length = values.shape[axis] - len(weights) + 1
    rows = np.moveaxis(values, axis, 0)
    out = np.zeros((length, *rows.shape[1:]), np.float32)
    for number, weight in enumerate(weights):
        out += weight * rows[number:number + length]
    return np.moveaxis(out, 0, axis)
