"""A picture without hot pixels, or without salt and pepper. Everything else stays, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..analysis.hot_pixels import hot, medians
from ..analysis.measurements import Measurements
from ..analysis.salt import REACH, filled, salt
from ..arrays.masks import Beta
from ..arrays.node import Node, Source, mirrored, within


class _Despeckled(Node):
    """A source whose other planes stay as they are."""

    margin: int

    def __init__(self, source: Source):
        self.source, self.shape, self.colours = source, source.shape, source.colours

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in one piece."""
        around = self.margin
        wide = mirrored(self.source, (top - around, bottom + around), (left - around, right + around))
        yield np.concatenate([self._colours(wide[:self.colours]), wide[self.colours:, around:-around, around:-around]])

    def _colours(self, planes: np.ndarray) -> np.ndarray:
        """Without their specks and without the margin: `[C, h + 2·margin, w + 2·margin]` → `[C, h, w]`."""
        raise NotImplementedError

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is computed from."""
        return within(self.shape, (top - self.margin, bottom + self.margin), (left - self.margin, right + self.margin))


class Cooled(_Despeckled):
    """The source without hot pixels: each becomes the median of its neighbours."""

    margin = 1

    def __init__(self, source: Source, noise: float):
        """`noise`: standard deviation of the picture's noise, 0 … 1, out of which hot pixels have to stand."""
        super().__init__(source)
        self._noise = noise

    def _colours(self, planes: np.ndarray) -> np.ndarray:
        marked = hot(planes, self._noise)
        inner = planes[:, 1:-1, 1:-1].copy()
        inner[marked] = medians(planes, marked)
        return inner


class Unsalted(_Despeckled):
    """The source without salt and pepper: what is around stands in for it."""

    margin = 2 * REACH

    def __init__(self, source: Source, share: float):
        """`share`: that of its pixels which is salt or pepper, 0 … 1."""
        super().__init__(source)
        self._share = share

    def _colours(self, planes: np.ndarray) -> np.ndarray:
        return filled(planes[:, REACH:-REACH, REACH:-REACH], salt(planes, self._share) != 0)


def unsalted(measured: Measurements) -> Measurements:
    """What is measured of a picture without its salt and pepper."""
    return Measurements(Unsalted(measured.source, measured.salted), measured.runtime, measured.jpeg)


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
