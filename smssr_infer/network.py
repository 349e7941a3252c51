"""One network = convolution graph + DoG bank + tanh, as a stage that enlarges whatever is before it.

A stage has a `shape` (H, W) and gives the planes of any window of it, in strips. Stages are chained, and the last one is read tile by
tile: each asks the one before for its window and the halo around it, so nothing is ever held whole.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from . import backends, manifest
from .pixels import luma
from .resample import bicubic
from .scalespace import difference_of_gaussians, mirror, radius, separable

STRIP = 128
"""Rows of an answer that are made at once, from resampling to storing: few enough to stay in a core's cache (measured)."""


class Source(Protocol):
    """Something whose pixels are read window by window."""

    shape: tuple[int, int]
    colours: int
    """How many of the planes, from the first on, are colours; the others (alpha, hidden colours) are only resampled."""

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes `[C, h, w]` float32 of a window that lies inside `shape`."""


class Stage(ABC):
    """A source that computes its pixels from another one, strip by strip."""

    @abstractmethod
    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window from its top down, `[C, at most STRIP, w]` each."""

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes `[C, h, w]` of a window, in one piece."""
        return np.concatenate(list(self.strips(top, bottom, left, right)), axis=1)


def strips(rows: tuple[int, int]) -> list[tuple[int, int]]:
    """A range of rows in strips."""
    return [(top, min(top + STRIP, rows[1])) for top in range(*rows, STRIP)]


class Network:
    """A model ready to run: its card and its graph."""

    def __init__(self, card: manifest.Card, backend: str | None = None):
        """Raises ValueError where the weights are missing or damaged, or the backend is unknown."""
        self.card = card
        self.scale = card.scale
        self.reach = card.receptive_field // 2
        """How many pixels the convolutions read around a window, in the space that they run in."""
        self.dog = [tuple(pair) for pair in card.dog]
        self.median = getattr(card, "median", False)
        """Whether the residual is median filtered: a perceptual loss leaves a checkerboard in it (SMS-SR §2.1)."""
        self.halo = max(radius(coarse) for _, coarse in self.dog) + self.median
        """How many pixels of the enlarged picture the DoG bank and the median read around a window."""
        self.graph = backends.graph(manifest.load(card), backend)

    def input(self, colours: np.ndarray) -> np.ndarray:
        """Colour planes `[1 or 3, h, w]` in 0 … 1 → what the graph takes: luma `[1, h, w]`."""
        return luma(colours)[None]

    def add(self, colours: np.ndarray, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], gains: Sequence[float]) -> None:
        """Add the residual of `maps`, over rows × columns, to the bicubically enlarged `colours`."""
        colours += self.residual(maps, rows, columns, gains)

    def residual(self, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], gains: Sequence[float]) -> np.ndarray:
        """Σ_i gain_i · tanh(DoG_i(maps_i)) over rows × columns (SMS-SR §2.1); `gains` in the order of the card's `dog`."""
        if self.median:
            rows, columns = (rows[0] - 1, rows[1] + 1), (columns[0] - 1, columns[1] + 1)
        total = np.zeros((rows[1] - rows[0], columns[1] - columns[0]), np.float32)
        for plane, (fine, coarse), gain in zip(maps, self.dog, gains, strict=True):
            if gain:
                band = difference_of_gaussians(plane, fine, coarse, rows, columns)
                np.tanh(band, out=band)
                total += band if gain == 1 else np.float32(gain) * band
        return median(median(total)) if self.median else total


def median(x: np.ndarray) -> np.ndarray:
    """The median (mean of the middle two) of every 2×2 pixels, `[h, w]` → `[h-1, w-1]`: half a pixel down and right; twice, a whole one."""
    parts = x[:-1, :-1], x[:-1, 1:], x[1:, :-1], x[1:, 1:]
    least, most = (functools.reduce(pick, parts) for pick in (np.minimum, np.maximum))
    return (sum(parts) - least - most) * np.float32(0.5)


