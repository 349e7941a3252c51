"""Writing a picture file: it appears whole or not at all, however many write beside it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from . import metadata
from .partial import Partial
from .picture_file import PictureFile
from .pillow_sink import PillowSink
from .png import PngSink
from .reading import reason
from .sink import Sink
from .tiff import TiffSink

AT_ONCE = 1 << 25
"""Bytes of a picture in memory that are given to be encoded at once."""

NO_ENCODER = {"BUFR", "GRIB", "HDF5", "WMF"}
"""What Pillow knows the endings of, but cannot write."""
NO_ALPHA = {"JPEG", "BMP", "DIB", "PPM", "PCX", "EPS", "MPO", "PDF"}
DEPTH_16 = {"PNG", "TIFF"}
LONGEST_SIDE = {"JPEG": 65500, "WEBP": 16383, "GIF": 65535, "ICO": 256}


def writer(path: str | os.PathLike) -> str:
    """Pillow's name of the format for an output path. Raises ValueError if nothing can be written there."""
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"cannot write {path}: it is a folder")
    Image.init()
    format_ = Image.EXTENSION.get(path.suffix.lower(), "")
    if format_ not in Image.SAVE or format_ in NO_ENCODER:
        raise ValueError(f"cannot write {path}: {path.suffix or 'a name without an extension'} is not a format that can be written; "
                         "try .png, .jpg, .tif or .webp")
    if not path.parent.is_dir():
        raise ValueError(f"cannot write {path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise ValueError(f"cannot write {path}: no permission to write in {path.parent}")
    return format_


def check(path: str | os.PathLike, picture: PictureFile, height: int, width: int) -> str:
    """`writer`, and that the format can hold the picture's transparency at that size. Raises ValueError before any work is done."""
    format_ = writer(path)
    if format_ in NO_ALPHA and picture.transparent:
        raise ValueError(f"cannot write {path}: {format_} cannot hold transparency; write .png, .tif or .webp")
    most = LONGEST_SIDE.get(format_, max(height, width))
    if max(height, width) > most:
        raise ValueError(f"cannot write {path}: {width}×{height} is more than the {most} pixels a side that {format_} "
                         "can hold; write .png or .tif")
    return format_


class Output:
    """A picture file that is being written, row after row; it appears whole or not at all."""

    def __init__(self, path: str | os.PathLike, picture: PictureFile, height: int, width: int):
        """For `picture`'s kind of pixels and metadata, height × width. Raises ValueError, in one line, where it cannot be written."""
        self.path = Path(path)
        self._format = check(path, picture, height, width)
        sample = np.empty((0, width, *picture.pixels.shape[2:]), picture.pixels.dtype)
        self._of_file = _converted(sample, self._format)
        with self._saying():
            self._partial = Partial(self.path)
        try:
            with self._saying():
                self._sink = self._opened(picture.sized(height, width), (height, *self._of_file.shape[1:]))
        except BaseException:
            self._partial.discard()
            raise

    @property
    def rows(self) -> int:
        """Every `put` but the last wants a multiple of so many rows."""
        return self._sink.rows

    def put(self, rows: np.ndarray) -> None:
        """The next rows, `[n, W(, C)]`; they are not to be written to any more. Raises ValueError where they cannot be written."""
        with self._saying():
            self._sink.put(_converted(rows, self._format))

    def finish(self) -> None:
        """Give the file its name, once all of it is on the disk. Raises ValueError where that cannot be."""
        with self._saying():
            self._sink.finish()
            self._partial.finish()

    def discard(self) -> None:
        """Leave nothing of what is not finished."""
        self._sink.abandon()
        self._partial.discard()

    def _opened(self, picture: PictureFile, shape: tuple[int, ...]) -> Sink:
        """The sink of the file's format."""
        height, width, channels = shape
        stream, dtype = self._partial.stream, self._of_file.dtype
        dpi = metadata.fitting(picture.dpi, self._format)
        if self._format == "TIFF":
            return TiffSink(stream, (height, width, channels), dtype,
                            lambda big: metadata.tiff_tags(picture.exif, dpi, picture.icc, picture.xmp, big))
        exif = picture.exif.tobytes() if picture.exif else None
        if self._format == "PNG":
            return PngSink(stream, (height, width, channels), dtype, icc=picture.icc, exif=exif, dpi=dpi,
                           text=metadata.png_texts(picture.text, picture.xmp))
        options = {"icc_profile": picture.icc, "exif": exif, "dpi": dpi, "xmp": picture.xmp}
        return PillowSink(stream, (height, width, channels), self._format, {key: value for key, value in options.items() if value})

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        """Turn whatever writing raises into one ValueError."""
        try:
            yield
        except MemoryError:
            raise
        except Exception as error:  # Pillow's encoders raise struct.error, OverflowError and more on odd metadata
            raise ValueError(f"cannot write {self.path}: {reason(error)}") from error


def write(path: str | os.PathLike, picture: PictureFile) -> None:
    """Write a picture; the file appears whole or not at all. Raises ValueError, in one line, if it cannot be written."""
    height, width = picture.pixels.shape[:2]
    output = Output(path, picture, height, width)
    try:
        rows = max(1, AT_ONCE // max(1, picture.pixels[0].nbytes) // output.rows) * output.rows
        for top in range(0, height, rows):
            output.put(picture.pixels[top:top + rows])
        output.finish()
    except BaseException:
        output.discard()
        raise


def _converted(rows: np.ndarray, format_: str) -> np.ndarray:
    """Rows of a picture `[n, W(, C)]` as a format can hold them, `[n, W, C]`."""
    rows = rows if rows.ndim == 3 else rows[..., None]
    if rows.dtype == np.float32 and not (format_ == "TIFF" and rows.shape[2] == 1):
        rows = np.rint(np.clip(rows, 0, 1) * 65535).astype(np.uint16)
    if rows.dtype == np.uint16 and format_ not in DEPTH_16:
        rows = (rows / 257 + 0.5).astype(np.uint8)
    if rows.shape[2] in (2, 4) and format_ in NO_ALPHA:
        rows = rows[..., :-1]
    if rows.shape[2] == 2 and format_ != "PNG":
        rows = rows[..., [0, 0, 0, 1]]  # grey with alpha: Pillow reads it from hardly anything but PNG
    return rows
