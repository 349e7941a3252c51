"""The node that fills a ring of holes: scratches, dust, letters over a picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays.holes import REACH, smooth
from ..arrays.node import Node, Source, mirrored, strips, within
from ..networks.network import RestoringNetwork

RING = 5
"""How many pixels deep a hole is filled in one pass, from its rim inwards."""

class FilledRing(Node):
    """The source before it with the outermost RING pixels of its holes filled in."""

    def __init__(self, source: Source, network: RestoringNetwork, deep: np.ndarray, done: int = 0):
        """`deep`: from `depth`; `done`: so deep they are filled already."""
        self.source, self.network, self.deep, self.done = source, network, deep, done
        self.shape, self.colours = source.shape, source.colours

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in strips."""
        planes = self.source.read(top, bottom, left, right)
        deep = self.deep[top:bottom, left:right]
        ring = (deep > self.done) & (deep <= self.done + RING)
        if ring.any():
            at = [np.flatnonzero(ring.any(axis)) for axis in (1, 0)]
            (a, b), (c, d) = ((int(i[0]), int(i[-1]) + 1) for i in at)
            invented = self._invented((top + a, top + b), (left + c, left + d))
            here = ring[a:b, c:d]
            planes[:self.colours, a:b, c:d][:, here] = invented[:, here]
        yield from (planes[:, a:b] for a, b in strips((0, bottom - top)))

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is computed from."""
        return within(self.source.shape, *((lo - REACH, hi + REACH) for lo, hi in self.network.around((top, bottom), (left, right))))

    def _invented(self, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
        """The colours of a window as the network has them."""
        wide_rows, wide_columns = self.network.around(rows, columns)
        around = [(lo - REACH, hi + REACH) for lo, hi in (wide_rows, wide_columns)]
        inside = slice(REACH, -REACH)
        holes = mirrored(_Depth(self.deep), *around)[0] > self.done
        guess = smooth(mirrored(self.source, *around)[:self.colours], ~holes)[:, inside, inside]
        x = np.concatenate([self.network.input(guess), holes[None, inside, inside].astype(np.float32)])
        maps = self.network.maps(x)
        (a, b), (c, d) = ((lo - wide[0], hi - wide[0]) for (lo, hi), wide in ((rows, wide_rows), (columns, wide_columns)))
        residual = self.network.colour_residual(maps, (a, b), (c, d))
        if self.colours == 1:
            residual = residual.mean(0, keepdims=True)
        return guess[:, a:b, c:d] + residual


class _Depth:
    """Depths as a source, to be read beyond the edges as a picture is."""

    colours = 1

    def __init__(self, deep: np.ndarray):
        self.deep = deep
        self.shape = deep.shape

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        return self.deep[None, top:bottom, left:right]
