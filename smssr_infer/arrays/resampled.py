"""The node that resamples a picture, by bicubic alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .node import Node, Source, strips
from .resample import bicubic
from .scale_space import separable


class Resampled(Node):
    """The source before it, resampled by (antialiased) bicubic to height × width."""

    def __init__(self, source: Source, height: int, width: int):
        self.source = source
        self.shape = (height, width)
        self.colours = source.colours
        self._vertical, self._horizontal = bicubic(source.shape[0], height), bicubic(source.shape[1], width)

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The resampled planes of a window."""
        window = a, _, c, _ = self.reads(top, bottom, left, right)
        planes = self.source.read(*window)
        for strip in strips((top, bottom)):
            yield separable(planes, self._vertical, self._horizontal, strip, (left, right), (a, c))

    def reads(self, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
        """The window of the source that a window is resampled from."""
        return *self._vertical.span(top, bottom), *self._horizontal.span(left, right)
