"""Files whose pixels are read block by block, as windows are asked for: the cache that they share, and Zarr."""

from __future__ import annotations

import contextlib
import os
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from .. import files
from ..arrays.large import check_size
from ..arrays.pixels import RANGE
from . import floats
from .errors import reading

CACHE = 96 << 20
"""Bytes of blocks that are kept: neighbouring windows share some."""

MOST_BLOCK = 1 << 30
"""Bytes of the largest block that is unpacked, since it must be held whole."""

ALONE = CACHE // 8
"""Blocks of more bytes than this are unpacked one at a time, or eight threads would hold eight of the largest."""


class Blocks(ABC):
    """Pixels H×W×C in a grid of blocks; windows of them may be read from any thread."""

    ndim = 3
    numberless = False
    """Whether any value that was read so far was no number, and was filled from around."""

    def __init__(self, path: Path, shape: tuple[int, int, int], dtype: np.dtype, block: tuple[int, int]):
        """Raises ValueError for pixels that cannot be held, before anything is allocated."""
        if dtype not in RANGE:
            raise ValueError(f"its pixels are uint8, uint16 or float32, not {dtype}")
        check_size(*shape[:2])
        self.path, self.shape, self.dtype, self.block = path, shape, dtype, block
        self._kept: OrderedDict[tuple[int, int], np.ndarray] = OrderedDict()
        self._coming: dict[tuple[int, int], Future[np.ndarray]] = {}
        self._bytes = 0
        self._lock = threading.Lock()
        large = block[0] * block[1] * shape[2] * dtype.itemsize > ALONE
        self._turn: contextlib.AbstractContextManager = threading.Lock() if large else contextlib.nullcontext()

    @abstractmethod
    def load(self, row: int, column: int) -> np.ndarray:
        """The block in that row and column of the grid, `[h, w, C]`; at the picture's edges it may be larger than what is left."""

    @property
    def nbytes(self) -> int:
        """Bytes of all pixels."""
        return self.shape[0] * self.shape[1] * self.shape[2] * self.dtype.itemsize

    def __getitem__(self, key: tuple[slice, slice]) -> np.ndarray:
        rows, columns = key
        top, bottom, _ = rows.indices(self.shape[0])
        left, right, _ = columns.indices(self.shape[1])
        out = np.empty((bottom - top, right - left, self.shape[2]), self.dtype)
        tall, wide = self.block
        for i in range(top // tall, -(-bottom // tall)):
            for j in range(left // wide, -(-right // wide)):
                block = self._one(i, j)
                a, b = max(top, i * tall), min(bottom, i * tall + tall)
                c, d = max(left, j * wide), min(right, j * wide + wide)
                out[a - top:b - top, c - left:d - left] = block[a - i * tall:b - i * tall, c - j * wide:d - j * wide]
        return out

    def _one(self, row: int, column: int) -> np.ndarray:
        """A block, loaded once however many threads ask for it. Raises ValueError, in one line, where it is damaged."""
        key = row, column
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            coming = self._coming.get(key)
            if coming is None:
                mine = self._coming[key] = Future()
        if coming is not None:
            return coming.result()
        try:
            with self._turn, reading(self.path):
                block, filled = floats.filled(self.load(row, column))
                self.numberless |= filled
        except BaseException as error:
            with self._lock:
                del self._coming[key]
            mine.set_exception(error)
            raise
        with self._lock:
            del self._coming[key]
            self._kept[key] = block
            self._bytes += block.nbytes
            while self._bytes > CACHE and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
        mine.set_result(block)
        return block


def check_block(nbytes: int, remedy: str) -> None:
    """Raises ValueError for blocks that are too large to be unpacked; `remedy`: what to do then."""
    if nbytes > MOST_BLOCK:
        raise ValueError(f"it is packed in pieces of {nbytes >> 20} MiB, of which {MOST_BLOCK >> 20} MiB are unpacked at once; {remedy}")


class ZarrBlocks(Blocks):
    """A Zarr array H×W or H×W×C."""

    def __init__(self, path: Path):
        """Raises ValueError for an array that is no picture, and ImportError without zarr."""
        import zarr

        for folder, _, names in os.walk(path):
            for name in names:
                if what := files.irregular(Path(folder, name)):
                    raise ValueError(f"it holds {Path(folder, name).relative_to(path)}, which is {what}, not a file")
        array = zarr.open(path, mode="r")
        if not isinstance(array, zarr.Array) or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] > 4):
            raise ValueError("it is no array H×W or H×W×1, 2, 3 or 4")
        height, width, channels = array.shape if array.ndim == 3 else (*array.shape, 1)
        tall, wide = (max(1, -(-256 // n)) * n for n in array.chunks[:2])
        dtype = np.dtype(array.dtype).newbyteorder("=")
        super().__init__(path, (height, width, channels), dtype, (min(tall, max(1, height)), min(wide, max(1, width))))
        check_block(array.chunks[0] * array.chunks[1] * channels * dtype.itemsize, "save it in smaller chunks")
        self._array = array

    def load(self, row: int, column: int) -> np.ndarray:
        """Some of its chunks."""
        tall, wide = self.block
        part = np.asarray(self._array[row * tall:(row + 1) * tall, column * wide:(column + 1) * wide])
        return part.reshape(*part.shape[:2], -1).astype(self.dtype, copy=False)


def is_zarr(path: Path) -> bool:
    """Whether there is a Zarr array of that name."""
    return (path / "zarr.json").is_file() or (path / ".zarray").is_file()
