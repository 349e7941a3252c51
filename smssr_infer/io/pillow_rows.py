"""Pixels taken over from Pillow some rows at a time: at once they would be in memory three times."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

AT_ONCE = 1 << 21
"""Pixels."""


def bands(picture: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """A loaded picture in parts of some rows, each with its first row's number."""
    width, height = picture.size
    rows = max(1, AT_ONCE // width)
    for top in range(0, height, rows):
        yield top, picture.crop((0, top, width, min(height, top + rows)))


def array_of(picture: Image.Image, pixels: Callable[[Image.Image], np.ndarray]) -> np.ndarray:
    """What `pixels` makes of the parts of a loaded picture, H×W(×C)."""
    out: np.ndarray | None = None
    for top, part in bands(picture):
        found = pixels(part)
        if out is None:
            out = np.empty((picture.height, *found.shape[1:]), found.dtype)
        out[top:top + len(found)] = found
    assert out is not None  # Pillow opens no picture without rows
    return out
