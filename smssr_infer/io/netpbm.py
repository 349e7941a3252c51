"""Netpbm's formats: PPM of 16 bits, of which Pillow reads 8, and PFM, floats from the bottom row up, which it reads where they are grey."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from . import floats
from .picture_file import NUMBERLESS, PictureFile
from .sink import Sink

BETWEEN = rb"(?:\s|#[^\n]*\n)+"
HEADER = re.compile(rb"(P6|P[Ff])" + BETWEEN + rb"([1-9][0-9]{0,8})" + BETWEEN + rb"([1-9][0-9]{0,8})" + BETWEEN + rb"(-?[0-9.]{1,20})\s")
MOST_HEADER = 1 << 12


def kind(path: Path) -> str:
    """`PFM`, or `PPM` of more than 8 bits; empty for all else. Raises OSError."""
    with open(path, "rb") as file:
        head = HEADER.match(file.read(MOST_HEADER))
    if not head:
        return ""
    return "PFM" if head[1] != b"P6" else "PPM" if head[4].isdigit() and 255 < int(head[4]) < 65536 else ""


def read(path: Path) -> PictureFile:
    """Such a picture: uint16, scaled to the whole range, or float32. Raises ValueError for a damaged one."""
    with open(path, "rb") as file:
        head = HEADER.match(file.read(MOST_HEADER))
        assert head
        width, height = int(head[2]), int(head[3])
        channels = 1 if head[1] == b"Pf" else 3
        of_floats = head[1] != b"P6"
        dtype = np.dtype(("<f4" if head[4].startswith(b"-") else ">f4") if of_floats else ">u2")
        there = os.fstat(file.fileno()).st_size - head.end()
        if height * width > 2 * (Image.MAX_IMAGE_PIXELS or height * width):
            raise Image.DecompressionBombError
        if there < (end := width * height * channels * dtype.itemsize):
            raise ValueError(f"it is incomplete: its pixels take {end} bytes, and {there} are there")
        file.seek(head.end())
        values = np.fromfile(file, dtype, width * height * channels).reshape(height, width, *(channels,) * (channels > 1))
    if not of_floats:
        return PictureFile(np.minimum(values.astype(np.float64) * (65535 / int(head[4])) + 0.5, 65535).astype(np.uint16))
    pixels, numberless = floats.filled(np.ascontiguousarray(values[::-1], np.float32))
    return PictureFile(pixels, remarks=(NUMBERLESS,) * numberless)


class NetpbmSink(Sink):
    """H×W×{1, 3}: a PPM or a PGM of 8 or 16 bits, or a PFM."""

    def __init__(self, stream: BinaryIO, shape: tuple[int, int, int], dtype: np.dtype, *, of_floats: bool):
        height, self._width, self._channels = shape
        self._stream, self._floats, self._left = stream, of_floats, height
        self._top = 1.0 if dtype.kind == "f" else np.iinfo(dtype).max
        kinds = (b"Pf", b"PF") if of_floats else (b"P5", b"P6")
        stream.write(b"%s\n%d %d\n%s\n" % (kinds[self._channels > 1], self._width, height, b"-1.0" if of_floats else b"%d" % self._top))
        self._begin = stream.tell()

    def put(self, rows: np.ndarray) -> None:
        """The next rows."""
        self._left -= len(rows)
        if not self._floats:
            self._stream.write(rows.astype(rows.dtype.newbyteorder(">"), copy=False).tobytes())
            return
        self._stream.seek(self._begin + self._left * self._width * self._channels * 4)
        self._stream.write((rows[::-1] / np.float32(self._top)).astype("<f4").tobytes())

    def finish(self) -> None:
        """Nothing follows the rows."""
