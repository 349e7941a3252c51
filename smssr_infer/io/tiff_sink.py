"""TIFF and BigTIFF files of any depth, in tiles that are deflated on all cores.

TIFF is simple enough once compression is left to zlib; Pillow's own writer loses EXIF when it compresses. The tiles lie one
after the other as they come, and the directory behind them: so a file that was begun can be resumed.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import numpy as np
from PIL import TiffImagePlugin
from zlib_ng import zlib_ng as zlib

from .. import files
from .directory import LONG, LONG8, SHORT, Directory, Field
from .sink import InOrder, Notes, ResumableSink, rows_of

WIDTH, ROWS = 512, 256
"""A tile's size in pixels; 16 divides it, as the specification asks (TIFF 6.0, §15)."""

PREDICTED = 2
"""TIFF's number for samples that are stored less those of the pixel before, which packs smaller (§14)."""

CLASSIC = 0xF000_0000
"""A file of more bytes than this before it is packed becomes a BigTIFF, whose places in the file have 64 bits."""

TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_SIZES = 322, 323, 324, 325
HEADER = {False: b"II*\0", True: b"II+\0\x08\0\0\0"}


@dataclasses.dataclass
class Pages:
    """The pages of a TIFF that were written before the next."""

    big: bool
    """Whether all of them may need a BigTIFF."""
    end: int = 0
    """Where the file ends, at an even place."""
    link: int = 0
    """Where the last page says where the next one is."""


