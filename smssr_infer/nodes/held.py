"""What one step of a recipe gives, held for the next, which reads it again and again: in memory, or in a file that has no name."""

from __future__ import annotations

import tempfile
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
    """Pixels H×W×C in a file without a name, of which only what is read or written at the moment is mapped into memory."""

    def __init__(self, shape: tuple[int, int, int], dtype: np.dtype, folder: Path | None):
        """Raises ValueError, in one line, where there is no room for it in the folder."""
        self.shape, self.dtype = shape, dtype
        self._row = dtype.itemsize * shape[1] * shape[2]
        place = folder or Path(tempfile.gettempdir())
        try:
            self._file = tempfile.TemporaryFile(dir=place, prefix=".smssr-")  # noqa: SIM115, it lives as long as this does
            files.reserve(cast(BinaryIO, self._file), shape[0] * self._row)
        except OSError as error:
            raise ValueError(f"cannot hold {shape[0] * self._row / 1e6:.0f} MB between two steps in {place}: {error.strerror}") from error

    def _rows(self, top: int, bottom: int) -> np.ndarray:
        return np.memmap(self._file, self.dtype, "r+", top * self._row, (bottom - top, *self.shape[1:]))

    def __getitem__(self, key: tuple[slice, slice]) -> np.ndarray:
        """The pixels of a window."""
        rows, columns = (range(*part.indices(n)) for part, n in zip(key, self.shape, strict=False))
        return np.array(self._rows(rows.start, rows.stop)[:, columns.start:columns.stop])

    def put(self, window: tiling.Tile, pixels: np.ndarray) -> None:
        """Write a window."""
        top, bottom, left, right = window
        self._rows(top, bottom)[:, left:right] = pixels.reshape(bottom - top, right - left, -1)
