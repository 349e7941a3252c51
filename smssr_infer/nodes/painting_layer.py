"""A picture painted anew with the strokes of a painting: wide ones everywhere, finer ones where it has detail, all along its forms.

Every stroke is a function of its place on a lattice and of box sums around it, which are whole numbers: so any tile has the same strokes.
"""

from __future__ import annotations

import functools
import io
import math
from collections.abc import Iterator

import numpy as np
from PIL import Image

from ..analysis.drawn_lines import Along
from ..analysis.flow import Field, Given
from ..analysis.measurements import Measurements
from ..analysis.palette import Palette
from ..arrays import stopping, tiling
from ..arrays.node import mirrored, within
from ..arrays.pixels import LUMA, grey
from ..arrays.scale_space import gaussian, mirror, separable
from ..networks import manifest
from ..networks.cards import PaintingCard
from ..textures import lattice
from ..textures.brush import Brush, Strokes
from ..textures.random_fields import seed_of
from ..textures.style import Style

USUAL = 1000
"""On a picture of so many pixels on its longer side strokes have size 1; a smaller one has smaller ones, down to SMALL."""

SMALL = 0.75
"""Smaller strokes than so would look like the photograph."""

WIDTHS = (1.0, 0.56, 0.3)
"""Of the strokes of each layer of paint, as shares of the widest."""

PLACES = (400, 240, 140)
"""Strokes are cut out at about so many places of a painting."""

DETAIL = (0.0, 0.03, 0.045)
"""The local standard deviation of luma, 0 … 1, from which on each layer is painted with `detail` 0.5."""

DENSITY = 0.62
"""Distance of the strokes, as a share of the root of their area: each place is painted about three times over."""

JITTER = 0.7
"""How far strokes are moved off the lattice, in cells."""

OWN = 0.35
"""How much of its own colour a stroke keeps, the palette being the painting's."""

LIGHT = 0.6
"""So much of that colour's lightness is the picture's all the same: light and shade are what a form is seen by."""

ALIKE = 12
"""The strokes nearest in colour take turns: as many as these, however far away they are."""

FURTHEST = 0.15
"""The most that a stroke's own colour moves R, G or B, 0 … 1: nothing looks like a speck of dirt."""

UNEVEN = 0.5
"""Squared distance that a stroke's unevenness counts."""

COLOUR = 0.75
"""How far the palette goes where none is asked for."""

SCALE = 4095
"""Levels of a colour in the box sums."""

CLOSE = 4
"""A picture's flow is read at every so many pixels."""

SURE = 0.3
"""The coherence, 0 … 1, at which half of a fine stroke's direction is its place's own, half the picture's flow."""


@functools.lru_cache(maxsize=4)
def strokes(card: PaintingCard) -> tuple[Strokes, ...]:
    """The strokes of a painting, of each width. Raises ValueError where its file is missing or damaged."""
    with Image.open(io.BytesIO(manifest.load(card))) as picture:
        painting = np.asarray(picture.convert("RGB"), np.float32).transpose(2, 0, 1) / 255
    return cut(painting, card)


def cut(painting: np.ndarray, card: PaintingCard) -> tuple[Strokes, ...]:
    """The strokes of a painting `[3, h, w]`, as its card says, of each width."""
    return tuple(Strokes.cut(painting, card.length * share * card.stroke, share * card.stroke, card.softness * max(share, 0.6),
                             card.raggedness, places) for share, places in zip(WIDTHS, PLACES, strict=True))


@functools.lru_cache(maxsize=6)
def brush(strokes: Strokes, size: float) -> Brush:
    """The brush for strokes in a size; the last ones are kept, with the strokes that they turned."""
    return Brush(strokes, size)


class BoxSums:
    """Sums over boxes of a picture's colours, of its luma's squares, and of its structure tensor; exact, so the same from any window."""

    def __init__(self, planes: np.ndarray, top: int, left: int):
        """`planes`: R, G, B (or grey) `[C, h, w]` in 0 … 1, whose first pixel is (top, left)."""
        self._top, self._left = top, left
        whole = np.rint(np.clip(planes, 0, 1) * np.float32(SCALE)).astype(np.int64)
        colours = np.broadcast_to(whole, (3, *whole.shape[1:]))
        luma = (colours[0] * 299 + colours[1] * 587 + colours[2] * 114) // 1000
        down, across = np.zeros_like(luma), np.zeros_like(luma)
        down[1:-1], across[:, 1:-1] = luma[2:] - luma[:-2], luma[:, 2:] - luma[:, :-2]
        values = np.stack([*colours, luma, luma * luma, across**2 - down**2, 2 * across * down, across**2 + down**2])
        self._sums = np.zeros((len(values), luma.shape[0] + 1, luma.shape[1] + 1), np.int64)
        np.cumsum(np.cumsum(values, 1), 2, out=self._sums[:, 1:, 1:])

    def means(self, y: np.ndarray, x: np.ndarray, radius: int) -> np.ndarray:
        """Means over boxes of 2·radius + 1 pixels to a side around (y, x): `[8, n]`, colours and luma in 0 … 1."""
        a, c = y - self._top - radius, x - self._left - radius
        b, d = a + 2 * radius + 1, c + 2 * radius + 1
        sums = self._sums
        total = sums[:, b, d] - sums[:, a, d] - sums[:, b, c] + sums[:, a, c]
        means = total / np.float64((2 * radius + 1) ** 2)
        means[:4] /= SCALE
        means[4:] /= SCALE**2
        return means


