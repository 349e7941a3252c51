"""A picture whose holes are filled: scratches, dust, letters over it."""

from __future__ import annotations

import numpy as np

from ..arrays import tiling
from ..arrays.masks import Mask
from ..arrays.node import Source
from ..networks import manifest
from ..networks.cards import Purpose
from ..networks.loading import load
from .fill_ring import RING, FilledRing
from .task_node import TaskNode

FILLED_FROM = 0.2
"""A mask marks a pixel to be filled from this value on: the soft edge of a selection counts."""

DEEPEST = 15
"""The deepest hole that is filled, in pixels from its rim to its middle."""


def depth(mask: np.ndarray) -> np.ndarray:
    """How deep each pixel lies in a hole, uint8 `[h, w]`: 0 outside `mask`, 1 at the rim. Raises ValueError for a hole too deep."""
    if mask.all():
        raise ValueError("everything is marked to be filled; mark only what is to be invented from around")
    deep, inner = np.zeros(mask.shape, np.uint8), mask
    for _ in range(DEEPEST):
        deep += inner
        inner = _without_rim(inner)
    if inner.any():
        row, column = np.unravel_index(inner.argmax(), inner.shape)
        raise ValueError(f"the hole around ({column}, {row}) is more than {2 * DEEPEST} pixels wide; filling is for scratches, dust and "
                         "letters: reduce the picture first, or paint a texture over it")
    return deep


def _without_rim(mask: np.ndarray) -> np.ndarray:
    """A mask without its pixels that have one outside it among their eight neighbours; beyond the picture's edges nothing is outside."""
    for axis in (0, 1):
        wide = np.pad(mask, [(1, 1) if i == axis else (0, 0) for i in (0, 1)], constant_values=True)
        size = mask.shape[axis]
        mask = np.logical_and.reduce([np.take(wide, range(start, start + size), axis) for start in (0, 1, 2)])
    return mask


def check_shape(fill: np.ndarray, height: int, width: int) -> None:
    """Raises ValueError for a mask of holes that is no mask of this picture: stretched, it would fill what is well elsewhere."""
    shape = np.shape(fill)
    if len(shape) == 2 and abs(shape[1] * height / (shape[0] * width) - 1) > 0.02 and max(shape) > 1:
        raise ValueError(f"fill: the mask has {shape[1]}×{shape[0]} pixels, which is not the shape of a picture of {width}×{height}")


class FillNode(TaskNode):
    """The source with its holes filled from around, ring by ring."""

    largest_tile = 768

    def __init__(self, source: Source, mask: np.ndarray, backend: str):
        """`mask`: as of `api.restore`. Raises ValueError, in one line, for what does not fit."""
        super().__init__(source)
        self._depth = self.holes(mask, source.shape)
        if most := int(self._depth.max()):
            filling = load(manifest.restorer(Purpose.FILL), backend)
            for done in range(0, most, RING):
                self.last = FilledRing(self.last, filling, self._depth, done)
            self.networks.append(filling)
            self.margin = filling.reach + filling.halo

    @staticmethod
    def holes(mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        """How deep each pixel lies in a hole, as of `depth`. Raises ValueError, in one line, for a mask that does not fit."""
        height, width = shape
        marked = Mask(mask, height, width, "fill").read(0, height, 0, width) >= FILLED_FROM
        check_shape(mask, height, width)
        return depth(np.broadcast_to(marked, shape))

    def touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window lie in holes."""
        top, bottom, left, right = window
        return self._depth[top:bottom, left:right] > 0
