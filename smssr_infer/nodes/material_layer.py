"""Textures of either kind on a picture: a style's network, or a material by example."""

from __future__ import annotations

import functools
import io

import numpy as np
from PIL import Image

from ..analysis.measurements import Measurements
from ..analysis.sharpness import REACH, softened
from ..arrays import tiling
from ..arrays.pixels import LUMA, grey
from ..networks import manifest
from ..networks.cards import MaterialCard, TextureCard
from ..textures.material import material
from ..textures.random_fields import seed_of
from ..textures.sample import Sample
from ..textures.structure import Structure, shrunk
from ..textures.style import Style
from .style_layer import StyleLayer, check_direction, directed

WINDOW, CEILING = 160, 0.25
"""Side of the box over which σ_x is taken for a material with contrast "picture", and the most that σ_x may be."""


@functools.lru_cache(maxsize=16)
def sample(card: MaterialCard, shrink: float = 1.0) -> Sample | Structure:
    """The sample of a card, reduced for features smaller than it has. Raises ValueError where its file is missing or damaged."""
    with Image.open(io.BytesIO(manifest.load(card))) as picture:
        colours = picture.convert("RGB")
    if card.structured:
        pixels = np.asarray(colours)
        return Structure.of((shrunk(pixels, shrink) if shrink < 1 else pixels).astype(np.float32) / 255, LUMA)
    if shrink < 1:
        colours = colours.resize([round(shrink * n) for n in colours.size], Image.Resampling.LANCZOS)
    return Sample.of(np.asarray(colours, np.float32) / 255 - np.float32(0.5), LUMA)


class MaterialLayer:
    """One material on a picture as it is wanted. What has to be measured of the picture is measured when this is made."""

    def __init__(self, card: MaterialCard, wish: Style, measured: Measurements):
        """Raises ValueError, in one line, for what cannot be."""
        self.card, self._measured = card, measured
        self._seed = seed_of(wish.seed, card.seed)
        size = wish.size_on(*measured.source.shape)
        shrink = min(1.0, size)
        self._sample, self._cell, self._size = sample(card, shrink), card.cell * shrink, max(1.0, size)
        self._direction = 0.0 if wish.direction is None else wish.direction
        self._field = None if card.structured else directed(card, wish, measured, measured)
        self._even = wish.contrast != "picture"
        self._colour = np.float32(1 if wish.colour is None else wish.colour)
        self.channels = (3,) if measured.source.colours == 3 else ()
        """Of its residual: those of a picture in colour, or none."""
        if self._even:
            _ = measured.headroom  # while the picture is measured, not in a tile
        else:
            measured.contrast(WINDOW, card.contrast / 4, CEILING)
        soft = wish.sharpness if wish.sharpness is not None else not card.front
        sharpness = measured.sharpness if soft else None
        self._sharpness = sharpness if sharpness and sharpness.anywhere else None
        self.margin = REACH if self._sharpness else 0
        """How many pixels are made around a window."""

    def reads(self, window: tiling.Tile) -> tiling.Tile:
        """The window of the picture that the residual over a window is computed from: it does not look at it."""
        return window

    def residual(self, window: tiling.Tile) -> np.ndarray:
        """What the material adds over a window at β = 1: R, G, B `[3, h, w]`, or luma `[h, w]` on a grey picture; float32."""
        sigma = self._sharpness.read(*window) if self._sharpness else None
        if sigma is None or not sigma.any():
            return self._sharp(window)
        top, bottom, left, right = (edge + by for edge, by in zip(window, (-REACH, REACH, -REACH, REACH), strict=True))
        wide = self._sharp((top, bottom, left, right))
        return softened(wide, sigma) if wide.ndim == 2 else np.stack([softened(plane, sigma) for plane in wide])

    def _sharp(self, window: tiling.Tile) -> np.ndarray:
        if isinstance(self._sample, Structure):
            found = self._sample.laid(window, self._size, self._direction, self._seed)
        else:
            found = material(self._sample, window, self._measured.source.shape, self._cell, self._size, self._field,
                             1 if self.card.directed else 2, self._seed)
        luma = grey(found)
        if self.channels and self._colour:
            found = luma + self._colour * (found - luma)
        else:
            found = np.broadcast_to(luma, (3, *luma.shape)) if self.channels else luma
        return found * (self._strength(window) / np.float32(self._sample.deviation))

    def _strength(self, window: tiling.Tile) -> np.ndarray:
        """The standard deviation of the texture's luma over a window, which may reach beyond the picture: `[h, w]`."""
        if self._even:
            return np.float32(self.card.contrast) * self._measured.headroom.read(window, self.card.contrast)
        return self._measured.contrast(WINDOW, self.card.contrast / 4, CEILING).read(*window)

    def release(self) -> None:
        """A material holds no network."""


def layer_of(name: str, wish: Style, measured: Measurements, backend: str) -> StyleLayer | MaterialLayer:
    """The texture of that name on a picture as it is wanted. Raises ValueError, in one line, for what cannot be."""
    card = texture_card(name, wish)
    return MaterialLayer(card, wish, measured) if isinstance(card, MaterialCard) else StyleLayer(name, wish, measured, backend)


def texture_card(name: str, wish: Style) -> TextureCard:
    """The card of that name. Raises ValueError where there is none, or where it cannot be painted as it is wanted on any picture."""
    card = manifest.find(name, TextureCard)
    seed_of(wish.seed, 0)
    check_direction(card, wish)
    if not isinstance(card, MaterialCard) and wish.colour not in (None, 1):
        raise ValueError(f"{name} is the style of a network, which is grey; colour is for materials and paintings")
    if wish.detail is not None:
        raise ValueError(f"detail is for paintings; {name} is a texture, which adds to the picture's detail")
    return card