class PaintingLayer:
    """One painting's hand on a picture. What has to be measured of the picture is measured when this is made."""

    def __init__(self, card: PaintingCard, wish: Style, measured: Measurements):
        """Raises ValueError, in one line, for what cannot be."""
        self.card, self.source = card, measured.source
        self._seed = seed_of(wish.seed, card.seed)
        self._strokes = strokes(card)
        self._size = wish.size_on(*self.source.shape, SMALL, USUAL)
        detail = 0.5 if wish.detail is None else float(wish.detail)
        self._least = [math.inf if detail == 0 < least else least * (1 - detail) / max(detail, 1e-9) for least in DETAIL]
        self._share = COLOUR if wish.colour is None else float(wish.colour)
        painted = Palette(np.array(card.mean), np.array(card.covariance).reshape(3, 3))
        matrix, offset = measured.palette.towards(painted)
        self._matrix = self._share * matrix + (1 - self._share) * np.eye(3, dtype=np.float32)
        self._offset = self._share * offset
        self._follows = wish.direction is None or isinstance(wish.direction, str)
        self._field: Field = (measured.flow if self._follows else
                              wish.direction.field(self.source.shape, self.source.shape, 2) if isinstance(wish.direction, Along) else
                              Given(wish.direction, *self.source.shape, card.name, 2))
        self.margin = max(self._reach(of) + self._pad(of) for of in self._strokes)
        """How many pixels of the picture are read around a window."""

    def _cell(self, of: Strokes) -> float:
        return DENSITY * math.sqrt(of.length * of.width) * self._size

    def _reach(self, of: Strokes) -> int:
        """How far from a stroke's vertex its paint may be, in pixels."""
        return math.ceil(self._size * (math.hypot(of.length, of.width) / 2 + 3) + JITTER / 2 * self._cell(of)) + 2

    def _pad(self, of: Strokes) -> int:
        """How far around a stroke's middle the picture is looked at, in pixels."""
        return math.ceil(1.5 * self._size * of.width) + 3

    def reads(self, window: tiling.Tile) -> tiling.Tile:
        """The window of the picture that a window is computed from."""
        top, bottom, left, right = window
        return within(self.source.shape, (top - self.margin, bottom + self.margin), (left - self.margin, right + self.margin))

    def strips(self, window: tiling.Tile, planes: np.ndarray) -> Iterator[tuple[tuple[int, int], np.ndarray]]:
        """Rows, and R, G and B (or grey) painted anew over them: the whole window at once."""
        top, bottom, left, right = window
        wide = top - self.margin, left - self.margin
        given = mirrored(self.source, (wide[0], bottom + self.margin), (wide[1], right + self.margin))[:self.source.colours]
        sums = BoxSums(given, *wide)
        ground = self._recoloured(np.broadcast_to(given, (3, *given.shape[1:])).reshape(3, -1)).reshape(3, *given.shape[1:])
        soft = [gaussian(n, 0.4 * self._size * self._strokes[0].width) for n in ground.shape[1:]]
        canvas = separable(ground, soft[0], soft[1], (self.margin, self.margin + bottom - top), (self.margin, self.margin + right - left))
        for number in range(len(self._strokes)):
            self._paint(canvas, window, sums, number)
        painted = np.clip(canvas, 0, 1)
        yield (top, bottom), painted if len(planes) == 3 else grey(painted)[None]

    def _recoloured(self, colours: np.ndarray) -> np.ndarray:
        """Colours `[3, n]` with the painting's palette, as far as it goes."""
        return np.clip(self._matrix @ colours + self._offset[:, None], 0, 1).astype(np.float32)

    def _paint(self, canvas: np.ndarray, window: tiling.Tile, sums: BoxSums, number: int) -> None:
        """Lay the strokes of one width over a window."""
        of, size = self._strokes[number], self._size
        y, x, draws, groups = self._places(window, of, number)
        rows, columns = np.rint(y).astype(int), np.rint(x).astype(int)
        around = sums.means(rows, columns, max(1, round(size * of.width)))
        kept = np.flatnonzero(np.maximum(around[4] - around[3]**2, 0) >= self._least[number] ** 2)
        kept = kept[np.argsort(draws[2, kept], kind="stable")]
        if not len(kept):
            return
        y, x, rows, columns, draws, groups = y[kept], x[kept], rows[kept], columns[kept], draws[:, kept], groups[kept]
        wanted = self._recoloured(sums.means(rows, columns, max(1, round(0.5 * size * of.width)))[:3]).T
        chosen = self._chosen(of, wanted, draws[3], groups)
        own = np.clip(of.colours[chosen] - wanted, -FURTHEST, FURTHEST)
        colours = wanted + np.float32(OWN * self._share) * (own - np.float32(LIGHT) * (own @ LUMA)[:, None])
        angles = self._angles(sums, rows, columns, number) + np.pi * (draws[4] > 0.5)
        top, left = window[0], window[2]
        lay = brush(of, size).lay
        for how in zip(chosen.tolist(), (y - top).tolist(), (x - left).tolist(), angles.tolist(), colours[..., None, None], strict=True):
            lay(canvas, *how)
        stopping.check()

    def _places(self, window: tiling.Tile, of: Strokes, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """y and x of all strokes that may reach into a window, five random numbers of each, and its vertex's group."""
        cell, reach, seed = self._cell(of), self._reach(of), self._seed + 7919 * number
        found = []
        for j, i in lattice.vertices(window[0] - reach, window[1] + reach, window[2] - reach, window[3] + reach, cell):
            y, x = lattice.place(i, j, cell)
            draws = np.stack([lattice.drawn(i, j, k, seed) for k in range(5)]).astype(np.float64)
            down, across = (place + JITTER * cell * (draw - 0.5) for place, draw in ((y, draws[0]), (x, draws[1])))
            found.append(np.stack([down, across, *draws, (i - j) % 3]))
        all_of = np.concatenate(found, 1)
        pad = self.margin - self._pad(of)
        inside = ((all_of[0] >= window[0] - pad) & (all_of[0] <= window[1] - 1 + pad)
                  & (all_of[1] >= window[2] - pad) & (all_of[1] <= window[3] - 1 + pad))
        all_of = all_of[:, inside]
        return all_of[0], all_of[1], all_of[2:7], all_of[7].astype(int)

    @staticmethod
    def _chosen(of: Strokes, wanted: np.ndarray, draw: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Which stroke each place takes: one whose colour is near; neighbours take theirs from different parts of the painting."""
        chosen = np.zeros(len(wanted), int)
        for group in range(3):
            places, offered = np.flatnonzero(groups == group), np.flatnonzero(of.groups == group)
            if not len(offered):
                offered = np.arange(len(of.groups))
            turn = (offered[None] * 0.6180339887 + draw[places, None] * 977) % 1
            off = np.square(wanted[places, None] - of.colours[offered][None]).sum(-1) + UNEVEN * of.uneven[offered] ** 2
            near = np.partition(off, min(ALIKE, len(offered) - 1), axis=1)[:, min(ALIKE, len(offered) - 1), None]
            chosen[places] = offered[(off / (near + 1e-6) + turn).argmin(1)]
        return chosen

    def _angles(self, sums: BoxSums, rows: np.ndarray, columns: np.ndarray, number: int) -> np.ndarray:
        """The angle of each stroke, radians, x to the right and y down."""
        inside = [mirror(at, n) for at, n in zip((rows, columns), self.source.shape, strict=True)]
        cosine, sine = _at(self._field, *inside)
        if number == 0 or not self._follows:
            return -0.5 * np.arctan2(sine, cosine)
        local = sums.means(rows, columns, max(2, round(1.4 * self._size * self._strokes[number].width)))[5:]
        length = np.hypot(local[0], local[1])
        coherence = length / (local[2] + 1e-6)
        trust = coherence**2 / (coherence**2 + SURE**2)
        own = trust / (length + 1e-12)
        # lines lie across the gradient, and angles of a flow count counter-clockwise
        return -0.5 * np.arctan2(own * local[1] + (1 - trust) * sine, (1 - trust) * cosine - own * local[0])

    def release(self) -> None:
        """A painting holds no network."""


def _at(field: Field, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """(cos 2θ, sin 2θ) of a field at single pixels, or less than CLOSE pixels beside them, `[2, n]`."""
    (down, row), (across, column) = ((CLOSE * np.arange(at.min() // CLOSE, at.max() // CLOSE + 1), at // CLOSE - at.min() // CLOSE)
                                     for at in (rows, columns))
    return field.planes(down, across)[:, row, column]
