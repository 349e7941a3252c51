"""The node that makes a picture larger by a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..arrays import colour_lines
from ..arrays.node import Node, Source, strips, within
from ..arrays.resample import bicubic
from ..arrays.scale_space import mirror, separable
from ..networks.cards import Space
from ..networks.network import Enlarger
from ..textures import random_fields

Range = tuple[int, int]

SEED = 0
"""Of the noise that detail is invented out of."""


class EnlargedByNetwork(Node):
    """The source before it, enlarged by a network: `bicubic(x) + a · Σ_i gain_i · tanh(DoG_i(R_i(luma(x))))` on the colours, a being each
    colour's slope over luma (`colour_lines`).

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
        halo = self.network.halo
        wide = (top - halo, bottom + halo), (left - halo, right + halo)
        given = self._given(*self._spans(*wide))
        if self.network.space is Space.LARGE:
            large = within(self.shape, *given)
            a, b, c, d = *self._vertical.span(*large[:2]), *self._horizontal.span(*large[2:])
        else:
            a, b, c, d = within(self.source.shape, *given)
        height, width = self.source.shape
        (e, f), (g, h) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        e, f, g, h = e - colour_lines.REACH, f + colour_lines.REACH, g - colour_lines.REACH, h + colour_lines.REACH
        return min(a, max(e, 0)), max(b, min(f, height)), min(c, max(g, 0)), max(d, min(h, width))

    def _spans(self, wide_rows: Range, wide_columns: Range) -> tuple[Range, Range]:
        """Rows and columns of the result in the pixels that the convolutions run on."""
        step = self.network.space.grid(self.network.scale)
        rows, columns = ((lo // step, -(-hi // step)) for lo, hi in (wide_rows, wide_columns))
        return rows, columns

    def _given(self, rows: Range, columns: Range) -> tuple[Range, Range]:
        """What the convolutions are given for their result over rows × columns: with their reach around it, in a size that they take."""
        reach = self.network.reach
        return self.network.needs.around((rows[0] - reach, rows[1] + reach), (columns[0] - reach, columns[1] + reach))

    def _small(self, rows: Range, columns: Range, wide_rows: Range, wide_columns: Range) -> Iterator[np.ndarray]:
        """Convolutions on the small picture; maps come out enlarged."""
        scale, spans = self.network.scale, self._spans(wide_rows, wide_columns)
        at = [mirror(np.arange(*given), n) for given, n in zip(self._given(*spans), self.source.shape, strict=True)]
        window = top, _, left, _ = self.reads(*rows, *columns)
        planes = self.source.read(*window)
        maps = self._maps(planes, at[0] - top, at[1] - left, *spans)
        corner = scale * spans[0][0], scale * spans[1][0]
        steep = self._slopes(planes, rows, columns, (top, left))
        for strip in strips(rows):
            large = separable(planes, self._vertical, self._horizontal, strip, columns, (top, left))
            yield self._with_residual(large, maps, strip, columns, corner, steep(strip))

    def _large(self, rows: Range, columns: Range, wide_rows: Range, wide_columns: Range) -> Iterator[np.ndarray]:
        """Convolutions on the bicubic enlargement, as published."""
        at = [mirror(np.arange(*given), n) for given, n in zip(self._given(wide_rows, wide_columns), self.shape, strict=True)]
        (top, bottom), (left, right) = ((int(i.min()), int(i.max()) + 1) for i in at)
        window = a, _, c, _ = self.reads(*rows, *columns)
        planes = self.source.read(*window)
        steep = self._slopes(planes, rows, columns, (a, c))
        large = separable(planes, self._vertical, self._horizontal, (top, bottom), (left, right), (a, c))
        maps = self._maps(large, at[0] - top, at[1] - left, wide_rows, wide_columns)
        for strip in strips(rows):
            part = large[:, strip[0] - top:strip[1] - top, columns[0] - left:columns[1] - left]
            yield self._with_residual(part, maps, strip, columns, (wide_rows[0], wide_columns[0]), steep(strip))

    def _maps(self, planes: np.ndarray, rows: np.ndarray, columns: np.ndarray, *spans: Range) -> np.ndarray:
        """The graph's result over `spans`, out of what it makes of those rows and columns of `planes`, which are as of `_given`."""
        x = self.network.input(planes[:self.colours])[:, rows[:, None], columns]
        given = self._given(*spans)
        if self.network.invents:
            x = np.concatenate([x, random_fields.white(*given[0], *given[1], SEED)[None]])
        maps = self.network.maps(x)
        step = maps.shape[1] // len(rows)
        (top, bottom), (left, right) = (((lo - first) * step, (hi - first) * step)
                                        for (lo, hi), (first, _) in zip(spans, given, strict=True))
        return maps[:, top:bottom, left:right]

    def _slopes(self, planes: np.ndarray, rows: Range, columns: Range, origin: tuple[int, int]) -> Callable[[Range], np.ndarray | None]:
        """What gives a strip of rows × columns the slopes of its colours; None for grey, and for a network that knows colours itself."""
        if self.colours < 3 or self.network.graph.channels >= 3:
            return lambda strip: None
        (top, bottom), (left, right) = self._vertical.span(*rows), self._horizontal.span(*columns)
        small = colour_lines.slopes(planes[:3], self.source.shape, (top, bottom), (left, right), origin)
        return lambda strip: separable(small, self._vertical, self._horizontal, strip, columns, (top, left))

    def _with_residual(self, large: np.ndarray, maps: np.ndarray, rows: Range, columns: Range, corner: tuple[int, int],
                     steep: np.ndarray | None) -> np.ndarray:
        """`large`, rows × columns of the enlarged planes, with the result of `maps`, whose first pixel is at `corner`."""
        self.network.add(large[:self.colours], maps, (rows[0] - corner[0], rows[1] - corner[0]),
                         (columns[0] - corner[1], columns[1] - corner[1]), self.gains, steep)
        return large
