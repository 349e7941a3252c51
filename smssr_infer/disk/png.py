"""PNG files of 8 and 16 bits, deflated on all cores.

The picture is cut into blocks of rows; each is filtered and deflated for itself, in a thread of its own (zlib and NumPy let others run
meanwhile), and ends at a byte, so that the blocks one after the other are one stream for every reader. Photographs are filtered by Paeth
and packed without a search for repetitions, which they do not have: that is six times as fast as Pillow on one core alone, and smaller
(docs/files-and-models.md). Drawings are searched, and not filtered.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

import numpy as np

from ..planes import tiling

COLOUR = {1: 0, 2: 4, 3: 2, 4: 6}
NONE, PAETH = 0, 4

BLOCK = 1 << 20
"""Bytes of a block, at least a row."""

STRIP = 1 << 17
"""Bytes that are filtered at once: few enough to stay in a core's cache."""

DRAWN = 8
"""What becomes so many times smaller without a search has repetitions, as drawings have."""

MEMORY = 9
"""zlib's largest memory, and so its longest runs of one code."""


def _deflated(data: bytes | memoryview, strategy: int) -> bytes:
    """A raw deflate stream up to a full flush, after which another can begin."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, MEMORY, strategy)
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


def _blocks(pixels: np.ndarray) -> Iterator[tuple[bytes, bytes]]:
    """The picture block by block, as filtered and as deflated."""
    height, step = len(pixels), pixels.shape[2] * pixels.itemsize
    wide = pixels.shape[1] * step
    rows, strip = max(1, BLOCK // wide), max(1, STRIP // wide)

    def block(top: int) -> tuple[bytes, bytes]:
        lines = _bytes(pixels[max(0, top - 1):top + rows])
        if top == 0:
            lines = np.concatenate([np.zeros((1, wide), np.uint8), lines])
        parts = [paeth(lines[at + 1:at + 1 + strip], lines[at], step) for at in range(0, len(lines) - 1, strip)]
        filtered = b"".join(part.tobytes() for part in parts)
        packed = _deflated(filtered, zlib.Z_RLE)
        if DRAWN * len(packed) < len(filtered):
            plain = np.zeros((len(lines) - 1, wide + 1), np.uint8)
            plain[:, 1:] = lines[1:]
            other = _deflated(plain.data.cast("B"), zlib.Z_DEFAULT_STRATEGY)
            if len(other) < len(packed):
                return plain.tobytes(), other
        return filtered, packed

    with ThreadPoolExecutor(tiling.hands(tiling.cores())) as pool:
        yield from pool.map(block, range(0, height, rows))


def write(stream: BinaryIO, pixels: np.ndarray, *, icc: bytes | None, exif: bytes | None, dpi: tuple[float, float] | None,
          text: dict[str, str]) -> None:
    """uint8 or uint16 H×W×{1, 2, 3, 4} as a PNG."""
    height, width, channels = pixels.shape

    def chunk(kind: bytes, data: bytes) -> None:
        stream.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))

    stream.write(b"\x89PNG\r\n\x1a\n")
    chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8 * pixels.itemsize, COLOUR[channels], 0, 0, 0))
    if icc:
        chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc))
    if dpi:
        chunk(b"pHYs", struct.pack(">IIB", *(round(d / 0.0254) for d in dpi), 1))
    if exif:
        chunk(b"eXIf", exif.removeprefix(b"Exif\0\0"))
    for key, value in text.items():
        chunk(b"iTXt", key.encode("latin-1", "replace") + b"\0\0\0\0\0" + value.encode())
    check, head = zlib.adler32(b""), b"\x78\x01"
    for filtered, packed in _blocks(pixels):
        check = zlib.adler32(filtered, check)
        chunk(b"IDAT", head + packed)
        head = b""
    chunk(b"IDAT", head + b"\x03\0" + struct.pack(">I", check))  # an empty last block
    chunk(b"IEND", b"")
