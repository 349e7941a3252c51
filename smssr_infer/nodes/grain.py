"""A picture with grain laid over it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..analysis.grain import Look
from ..arrays import tiling
from ..arrays.masks import Given, mask_of
from ..arrays.node import Source
from ..arrays.pixels import luma
from ..textures.grain import grain
from ..textures.random_fields import seed_of
from .task_node import TaskNode, touched_by

SEED = 1


class GrainNode(TaskNode):
    """`x + β·σ(x)·noise`."""

    def __init__(self, source: Source, look: Look, beta: Given = 1.0, seed: int | None = None):
        """Raises ValueError, in one line, for what does not fit."""
        super().__init__(source)
        self.look, self._seed = look, seed_of(seed, SEED)
        self._beta = mask_of(beta, *source.shape, "grain")

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window, in one piece."""
        window = top, bottom, left, right
        planes = self.source.read(*window)
        beta = self._beta.read(*window)
        if beta.any():
            colours = planes[:self.colours]
            planes[:self.colours] += beta * grain(self.look, window, luma(colours), self.colours, self._seed)
        yield planes

    def reads(self, top: int, bottom: int, left: int, right: int) -> tiling.Tile:
        """The window of the source that a window is computed from: the same."""
        return top, bottom, left, right

    def touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window may change."""
        return touched_by([self._beta], window)

    @property
    def fingerprints(self) -> list[str]:
        """What grain it is."""
        return [repr(self.look)]
