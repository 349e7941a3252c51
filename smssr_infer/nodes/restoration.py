"""A picture restored at its size, read window by window: holes filled, then cleaned, then sharpened."""

from __future__ import annotations

import functools

import numpy as np

from ..analysis.degradation import Degradation, degradation_of
from ..analysis.noise import NONE, sigma_of
from ..arrays import numbers, tiling
from ..arrays.masks import Mask
from ..arrays.node import Source
from ..arrays.pixels import Picture
from ..networks import backends, manifest
from ..networks.cards import Purpose, RestoringCard
from ..networks.network import RestoringNetwork
from ..networks.places import shipped
from .fill import RING, Filled, depth
from .restore import Restored
from .result import Result

Beta = np.ndarray | float

FILLED_FROM = 0.2
"""A mask marks a pixel to be filled from this value on: the soft edge of a selection counts."""


@functools.lru_cache(maxsize=8)
def network(card: RestoringCard, backend: str) -> RestoringNetwork:
    """The network of a card, loaded once."""
    return RestoringNetwork(card, backend)


def find(purpose: Purpose, name: str | None = None, blocks: bool = False) -> RestoringCard:
    """The model of that name, or the default one for a purpose, for pictures with or without JPEG's blocks. All of them ship.

    Raises ValueError for a name of another purpose, or that there is not.
    """
    fitting = [card for card in manifest.read(shipped()) if isinstance(card, RestoringCard) and card.purpose is purpose]
    for card in fitting:
        if card.default and card.blocks == blocks if name is None else card.name == name:
            return card
    raise ValueError(f"there is no model {numbers.shown(name)} to {purpose.value}; choose from: {', '.join(card.name for card in fitting)}")


def cleaned(source: Source, degradation: Degradation, beta: Mask, chroma: Mask, backend: str, name: str | None = None) -> Restored:
    """The source before it cleaned, by the model of that name or the one for its degradation. Raises ValueError as `find` does."""
    cleaning = network(find(Purpose.CLEAN, name, degradation.jpeg), backend)
    return Restored(source, cleaning, beta, chroma, degradation.jpeg_origin, degradation.sigma)


def told(degradation: Degradation, noise: str | float) -> Degradation:
    """The degradation of a picture of which a user says how much noise it has: `auto`, or σ of luma in levels. It is cleaned of that alone.

    Raises ValueError for anything else.
    """
    if noise == "auto":
        return degradation
    return Degradation(degradation.noise, 0.0, sigma=degradation.sigma.with_luma(sigma_of(noise)))


def check_shape(fill: np.ndarray, height: int, width: int) -> None:
    """Raises ValueError for a mask of holes that is no mask of this picture: stretched, it would fill what is well elsewhere."""
    shape = np.shape(fill)
    if len(shape) == 2 and abs(shape[1] * height / (shape[0] * width) - 1) > 0.02 and max(shape) > 1:
        raise ValueError(f"fill: the mask has {shape[1]}×{shape[0]} pixels, which is not the shape of a picture of {width}×{height}")


class Restoration(Result):
    """What is to be done to a picture, and its answer window by window."""

    largest_tile = 768  # with the halo that the networks read, a thread holds near 150 MiB

    def __init__(self, picture: Picture, clean: Beta = 0, chroma: Beta | None = None, sharpen: Beta = 0, fill: np.ndarray | None = None,
                 model: str | None = None, backend: str | None = None, noise: str | float = "auto"):
        """The arguments are those of `api.restore`. Raises ValueError, in one line, for what does not fit."""
        chosen = backends.choose(backend)
        height, width = picture.shape
        self.picture, self.shape = picture, picture.shape
        self.nets: list[RestoringNetwork] = []
        self._betas: list[Mask] = []
        self._deep: np.ndarray | None = None
        self.noise = NONE
        """What is cleaned away, for a network that is told."""
        stage: Source = picture

        def take(purpose: Purpose) -> RestoringNetwork:
            self.nets.append(network(find(purpose), chosen))
            return self.nets[-1]

        if fill is not None:
            holes = Mask(fill, height, width, "fill")
            check_shape(fill, height, width)
            marked = holes.read(0, height, 0, width) >= FILLED_FROM
            self._deep = depth(np.broadcast_to(marked, picture.shape))
            if most := int(self._deep.max()):
                filling = take(Purpose.FILL)
                for done in range(0, most, RING):
                    stage = Filled(stage, filling, self._deep, done)
        beta, of_chroma = Mask(clean, height, width, "clean"), Mask(clean if chroma is None else chroma, height, width, "chroma")
        nothing = all(mask.everywhere and not mask.anything for mask in (beta, of_chroma))
        if model is not None:
            find(Purpose.CLEAN, model)
            if nothing:
                raise ValueError("model: it is the one to clean with, but nothing is to be cleaned; set clean or chroma, or leave it out")
        if noise != "auto":
            sigma_of(noise)
            if nothing:
                raise ValueError("noise: it is what to clean away, but nothing is to be cleaned; set clean or chroma, or leave it out")
        if beta.anything or of_chroma.anything:
            stage = cleaned(stage, told(degradation_of(picture), noise), beta, of_chroma, chosen, model)
            if noise != "auto" and not stage.network.told:
                raise ValueError(f"noise: {stage.network.name} is not told how much there is; choose another model, or leave it out")
            self.noise = stage.noise
            self.nets.append(stage.network)
            self._betas += [beta, of_chroma] if picture.colours == 3 else [beta]
        beta = Mask(sharpen, height, width, "sharpen")
        if beta.anything:
            stage = Restored(stage, take(Purpose.SHARPEN), beta, beta)
            self._betas.append(beta)
        self._stage = stage
        self.margin = sum(net.reach + net.halo for net in self.nets)

    def write(self, window: tiling.Tile, out: np.ndarray, row: int, column: int) -> None:
        """Put the answer over a window into `out`, an array of the picture's kind, from (row, column) on.

        Pixels where every β is 0 and that no hole hides, alpha, and colours hidden under full transparency are the picture's own.
        """
        top, bottom, left, right = window
        picture = self.picture
        target = out[row:row + bottom - top, column:column + right - left]
        target = target[..., None] if picture.flat else target
        target[...] = picture.window(*window)
        touched = self._touched(window)
        if not touched.any():
            return
        planes = self._stage.read(*window)[:picture.colours + picture.alpha]
        restored = picture.blank(bottom - top, right - left)
        picture.store(restored, 0, 0, planes)
        target[touched, :picture.colours] = (restored[..., None] if picture.flat else restored)[touched, :picture.colours]

    def _touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window may change."""
        top, bottom, left, right = window
        touched = np.zeros((bottom - top, right - left), bool)
        for mask in self._betas:
            touched |= mask.read(*window) > 0
        if self._deep is not None:
            touched |= self._deep[top:bottom, left:right] > 0
        if self.picture.alpha:
            touched &= self.picture.window(*window)[..., -1] > 0
        return touched

    @property
    def weights(self) -> list[str]:
        """The fingerprints of its networks, and what they are told."""
        return [*(net.fingerprint for net in self.nets), *([repr(self.noise)] if self.noise is not NONE else [])]

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for net in self.nets:
            net.graph.release()
