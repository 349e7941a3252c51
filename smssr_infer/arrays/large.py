"""A picture that does not fit into memory: read where it is wanted, from something that is sliced like an array."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .pixels import MOST, Picture, checked

BLEEDS = 192
"""Colours that are hidden under transparency are filled in from visible pixels at most so far away: further than any of ours sees."""

WHOLE = 1 << 24
"""Pixels of a picture in memory that is searched for the nearest visible ones all at once, which takes some 20 bytes for each."""

MOST_PIXELS = 1 << 36
"""The largest picture that anything is done to."""

MOST_SIDE = 1 << 21
"""Its longest side: whole rows are held, and resampling keeps some 100 bytes for each row and column."""


def check_size(height: int, width: int) -> None:
    """Raises ValueError, in one line, for a picture that is too large for every task."""
    if height * width > MOST_PIXELS or max(height, width) > MOST_SIDE:
        raise ValueError(f"it claims {width}×{height} pixels; at most {MOST_PIXELS >> 30} Gpx are read, and {MOST_SIDE} to a side")


class Windows(Protocol):
    """Pixels H×W×C that are read window by window, `windows[top:bottom, left:right]`, from any thread."""

    @property
    def shape(self) -> tuple[int, ...]:
        """H, W and C."""

    @property
    def dtype(self) -> np.dtype:
        """uint8, uint16 or float32."""

    def __getitem__(self, key: tuple[slice, slice]) -> np.ndarray:
        """The pixels of a window."""


class LargePicture(Picture):
    """A picture read from a file, or from wherever its pixels lie."""

    def __init__(self, windows: Windows):
        """Raises ValueError, in one line, for what is no picture."""
        Picture.__init__(self, np.zeros((1, 1, *windows.shape[2:]), windows.dtype))
        if min(windows.shape) < 1:
            raise ValueError(f"the picture is empty (shape {windows.shape})")
        check_size(*windows.shape[:2])
        self.array = windows  # type: ignore[assignment]
        self.shape = windows.shape[0], windows.shape[1]

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes of a window, the caller's own to write to. Raises ValueError where they hold NaN or infinity."""
        if not self.alpha:
            part = Picture(self.array[top:bottom, left:right])
            return part.read(0, bottom - top, 0, right - left)
        wide_top, wide_left = max(0, top - BLEEDS), max(0, left - BLEEDS)
        part = Picture(self.array[wide_top:bottom + BLEEDS, wide_left:right + BLEEDS])
        planes = part.read(top - wide_top, bottom - wide_top, left - wide_left, right - wide_left)
        hidden = part.array[top - wide_top:bottom - wide_top, left - wide_left:right - wide_left, :self.colours]
        if len(planes) == self.colours + 1:  # whether or not a window hides colours, all have as many planes
            planes = np.concatenate([planes, np.clip(hidden.transpose(2, 0, 1) * np.float32(1 / self.range), -MOST, MOST)])
        return planes


def in_memory(image: np.ndarray) -> Picture:
    """A picture in memory, to be read window by window; a large one with transparency as if it lay in a file, which takes less memory.

    Raises ValueError, in one line, for an array that is no picture or holds NaN or infinity.
    """
    image = checked(image)
    hides = image.ndim == 3 and image.shape[2] in (2, 4) and image.shape[0] * image.shape[1] > WHOLE and image[..., -1].min() <= 0
    return LargePicture(image) if hides else Picture(image)
