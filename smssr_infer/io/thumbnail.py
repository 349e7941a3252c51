"""A small picture of a picture file, for a page of reports."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from .picture_file import PictureFile
from .save_options import flattened

SIDE = 240
"""Pixels of its longer side, at most."""

MOST_PROFILE = 1 << 14
"""Bytes of a profile that goes into it."""


def thumbnail(file: PictureFile) -> bytes:
    """A picture as a small JPEG, on white where it is transparent. Of floats what lies beyond 0 … 1 is cut off."""
    height, width = file.pixels.shape[:2]
    step = max(1, max(height, width) // (2 * SIDE))
    if isinstance(file.pixels, np.ndarray):
        pixels = file.pixels[step // 2::step, step // 2::step]
    else:
        pixels = np.concatenate([file.pixels[top:top + 1, 0:width][:, step // 2::step] for top in range(step // 2, height, step)])
    pixels = flattened(pixels if pixels.ndim == 3 else pixels[..., None], (255, 255, 255))
    if pixels.dtype == np.float32:
        pixels = (np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
    elif pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    small = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    small.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85, icc_profile=file.icc if file.icc and len(file.icc) <= MOST_PROFILE else None)
    return out.getvalue()
