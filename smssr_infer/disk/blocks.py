"""Files whose pixels are read block by block, as windows are asked for: TIFF of any size, and Zarr."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from .. import files
from ..planes.pixels import RANGE

CACHE = 96 << 20
"""Bytes of blocks that are kept: neighbouring windows share some."""

MISSING = "pictures of this size need two more packages: pip install smssr[large]"


class Blocks(ABC):
    """Pixels H×W×C in a grid of blocks; windows of them may be read from any thread."""

    ndim = 3

    def __init__(self, shape: tuple[int, int, int], dtype: np.dtype, block: tuple[int, int]):
        if dtype not in RANGE:
            raise ValueError(f"its pixels are uint8, uint16 or float32, not {dtype}")
        self.shape, self.dtype, self.block = shape, dtype, block
        self._kept: OrderedDict[tuple[int, int], np.ndarray] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @abstractmethod
    def load(self, row: int, column: int) -> np.ndarray:
        """The block in that row and column of the grid, `[h, w, C]`; at the picture's edges it may be larger than what is left."""

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
        with self._lock:
            if (row, column) in self._kept:
                self._kept.move_to_end((row, column))
                return self._kept[row, column]
        block = self.load(row, column)
        with self._lock:
            if (row, column) not in self._kept:
                self._kept[row, column] = block
                self._bytes += block.nbytes
            while self._bytes > CACHE and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return block


class TiffBlocks(Blocks):
    """The first page of a TIFF or BigTIFF, in strips or tiles."""

    def __init__(self, path: Path):
        """Raises ValueError for a TIFF that is not grey or RGB, of 8 or 16 bits or float, and ImportError without tifffile."""
        import tifffile

        self._file = tifffile.TiffFile(path)
        page: Any = self._file.pages[0]
        height, width = page.imagelength, page.imagewidth
        if page.photometric not in (1, 2) or page.planarconfig == 2 or page.samplesperpixel > 4 or page.dtype not in ("u1", "u2", "f4"):
            raise ValueError("a TIFF this large must be grey or RGB, of 8 or 16 bits or float, its samples side by side")
        block = (page.tilelength, page.tilewidth) if page.is_tiled else (min(height, page.rowsperstrip), width)
        super().__init__((height, width, page.samplesperpixel), np.dtype(page.dtype.newbyteorder("=")), block)
        self._page, self._across = page, -(-width // block[1])
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._reading = threading.Lock()

    def load(self, row: int, column: int) -> np.ndarray:
        """A strip or tile."""
        index = row * self._across + column
        with self._reading:
            os.lseek(self._handle, self._page.dataoffsets[index], os.SEEK_SET)
            data = os.read(self._handle, self._page.databytecounts[index])
        tables = {"jpegtables": self._page.jpegtables} if self._page.compression in (6, 7) else {}
        segment = self._page.decode(data, index, **tables)[0]
        if segment is None:
            return np.zeros((*self.block, self.shape[2]), self.dtype)
        return segment[0].astype(self.dtype, copy=False)

    def __del__(self) -> None:
        if hasattr(self, "_handle"):
            os.close(self._handle)
            self._file.close()


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
        super().__init__((height, width, channels), np.dtype(array.dtype).newbyteorder("="), (min(tall, height), min(wide, width)))
        self._array = array

    def load(self, row: int, column: int) -> np.ndarray:
        """Some of its chunks."""
        tall, wide = self.block
        part = np.asarray(self._array[row * tall:(row + 1) * tall, column * wide:(column + 1) * wide])
        return part.reshape(*part.shape[:2], -1).astype(self.dtype, copy=False)


def is_zarr(path: Path) -> bool:
    """Whether there is a Zarr array of that name."""
    return (path / "zarr.json").is_file() or (path / ".zarray").is_file()
