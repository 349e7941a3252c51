"""JPEG XL of any depth: its pixels are read by imagecodecs, what belongs to them by pillow-jxl-plugin, which cuts colours to 8 bits."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from PIL import Image

from . import formats, metadata
from .picture_file import PictureFile


def read(path: Path) -> PictureFile:
    """A JPEG XL file, upright. Raises whatever a damaged one makes its decoders raise."""
    import imagecodecs

    formats.install(formats.of("JXL"))
    data = path.read_bytes()
    if imagecodecs.jpegxl_check(data) is False:
        raise ValueError("it is damaged")
    with Image.open(path) as picture:
        found, _ = metadata.of_info({**picture.info, "xmp": xmp_of(data)}, [])  # libjxl turns the pixels itself
    pixels = imagecodecs.jpegxl_decode(data)
    frames = len(pixels) if pixels.ndim == 4 else 1
    pixels = pixels[0] if pixels.ndim == 4 else pixels
    if pixels.dtype == np.float16:
        pixels = pixels.astype(np.float32)
    return PictureFile(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels, frames=frames, **found)


def xmp_of(data: bytes) -> bytes | None:
    """XMP of a file of boxes (ISO/IEC 18181-2), which the plug-in does not read; None where there is none."""
    import imagecodecs

    at = 0
    while data[:4] == b"\0\0\0\x0c" and at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        head = 16 if size == 1 else 8
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack(">Q", data[at + 8:at + 16])
        end = at + size if size else len(data)
        content = data[at + head:end]
        if kind == b"xml ":
            return content
        if kind == b"brob" and content[:4] == b"xml ":
            return bytes(imagecodecs.brotli_decode(content[4:]))
        if end < at + head:
            break
        at = end
    return None
