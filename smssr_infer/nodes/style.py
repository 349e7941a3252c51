"""A picture that styles are computed for: what a style adds at a place (SMS-SR §2.2).

`ST(x) = x + Σ_i f_β(S_i(x))` with `f_β(S) = β · κ · σ_x · (S − μ) / σ_S`. μ, σ_S and κ are constants of a style's card, σ_x is
`contrast.Contrast`, and β is the user's.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence

import numpy as np

from ..analysis.contrast import Contrast, Headroom
from ..analysis.drawn_lines import Along
from ..analysis.flow import Field, Flow, Given, Turned
from ..analysis.palette import Palette
from ..analysis.sharpness import REACH, Sharpness, softened
from ..arrays import tiling
from ..arrays.node import Source, mirrored, within
from ..arrays.pixels import luma
from ..arrays.resample import bicubic
from ..arrays.resampled import Resampled
from ..arrays.scale_space import mirror, separable
from ..networks import manifest
from ..networks.cards import StyleCard, TextureCard
from ..networks.network import Network
from ..networks.places import shipped
from ..textures.random_fields import seed_of, waves, white
from ..textures.style import Style, reduced

TILE = 512


@functools.lru_cache(maxsize=64)
def network(card: StyleCard, backend: str) -> Network:
    """The branch of a style, loaded once; a style learnt anew has another card."""
    return Network(card, backend)


class StyleModel:
    """A style ready to paint with: its card, its network and the seed of its noise."""

    def __init__(self, name: str, seed: int | None, backend: str):
        """`seed`: None takes the card's own. Raises ValueError for a style or seed that cannot be."""
        self.card = manifest.find(name, StyleCard)
        self.network = network(self.card, backend)
        self.seed = seed_of(seed, self.card.seed)
        self.margin = self.network.reach + self.network.halo
        """How many pixels network and DoG read around a window."""


class Canvas:
    """A picture, and what is measured of it once for all styles.

    Every residual is a function of the whole picture, read where it is wanted.
    """

    def __init__(self, source: Source, threads: int, check: Callable[[], None] | None = None):
        """`check` is called between strips while the picture is measured, and may raise to cancel."""
        self.source = source
        self._threads, self._check = threads, check
        self._contrasts: dict[tuple[float, float, float], Contrast] = {}
        self._others: dict[tuple[int, int], Canvas] = {}
        self._headroom: Headroom | None = None
        self._flow: Flow | None = None
        self._sharpness: Sharpness | None = None
        self._palette: Palette | None = None

    def on(self, source: Source) -> Canvas:
        """The same picture read from another source, a part of it, say: what was measured is kept."""
        other = copy.copy(self)
        other.source = source
        other._others = {size: canvas.on(Resampled(source, *size)) for size, canvas in self._others.items()}
        return other

    def of_size(self, height: int, width: int) -> Canvas:
        """The same picture in another size."""
        if (height, width) == self.source.shape:
            return self
        if (height, width) not in self._others:
            resized = getattr(self.source, "of_size", functools.partial(Resampled, self.source))(height, width)
            self._others[height, width] = Canvas(resized, self._threads, self._check)
        return self._others[height, width]

    def contrast(self, window: float, floor: float, ceiling: float) -> Contrast:
        """σ_x with that window, floor and ceiling; computed once."""
        key = window, floor, ceiling
        if key not in self._contrasts:
            self._contrasts[key] = Contrast(self.source, *key, self._threads, self._check)
        return self._contrasts[key]

    def headroom(self) -> Headroom:
        """How near the picture is to black and white; computed once."""
        if self._headroom is None:
            self._headroom = Headroom(self.source, self._threads, self._check)
        return self._headroom

    def flow(self) -> Flow:
        """The picture's own flow; computed once."""
        if self._flow is None:
            self._flow = Flow(self.source, self._threads, self._check)
        return self._flow

    def sharpness(self) -> Sharpness:
        """The picture's own sharpness; computed once."""
        if self._sharpness is None:
            self._sharpness = Sharpness(self.source, self._threads, self._check)
        return self._sharpness

    def palette(self) -> Palette:
        """The picture's own palette; measured once."""
        if self._palette is None:
            self._palette = Palette.measured(self.source, self._threads, self._check)
        return self._palette

    def residual(self, brush: StyleModel, field: Field | None, window: tiling.Tile) -> np.ndarray:
        """`κ·σ_x·(S − μ)/σ_S` over a window, `[h, w]` float32: the luma that the style adds at β = 1.

        `field`: by which angles the style is turned; None for one that cannot be.
        """
        card, around = brush.card, brush.margin
        top, bottom, left, right = window
        wide = top - around, bottom + around, left - around, right + around
        # Beyond its edges the picture is mirrored; the noise and the waves simply go on.
        y = luma(mirrored(self.source, wide[:2], wide[2:])[:self.source.colours])
        inputs = [y[None], white(*wide, brush.seed)[None], waves(*wide, card.waves)]
        angles = None
        if field is not None:
            angles = field.planes(*(mirror(np.arange(*span), n) for span, n in zip((wide[:2], wide[2:]), self.source.shape, strict=True)))
            inputs.append(np.float32(0.5) + np.float32(0.5) * angles)
        maps = brush.network.maps(np.concatenate(inputs))
        rows, columns = (around, around + bottom - top), (around, around + right - left)
        raw = brush.network.residual(maps, rows, columns, [1.0])
        raw -= np.float32(card.mu)
        raw *= np.float32(card.kappa / card.sigma)
        raw *= self.contrast(*card.contrast).read(*window)
        if angles is not None and card.spreads:
            raw /= spread(angles[:, rows[0]:rows[1], columns[0]:columns[1]], card.spreads)
        return raw


