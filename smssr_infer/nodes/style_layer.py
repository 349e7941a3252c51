"""What a style's network adds to a picture at a place: `ST(x) = x + Σ_i f_β(S_i(x))` (SMS-SR §2.2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..analysis.drawn_lines import Along
from ..analysis.f_beta import f_beta
from ..analysis.flow import Field, Given, Turned
from ..analysis.measurements import Measurements
from ..analysis.sharpness import REACH, softened
from ..arrays import tiling
from ..arrays.node import mirrored, within
from ..arrays.pixels import luma
from ..arrays.resample import bicubic
from ..arrays.resampled import Resampled
from ..arrays.scale_space import mirror, separable
from ..networks import manifest
from ..networks.cards import MaterialCard, StyleCard, TextureCard
from ..networks.loading import load
from ..networks.places import shipped
from ..textures.random_fields import seed_of, waves, white
from ..textures.style import Style, reduced

TILE = 512

EVEN = 0.12
"""σ_x of a texture that is to be as strong everywhere: that of a photograph of middling contrast."""


class StyleModel:
    """A style ready to paint with: its card, its network and the seed of its noise."""

    def __init__(self, name: str, seed: int | None, backend: str):
        """`seed`: None takes the card's own. Raises ValueError for a style or seed that cannot be."""
        self.card = manifest.find(name, StyleCard)
        self.network = load(self.card, backend)
        self.seed = seed_of(seed, self.card.seed)
        self.margin = self.network.reach + self.network.halo
        """How many pixels network and DoG read around a window."""


def spread(angles: np.ndarray, spreads: Sequence[float]) -> np.ndarray:
    """The multiple of σ_S at every place: `angles` as of a `Field`, `[2, h, w]`; `spreads`: of angles evenly over half a turn, or over a
    whole one where the style has a head and a tail."""
    part = np.mod(np.arctan2(angles[1], angles[0]) / (2 * np.pi), 1) * len(spreads)
    return np.interp(part, np.arange(len(spreads) + 1), [*spreads, spreads[0]]).astype(np.float32)


def check_direction(card: TextureCard, wish: Style) -> None:
    """Raises ValueError for a direction of a texture that cannot be turned so."""
    if isinstance(card, MaterialCard) and card.structured:
        if isinstance(wish.direction, str) or np.ndim(wish.direction) > 0 and not isinstance(wish.direction, Along):
            raise ValueError(f"{card.name} is laid as a whole: give it degrees or lines (Along), not a direction for every place")
        if wish.direction is not None and not isinstance(wish.direction, Along):
            Given(wish.direction, 1, 1, card.name, 1)
        return
    if not card.steerable and wish.direction is not None:
        turning = ", ".join(other.name for other in manifest.read(shipped()) if isinstance(other, TextureCard) and other.steerable)
        raise ValueError(f"{card.name} cannot be turned; give it no direction (those that can: {turning})")


def directed(card: TextureCard, wish: Style, whole: Measurements, sized: Measurements, bias: float = 0.0) -> Field | None:
    """By which angles a texture is turned on `sized`, which is `whole` in the texture's size; None for one that cannot be turned.

    Raises ValueError, in one line, for a direction that does not fit.
    """
    check_direction(card, wish)
    if not card.steerable:
        return None
    times = 1 if card.directed else 2
    if isinstance(wish.direction, Along):
        return Turned(wish.direction.field(whole.source.shape, sized.source.shape, times), card.reference_angle + bias, times)
    if wish.direction is None or isinstance(wish.direction, str):
        flow = sized.flow
        field = flow.headed if card.directed else flow.at_large if card.large_scale_flow else flow
        return Turned(field, card.reference_angle + bias, times)
    return Turned(Given(wish.direction, *sized.source.shape, card.name, times), bias, times)


