"""16-bit colour files, which Pillow decodes only as 8 bits.

Pillow unpacks 16-bit colour by keeping the high byte of each sample, and which byte is high is a word in its decoder's settings. Decoding
twice, once with either byte order, gives both bytes. (16-bit grey with alpha is decoded once, as four bytes.)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import ImageFile

from .pillow_rows import array_of, bands

COLOUR = ("RGB;16B", "RGBA;16B")
"""Pillow's raw modes for 16-bit colour in PNG, whose samples begin with the high byte."""

GREY = "LA;16B"


def deep_mode(picture: ImageFile.ImageFile) -> str | None:
    """The raw mode of an opened, not yet loaded picture, if it is 16-bit colour that Pillow would cut to 8 bits."""
    modes = {tile.args if isinstance(tile.args, str) else next(iter(tile.args or ()), None) for tile in picture.tile}
    raw = modes.pop() if len(modes) == 1 else None
    return raw if raw in (*COLOUR, GREY) else None


def _decoded(picture: ImageFile.ImageFile, mode: str, raw: str) -> ImageFile.ImageFile:
    """A picture that is not loaded yet, decoded as Pillow mode `mode` with another raw mode."""
    picture._mode = mode
    picture.tile = [tile._replace(args=raw if isinstance(tile.args, str) else (raw, *(tile.args or ())[1:])) for tile in picture.tile]
    picture.load()
    return picture


def read(picture: ImageFile.ImageFile, raw: str, open_picture: Callable[[], ImageFile.ImageFile]) -> np.ndarray:
    """A loaded picture, of which `deep_mode` was `raw`, as uint16 H×W×{2, 3, 4}; it is closed. `open_picture` opens the file afresh."""
    mode, key = picture.mode, picture.info.get("transparency")
    high = None if raw == GREY else array_of(picture, lambda part: np.asarray(part).astype(np.uint16) << 8)
    picture.close()  # its pixels would be held beside those that are decoded next
    with open_picture() as again:
        if high is None:
            return array_of(_decoded(again, "RGBA", "RGBA"), lambda part: np.asarray(part).view(">u2").astype(np.uint16))
        for top, part in bands(_decoded(again, mode, f"{raw[:-1]}L")):
            high[top:top + part.height] |= np.asarray(part)
    return high if key is None or high.shape[2] != 3 else with_key(high, key)


def with_key(pixels: np.ndarray, key: int | tuple[int, ...]) -> np.ndarray:
    """16-bit pixels `[h, w(, 3)]` with an alpha that is 0 where they have the colour `key`, and else full."""
    colours = pixels if pixels.ndim == 3 else pixels[..., None]
    out = np.empty((*colours.shape[:2], colours.shape[2] + 1), np.uint16)
    out[..., :-1] = colours
    for row, of_row in zip(out, colours, strict=True):
        row[:, -1] = np.where((of_row == key).all(-1), 0, 65535)
    return out
