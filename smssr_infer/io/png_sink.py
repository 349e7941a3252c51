"""PNG files of 8 and 16 bits, deflated on all cores.

The picture is cut into blocks of rows; each is filtered and deflated for itself, in a thread of its own (zlib and NumPy let others run
meanwhile), and ends at a byte, so that the blocks one after the other are one stream for every reader. Photographs are filtered by Paeth
and packed without a search for repetitions, which they do not have: that is several times as fast as Pillow, and hardly
larger (docs/files-and-models.md). Drawings are searched, and not filtered.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
from zlib_ng import zlib_ng

from .png_chunks import Text
from .sink import InOrder, Sink

COLOUR = {1: 0, 2: 4, 3: 2, 4: 6}
PAETH = 4

USUAL = 6
"""zlib's level."""

BLOCK = 1 << 20
"""Bytes of a block, at least a row."""

STRIP = 1 << 17
"""Bytes that are filtered at once: few enough to stay in a core's cache."""

DRAWN = 8
"""What becomes so many times smaller without a search has repetitions, as drawings have."""

MEMORY = 9
"""zlib's largest memory, and so its longest runs of one code."""


def _deflated(data: bytes | memoryview, strategy: int, level: int) -> bytes:
    """A raw deflate stream up to a full flush, after which another can begin."""
    packing = zlib_ng if strategy == zlib.Z_RLE else zlib  # 1.6 times as fast without a search; with one it finds less
    packer = packing.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, MEMORY, strategy)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def paeth(rows: np.ndarray, above: np.ndarray, step: int) -> np.ndarray:
    """Rows of bytes less Paeth's prediction, `[n, m]` uint8, each after its filter's number: `[n, m + 1]`.

    `above`: the row before the first one, `[m]`; `step`: bytes of a pixel. (PNG specification, §9.4.)
    """
    out = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    out[:, 0] = PAETH
    up = np.concatenate([above[None], rows[:-1]])
    left, corner = np.zeros_like(rows), np.zeros_like(rows)
    left[:, step:], corner[:, step:] = rows[:, :-step], up[:, :-step]
    to_left, to_up = np.subtract(up, corner, dtype=np.int16), np.subtract(left, corner, dtype=np.int16)
    to_corner = np.abs(to_left + to_up)
    np.abs(to_left, out=to_left)
    np.abs(to_up, out=to_up)
    nearest = np.where((to_left <= to_up) & (to_left <= to_corner), left, np.where(to_up <= to_corner, up, corner))
    np.subtract(rows, nearest, out=out[:, 1:])
    return out


def _bytes(pixels: np.ndarray) -> np.ndarray:
    """Rows of pixels as PNG has them, high bytes first: `[n, m]` uint8."""
    return pixels.astype(pixels.dtype.newbyteorder(">")).reshape(len(pixels), -1).view(np.uint8)


