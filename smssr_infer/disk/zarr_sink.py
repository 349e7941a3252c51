"""Zarr arrays, in chunks of 512 × 512 pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .sink import InOrder, Sink

CHUNK = 512


class ZarrSink(Sink):
    """uint8, uint16 or float32 H×W×{1, 2, 3, 4} as a Zarr array; the profile and other metadata have no place there."""

    rows = CHUNK

    def __init__(self, path: Path, shape: tuple[int, int, int], dtype: np.dtype, done: int = 0):
        """`done`: how many rows `path` holds already. Raises ImportError without zarr."""
        import zarr

        if not done:
            zarr.create_array(path, shape=shape, chunks=(CHUNK, CHUNK, shape[2]), dtype=dtype, overwrite=True)
        self._array = zarr.open_array(path, mode="r+")
        self._done = done
        self._work = InOrder[None](lambda _: None)

    def put(self, rows: np.ndarray) -> None:
        """The next rows."""
        top = self._done
        self._done += len(rows)

        def store() -> None:
            self._array[top:top + len(rows)] = rows

        self._work.put([store])

    def finish(self) -> None:
        """Wait for the last rows."""
        self._work.close()

    def abandon(self) -> None:
        """Give up."""
        self._work.abandon()
