"""Zarr arrays, in chunks of 512 × 512 pixels."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from zlib_ng import zlib_ng as zlib

from .. import files
from . import zarr_array
from .sink import InOrder, Notes, ResumableSink, rows_of

CHUNK = 512


class ZarrSink(ResumableSink):
    """uint8, uint16 or float32 H×W×{1, 2, 3, 4} as a Zarr array; the profile and other metadata have no place there."""

    rows = CHUNK

    def __init__(self, path: Path, shape: tuple[int, int, int], dtype: np.dtype, notes: Sequence[dict[str, Any]] = ()):
        """`notes`: what `path` holds already. Raises `Notes` where it does not, and ImportError without zarr."""
        import zarr

        self._path, self._put, self._noted, self._sum, self._sum_of_next = path, 0, 0, 0, 0
        self._work = InOrder[None](lambda _: None)
        if notes:
            try:
                self._go_on(shape, dtype, notes)
            except Exception as error:  # zarr's and its codecs' own, for whatever a damaged array may be
                raise Notes from error
        else:
            self._array = zarr.create_array(path, shape=shape, chunks=(CHUNK, CHUNK, shape[2]), dtype=dtype)

    def _go_on(self, shape: tuple[int, int, int], dtype: np.dtype, notes: Sequence[dict[str, Any]]) -> None:
        """Go on after what an earlier run noted, without what zarr itself leaves when it is killed."""
        import zarr

        for path in list(zarr_array.foreign(self._path)):
            files.remove(path)
        self._array = zarr.open_array(self._path, mode="r+")
        if (self._array.shape, self._array.chunks, self._array.dtype) != (shape, (CHUNK, CHUNK, shape[2]), dtype):
            raise Notes
        for note in notes:
            rows = rows_of(note, self.done, CHUNK, shape[0])
            if note.get("checksum") != self._checksum(self._array[self.done:rows]):
                raise Notes
            self.done = self._put = self._noted = rows

    @staticmethod
    def _checksum(rows: np.ndarray) -> int:
        return zlib.crc32(np.ascontiguousarray(rows).data)

    def put(self, rows: np.ndarray) -> None:
        """The next rows. Each chunk is an errand of its own, so that none is left under way where one cannot be written."""
        self._work.drain()
        self.done, self._sum = self._put, self._sum_of_next
        self._put += len(rows)
        self._sum_of_next = self._checksum(rows)
        self._work.put(functools.partial(self._store, rows[top:top + CHUNK, left:left + CHUNK], self.done + top, left)
                       for top in range(0, len(rows), CHUNK) for left in range(0, rows.shape[1], CHUNK))

    def _store(self, part: np.ndarray, top: int, left: int) -> None:
        self._array[top:top + part.shape[0], left:left + part.shape[1]] = part

    def note(self) -> dict[str, Any]:
        """The rows, and the checksum of the last ones: only what was really written is resumed. To be called at every `put`."""
        self._sync(self.done)
        return {"rows": self.done, "checksum": self._sum}

    def _sync(self, bottom: int) -> None:
        """Put the chunks from those that were noted down to a row onto the disk, and the names that lead to them."""
        folders = {self._path}
        across = -(-self._array.shape[1] // CHUNK)
        keys = (self._array.metadata.encode_chunk_key((row, column, 0))
                for row in range(self._noted // CHUNK, -(-bottom // CHUNK)) for column in range(across))
        for chunk in (self._path / "zarr.json", *(self._path / key for key in keys)):
            if chunk.exists():  # those that hold nothing but zeros are not
                files.sync_path(chunk)
            folders.update(folder for folder in chunk.parents if folder.is_relative_to(self._path) and folder.exists())
        for folder in folders:
            files.sync_path(folder)
        self._noted = bottom

    def finish(self) -> None:
        """Wait for the last rows."""
        self._work.close()
        self._sync(self._array.shape[0])

    def abandon(self) -> None:
        """Give up."""
        self._work.abandon()
