"""A picture painted anew: the large forms and the palette of a painting, below the bands of textures ("bi-scale style transfer").

The picture is reduced and given the painting's palette; a network adds luma and chroma to it there. What it painted is enlarged again,
and follows the picture's own edges where the two agree (K. He et al., *Fast Guided Filter*, 2015).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..analysis.measurements import Measurements
from ..analysis.palette import Palette
from ..arrays.node import mirrored, strips, within
from ..arrays.pixels import TO_RGB, grey, luma
from ..arrays.resample import bicubic
from ..arrays.resampled import Resampled
from ..arrays.scale_space import difference_of_gaussians, separable
from ..networks import manifest
from ..networks.cards import CoarseCard, CoarseNetworkCard
from ..networks.loading import load
from ..textures.random_fields import SEEDS, clouds, seed_of, white
from ..textures.style import LEAST_SIZE, Style, reduced

USUAL = 1200
"""On a picture of so many pixels on its longer side forms have size 1; they belong to the whole picture, so a smaller one has smaller."""

EDGE = 2
"""Radius, in pixels of the network's grid, of the window in which painting and picture are compared."""

EPSILON = 0.02**2
"""Variance of luma, 0 … 1, below which there is no edge to follow."""

STRONGEST = 1.5
"""The most that a picture's edge is made stronger."""

Range = tuple[int, int]


def _mean(plane: np.ndarray) -> np.ndarray:
    """The mean of the window around every pixel, float32; at the border, which is cut off, of one that is folded back."""
    for axis in (0, 1):
        wide = np.pad(plane, [(EDGE, EDGE) if i == axis else (0, 0) for i in (0, 1)], mode="symmetric")
        size = plane.shape[axis]
        plane = np.add.reduce([np.take(wide, range(start, start + size), axis) for start in range(2 * EDGE + 1)])
        plane *= np.float32(1 / (2 * EDGE + 1))
    return plane


def coarse_card(name: str, wish: Style) -> CoarseCard:
    """The card of that name. Raises ValueError where there is none, or where it cannot be painted as it is wanted."""
    card = manifest.find(name, CoarseCard)
    seed_of(wish.seed, 0)
    if isinstance(card, CoarseNetworkCard):
        for setting in ("direction", "colour", "detail"):
            if getattr(wish, setting) is not None:
                raise ValueError(f"{name} is painted by a network, which knows no {setting}; leave it out, or take a painting")
    return card


class CoarseLayer:
    """One coarse style of a network on a picture. What has to be measured of the picture is measured when this is made."""

    def __init__(self, card: CoarseNetworkCard, wish: Style, measured: Measurements, backend: str):
        """Raises ValueError, in one line, for what cannot be."""
        self.card = card
        self.network = load(self.card, backend)
        self.seed = seed_of(wish.seed, self.card.seed)
        source = self.source = measured.source
        height, width = source.shape
        size = wish.size_on(height, width, LEAST_SIZE, USUAL) * self.card.grid
        self._small = Resampled(source, *reduced(height, width, size))
        self._vertical, self._horizontal = (bicubic(small, n) for small, n in zip(self._small.shape, source.shape, strict=True))
        painted = Palette(np.array(self.card.mean), np.array(self.card.covariance).reshape(3, 3))
        self._matrix, self._offset = measured.palette.towards(painted)
        self.margin = int((self.network.reach + self.network.halo + EDGE) * size)
        """How many pixels of the picture are read around a window."""

    def _painted(self, rows: Range, columns: Range) -> np.ndarray:
        """R, G and B painted anew on the grid, the picture's luma there, and how far the painting follows it: `[5, h, w]` float32."""
        edge, around = EDGE, EDGE + self.network.reach + self.network.halo
        wide = (rows[0] - around, rows[1] + around), (columns[0] - around, columns[1] + around)
        colours = np.broadcast_to(np.clip(mirrored(self._small, *wide)[:self.source.colours], 0, 1),
                                  (3, wide[0][1] - wide[0][0], wide[1][1] - wide[1][0]))
        matched = np.tensordot(self._matrix, colours, 1) + self._offset[:, None, None]
        np.clip(matched, 0, 1, out=matched)
        noise = white(*wide[0], *wide[1], self.seed), clouds(*wide[0], *wide[1], self.card.cell, (self.seed + 1) % SEEDS)
        maps = self.network.maps(np.concatenate([matched, np.stack(noise)]))
        part = around - edge
        inner = (part, maps.shape[1] - part), (part, maps.shape[2] - part)
        bands = [np.tanh(difference_of_gaussians(plane, fine, coarse, *inner))
                 for plane, (fine, coarse) in zip(maps, self.card.dog, strict=True)]
        cut = (slice(None), slice(*inner[0]), slice(*inner[1]))
        painted = np.clip(matched[cut] + np.tensordot(TO_RGB, np.stack(bands), 1), 0, 1)
        y = grey(colours[cut])
        planes = np.concatenate([painted, y[None], self._followed(grey(painted), y)[None]])
        return planes[:, edge:planes.shape[1] - edge, edge:planes.shape[2] - edge]

    @staticmethod
    def _followed(painted: np.ndarray, y: np.ndarray) -> np.ndarray:
        """a of `painted ≈ a·y + b` around every pixel, 0 … STRONGEST."""
        level = _mean(y)
        a = (_mean(painted * y) - _mean(painted) * level) / (_mean(y * y) - level * level + np.float32(EPSILON))
        return np.clip(a, 0, STRONGEST)

    def reads(self, window: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """The window of the picture that a window is computed from."""
        around = 2 * EDGE + self.network.reach + self.network.halo
        spans = self._vertical.span(*window[:2]), self._horizontal.span(*window[2:])
        return self._small.reads(*within(self._small.shape, *((lo - around, hi + around) for lo, hi in spans)))

    def strips(self, window: tuple[int, int, int, int], planes: np.ndarray) -> Iterator[tuple[Range, np.ndarray]]:
        """Rows, and R, G and B (or grey) painted anew over them, from the top of a window down; `planes`: the picture's own there."""
        top, bottom, left, right = window
        (a, b), (c, d) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        small = self._painted((a, b), (c, d))
        for lo, hi in strips((top, bottom)):
            large = separable(small, self._vertical, self._horizontal, (lo, hi), (left, right), (a, c))
            large[:3] += np.clip(large[4], 0, STRONGEST) * (luma(planes[:, lo - top:hi - top]) - large[3])
            painted = np.clip(large[:3], 0, 1)
            yield (lo, hi), painted if len(planes) == 3 else grey(painted)[None]

    def release(self) -> None:
        """Give the network's memory back to the system."""
        self.network.graph.release()
