"""TIFFs of any size, read strip by strip or tile by tile, or where they are not packed a few rows at a time."""

from __future__ import annotations

import importlib.util
import logging
import struct
import threading
from pathlib import Path
from typing import Any

import numpy as np

from . import libtiff
from .block_reader import Blocks, check_block
from .samples import YCBCR, meaning

ROWS = 4 << 20
"""Bytes that are read at once of what is not packed."""

AT_ONCE = 1 << 30
"""Bytes that the system is asked for at once: it gives less than 2 GiB."""

FRAMES = 1 << 20
"""Pages that are counted; a chain of more leads in a circle, or nobody waits for it."""

NEW_SUBFILE, REDUCED, MASK = 254, 1, 4
"""The tag that says what a page is, and two bits of it: a smaller copy of another page, and its transparency (TIFF 6.0, §8)."""

JPEGS = (6, 7, 34892, 33007)
"""Compressions by JPEG, whose YCbCr tifffile turns to RGB, and by which samples lie beside each other in blocks."""

OF_TIFFFILE = (1, 8, 32773, 32946, 34925)
"""Compressions that tifffile unpacks alone: none, Deflate, PackBits, LZMA."""

logging.getLogger("tifffile").addHandler(logging.NullHandler())  # what it logs of damaged files it raises, too, where it matters


def has_imagecodecs() -> bool:
    """Whether tifffile can unpack all that it knows."""
    return importlib.util.find_spec("imagecodecs") is not None


