"""What one step of a recipe gives, held for the next, which reads it again and again: in memory, or in a file that has no name."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from .. import files
from ..arrays import tiling
from ..arrays.large import LargePicture, in_memory
from ..arrays.pixels import Picture
from .result import Result

HELD = 1 << 26
"""What has more bytes than this is held in a file."""


def held(result: Result) -> Picture:
    """All of a result, computed now, as a picture. Raises ValueError, in one line, where there is no room for its file."""
    height, width = result.shape
    if height * result.row_bytes < HELD:
        return in_memory(result.whole())
    blank = result.picture.blank(0, width)
    spool = Spool((height, width, *(blank.shape[2:] or (1,))), blank.dtype, result.runtime.scratch)

    def work(window: tiling.Tile) -> None:
        top, bottom, left, right = window
        tile = result.picture.blank(bottom - top, right - left)
        result.write(window, tile, 0, 0)
        spool.put(window, tile)

    try:
        tiling.run(work, result.tiles(), result.runtime.threads, result.runtime.progress)
    finally:
        result.release()
    return LargePicture(spool)


class Spool:
    """Pixels H×W×C in a file without a name, of which only what is read or written at the moment is in memory.

    It is not mapped: pages around those that are touched would count as the process's memory.
    """

    def __init__(self, shape: tuple[int, int, int], dtype: np.dtype, folder: Path | None):
        """Raises ValueError, in one line, where there is no room for it in the folder."""
        self.shape, self.dtype = shape, dtype
        self._pixel = dtype.itemsize * shape[2]
        self._lock = threading.Lock()
        place = folder or Path(tempfile.gettempdir())
        try:
            self._file = tempfile.TemporaryFile(buffering=0, dir=place, prefix=".smssr-")  # noqa: SIM115, it lives as long as this does
            files.reserve(cast(BinaryIO, self._file), shape[0] * shape[1] * self._pixel)
        except OSError as error:
            size = shape[0] * shape[1] * self._pixel
            raise ValueError(f"cannot hold {size / 1e6:.0f} MB between two steps in {place}: {error.strerror}") from error

    def __getitem__(self, key: tuple[slice, slice]) -> np.ndarray:
        """The pixels of a window."""
        rows, columns = (range(*part.indices(n)) for part, n in zip(key, self.shape, strict=False))
        window = np.empty((len(rows), len(columns), self.shape[2]), self.dtype)
        self._through(self._file.readinto, rows.start, columns.start, window)
        return window

    def put(self, window: tiling.Tile, pixels: np.ndarray) -> None:
        """Write a window."""
        top, bottom, left, right = window
        self._through(self._file.write, top, left, np.ascontiguousarray(pixels).reshape(bottom - top, right - left, -1))

    def _through(self, go: Callable[[memoryview], int | None], top: int, left: int, window: np.ndarray) -> None:
        """Read or write a window's rows, one after the other, or at once where they are whole."""
        height, width = window.shape[:2]
        runs = window.reshape(1, -1) if width == self.shape[1] else window.reshape(height, -1)
        with self._lock:
            for number, run in enumerate(runs):
                self._file.seek(((top + number) * self.shape[1] + left) * self._pixel)
                left_over = memoryview(run.view(np.uint8).data)
                while left_over:
                    done = go(left_over)
                    if not done:
                        raise OSError("a temporary file ended too early")
                    left_over = left_over[done:]
