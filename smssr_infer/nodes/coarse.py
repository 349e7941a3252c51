"""A picture painted anew by coarse styles, one after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import numpy as np

from ..analysis.measurements import Measurements
from ..arrays import tiling
from ..arrays.masks import Beta, mask_of
from ..arrays.node import Source
from ..networks.cards import CoarseNetworkCard, PaintingCard
from ..textures.style import Style, wanted
from .coarse_layer import CoarseLayer, coarse_card
from .painting_layer import PaintingLayer
from .style_layer import TILE
from .task_node import TaskNode, touched_by


def layer_of(name: str, wish: Style, measured: Measurements, backend: str) -> CoarseLayer | PaintingLayer:
    """The coarse style of that name on a picture as it is wanted. Raises ValueError, in one line, for what cannot be."""
    card = coarse_card(name, wish)
    if isinstance(card, PaintingCard):
        return PaintingLayer(card, wish, measured)
    assert isinstance(card, CoarseNetworkCard)
    return CoarseLayer(card, wish, measured, backend)


class CoarseNode(TaskNode):
    """The source with coarse styles laid over it by their β, the later over the earlier."""

    largest_tile = TILE

    def __init__(self, source: Source, measured: Measurements, backend: str, styles: Mapping[str, Style | np.ndarray | float],
                 seed: int | None = None):
        """The arguments are those of `api.stylize`. Raises ValueError, in one line, for what does not fit."""
        super().__init__(source)
        self._layers: list[tuple[CoarseLayer | PaintingLayer, Beta]] = []
        for name, some in styles.items():
            wish = wanted(some)
            wish = wish if wish.seed is not None else dataclasses.replace(wish, seed=seed)
            beta = mask_of(1.0 if wish.beta is None else wish.beta, *source.shape, name)
            self._layers.append((layer_of(name, wish, measured, backend), beta))
        self.margin = max((layer.margin for layer, _ in self._layers), default=0)

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in one piece."""
        planes = self.source.read(top, bottom, left, right)
        own = planes[:self.colours].copy()
        for layer, mask in self._layers:
            beta = np.broadcast_to(mask.read(top, bottom, left, right), planes.shape[1:])
            if not beta.any():
                continue
            for (lo, hi), painted in layer.strips((top, bottom, left, right), own):
                part = planes[:self.colours, lo - top:hi - top]
                part += beta[lo - top:hi - top] * (painted - part)
        yield planes

    def reads(self, top: int, bottom: int, left: int, right: int) -> tiling.Tile:
        """The window of the source that a window is computed from."""
        window = top, bottom, left, right
        return tiling.around([window, *(layer.reads(window) for layer, _ in self._layers)])

    def touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window may change."""
        return touched_by((mask for _, mask in self._layers), window)

    @property
    def fingerprints(self) -> list[str]:
        """The fingerprints of its styles."""
        return [layer.card.fingerprint for layer, _ in self._layers]

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for layer, _ in self._layers:
            layer.release()
