"""Writing a picture file: it appears whole or not at all, however many write beside it."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..arrays.large import MOST_PIXELS
from . import floats, formats, keeps, metadata, targets
from .errors import MISSING, reason
from .formats import PFM, ZARR, Format
from .netpbm import NetpbmSink
from .picture_file import PictureFile
from .pillow_sink import PillowSink
from .png_sink import PngSink
from .resumable_file import ResumableFile
from .save_options import SaveOptions, flattened
from .sink import Notes, ResumableSink, Sink
from .temporary_file import TemporaryFile
from .tiff_sink import CLASSIC, Pages, TiffSink
from .zarr_sink import ZarrSink

USUAL = SaveOptions()

RESUMED = 1 << 28
"""A TIFF of so many bytes before they are packed, or more, is resumed where a run before was killed."""

AT_ONCE = 1 << 25
"""Bytes of a picture in memory that are given to be encoded at once."""


def writer(path: str | os.PathLike) -> Format:
    """The format for an output path. Raises ValueError if nothing can be written there."""
    path = Path(path)
    found = formats.named(path.suffix)
    zarr = found is not None and found.name == ZARR
    if path.is_dir() and not zarr:
        raise ValueError(f"cannot write {path}: it is a folder")
    if found is None or not formats.writable(path.suffix):
        raise ValueError(f"cannot write {path}: {path.suffix or 'a name without an extension'} is not a format that can be written; "
                         "try .png, .jpg, .tif or .webp")
    if found.missing:
        raise ValueError(f"cannot write {path}: {found.missing}")
    targets.check(path, zarr)
    return found


def most_pixels(path: Path) -> int:
    """How many pixels a result may have that goes there. Raises ValueError as `writer` does."""
    return writer(path).most_pixels


def rows_of(path: str | os.PathLike) -> int:
    """Of how many rows, or a multiple, the file wants all but its last. Raises ValueError as `writer` does."""
    return {"TIFF": TiffSink.rows, ZARR: ZarrSink.rows}.get(writer(path).name, 1)


def check(path: str | os.PathLike, picture: PictureFile, height: int, width: int, options: SaveOptions = USUAL) -> Format:
    """`writer`, and that the format can hold the picture's transparency and most of its values at that size.

    Raises ValueError before any work is done.
    """
    format_ = writer(path)
    if not format_.alpha and options.background is None and options.instead is None and picture.transparent:
        raise ValueError(f"cannot write {path}: {format_.called} cannot hold transparency; write .png, .tif or .webp, or say with "
                         "--background what to lay it on")
    if height * width > (pixels := format_.most_pixels):
        raise ValueError(f"cannot write {path}: {width}×{height} are over {pixels >> 20} Mpx; "
                         f"{'write .tif' if pixels < MOST_PIXELS else 'use a smaller picture'}")
    most = format_.longest_side or max(height, width)
    if max(height, width) > most:
        raise ValueError(f"cannot write {path}: {width}×{height} is more than the {most} pixels a side that {format_.called} "
                         "can hold; write .png or .tif")
    if not format_.floats:
        floats.check(Path(path), picture.pixels)
    return format_


def left_out(path: str | os.PathLike, picture: PictureFile, height: int, width: int, options: SaveOptions = USUAL) -> str | None:
    """What a file will not hold of a picture, in words; None where nothing is lost. Raises ValueError as `writer` does."""
    format_ = writer(path)
    said = [] if format_.floats else floats.cut_off(picture.pixels)
    if not format_.alpha and options.background is None and picture.transparent:
        said.append("transparency (filled with a colour)")
    channels = converted(_sample(picture, 1), format_, picture.icc, options).shape[2]
    lost = keeps.fitted(picture.sized(height, width), format_, channels)[1]
    return ", ".join(said + lost) or None


def not_kept(lost: str) -> str:
    """What to say of a result that does not hold all of its picture. `lost`: as of `left_out`."""
    return f"not kept: {lost}"


class Output:
    """A picture file that is being written, row after row; it appears whole or not at all."""

    models: Sequence[str] = ()
    """The networks that make it."""

    def __init__(self, path: str | os.PathLike, picture: PictureFile, height: int, width: int, fingerprint: str | None = None,
                 options: SaveOptions = USUAL, pages: PagedFile | None = None):
        """For `picture`'s kind of pixels and metadata, height × width.

        `fingerprint`: of all that decides what the file will hold. With it a large TIFF or a Zarr array that an earlier run left
        unfinished is resumed. `pages`: the file whose next page this is. Raises ValueError, in one line, where it cannot be written.
        """
        self.path = Path(path)
        self._format, self._options = check(path, picture, height, width, options), options
        self._icc = picture.icc
        self._of_file = converted(_sample(picture, width), self._format, self._icc, options)
        self._shape = height, width, self._of_file.shape[2]
        large = height * width * self._shape[2] * self._of_file.itemsize >= RESUMED
        self._resumed, self._page = fingerprint is not None, pages
        self._partial: TemporaryFile | ResumableFile
        with self._saying():
            if pages:
                self._partial = pages.partial
            elif fingerprint is not None and (self._format.name == ZARR or (self._format.large and large)):
                self._partial = ResumableFile(self.path, fingerprint, self._format.name == ZARR)
            elif self._format.name == ZARR:
                self._partial = ResumableFile(self.path, uuid.uuid4().hex, True)  # which nobody can resume
            else:
                self._partial = TemporaryFile(self.path)
        try:
            with self._saying():
                picture = picture.sized(height, width)
                self._sink = self._opened(picture if options.dpi is None else dataclasses.replace(picture, dpi=(options.dpi,) * 2))
        except BaseException:
            if not pages:
                self._partial.leave()
            raise
        self._noted = self.done = self._sink.done if isinstance(self._sink, ResumableSink) else 0
        """How many rows exist already."""

    @property
    def rows(self) -> int:
        """Every `put` but the last wants a multiple of so many rows."""
        return self._sink.rows

    @property
    def kept(self) -> bool:
        """Whether some of what is written stays if it is not finished."""
        return isinstance(self._partial, ResumableFile) and bool(self._partial.notes)

    def put(self, rows: np.ndarray) -> None:
        """The next rows, `[n, W(, C)]`; they are not to be written to any more. Raises ValueError where they cannot be written."""
        with self._saying():
            self._sink.put(converted(rows, self._format, self._icc, self._options))
            if (self._resumed and isinstance(self._partial, ResumableFile) and isinstance(self._sink, ResumableSink)
                    and self._sink.done > self._noted):
                self._partial.note(**self._sink.note())
                self._noted = self._sink.done
        self.done += len(rows)

    def finish(self) -> None:
        """Give the file its name, once all of it is on the disk. Raises ValueError where that cannot be."""
        with self._saying():
            self._sink.finish()
            if not self._page:
                self._partial.finish()

    def discard(self) -> None:
        """Leave nothing of what is not finished, or where it can be resumed, what is done."""
        self._sink.abandon()
        if not self._page:
            self._partial.leave()

    def _opened(self, picture: PictureFile) -> Sink:
        """The sink of the file's format."""
        dtype = self._of_file.dtype
        picture = keeps.fitted(picture, self._format, self._shape[2])[0]
        if self._format.large:
            try:
                return self._resumable(picture, dtype)
            except Notes:
                assert isinstance(self._partial, ResumableFile)
                self._partial.begin_anew()
                return self._resumable(picture, dtype)
        stream = self._partial.stream
        assert stream is not None
        if self._format.name == "PNG":
            return PngSink(stream, self._shape, dtype, icc=picture.icc, exif=picture.exif.exif() if picture.exif else None, dpi=picture.dpi,
                           text=metadata.texts(picture.text, picture.xmp, picture.iptc, picture.comment), colour=picture.colour,
                           level=self._options.level)
        if self._format.name in ("PPM", PFM):
            return NetpbmSink(stream, self._shape, dtype, of_floats=self._format.floats)
        formats.install(self._format)
        return PillowSink(stream, self._shape, self._format.name,
                          keeps.pillow_options(picture, self._format) | self._options.for_pillow(self._format, picture.subsampling),
                          keeps.after_pixels(picture, self._format))

    def _resumable(self, picture: PictureFile, dtype: np.dtype) -> ResumableSink:
        """A sink that resumes after the notes of an earlier run. Raises `Notes` where they are not true."""
        notes = self._partial.notes if isinstance(self._partial, ResumableFile) else []
        if self._format.name == ZARR:
            return ZarrSink(self._partial.path, self._shape, dtype, notes)
        assert self._partial.stream is not None
        return TiffSink(self._partial.stream, self._shape, dtype, keeps.tiff_tags(picture), notes, self._options.level,
                        self._page.pages if self._page else None)

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        """Turn whatever writing raises into one ValueError."""
        try:
            yield
        except MemoryError:
            raise
        except ImportError as error:
            raise ValueError(f"cannot write {self.path}: {MISSING}") from error
        except Exception as error:  # Pillow's encoders raise struct.error, OverflowError and more on odd metadata
            raise ValueError(f"cannot write {self.path}: {reason(error)}") from error


