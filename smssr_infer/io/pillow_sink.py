"""Files of every other format that Pillow writes: the rows are kept until all are there."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from .sink import Sink


class PillowSink(Sink):
    """uint8 H×W×{1, 3, 4} as Pillow writes it."""

    def __init__(self, stream: BinaryIO, shape: tuple[int, int, int], format_: str, options: dict[str, Any], more: bytes = b""):
        """`options`: as Pillow's `save` takes them. `more`: what follows the pixels."""
        self._stream, self._format, self._options, self._more = stream, format_, options, more
        if format_ == "ICO":  # else Pillow makes it one of the usual sizes
            self._options = {**options, "sizes": [(shape[1], shape[0])]}
        self._pixels = np.empty(shape, np.uint8)
        self._done = 0

    def put(self, rows: np.ndarray) -> None:
        """The next rows."""
        self._pixels[self._done:self._done + len(rows)] = rows
        self._done += len(rows)

    def finish(self) -> None:
        """Write all of it."""
        pixels = self._pixels
        Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(self._stream, self._format, **self._options)
        if self._more and self._format == "GIF":  # before the byte that ends it
            self._stream.seek(-1, os.SEEK_END)
            self._stream.write(self._more + b";")
        elif self._more:
            self._stream.seek(0, os.SEEK_END)
            self._stream.write(self._more)