class Enlarged(Stage):
    """The source before it, enlarged by a network: `bicubic(x) + Σ_i gain_i · tanh(DoG_i(R_i(luma(x))))` on the colours.

    Beyond its edges a picture is taken to be mirrored, and the maps that the DoG reads there are computed like any others. So a
    tile at the edge and one in the middle are the same computation, and a flat picture stays flat up to its edges.
    """

    def __init__(self, source: Source, network: Network, gains: Sequence[float]):
        self.source, self.network, self.gains = source, network, gains
        self.shape = (source.shape[0] * network.scale, source.shape[1] * network.scale)
        self.colours = source.colours
        self._vertical = bicubic(source.shape[0], self.shape[0])
        self._horizontal = bicubic(source.shape[1], self.shape[1])

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The enlarged planes of a window: the convolutions run once for all of it, what follows them runs strip by strip."""
        halo = self.network.halo
        make = self._large if self.network.card.space == "hr" else self._small
        return make((top, bottom), (left, right), (top - halo, bottom + halo), (left - halo, right + halo))

    def _small(self, rows, columns, wide_rows, wide_columns) -> Iterator[np.ndarray]:
        """Convolutions on the small picture; maps come out enlarged."""
        scale, reach = self.network.scale, self.network.reach
        spans = [(lo // scale, -(-hi // scale)) for lo, hi in (wide_rows, wide_columns)]
        at = [mirror(np.arange(a - reach, b + reach), n) for (a, b), n in zip(spans, self.source.shape, strict=True)]
        needed = [self._vertical.span(*rows), self._horizontal.span(*columns)]
        (top, bottom), (left, right) = ((min(i.min(), a), max(i.max() + 1, b)) for i, (a, b) in zip(at, needed, strict=True))
        planes = self.source.read(top, bottom, left, right)
        maps = self._maps(planes, at[0] - top, at[1] - left, scale * reach)
        corner = [scale * first for first, _ in spans]
        for strip in strips(rows):
            large = separable(planes, self._vertical, self._horizontal, strip, columns, (top, left))
            yield self._with_residual(large, maps, strip, columns, corner)

    def _large(self, rows, columns, wide_rows, wide_columns) -> Iterator[np.ndarray]:
        """Convolutions on the bicubic enlargement, as published."""
        reach = self.network.reach
        at = [mirror(np.arange(lo - reach, hi + reach), n) for (lo, hi), n in zip((wide_rows, wide_columns), self.shape, strict=True)]
        (top, bottom), (left, right) = ((int(i.min()), int(i.max()) + 1) for i in at)
        (a, b), (c, d) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        large = separable(self.source.read(a, b, c, d), self._vertical, self._horizontal, (top, bottom), (left, right), (a, c))
        maps = self._maps(large, at[0] - top, at[1] - left, reach)
        for strip in strips(rows):
            part = large[:, strip[0] - top:strip[1] - top, columns[0] - left:columns[1] - left]
            yield self._with_residual(part, maps, strip, columns, (wide_rows[0], wide_columns[0]))

    def _maps(self, planes: np.ndarray, rows: np.ndarray, columns: np.ndarray, margin: int) -> np.ndarray:
        """The graph's answer for those rows and columns of `planes`, without the margin to which its reach was cut short."""
        x = self.network.input(planes[:self.colours])
        maps = self.network.graph(np.ascontiguousarray(x[:, rows[:, None], columns])[None])[0]
        return maps[:, margin:maps.shape[1] - margin, margin:maps.shape[2] - margin]

    def _with_residual(self, large, maps, rows, columns, corner) -> np.ndarray:
        """`large`, rows × columns of the enlarged planes, with the residual of `maps`, whose first pixel is at `corner`."""
        self.network.add(large[:self.colours], maps, (rows[0] - corner[0], rows[1] - corner[0]),
                         (columns[0] - corner[1], columns[1] - corner[1]), self.gains)
        return large
