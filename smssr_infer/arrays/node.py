"""What a node is: a source whose pixels are computed, window by window and strip by strip, from a source before it.

Nodes are chained, and the last one is read tile by tile: each asks the one before for its window and the halo around it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from . import stopping
from .scale_space import mirror

STRIP = 128
"""Rows of a result that are computed at once, from resampling to storing: few enough to stay in a core's cache (measured)."""


class Source(Protocol):
    """Something whose pixels are read window by window."""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""

    @property
    def colours(self) -> int:
        """How many of the planes, from the first on, are colours; the others (alpha, hidden colours) are only resampled."""

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes `[C, h, w]` float32 of a window that lies inside `shape`."""


class Node(ABC):
    """A source that computes its pixels from another one, strip by strip."""

    source: Source
    shape: tuple[int, int]
    colours: int

    @abstractmethod
    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window from its top down, `[C, at most STRIP, w]` each."""

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes `[C, h, w]` of a window, in one piece."""
        return np.concatenate(list(self.strips(top, bottom, left, right)), axis=1)

    @abstractmethod
    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is computed from."""


def within(shape: tuple[int, int], rows: tuple[int, int], columns: tuple[int, int]) -> tuple[int, int, int, int]:
    """The window of a source of that shape that holds rows × columns, which may reach beyond its edges: mirrored there."""
    at = [mirror(np.arange(*span), n) for span, n in zip((rows, columns), shape, strict=True)]
    return int(at[0].min()), int(at[0].max()) + 1, int(at[1].min()), int(at[1].max()) + 1


def mirrored(source: Source, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
    """The source's planes over rows × columns, which may reach beyond its edges: mirrored there."""
    window = top, _, left, _ = within(source.shape, rows, columns)
    down, across = (mirror(np.arange(*span), n) for span, n in zip((rows, columns), source.shape, strict=True))
    return source.read(*window)[:, (down - top)[:, None], across - left]


def strips(rows: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """A range of rows in strips. Raises Stopped before the first that is not wanted any more."""
    for top in range(*rows, STRIP):
        stopping.check()
        yield top, min(top + STRIP, rows[1])
