"""A picture with the textures of one or several styles painted into it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import numpy as np

from ..analysis.measurements import Measurements
from ..arrays import tiling
from ..arrays.masks import Beta, mask_of
from ..arrays.node import Source
from ..networks import manifest
from ..networks.cards import TextureCard
from ..textures.style import Style, wanted
from .material_layer import layer_of
from .style_layer import TILE
from .task_node import TaskNode, touched_by


def beta_of(name: str, wish: Style, shape: tuple[int, int]) -> Beta:
    """β as a style is wanted, or its own strength everywhere. Raises ValueError, in one line, for what is no β or no style."""
    return mask_of(manifest.find(name, TextureCard).strength if wish.beta is None else wish.beta, *shape, name)


class StylizeNode(TaskNode):
    """`x + Σ_i β_i·residual_i` (SMS-SR §2.2)."""

    largest_tile = TILE

    def __init__(self, source: Source, measured: Measurements, backend: str, styles: Mapping[str, Style | np.ndarray | float],
                 seed: int | None = None):
        """The arguments are those of `api.stylize`. Raises ValueError, in one line, for what does not fit."""
        super().__init__(source)
        wishes = {name: wanted(wish) for name, wish in styles.items()}
        self._masks = [beta_of(name, wish, source.shape) for name, wish in wishes.items()]
        self.layers = [layer_of(name, wish if wish.seed is not None else dataclasses.replace(wish, seed=seed), measured, backend)
                       for name, wish in wishes.items()]
        self.margin = max((layer.margin for layer in self.layers), default=0)

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in one piece."""
        window = top, bottom, left, right
        planes = self.source.read(*window)
        for layer, mask in zip(self.layers, self._masks, strict=True):
            beta = mask.read(*window)
            if beta.any():
                planes[:self.colours] += beta * layer.residual(window)
        yield planes

    def reads(self, top: int, bottom: int, left: int, right: int) -> tiling.Tile:
        """The window of the source that a window is computed from."""
        window = top, bottom, left, right
        return tiling.around([window, *(layer.reads(window) for layer in self.layers)])

    def touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window may change."""
        return touched_by(self._masks, window)

    @property
    def fingerprints(self) -> list[str]:
        """The fingerprints of its styles."""
        return [layer.card.fingerprint for layer in self.layers]

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for layer in self.layers:
            layer.release()
