"""Writing a picture file: it appears whole or not at all, however many write beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from . import deep, metadata, png
from .partial import Partial
from .picture_file import PictureFile
from .reading import reason

JPEG_QUALITY = 95

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


def write(path: str | os.PathLike, picture: PictureFile) -> None:
    """Write a picture; the file appears whole or not at all. Raises ValueError, in one line, if it cannot be written."""
    path = Path(path)
    format_ = check(path, picture, *picture.pixels.shape[:2])
    try:
        partial = Partial(path)
        try:
            _encode(partial.stream, format_, picture)
            partial.finish()
        finally:
            partial.discard()
    except MemoryError:
        raise
    except Exception as error:  # Pillow's encoders raise struct.error, OverflowError and more on odd metadata
        raise ValueError(f"cannot write {path}: {reason(error)}") from error


def _encode(stream: BinaryIO, format_: str, picture: PictureFile) -> None:
    pixels = picture.pixels
    pixels = pixels if pixels.ndim == 3 else pixels[..., None]
    if pixels.dtype == np.float32 and not (format_ == "TIFF" and pixels.shape[2] == 1):
        pixels = np.rint(np.clip(pixels, 0, 1) * 65535).astype(np.uint16)
    if pixels.dtype == np.uint16 and format_ not in DEPTH_16:
        pixels = (pixels / 257 + 0.5).astype(np.uint8)
    if pixels.shape[2] in (2, 4) and format_ in NO_ALPHA:
        pixels = pixels[..., :-1]
    if pixels.shape[2] == 2 and format_ != "PNG":
        pixels = pixels[..., [0, 0, 0, 1]]  # grey with alpha: Pillow reads it from hardly anything but PNG

    dpi = metadata.fitting(picture.dpi, format_)
    if format_ == "TIFF":
        deep.write_tiff(stream, pixels, metadata.tiff_tags(picture.exif, dpi, picture.icc, picture.xmp))
        return
    exif = picture.exif.tobytes() if picture.exif else None
    if format_ == "PNG":
        png.write(stream, pixels, icc=picture.icc, exif=exif, dpi=dpi, text=metadata.png_texts(picture.text, picture.xmp))
        return
    options: dict[str, Any] = {"icc_profile": picture.icc, "exif": exif, "dpi": dpi, "xmp": picture.xmp}
    options = {key: value for key, value in options.items() if value}
    if format_ in ("JPEG", "WEBP", "AVIF"):
        options["quality"] = JPEG_QUALITY
    if format_ == "JPEG":
        options["subsampling"] = "4:4:4"
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(stream, format_, **options)
