"""What a task makes of a picture: pixels of the picture's kind, in windows of any size and order."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np

from ..arrays import tiling
from ..arrays.pixels import Picture


class Result(ABC):
    """A picture enlarged, restored or painted on; nothing is computed before it is read."""

    picture: Picture
    """What it is made of."""
    shape: tuple[int, int]
    """Height and width of the answer, in pixels."""
    largest_tile = 512
    """A tile has at most so many pixels squared."""
    margin = 0
    """How many pixels of the answer are read around a tile."""

    @abstractmethod
    def write(self, window: tiling.Tile, out: np.ndarray, row: int, column: int) -> None:
        """Compute a window and put it into `out`, an array of the picture's kind, from (row, column) on. From any thread."""

    @property
    @abstractmethod
    def weights(self) -> list[str]:
        """The fingerprint of every network that it is made by: weights and constants."""

    @abstractmethod
    def release(self) -> None:
        """Give the networks' memory back to the system."""

    @property
    def row_bytes(self) -> int:
        """Bytes of a row of the answer."""
        row = self.picture.blank(0, self.shape[1])
        return row.itemsize * math.prod(row.shape[1:])

    def tiles(self, threads: int, window: tiling.Tile | None = None, tile: int | None = None) -> list[tiling.Tile]:
        """A window, by default the whole, in tiles of at most `tile` pixels a side, by default as `tiling.plan` finds best."""
        top, bottom, left, right = window or (0, self.shape[0], 0, self.shape[1])
        size = bottom - top, right - left
        todo = tiling.tiles(*size, tile) if tile else tiling.plan(*size, self.largest_tile, self.margin, threads)
        return [(top + a, top + b, left + c, left + d) for a, b, c, d in todo]

    def whole(self, threads: int | None = None, tile: int | None = None, progress: Callable[[float], None] | None = None,
              out: np.ndarray | None = None) -> np.ndarray:
        """All of it in one array, `out` if there is one. What `progress` raises cancels the work."""
        threads = threads or tiling.cores()
        out = self.picture.blank(*self.shape) if out is None else out
        try:
            tiling.run(lambda window: self.write(window, out, window[0], window[2]), self.tiles(threads, tile=tile), threads, progress)
        finally:
            self.release()
        return out
