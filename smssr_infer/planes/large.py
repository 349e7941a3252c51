"""A picture that does not fit into memory: read where it is wanted, from something that is sliced like an array."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .pixels import Picture

BLEEDS = 128
"""Colours that are hidden under transparency are filled in from visible pixels at most so far away: further than any of ours sees."""


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
            planes = np.concatenate([planes, hidden.transpose(2, 0, 1) * np.float32(1 / self.range)])
        return planes
