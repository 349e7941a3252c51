"""What a recipe makes of a picture: pixels of the picture's kind, in windows of any size and order."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence

import numpy as np

from ..arrays import tiling
from ..arrays.pixels import Picture
from ..runtime import Runtime
from .task_node import TaskNode


@dataclasses.dataclass(frozen=True)
class Before:
    """What is kept of a part of a recipe: its networks' fingerprints and names, and its remarks."""

    fingerprints: list[str]
    remarks: list[str]
    models: list[str]


class Result:
    """A picture enlarged, restored or painted on; nothing is computed before it is read.

    Where the size stays, pixels that no β and no hole touches, alpha, and colours hidden under full transparency are the picture's own,
    bit for bit.
    """

    def __init__(self, picture: Picture, node: TaskNode, runtime: Runtime, before: Sequence[Before] = ()):
        """`node`: the last of the chain that begins at the picture; `before`: the parts of the recipe that made the picture."""
        self.picture, self.node, self.runtime = picture, node, runtime
        self.shape = node.shape
        self.nodes = list(_chain(node))
        """From the last to the first."""
        self.largest_tile = node.largest_tile
        self.margin = sum(part.margin for part in self.nodes)
        self._in_place = all(part.shape == picture.shape for part in self.nodes)
        own = Before([word for part in reversed(self.nodes) for word in part.fingerprints],
                     [words for part in reversed(self.nodes) for words in part.remarks],
                     [network.name for part in reversed(self.nodes) for network in part.networks])
        self.parts = [*before, own]

    def write(self, window: tiling.Tile, out: np.ndarray, row: int, column: int) -> None:
        """Compute a window and put it into `out`, an array of the picture's kind, from (row, column) on. From any thread."""
        if not self._in_place:
            for planes in self.node.strips(*window):
                self.picture.store(out, row, column, planes)
                row += planes.shape[1]
            return
        top, bottom, left, right = window
        picture = self.picture
        target = out[row:row + bottom - top, column:column + right - left]
        target = target[..., None] if picture.flat else target
        target[...] = picture.window(*window)
        touched = self._touched(window)
        if not touched.any():
            return
        planes = self.node.read(*window)[:picture.colours + picture.alpha]
        made = picture.blank(bottom - top, right - left)
        picture.store(made, 0, 0, planes)
        target[touched, :picture.colours] = (made[..., None] if picture.flat else made)[touched, :picture.colours]

    def _touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window may change."""
        top, bottom, left, right = window
        touched = np.zeros((bottom - top, right - left), bool)
        for node in self.nodes:
            part = node.touched(window)
            touched |= True if part is None else part
        if self.picture.alpha:
            touched &= self.picture.window(*window)[..., -1] > 0
        return touched

    @property
    def fingerprints(self) -> list[str]:
        """What differs between any two results of the same recipe and picture: networks, constants, what was estimated."""
        return [word for part in self.parts for word in part.fingerprints]

    @property
    def remarks(self) -> list[str]:
        """What was found out of the picture and decides how it is treated, in words that follow its name."""
        return [words for part in self.parts for words in part.remarks]

    @property
    def models(self) -> list[str]:
        """The names of the networks that run, each once, in their order."""
        return list(dict.fromkeys(name for part in self.parts for name in part.models))

    @property
    def row_bytes(self) -> int:
        """Bytes of a row of the result."""
        row = self.picture.blank(0, self.shape[1])
        return row.itemsize * math.prod(row.shape[1:])

    def tiles(self, window: tiling.Tile | None = None) -> list[tiling.Tile]:
        """A window, by default the whole, in tiles: of the runtime's size, or as `tiling.plan` finds best."""
        top, bottom, left, right = window or (0, self.shape[0], 0, self.shape[1])
        size, runtime = (bottom - top, right - left), self.runtime
        todo = (tiling.tiles(*size, runtime.tile) if runtime.tile
                else tiling.plan(*size, self.largest_tile, self.margin, runtime.threads))
        return [(top + a, top + b, left + c, left + d) for a, b, c, d in todo]

    def whole(self, out: np.ndarray | None = None) -> np.ndarray:
        """All of it in one array, `out` if there is one. What the runtime's progress raises cancels the work."""
        out = self.picture.blank(*self.shape) if out is None else out
        try:
            tiling.run(lambda window: self.write(window, out, window[0], window[2]), self.tiles(), self.runtime.threads,
                       self.runtime.progress)
        finally:
            self.release()
        return out

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for node in self.nodes:
            node.release()


def _chain(node: TaskNode) -> Iterator[TaskNode]:
    """A node and those before it, back to the picture."""
    while isinstance(node, TaskNode):
        yield node
        node = node.source  # type: ignore[assignment]