class StyleLayer:
    """One style on a picture as it is wanted. What has to be measured of the picture is measured when this is made."""

    channels = ()
    """Its residual is the same for all colours."""

    def __init__(self, name: str, wish: Style, measured: Measurements, backend: str):
        """Raises ValueError, in one line, for what cannot be."""
        self.model = StyleModel(name, wish.seed, backend)
        self.card = self.model.card
        self.name, self._whole = name, measured
        height, width = measured.source.shape
        size = wish.size_on(height, width)
        self._sized = measured if size == 1 else measured.of_size(*reduced(height, width, size))
        self._contrast = None if wish.contrast == "even" else self._sized.contrast(*self.card.contrast)
        self._as_the_picture = wish.contrast == "picture"
        if self._contrast is None or self._contrast.flat_somewhere and not self._as_the_picture:
            _ = self._sized.headroom  # while the picture is measured, not in a tile
        self._field = directed(self.card, wish, measured, self._sized, self.card.angle_bias)
        self._sharpness = None if wish.sharpness is False else measured.sharpness
        if self._sharpness is not None and not self._sharpness.anywhere:
            self._sharpness = None
        self.margin = int(self.model.margin * size) + (REACH if self._sharpness else 0)
        """How many pixels of the picture are read around a window."""
        (tall, wide) = self._sized.source.shape
        self._vertical, self._horizontal = bicubic(tall, height), bicubic(wide, width)

    def reads(self, window: tiling.Tile) -> tiling.Tile:
        """The window of the picture that the residual over a window is computed from."""
        reach = REACH if self._sharpness else 0
        rows, columns = ((max(0, lo - reach), min(n, hi + reach))
                         for (lo, hi), n in zip((window[:2], window[2:]), self._whole.source.shape, strict=True))
        if self._sized is not self._whole:
            rows, columns = self._vertical.span(*rows), self._horizontal.span(*columns)
        around = self.model.margin
        wide = within(self._sized.source.shape, *((lo - around, hi + around) for lo, hi in (rows, columns)))
        return wide if self._sized is self._whole else Resampled(self._whole.source, *self._sized.source.shape).reads(*wide)

    def residual(self, window: tiling.Tile) -> np.ndarray:
        """What the style adds over a window at β = 1, `[h, w]` float32."""
        if self._sharpness is None:
            return self._resized(window)
        sigma = self._sharpness.read(*window)
        if not sigma.any():
            return self._resized(window)
        height, width = self._whole.source.shape
        top, bottom, left, right = (edge + by for edge, by in zip(window, (-REACH, REACH, -REACH, REACH), strict=True))
        inside = max(0, top), min(height, bottom), max(0, left), min(width, right)
        residual = self._resized(inside)
        residual = np.pad(residual, ((inside[0] - top, bottom - inside[1]), (inside[2] - left, right - inside[3])), "symmetric")
        return softened(residual, sigma)

    def _resized(self, window: tiling.Tile) -> np.ndarray:
        """The residual over a window, in the size that is wanted."""
        if self._sized is self._whole:
            return self._own(window)
        rows, columns = window[:2], window[2:]
        (a, b), (c, d) = self._vertical.span(*rows), self._horizontal.span(*columns)
        small = self._own((a, b, c, d))
        return separable(small, self._vertical, self._horizontal, rows, columns, (a, c))

    def _own(self, window: tiling.Tile) -> np.ndarray:
        """`κ·σ_x·(S − μ)/σ_S` over a window of the picture in the style's size, `[h, w]` float32: the luma that it adds at β = 1."""
        card, around, field, source = self.card, self.model.margin, self._field, self._sized.source
        top, bottom, left, right = window
        wide = top - around, bottom + around, left - around, right + around
        # Beyond its edges the picture is mirrored; the noise and the waves simply go on.
        y = luma(mirrored(source, wide[:2], wide[2:])[:source.colours])
        inputs = [y[None], white(*wide, self.model.seed)[None], waves(*wide, card.waves)]
        angles = None
        if field is not None:
            angles = field.planes(*(mirror(np.arange(*span), n) for span, n in zip((wide[:2], wide[2:]), source.shape, strict=True)))
            inputs.append(np.float32(0.5) + np.float32(0.5) * angles)
        maps = self.model.network.maps(np.concatenate(inputs))
        rows, columns = (around, around + bottom - top), (around, around + right - left)
        raw = self.model.network.residual(maps, rows, columns, [1.0])
        raw = f_beta(raw, np.float32(card.mu), card.sigma, card.kappa, self._strength(window))
        if angles is not None and card.angle_gain:
            raw /= spread(angles[:, rows[0]:rows[1], columns[0]:columns[1]], card.angle_gain)
        return raw

    def _strength(self, window: tiling.Tile) -> np.ndarray:
        """σ_x over a window of the picture in the style's size, `[h, w]`, or what stands in for it."""
        if self._contrast is None:
            return self._even(window)
        sigma_x = self._contrast.read(*window)
        if not self._contrast.flat_somewhere or self._as_the_picture:
            return sigma_x
        return sigma_x + self._contrast.flatness(*window) * np.maximum(self._even(window) - sigma_x, 0)

    def _even(self, window: tiling.Tile) -> np.ndarray:
        return np.float32(EVEN) * self._sized.headroom.read(window, self.card.kappa * EVEN)

    def release(self) -> None:
        """Give the network's memory back to the system."""
        self.model.network.graph.release()
