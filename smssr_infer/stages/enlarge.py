"""The stages that make a picture larger: by a network, and by bicubic alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..networks.cards import Space
from ..networks.network import Enlarger
from ..planes.resample import bicubic
from ..planes.scalespace import mirror, separable
from .stage import Source, Stage, strips, within

Range = tuple[int, int]


class Resampled(Stage):
    """The source before it, resampled by (antialiased) bicubic to height × width."""

    def __init__(self, source: Source, height: int, width: int):
        self.source = source
        self.shape = (height, width)
        self.colours = source.colours
        self._vertical, self._horizontal = bicubic(source.shape[0], height), bicubic(source.shape[1], width)

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The resampled planes of a window."""
        window = a, _, c, _ = self.reads(top, bottom, left, right)
        planes = self.source.read(*window)
        for strip in strips((top, bottom)):
            yield separable(planes, self._vertical, self._horizontal, strip, (left, right), (a, c))

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is resampled from."""
        return *self._vertical.span(top, bottom), *self._horizontal.span(left, right)


class Enlarged(Stage):
    """The source before it, enlarged by a network: `bicubic(x) + Σ_i gain_i · tanh(DoG_i(R_i(luma(x))))` on the colours.

    Beyond its edges a picture is taken to be mirrored, and the maps that the DoG reads there are computed like any others. So a
    tile at the edge and one in the middle are the same computation, and a flat picture stays flat up to its edges.
    """

    def __init__(self, source: Source, network: Enlarger, gains: Sequence[float]):
        """`gains`: one for each of the network's maps, in the order of its `dog`."""
        self.source, self.network, self.gains = source, network, gains
        self.shape = (source.shape[0] * network.scale, source.shape[1] * network.scale)
        self.colours = source.colours
        self._vertical = bicubic(source.shape[0], self.shape[0])
        self._horizontal = bicubic(source.shape[1], self.shape[1])
        self._make = {Space.SMALL: self._small, Space.LARGE: self._large}[network.space]

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The enlarged planes of a window: the convolutions run once for all of it, what follows them runs strip by strip."""
        halo = self.network.halo
        return self._make((top, bottom), (left, right), (top - halo, bottom + halo), (left - halo, right + halo))

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is computed from: by the convolutions, and by bicubic."""
        halo, reach = self.network.halo, self.network.reach
        wide = (top - halo, bottom + halo), (left - halo, right + halo)
        if self.network.space is Space.LARGE:
            a, b, c, d = within(self.shape, *((lo - reach, hi + reach) for lo, hi in wide))
            return *self._vertical.span(a, b), *self._horizontal.span(c, d)
        scale = self.network.scale
        a, b, c, d = within(self.source.shape, *((lo // scale - reach, -(-hi // scale) + reach) for lo, hi in wide))
        (e, f), (g, h) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        return min(a, e), max(b, f), min(c, g), max(d, h)

    def _small(self, rows: Range, columns: Range, wide_rows: Range, wide_columns: Range) -> Iterator[np.ndarray]:
        """Convolutions on the small picture; maps come out enlarged."""
        scale, reach = self.network.scale, self.network.reach
        spans = [(lo // scale, -(-hi // scale)) for lo, hi in (wide_rows, wide_columns)]
        at = [mirror(np.arange(a - reach, b + reach), n) for (a, b), n in zip(spans, self.source.shape, strict=True)]
        window = top, _, left, _ = self.reads(*rows, *columns)
        planes = self.source.read(*window)
        maps = self._maps(planes, at[0] - top, at[1] - left, scale * reach)
        corner = scale * spans[0][0], scale * spans[1][0]
        for strip in strips(rows):
            large = separable(planes, self._vertical, self._horizontal, strip, columns, (top, left))
            yield self._with_answer(large, maps, strip, columns, corner)

    def _large(self, rows: Range, columns: Range, wide_rows: Range, wide_columns: Range) -> Iterator[np.ndarray]:
        """Convolutions on the bicubic enlargement, as published."""
        reach = self.network.reach
        at = [mirror(np.arange(lo - reach, hi + reach), n) for (lo, hi), n in zip((wide_rows, wide_columns), self.shape, strict=True)]
        (top, bottom), (left, right) = ((int(i.min()), int(i.max()) + 1) for i in at)
        window = a, _, c, _ = self.reads(*rows, *columns)
        large = separable(self.source.read(*window), self._vertical, self._horizontal, (top, bottom), (left, right), (a, c))
        maps = self._maps(large, at[0] - top, at[1] - left, reach)
        for strip in strips(rows):
            part = large[:, strip[0] - top:strip[1] - top, columns[0] - left:columns[1] - left]
            yield self._with_answer(part, maps, strip, columns, (wide_rows[0], wide_columns[0]))

    def _maps(self, planes: np.ndarray, rows: np.ndarray, columns: np.ndarray, margin: int) -> np.ndarray:
        """The graph's answer for those rows and columns of `planes`, without the margin to which its reach was cut short."""
        x = self.network.input(planes[:self.colours])
        maps = self.network.graph(np.ascontiguousarray(x[:, rows[:, None], columns])[None])[0]
        return maps[:, margin:maps.shape[1] - margin, margin:maps.shape[2] - margin]

    def _with_answer(self, large: np.ndarray, maps: np.ndarray, rows: Range, columns: Range, corner: tuple[int, int]) -> np.ndarray:
        """`large`, rows × columns of the enlarged planes, with the answer of `maps`, whose first pixel is at `corner`."""
        self.network.add(large[:self.colours], maps, (rows[0] - corner[0], rows[1] - corner[0]),
                         (columns[0] - corner[1], columns[1] - corner[1]), self.gains)
        return large