class PagedFile:
    """A TIFF of several pages that is being written; it appears whole or not at all."""

    def __init__(self, path: Path, nbytes: int):
        """`nbytes`: of all pages before they are packed. Raises ValueError where it cannot be written."""
        self.path, self.pages = path, Pages(nbytes > CLASSIC)
        try:
            self.partial = TemporaryFile(path)
        except OSError as error:
            raise ValueError(f"cannot write {path}: {reason(error)}") from error


def write(path: str | os.PathLike, picture: PictureFile, options: SaveOptions = USUAL) -> None:
    """Write a picture that is in memory; the file appears whole or not at all. Raises ValueError, in one line, if it cannot be written."""
    height, width = picture.pixels.shape[:2]
    output = Output(path, picture, height, width, options=options)
    try:
        pixels = np.asarray(picture.pixels)
        rows = max(1, AT_ONCE // pixels[0].nbytes // output.rows) * output.rows
        for top in range(0, height, rows):
            output.put(pixels[top:top + rows])
        output.finish()
    except BaseException:
        output.discard()
        raise


def _sample(picture: PictureFile, width: int) -> np.ndarray:
    """No row of a picture's kind, of that width."""
    return np.empty((0, width, *picture.pixels.shape[2:]), picture.pixels.dtype)


def converted(rows: np.ndarray, format_: Format, icc: bytes | None, options: SaveOptions) -> np.ndarray:
    """Rows of a picture `[n, W(, C)]` as a format can hold them, `[n, W, C]`, beside that profile."""
    rows = flattened(rows if rows.ndim == 3 else rows[..., None], options.background or (None if format_.alpha else options.instead))
    if rows.dtype == np.float32 and not format_.floats:
        rows = np.rint(np.clip(rows, 0, 1) * 65535).astype(np.uint16)
    if rows.dtype == np.uint16 and not format_.deep:
        rows = (rows / 257 + 0.5).astype(np.uint8)
    if rows.shape[2] in (2, 4) and not format_.alpha:
        rows = rows[..., :-1]
    if rows.shape[2] == 1 and not format_.grey:
        rows = np.repeat(rows, 3, axis=2)
    if rows.shape[2] == 2 and not format_.grey_alpha and not (format_.name == "TIFF" and keeps.is_grey(icc)):
        rows = rows[..., [0, 0, 0, 1]]  # grey with alpha: Pillow reads it from hardly anything but PNG
    return rows
