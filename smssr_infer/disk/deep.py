"""16-bit colour files, which Pillow decodes only as 8 bits.

Pillow unpacks 16-bit colour by keeping the high byte of each sample, and which byte is high is a word in its decoder's settings. Decoding
twice, once with either byte order, gives both bytes. (16-bit grey with alpha is decoded once, as four bytes.)
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
from PIL import ImageFile, TiffImagePlugin

COLOUR = {"RGB;16", "RGBA;16", "RGBX;16"}
"""Pillow's raw modes for 16-bit colour, without the letter for the byte order."""


def _raw_mode(picture: ImageFile.ImageFile) -> str | None:
    """The decoder's word for how samples lie in the file, if all tiles share one."""
    first = {tile.args if isinstance(tile.args, str) else next(iter(tile.args or ()), None) for tile in picture.tile}
    raw = first.pop() if len(first) == 1 else None
    return raw if isinstance(raw, str) else None


def is_deep(picture: ImageFile.ImageFile) -> bool:
    """Whether an opened, not yet loaded picture holds 16-bit colour that Pillow would cut to 8 bits."""
    raw = _raw_mode(picture) or ""
    return raw[:-1] in COLOUR or raw == "LA;16B"


def is_misread(picture: ImageFile.ImageFile) -> bool:
    """Whether an opened TIFF holds uncompressed 16-bit planes one after the other, of which Pillow makes stripes."""
    tags = getattr(picture, "tag_v2", {})
    planes_apart = tags.get(TiffImagePlugin.PLANAR_CONFIGURATION) == 2 and tags.get(TiffImagePlugin.COMPRESSION, 1) == 1
    return planes_apart and max(tags.get(TiffImagePlugin.BITSPERSAMPLE, (8,))) > 8


def _decode(open_picture: Callable[[], ImageFile.ImageFile], mode: str, raw: str) -> np.ndarray:
    """The file decoded as Pillow mode `mode` with another raw mode."""
    with open_picture() as picture:
        picture._mode = mode
        picture.tile = [tile._replace(args=raw if isinstance(tile.args, str) else (raw, *(tile.args or ())[1:])) for tile in picture.tile]
        return np.array(picture)


def read(open_picture: Callable[[], ImageFile.ImageFile]) -> np.ndarray:
    """A picture for which `is_deep` holds, as uint16 H×W×{2, 3, 4}. `open_picture` opens the file afresh at each call."""
    with open_picture() as picture:
        raw, mode = _raw_mode(picture) or "", picture.mode
    if raw == "LA;16B":
        four = _decode(open_picture, "RGBA", "RGBA").astype(np.uint16)
        return four[..., 0::2] << 8 | four[..., 1::2]
    base, order = raw[:-1], raw[-1]
    if order == "N":
        order = "L" if struct.pack("=H", 1) == b"\x01\x00" else "B"
    high = _decode(open_picture, mode, base + order).astype(np.uint16)
    low = _decode(open_picture, mode, base + ("B" if order == "L" else "L"))
    return high << 8 | low
