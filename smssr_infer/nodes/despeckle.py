"""A picture without impulse noise: what stands out becomes the median of its neighbours. Everything else stays, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..analysis.impulses import hot, medians, salt
from ..analysis.measurements import Measurements
from ..arrays.masks import Beta
from ..arrays.node import Node, Source, mirrored, within

PASSES = 2
"""Salt and pepper are taken away so many times over: of two that touch, the second is seen once the first is gone."""


class Despeckled(Node):
    """The source without salt and pepper, or else without hot pixels."""

    def __init__(self, source: Source, salted: bool, noise: float = 0.0):
        """`noise`: standard deviation of the picture's noise, 0 … 1, out of which hot pixels have to stand."""
        self.source, self.shape, self.colours = source, source.shape, source.colours
        self._salted, self._noise = salted, noise
        self.margin = PASSES if salted else 1

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in one piece."""
        around = self.margin
        wide = mirrored(self.source, (top - around, bottom + around), (left - around, right + around))
        planes = wide[:self.colours]
        for _ in range(around):
            marked = salt(planes) != 0 if self._salted else hot(planes, self._noise)
            inner = planes[:, 1:-1, 1:-1].copy()
            inner[marked] = medians(planes, marked)
            planes = inner
        yield np.concatenate([planes, wide[self.colours:, around:-around, around:-around]])

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is computed from."""
        return within(self.shape, (top - self.margin, bottom + self.margin), (left - self.margin, right + self.margin))


def unsalted(measured: Measurements) -> Measurements:
    """What is measured of a picture without its salt and pepper."""
    return Measurements(Despeckled(measured.source, True), measured.runtime, measured.jpeg)


class Respeckled(Node):
    """What was made of a despeckled or undithered source, with what went back as far as β is below 1: how much goes is the user's dial."""

    def __init__(self, made: Source, despeckled: Node, beta: Beta):
        self.source, self.shape, self.colours = made, made.shape, made.colours
        self._despeckled, self._beta = despeckled, beta

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in one piece."""
        window = top, bottom, left, right
        planes = self.source.read(*window)
        before, after = (source.read(*window)[:self.colours] for source in (self._despeckled.source, self._despeckled))
        beta = np.broadcast_to(self._beta.read(*window), planes.shape[1:])
        planes[:self.colours] = np.where((beta == 0) & (before != after), before, planes[:self.colours] + (1 - beta) * (before - after))
        yield planes

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of what was made that a window is computed from."""
        return top, bottom, left, right
