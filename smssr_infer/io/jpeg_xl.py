"""JPEG XL of any depth: its pixels are read by imagecodecs, what belongs to them by pillow-jxl-plugin, which cuts colours to 8 bits."""

from __future__ import annotations

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
    with Image.open(path) as picture:  # looks at the size before anything is unpacked
        found, _ = metadata.of_info(picture.info, [])  # libjxl turns the pixels itself
    pixels = imagecodecs.jpegxl_decode(data)
    frames = len(pixels) if pixels.ndim == 4 else 1
    pixels = pixels[0] if pixels.ndim == 4 else pixels
    if pixels.dtype == np.float16:
        pixels = pixels.astype(np.float32)
    return PictureFile(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels, frames=frames, **found)
