"""The node that restores a picture at its size: a network's residual, placed by β."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..arrays.masks import Beta
from ..arrays.node import Node, Source, mirrored, strips, within
from ..arrays.pixels import grey
from ..networks.network import RestoringNetwork
from .guides import Guide

Range = tuple[int, int]


class RestoredByNetwork(Node):
    """The source before it plus β times a network's residual; the residual's chroma by a β of its own."""

    def __init__(self, source: Source, network: RestoringNetwork, beta: Beta, chroma: Beta, guides: Sequence[Guide] = ()):
        """`beta`: of the residual's luma; `chroma`: of what is left of it; `guides`: what the network is told, in its planes' order."""
        self.source, self.network, self.beta, self.chroma, self.guides = source, network, beta, chroma, guides
        self.shape, self.colours = source.shape, source.colours
        self._reach = max((guide.reach for guide in guides), default=0)
        self.margin = network.reach + network.halo + self._reach
        """Pixels of the source that are read around a window."""

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The restored planes of a window: the convolutions run once for all of it, what follows them runs strip by strip."""
        beta, chroma = (np.broadcast_to(mask.read(top, bottom, left, right), (bottom - top, right - left))
                        for mask in (self.beta, self.chroma))
        if not beta.any() and not (chroma.any() and self.colours == 3):
            planes = self.source.read(top, bottom, left, right)
            yield from (planes[:, a:b] for a, b in strips((0, bottom - top)))
            return
        rows, columns = self.network.around((top, bottom), (left, right))
        around = self._reach
        wide = mirrored(self.source, *((lo - around, hi + around) for lo, hi in (rows, columns)))
        planes = inside(wide, around)
        beside = [guide.planes(inside(wide[:self.colours], around - guide.reach), rows, columns) for guide in self.guides]
        maps = self.network.maps(np.concatenate([self.network.input(planes[:self.colours]), *beside]))
        for a, b in strips((top, bottom)):
            residual = self.network.colour_residual(maps, (a - rows[0], b - rows[0]), (left - columns[0], right - columns[0]))
            part = planes[:, a - rows[0]:b - rows[0], left - columns[0]:right - columns[0]].copy()
            of_luma = grey(residual)
            if self.colours == 3 and len(residual) == 3:
                part[:3] += chroma[a - top:b - top] * (residual - of_luma)
            part[:self.colours] += beta[a - top:b - top] * of_luma
            yield part

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is computed from."""
        spans = self.network.around((top, bottom), (left, right))
        return within(self.source.shape, *((lo - self._reach, hi + self._reach) for lo, hi in spans))


def inside(planes: np.ndarray, by: int) -> np.ndarray:
    """Planes without so many pixels at each edge."""
    return planes[:, by:planes.shape[1] - by, by:planes.shape[2] - by]
