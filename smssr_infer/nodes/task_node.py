"""The node of one step of a recipe: a chain of nodes that begins at a source, and what a tile of it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np

from ..arrays import tiling
from ..arrays.masks import Beta
from ..arrays.node import Node, Source, strips
from ..networks.backends import Graph


class Ran(Protocol):
    """A network that a node runs."""

    name: str
    fingerprint: str
    """What differs between any two networks whose results may differ."""
    graph: Graph


class TaskNode(Node):
    """One step of a recipe. Nothing is computed before it is read, from any thread."""

    largest_tile = 512
    """A tile has at most so many pixels squared."""
    margin = 0
    """Pixels of the result that are computed around a tile, and thrown away."""

    def __init__(self, source: Source):
        self.source, self.shape, self.colours = source, source.shape, source.colours
        self.last: Source = source
        """The last of the chain of nodes; the source itself where nothing is to be done."""
        self.networks: list[Ran] = []
        self.remarks: list[str] = []
        """What was found out of the picture and decides how it is treated, each in words that follow its name."""

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The planes of a window from its top down."""
        if isinstance(self.last, Node):
            yield from self.last.strips(top, bottom, left, right)
        else:
            planes = self.last.read(top, bottom, left, right)
            yield from (planes[:, a:b] for a, b in strips((0, bottom - top)))

    def reads(self, top: int, bottom: int, left: int, right: int) -> tiling.Tile:
        """The window of the source that a window is computed from."""
        window, node = (top, bottom, left, right), self.last
        while node is not self.source:
            assert isinstance(node, Node)
            window, node = node.reads(*window), node.source
        return window

    def touched(self, window: tiling.Tile) -> np.ndarray | None:
        """Which pixels of a window may differ from the source's, bool `[h, w]`; None where that is all of them."""
        return None

    @property
    def fingerprints(self) -> list[str]:
        """What differs between any two steps of the same settings whose results may differ: the networks, and what they are told."""
        return [network.fingerprint for network in self.networks]

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for network in self.networks:
            network.graph.release()


def touched_by(betas: Iterable[Beta], window: tiling.Tile) -> np.ndarray:
    """Where any β is above 0 in a window, bool `[h, w]`."""
    top, bottom, left, right = window
    touched = np.zeros((bottom - top, right - left), bool)
    for beta in betas:
        touched |= beta.read(*window) > 0
    return touched
