"""The stages that make a picture larger: by a network, and by bicubic alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..networks.cards import Space
from ..networks.network import Enlarger
from ..planes import colour_lines
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
        halo, reach = self.network.halo, self.network.reach
        wide = (top - halo, bottom + halo), (left - halo, right + halo)
        if self.network.space is Space.LARGE:
            large = within(self.shape, *((lo - reach, hi + reach) for lo, hi in wide))
            a, b, c, d = *self._vertical.span(*large[:2]), *self._horizontal.span(*large[2:])
        else:
            scale = self.network.scale
            a, b, c, d = within(self.source.shape, *((lo // scale - reach, -(-hi // scale) + reach) for lo, hi in wide))
        height, width = self.source.shape
        (e, f), (g, h) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        e, f, g, h = e - colour_lines.REACH, f + colour_lines.REACH, g - colour_lines.REACH, h + colour_lines.REACH
        return min(a, max(e, 0)), max(b, min(f, height)), min(c, max(g, 0)), max(d, min(h, width))

    def _small(self, rows: Range, columns: Range, wide_rows: Range, wide_columns: Range) -> Iterator[np.ndarray]:
        """Convolutions on the small picture; maps come out enlarged."""
        scale, reach = self.network.scale, self.network.reach
        spans = [(lo // scale, -(-hi // scale)) for lo, hi in (wide_rows, wide_columns)]
        at = [mirror(np.arange(a - reach, b + reach), n) for (a, b), n in zip(spans, self.source.shape, strict=True)]
        window = top, _, left, _ = self.reads(*rows, *columns)
        planes = self.source.read(*window)
        maps = self._maps(planes, at[0] - top, at[1] - left, scale * reach)
        corner = scale * spans[0][0], scale * spans[1][0]
        steep = self._slopes(planes, rows, columns, (top, left))
        for strip in strips(rows):
            large = separable(planes, self._vertical, self._horizontal, strip, columns, (top, left))
            yield self._with_answer(large, maps, strip, columns, corner, steep(strip))

    def _large(self, rows: Range, columns: Range, wide_rows: Range, wide_columns: Range) -> Iterator[np.ndarray]:
        """Convolutions on the bicubic enlargement, as published."""
        reach = self.network.reach
        at = [mirror(np.arange(lo - reach, hi + reach), n) for (lo, hi), n in zip((wide_rows, wide_columns), self.shape, strict=True)]
        (top, bottom), (left, right) = ((int(i.min()), int(i.max()) + 1) for i in at)
        window = a, _, c, _ = self.reads(*rows, *columns)
        planes = self.source.read(*window)
        steep = self._slopes(planes, rows, columns, (a, c))
        large = separable(planes, self._vertical, self._horizontal, (top, bottom), (left, right), (a, c))
        maps = self._maps(large, at[0] - top, at[1] - left, reach)
        for strip in strips(rows):
            part = large[:, strip[0] - top:strip[1] - top, columns[0] - left:columns[1] - left]
            yield self._with_answer(part, maps, strip, columns, (wide_rows[0], wide_columns[0]), steep(strip))

    def _maps(self, planes: np.ndarray, rows: np.ndarray, columns: np.ndarray, margin: int) -> np.ndarray:
        """The graph's answer for those rows and columns of `planes`, without the margin to which its reach was cut short."""
        x = self.network.input(planes[:self.colours])
        maps = self.network.graph(np.ascontiguousarray(x[:, rows[:, None], columns])[None])[0]
        return maps[:, margin:maps.shape[1] - margin, margin:maps.shape[2] - margin]

    def _slopes(self, planes: np.ndarray, rows: Range, columns: Range, origin: tuple[int, int]) -> Callable[[Range], np.ndarray | None]:
        """What gives a strip of rows × columns the slopes of its colours; None for grey, and for a network that knows colours itself."""
        if self.colours < 3 or self.network.graph.channels > 1:
            return lambda strip: None
        (top, bottom), (left, right) = self._vertical.span(*rows), self._horizontal.span(*columns)
        small = colour_lines.slopes(planes[:3], self.source.shape, (top, bottom), (left, right), origin)
        return lambda strip: separable(small, self._vertical, self._horizontal, strip, columns, (top, left))

    def _with_answer(self, large: np.ndarray, maps: np.ndarray, rows: Range, columns: Range, corner: tuple[int, int],
                     steep: np.ndarray | None) -> np.ndarray:
        """`large`, rows × columns of the enlarged planes, with the answer of `maps`, whose first pixel is at `corner`."""
        self.network.add(large[:self.colours], maps, (rows[0] - corner[0], rows[1] - corner[0]),
                         (columns[0] - corner[1], columns[1] - corner[1]), self.gains, steep)
        return large
