"""HEIC: pictures of telephones, of 8, 10 or 12 bits; read by pillow-heif."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from . import metadata
from .picture_file import PictureFile


def read(path: Path) -> PictureFile:
    """A HEIC file's main picture, upright. Raises whatever a damaged one makes pillow-heif raise."""
    import pillow_heif

    file = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
    pillow_heif.set_orientation(file.info)  # libheif has turned the pixels already
    if file.size[0] * file.size[1] > 2 * (Image.MAX_IMAGE_PIXELS or file.size[0] * file.size[1]):
        raise Image.DecompressionBombError
    pixels = np.asarray(file)
    if pixels.dtype == np.uint16:
        pixels = widened(pixels, file.info.get("bit_depth") or 16)
    left = [words for key, words in (("depth_images", "depth map"), ("aux", "auxiliary pictures (a gain map, say)")) if file.info.get(key)]
    found, _ = metadata.of_info(file.info, left)
    return PictureFile(np.ascontiguousarray(pixels), frames=len(file), **found)


def widened(pixels: np.ndarray, bits: int) -> np.ndarray:
    """Samples that lie in the upper bits of 16, so that the highest becomes 65535."""
    most = (1 << bits) - 1
    return ((pixels >> (16 - bits)).astype(np.uint32) * 65535 // most).astype(np.uint16)
