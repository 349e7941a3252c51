"""The node that restores a picture at its size: a network's residual, placed by β."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..analysis.noise import NONE, Noise
from ..arrays.jpeg_grid import grid_planes
from ..arrays.masks import Beta
from ..arrays.node import Node, Source, mirrored, strips, within
from ..arrays.pixels import grey
from ..networks.network import RestoringNetwork

Range = tuple[int, int]


def windows(network: RestoringNetwork, rows: Range, columns: Range) -> tuple[Range, Range]:
    """Rows and columns, from multiples of its grid on, that a network must be given for a result over rows × columns."""
    margin, grid = network.reach + network.halo, network.grid
    (top, bottom), (left, right) = (((lo - margin) // grid * grid, -(-(hi + margin) // grid) * grid) for lo, hi in (rows, columns))
    return (top, bottom), (left, right)


class RestoredByNetwork(Node):
    """The source before it plus β times a network's residual; the residual's chroma by a β of its own."""

    def __init__(self, source: Source, network: RestoringNetwork, beta: Beta, chroma: Beta, jpeg_origin: tuple[int, int] = (0, 0),
                 noise: Noise = NONE):
        """`beta`: of the residual's luma; `chroma`: of what is left of it; `jpeg_origin`: row and column from which JPEG blocks begin.

        `noise`: how much there is, for a network that is told.
        """
        self.source, self.network, self.beta, self.chroma, self.jpeg_origin, self.noise = source, network, beta, chroma, jpeg_origin, noise
        self.shape, self.colours = source.shape, source.colours

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The restored planes of a window: the convolutions run once for all of it, what follows them runs strip by strip."""
        beta, chroma = (np.broadcast_to(mask.read(top, bottom, left, right), (bottom - top, right - left))
                        for mask in (self.beta, self.chroma))
        if not beta.any() and not (chroma.any() and self.colours == 3):
            planes = self.source.read(top, bottom, left, right)
            yield from (planes[:, a:b] for a, b in strips((0, bottom - top)))
            return
        rows, columns = windows(self.network, (top, bottom), (left, right))
        planes = mirrored(self.source, rows, columns)
        x = self.network.input(planes[:self.colours])
        if self.network.blocks:
            x = np.concatenate([x, grid_planes(np.arange(*rows), np.arange(*columns), self.jpeg_origin)])
        if self.network.told:
            sigmas = np.array([self.noise.luma, self.noise.chroma if self.colours == 3 else 0], np.float32)[:, None, None] / 255
            x = np.concatenate([x, np.broadcast_to(sigmas, (2, *x.shape[1:]))])
        maps = self.network.maps(x)
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
        return within(self.source.shape, *windows(self.network, (top, bottom), (left, right)))
