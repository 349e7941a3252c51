"""Any picture array as float planes, and back: dtype, grey, alpha.

A picture is H×W or H×W×{1, 2, 3, 4} (grey, grey + alpha, RGB, RGBA), uint8, uint16, or float32 with 0 … 1 as its range. Planes
are `[C, h, w]` float32 in 0 … 1: first the colours, then alpha, then, where a picture hides colours under full transparency,
those colours once more.

Colours under alpha = 0 must not bleed into visible edges, and must not be lost either. So the colours that a network and the
bicubic see are filled in from the nearest visible pixel, and the hidden ones travel apart and are put back where the enlarged
alpha is still 0.
"""

from __future__ import annotations

import numpy as np

from . import numbers
from .nearest import nearest

RANGE = {np.dtype(np.uint8): 255.0, np.dtype(np.uint16): 65535.0, np.dtype(np.float32): 1.0}

MOST = 1e37
"""Floats beyond this, either way, are read as this, so that what is resampled from them is finite, too."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Full-range BT.601. A residual on this luma alone is the same residual on R, G and B."""

TO_RGB = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]], np.float32)
"""Full-range BT.601: Y, Cb, Cr → R, G, B."""


def grey(colours: np.ndarray) -> np.ndarray:
    """Colour planes `[1 or 3, h, w]` → luma `[h, w]`, not clipped."""
    return colours[0] if len(colours) == 1 else np.tensordot(LUMA, colours, 1)


def luma(colours: np.ndarray) -> np.ndarray:
    """Colour planes `[1 or 3, h, w]` → luma `[h, w]`, clipped to the 0 … 1 that the networks know."""
    return np.clip(grey(colours), 0.0, 1.0)


def checked(image: np.ndarray) -> np.ndarray:
    """An array that is a picture, in this machine's byte order. Raises ValueError, in one line, for what is none or not finite."""
    try:
        masked, image = np.ma.is_masked(image), np.asarray(image)
    except Exception as error:  # whatever its own conversion may raise
        raise ValueError(f"a picture is an array, not {numbers.shown(image)}") from error
    if masked:
        raise ValueError("a picture cannot have masked pixels; fill them (.filled(…)), or give it transparency instead")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 2, 3, 4)):
        raise ValueError(f"a picture is H×W or H×W×1, 2, 3 or 4, not an array of shape {image.shape}")
    image = image.astype(image.dtype.newbyteorder("="), copy=False)  # a reader may have left the file's byte order
    if image.dtype not in RANGE:
        raise ValueError(f"a picture is uint8, uint16 or float32, not {image.dtype}")
    if image.size == 0:
        raise ValueError(f"the picture is empty (shape {image.shape})")
    if image.dtype == np.float32 and not (np.isfinite(image.min()) and np.isfinite(image.max())):
        raise ValueError("the picture holds NaN or infinite values")
    return image


class Picture:
    """A checked picture array, read as planes window by window, so that no float copy of the whole is ever made."""

    def __init__(self, image: np.ndarray):
        """Raises ValueError, in one line, for an array that is no picture or holds NaN or infinity."""
        image = checked(image)
        self.array = image[..., None] if image.ndim == 2 else image
        self.flat = image.ndim == 2
        self.shape: tuple[int, int] = self.array.shape[:2]
        self.range = RANGE[image.dtype]
        channels = self.array.shape[2]
        self.alpha = channels in (2, 4)
        self.colours = channels - self.alpha
        self._nearest = self._nearest_visible() if self.alpha else None

    def _nearest_visible(self) -> np.ndarray | None:
        """For every pixel the row and column of the nearest visible one; None where nothing, or all, is hidden."""
        hidden = self.array[..., -1] <= 0
        if not hidden.any() or hidden.all():
            return None
        return nearest(~hidden)

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes of a window, the caller's own to write to."""
        window = self.array[top:bottom, left:right]
        if self._nearest is not None:
            row, column = self._nearest[:, top:bottom, left:right]
            filled = self.array[row, column, :self.colours]
            window = np.concatenate([filled, window[..., self.colours:], window[..., :self.colours]], axis=2)
        planes = np.array(window.transpose(2, 0, 1), np.float32, order="C")  # always a copy: whoever reads may write
        planes *= np.float32(1 / self.range)
        return np.clip(planes, -MOST, MOST, out=planes) if self.range == 1 else planes

    def window(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The pixels of a window as they are, `[h, w, C]`; not to be written to."""
        return self.array[top:bottom, left:right]

    def blank(self, height: int, width: int) -> np.ndarray:
        """An array for the result: this picture's kind, height × width."""
        return np.empty((height, width) if self.flat else (height, width, self.array.shape[2]), self.array.dtype)

    def store(self, out: np.ndarray, top: int, left: int, planes: np.ndarray) -> None:
        """Write planes, which are used up, into `out`, made by `blank`; integers are rounded and clipped, of floats only alpha."""
        height, width = planes.shape[1:]
        window = (out[..., None] if self.flat else out)[top:top + height, left:left + width]
        if self.alpha:
            np.clip(planes[self.colours], 0.0, 1.0, out=planes[self.colours])
        if self.range != 1.0:
            planes *= np.float32(self.range)
            planes += np.float32(0.5)
            np.clip(planes, 0.0, self.range, out=planes)
        planes = planes.astype(window.dtype, copy=False)  # cuts off, after the half added, what rounding would
        channels = window.shape[2]
        for i in range(channels):
            window[..., i] = planes[i]
        if len(planes) > channels:
            hidden = window[..., -1] == 0
            window[hidden, :self.colours] = planes[channels:, hidden].T