def spread(angles: np.ndarray, spreads: Sequence[float]) -> np.ndarray:
    """The multiple of σ_S at every place: `angles` as of a `Field`, `[2, h, w]`; `spreads`: of angles evenly over half a turn, or over a
    whole one where the style has a head and a tail."""
    part = np.mod(np.arctan2(angles[1], angles[0]) / (2 * np.pi), 1) * len(spreads)
    return np.interp(part, np.arange(len(spreads) + 1), [*spreads, spreads[0]]).astype(np.float32)


def directed(card: TextureCard, wish: Style, whole: Canvas, canvas: Canvas, bias: float = 0.0) -> Field | None:
    """By which angles a texture is turned on `canvas`, which is `whole` in the texture's size; None for one that cannot be turned.

    Raises ValueError, in one line, for a direction that does not fit.
    """
    if not card.turns:
        if wish.direction is not None:
            turning = ", ".join(other.name for other in manifest.read(shipped()) if isinstance(other, TextureCard) and other.turns)
            raise ValueError(f"{card.name} cannot be turned; give it no direction (those that can: {turning})")
        return None
    times = 1 if card.heads else 2
    if isinstance(wish.direction, Along):
        return Turned(wish.direction.field(whole.source.shape, canvas.source.shape, times), card.lies + bias, times)
    if wish.direction is None or isinstance(wish.direction, str):
        flow = canvas.flow()
        field = flow.headed if card.heads else flow.at_large if card.straight else flow
        return Turned(field, card.lies + bias, times)
    return Turned(Given(wish.direction, *canvas.source.shape, card.name, times), bias, times)


class StyleLayer:
    """One style on a picture as it is wanted. What has to be measured of the picture is measured when this is made."""

    channels = ()
    """Its residual is the same for all colours."""

    def __init__(self, name: str, wish: Style, canvas: Canvas, backend: str):
        """Raises ValueError, in one line, for what cannot be."""
        self.brush = StyleModel(name, wish.seed, backend)
        self.card = self.brush.card
        self.name, self._whole = name, canvas
        height, width = canvas.source.shape
        size = wish.size_on(height, width)
        self._canvas = canvas if size == 1 else canvas.of_size(*reduced(height, width, size))
        self._canvas.contrast(*self.card.contrast)
        self._field = directed(self.card, wish, canvas, self._canvas, self.card.bias)
        self._sharpness = None if wish.sharpness is False else canvas.sharpness()
        if self._sharpness is not None and not self._sharpness.anywhere:
            self._sharpness = None
        self.margin = int(self.brush.margin * size) + (REACH if self._sharpness else 0)
        """How many pixels of the picture are read around a window."""
        (tall, wide) = self._canvas.source.shape
        self._vertical, self._horizontal = bicubic(tall, height), bicubic(wide, width)

    def reads(self, window: tiling.Tile) -> tiling.Tile:
        """The window of the picture that the residual over a window is computed from."""
        reach = REACH if self._sharpness else 0
        rows, columns = ((max(0, lo - reach), min(n, hi + reach))
                         for (lo, hi), n in zip((window[:2], window[2:]), self._whole.source.shape, strict=True))
        if self._canvas is not self._whole:
            rows, columns = self._vertical.span(*rows), self._horizontal.span(*columns)
        around = self.brush.margin
        wide = within(self._canvas.source.shape, *((lo - around, hi + around) for lo, hi in (rows, columns)))
        return wide if self._canvas is self._whole else Resampled(self._whole.source, *self._canvas.source.shape).reads(*wide)

    def residual(self, window: tiling.Tile) -> np.ndarray:
        """What the style adds over a window at β = 1, `[h, w]` float32."""
        if self._sharpness is None:
            return self._sized(window)
        sigma = self._sharpness.read(*window)
        if not sigma.any():
            return self._sized(window)
        height, width = self._whole.source.shape
        top, bottom, left, right = (edge + by for edge, by in zip(window, (-REACH, REACH, -REACH, REACH), strict=True))
        inside = max(0, top), min(height, bottom), max(0, left), min(width, right)
        residual = self._sized(inside)
        residual = np.pad(residual, ((inside[0] - top, bottom - inside[1]), (inside[2] - left, right - inside[3])), "symmetric")
        return softened(residual, sigma)

    def _sized(self, window: tiling.Tile) -> np.ndarray:
        """The residual over a window, in the size that is wanted."""
        if self._canvas is self._whole:
            return self._canvas.residual(self.brush, self._field, window)
        rows, columns = window[:2], window[2:]
        (a, b), (c, d) = self._vertical.span(*rows), self._horizontal.span(*columns)
        small = self._canvas.residual(self.brush, self._field, (a, b, c, d))
        return separable(small, self._vertical, self._horizontal, rows, columns, (a, c))

    def release(self) -> None:
        """Give the network's memory back to the system."""
        self.brush.network.graph.release()