class TiffSink(ResumableSink):
    """uint8, uint16 or float32 H×W×{1, 2, 3, 4} as a TIFF."""

    rows = ROWS

    def __init__(self, stream: BinaryIO, shape: tuple[int, int, int], dtype: np.dtype,
                 tags: Directory, notes: Sequence[dict[str, Any]] = (), level: int = 6,
                 pages: Pages | None = None, inks: bool = False):
        """`tags`: further tags to write. `notes`: what `stream` holds already. `level`: zlib's, of which 0 leaves the pixels unpacked.

        `pages`: what `stream` holds before this page, which comes behind them. `inks`: the four channels are CMYK.

        Raises `Notes` where `stream` does not hold what it should.
        """
        self._level, self._pages, self._inks = level, pages, inks
        self._stream, self._shape, self._dtype, self._tags = stream, shape, dtype, tags
        self.big = pages.big if pages else shape[0] * shape[1] * shape[2] * dtype.itemsize > CLASSIC
        self._sizes: list[int] = []
        self._noted = self._put = self._sum = 0
        self._predicted = dtype.kind == "u" and level > 0
        self._wide = min(WIDTH, -(-shape[1] // 16) * 16)
        self._tall = min(ROWS, -(-shape[0] // 16) * 16)
        self._work = InOrder(self._take)
        header = HEADER[self.big] + bytes(8 if self.big else 4)
        if notes:
            stream.seek(0)
            if stream.read(len(header)) != header:
                raise Notes
            for note in notes:
                self._check(note)
            stream.seek(self.begins + sum(self._sizes))  # between reading and writing
            stream.truncate()
        elif self.begins == len(header):
            stream.write(header)

    @property
    def begins(self) -> int:
        """Where the first tile lies."""
        return (self._pages and self._pages.end) or (16 if self.big else 8)

    def _check(self, note: dict[str, Any]) -> None:
        """Go on after what an earlier run noted. Raises `Notes` where the file does not hold it."""
        rows = rows_of(note, self.done, self._tall, self._shape[0])
        sizes = note.get("sizes")
        count = -(-(rows - self.done) // self._tall) * -(-self._shape[1] // self._wide)
        if not isinstance(sizes, list) or len(sizes) != count or not all(type(size) is int and 0 < size < 1 << 31 for size in sizes):
            raise Notes
        checksum = 0
        for size in sizes:
            packed = self._stream.read(size)
            if len(packed) != size:
                raise Notes
            checksum = zlib.crc32(packed, checksum)
        if checksum != note.get("checksum"):
            raise Notes
        self._sizes += sizes
        self._noted, self.done, self._put = len(self._sizes), rows, rows

    def note(self) -> dict[str, Any]:
        """The sizes of the tiles, and their checksum: only what was really written is resumed."""
        files.sync(self._stream)
        note = {"rows": self.done, "sizes": self._sizes[self._noted:], "checksum": self._sum}
        self._noted, self._sum = len(self._sizes), 0
        return note

    def put(self, rows: np.ndarray) -> None:
        """The next rows."""
        self._work.drain()
        self.done = self._put
        self._put += len(rows)
        self._work.put(lambda a=top, b=left: self._tile(rows[a:a + self._tall, b:b + self._wide])  # type: ignore[misc]
                       for top in range(0, len(rows), self._tall) for left in range(0, self._shape[1], self._wide))

    def _tile(self, samples: np.ndarray) -> bytes:
        short = self._tall - samples.shape[0], self._wide - samples.shape[1]
        samples = np.pad(samples, ((0, short[0]), (0, short[1]), (0, 0)), "edge") if any(short) else samples
        if self._predicted:
            before, samples = samples, samples.copy()
            samples[:, 1:] -= before[:, :-1]
        if not self._level:
            return samples.astype(samples.dtype.newbyteorder("<")).tobytes()
        packer = zlib.compressobj(self._level, strategy=zlib.Z_RLE if self._predicted else zlib.Z_DEFAULT_STRATEGY)
        return packer.compress(samples.astype(samples.dtype.newbyteorder("<")).tobytes()) + packer.flush()

    def _take(self, packed: bytes) -> None:
        self._stream.write(packed)
        self._sizes.append(len(packed))
        self._sum = zlib.crc32(packed, self._sum)

    def finish(self) -> None:
        """Write the directory, and where it lies."""
        self._work.close()
        height, width, channels = self._shape
        offsets = self.begins + np.concatenate([[0], np.cumsum(self._sizes[:-1], dtype=np.int64)])
        numbers: list[tuple[int, int, Iterable[int]]] = [
            (TiffImagePlugin.IMAGEWIDTH, LONG, [width]), (TiffImagePlugin.IMAGELENGTH, LONG, [height]),
            (TiffImagePlugin.BITSPERSAMPLE, SHORT, [8 * self._dtype.itemsize] * channels),
            (TiffImagePlugin.COMPRESSION, SHORT, [8 if self._level else 1]),
            (TiffImagePlugin.PHOTOMETRIC_INTERPRETATION, SHORT, [5 if self._inks else 2 if channels >= 3 else 1]),
            (TiffImagePlugin.SAMPLESPERPIXEL, SHORT, [channels]), (TiffImagePlugin.PLANAR_CONFIGURATION, SHORT, [1]),
            (TiffImagePlugin.SAMPLEFORMAT, SHORT, [3 if self._dtype.kind == "f" else 1] * channels),
            (TILE_WIDTH, LONG, [self._wide]), (TILE_LENGTH, LONG, [self._tall]),
            (TILE_OFFSETS, LONG8 if self.big else LONG, offsets), (TILE_SIZES, LONG, self._sizes)]
        if self._predicted:
            numbers.append((TiffImagePlugin.PREDICTOR, SHORT, [PREDICTED]))
        if channels in (2, 4) and not self._inks:
            numbers.append((TiffImagePlugin.EXTRASAMPLES, SHORT, [2]))
        tags = Directory(self._tags | {tag: Field.of(kind, *values) for tag, kind, values in numbers})
        end = self.begins + sum(self._sizes)
        self._stream.write(bytes(end % 2))  # a directory begins at an even place
        end += end % 2
        packed = tags.packed(end, self.big)
        self._stream.write(packed)
        self._stream.seek((self._pages and self._pages.link) or (8 if self.big else 4))
        self._stream.write(struct.pack("<Q" if self.big else "<I", end))
        if self._pages:
            self._stream.seek(0, 2)
            self._stream.write(bytes(self._stream.tell() % 2))
            self._pages.end, self._pages.link = self._stream.tell(), end + (8 + 20 * len(tags) if self.big else 2 + 12 * len(tags))

    def abandon(self) -> None:
        """Give up."""
        self._work.abandon()