def block(lines: np.ndarray, step: int, level: int = USUAL) -> tuple[int, int, bytes]:
    """Adler's sum and length of rows as filtered, and the rows deflated.

    `lines`: bytes `[n + 1, m]`, first the row above; `step`: bytes of a pixel; `level`: zlib's, at the highest of which photographs are
    searched, too.
    """
    wide = lines.shape[1]
    strip = max(1, STRIP // wide)
    filtered = b"".join(paeth(lines[at + 1:at + 1 + strip], lines[at], step).tobytes() for at in range(0, len(lines) - 1, strip))
    packed = _deflated(filtered, zlib.Z_FILTERED if level == 9 else zlib.Z_RLE, level)
    if DRAWN * len(packed) < len(filtered) and level:
        plain = np.zeros((len(lines) - 1, wide + 1), np.uint8)
        plain[:, 1:] = lines[1:]
        searched = _deflated(plain.data.cast("B"), zlib.Z_DEFAULT_STRATEGY, level)
        if len(searched) < len(packed):
            filtered, packed = plain.tobytes(), searched
    return zlib_ng.adler32(filtered), len(filtered), packed


def adler_of_both(first: int, second: int, length: int) -> int:
    """Adler's sum of two strings of bytes one after the other, from the sums of each and the second one's length (RFC 1950, §8.2)."""
    base = 65521
    low = ((first & 0xFFFF) + (second & 0xFFFF) - 1) % base
    high = ((first >> 16) + (second >> 16) + length * ((first & 0xFFFF) - 1)) % base
    return high << 16 | low


class PngSink(Sink):
    """uint8 or uint16 H×W×{1, 2, 3, 4} as a PNG."""

    def __init__(self, stream: BinaryIO, shape: tuple[int, int, int], dtype: np.dtype, *, icc: bytes | None, exif: bytes | None,
                 dpi: tuple[float, float] | None, text: dict[str, Text], colour: dict[bytes, bytes] | None = None,
                 level: int = USUAL, animated: tuple[int, int] | None = None):
        """`animated`: how many frames there are to be, and how often they are shown; each is given to `put_frame`, and `end` is the end."""
        height, width, channels = shape
        self._stream, self._level = stream, level
        self._step = channels * dtype.itemsize
        self._above = np.zeros((1, width * self._step), np.uint8)
        self._check, self._head = zlib.adler32(b""), b"\x78\x01"
        self._work = InOrder(self._take)
        stream.write(b"\x89PNG\r\n\x1a\n")
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8 * dtype.itemsize, COLOUR[channels], 0, 0, 0))
        self._sequence = 0
        if animated:
            self._chunk(b"acTL", struct.pack(">II", *animated))
        for kind, content in (colour or {}).items():
            self._chunk(kind, content)
        if icc:
            self._chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc))
        if dpi:
            self._chunk(b"pHYs", struct.pack(">IIB", *(round(d / 0.0254) for d in dpi), 1))
        if exif:
            self._chunk(b"eXIf", exif.removeprefix(b"Exif\0\0"))
        for key, value in text.items():
            name, language, keyword = (word.replace("\0", "").encode(coding, "replace") for word, coding in (
                (key, "latin-1"), (value.language, "ascii"), (value.keyword, "utf-8")))
            self._chunk(b"iTXt", b"\0".join([name[:79] or b"Comment", b"\0\0" + language, keyword, value.words.encode("utf-8", "replace")]))

    def put(self, rows: np.ndarray) -> None:
        """The next rows."""
        above, self._above = self._above, _bytes(rows[-1:])
        count = max(1, BLOCK // above.shape[1])

        def part(top: int) -> Callable[[], tuple[int, int, bytes]]:
            def work() -> tuple[int, int, bytes]:
                first = above if top == 0 else _bytes(rows[top - 1:top])
                return block(np.concatenate([first, _bytes(rows[top:top + count])]), self._step, self._level)
            return work

        self._work.put(part(top) for top in range(0, len(rows), count))

    def put_frame(self, pixels: np.ndarray, at: tuple[int, int], duration: float) -> None:
        """The next frame of an animation: what changes, `[h, w, C]`, from that row and column on; shown for so many milliseconds."""
        height, width = pixels.shape[:2]
        first, (top, left) = self._sequence == 0, at
        parts = (round(duration), 1000) if round(duration) < 1 << 16 else (min(round(duration / 1000), 65535), 1)
        self._chunk(b"fcTL", struct.pack(">IIIIIHHBB", self._sequence, width, height, left, top, *parts, 0, 0))
        self._sequence += 1
        lines = np.concatenate([np.zeros((1, width * self._step), np.uint8), _bytes(pixels)])
        check, _, packed = block(lines, self._step, self._level)
        data = b"\x78\x01" + packed + b"\x03\0" + struct.pack(">I", check)
        if first:
            self._chunk(b"IDAT", data)
        else:
            self._chunk(b"fdAT", struct.pack(">I", self._sequence) + data)
            self._sequence += 1

    def end(self) -> None:
        """The end of an animation."""
        self._work.close()
        self._chunk(b"IEND", b"")

    def finish(self) -> None:
        """Write the end."""
        self._work.close()
        self._chunk(b"IDAT", self._head + b"\x03\0" + struct.pack(">I", self._check))  # an empty last block
        self._chunk(b"IEND", b"")

    def abandon(self) -> None:
        """Give up."""
        self._work.abandon()

    def _take(self, done: tuple[int, int, bytes]) -> None:
        check, length, packed = done
        self._check = adler_of_both(self._check, check, length)
        self._chunk(b"IDAT", self._head + packed)
        self._head = b""

    def _chunk(self, kind: bytes, data: bytes) -> None:
        self._stream.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib_ng.crc32(data, zlib_ng.crc32(kind))))