class TiffBlocks(Blocks):
    """A page of a TIFF or BigTIFF."""

    def __init__(self, path: Path, icc: bytes | None = None, number: int = 0):
        """`icc`: the profile of its colours; `number`: of the page.

        Raises ValueError for pixels that are not all there, or are of no known kind.
        """
        import tifffile

        self._stream = open(path, "rb", buffering=0)  # noqa: SIM115 - as long as blocks may be asked for
        self._seeking = threading.Lock()
        self._file = tifffile.TiffFile(path)
        page: Any = self._file.pages[number]
        self._page = page
        height, width = page.imagelength, page.imagewidth
        self._meaning = meaning(page, icc)
        self.icc, self.remarks = self._meaning.icc, self._meaning.remarks
        strips = not page.is_tiled
        tall, wide = (min(height, page.rowsperstrip), width) if strips else (page.tilelength, page.tilewidth)
        if min(tall, wide) < 1:
            raise ValueError("it is damaged: its strips or tiles have no size")
        self._packed = tall, wide
        self._apart = page.planarconfig == 2 and page.samplesperpixel > 1
        self._together = 1 if self._apart else page.samplesperpixel
        self._row_bytes = -(-wide * self._together * page.bitspersample // 8)
        self._plain = page.compression == 1 and page.predictor == 1 and strips and page.fillorder == 1 \
            and page.photometric != YCBCR and page.bitspersample in (1, 2, 4, 8, 16, 32, 64)
        block = (min(height, max(1, ROWS // self._row_bytes)), width) if self._plain else (tall, wide)
        super().__init__(path, (height, width, self._meaning.channels), self._meaning.dtype, block)
        self._down, self._across = -(-height // tall), -(-width // wide)
        if not self._plain:
            check_block(tall * wide * page.samplesperpixel * page.dtype.itemsize, "save it in tiles, or in strips of fewer rows")
        self._check_places()

    def _check_places(self) -> None:
        """Raises ValueError for a page whose pixels are not all in the file."""
        offsets, sizes, there = self._page.dataoffsets, self._page.databytecounts, self._file.filehandle.size
        count = self._down * self._across * (self._page.samplesperpixel if self._apart else 1)
        if min(len(offsets), len(sizes)) < count:
            raise ValueError(f"it is damaged: it has {min(len(offsets), len(sizes))} of {count} strips or tiles")
        if self._plain:  # the sizes that a file says are often wrong where nothing is packed
            last = self.shape[0] - (self._down - 1) * self._packed[0]
            rows = ([self._packed[0]] * (self._down - 1) + [last]) * (count // self._down)
            sizes = [size and tall * self._row_bytes for size, tall in zip(sizes, rows, strict=False)]
        end = max(offset + size for offset, size in zip(offsets[:count], sizes, strict=False))
        if end > there:
            raise ValueError(f"it is incomplete: its pixels take {end} bytes, and {there} are there")

    def load(self, row: int, column: int) -> np.ndarray:
        """Some rows of it, or a strip or tile."""
        planes = range(self._meaning.read if self._apart else 1)
        parts = [self._rows(row, plane) if self._plain else self._unpacked(row, column, plane) for plane in planes]
        stored = np.concatenate(parts, axis=-1) if self._apart else parts[0]
        out = np.empty((*stored.shape[:2], self.shape[2]), self.dtype)
        some = max(1, ROWS // (stored.shape[1] * stored.shape[2] * stored.itemsize))
        for top in range(0, len(out), some):  # few at a time, since what is between takes several times as much
            out[top:top + some] = self._meaning.pixels(stored[top:top + some])
        return out

    def _rows(self, row: int, plane: int) -> np.ndarray:
        """The rows of a block of what is not packed, from one strip or several."""
        first, stop = row * self.block[0], min(self.shape[0], (row + 1) * self.block[0])
        tall, data = self._packed[0], list[bytes]()
        for strip in range(first // tall, -(-stop // tall)):
            top, bottom = max(first, strip * tall), min(stop, (strip + 1) * tall)
            index, length = plane * self._down + strip, (bottom - top) * self._row_bytes
            offset = self._page.dataoffsets[index] + (top - strip * tall) * self._row_bytes
            data.append(self._read(offset, length) if self._page.databytecounts[index] else bytes(length))
        return self._samples(data[0] if len(data) == 1 else b"".join(data), stop - first, self.shape[1])

    def _samples(self, data: bytes, height: int, width: int) -> np.ndarray:
        """Bytes, row after row, as samples `[h, w, C]`."""
        bits, count = self._page.bitspersample, width * self._together
        if bits >= 8:
            kind = np.dtype(f"{self._file.byteorder}{self._page.dtype.char}")
            return np.frombuffer(data, kind, height * count).reshape(height, width, -1).astype(kind.newbyteorder("="), copy=False)
        ones = np.unpackbits(np.frombuffer(data, np.uint8, height * self._row_bytes).reshape(height, -1), axis=1, count=count * bits)
        found: np.ndarray = ones[:, ::bits]
        for bit in range(1, bits):
            found = found << 1 | ones[:, bit::bits]
        return found.reshape(height, width, -1)

    def _unpacked(self, row: int, column: int, plane: int) -> np.ndarray:
        """The samples of a strip or tile `[h, w, C]`."""
        page, (tall, wide) = self._page, self._packed
        index = (plane * self._down + row) * self._across + column
        if not page.databytecounts[index]:  # left out, as GDAL does with what is empty
            return np.zeros((tall, wide, self._together), page.dtype)
        data = self._read(page.dataoffsets[index], page.databytecounts[index])
        if not page.is_tiled:
            tall = min(tall, self.shape[0] - row * tall)
        if page.compression in libtiff.FAX or (page.photometric == YCBCR and page.compression not in JPEGS):
            return libtiff.unpacked(page, data, tall, wide)
        if not has_imagecodecs() and page.compression in libtiff.PACKED:
            found = libtiff.unpacked(page, data, tall, wide)
            return self._predicted(self._samples(found.tobytes(), tall, wide)) if page.compression in libtiff.BYTES else found
        if not has_imagecodecs() and page.compression not in OF_TIFFFILE:
            raise ImportError
        tables = {"jpegtables": page.jpegtables, "jpegheader": page.jpegheader} if page.compression in JPEGS else {}
        segment = page.decode(data, index, **tables)[0]
        return segment[0].view(np.uint8) if segment.dtype == bool else segment[0]

    def _predicted(self, differences: np.ndarray) -> np.ndarray:
        """Samples that are stored less those of the pixel before (TIFF 6.0, §14)."""
        if self._page.predictor == 1:
            return differences
        if self._page.predictor == 2 and differences.dtype.kind in "ui":
            return np.cumsum(differences, axis=1, dtype=differences.dtype)
        raise ImportError

    def _read(self, offset: int, length: int) -> bytes:
        """Bytes of the file, however many; raises ValueError where they are not there."""
        parts = []
        with self._seeking:
            self._stream.seek(offset)
            while length:
                part = self._stream.read(min(length, AT_ONCE))
                if not part:
                    raise ValueError("it is incomplete")
                parts.append(part)
                length -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    @property
    def at(self) -> int:
        """Where the page's directory lies in the file."""
        return self._page.offset

    def pages(self) -> list[int]:
        """The numbers of the pages from this one on that are pictures of their own: neither smaller copies, as GDAL's, nor masks."""
        tiff, stream, seen, found = self._file.tiff, self._file.filehandle, set[int](), [0]
        offset = self._page.offset
        while offset and offset not in seen and len(seen) < FRAMES:
            try:
                stream.seek(offset)
                tags = struct.unpack(tiff.tagnoformat, stream.read(tiff.tagnosize))[0]
                first = stream.read(tiff.tagsize)  # they are in order, and this one comes first
                stream.seek(offset + tiff.tagnosize + tags * tiff.tagsize)
                following = struct.unpack(tiff.offsetformat, stream.read(tiff.offsetsize))[0]
                code, kind = struct.unpack(tiff.byteorder + "HH", first[:4])
            except (struct.error, OSError):
                break
            value = first[-tiff.offsetsize:]
            what = struct.unpack(tiff.byteorder + "HI"[kind == 4], value[:4 if kind == 4 else 2])[0] if code == NEW_SUBFILE else 0
            if seen and not what & (REDUCED | MASK):
                found.append(len(seen))
            seen.add(offset)
            offset = following
        return found

    def frames(self) -> int:
        """How many of these there are."""
        return len(self.pages())

    def __del__(self) -> None:
        for name in ("_stream", "_file"):
            if hasattr(self, name):
                getattr(self, name).close()
