"""β, where and how strongly something is done: an array of any size, scaled to the picture, or one number for all of it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from . import numbers
from .pixels import RANGE
from .resample import bicubic
from .scale_space import separable


@runtime_checkable
class Beta(Protocol):
    """Where and how strongly something is done."""

    anything: bool
    """Whether it is above 0 anywhere."""
    everywhere: bool
    """Whether it is one number for all of the picture."""

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """β over a window, float32 in 0 … 1; `[h, w]`, or a scalar."""


class Mask:
    """β of a picture of height × width, read window by window."""

    def __init__(self, beta: np.ndarray | float, height: int, width: int, name: str):
        """`name`: what the mask is for, to be named where it does not fit.

        Raises ValueError, in one line, for a β that is no number or plane in 0 … 1. Integers' full range counts as 0 … 1.
        """
        array = numbers.array(beta)
        if array is None:
            raise ValueError(f"{name}: β is a number or an array H×W, not {numbers.shown(beta)}")
        if array.ndim not in (0, 2) or array.size == 0:
            raise ValueError(f"{name}: β is a number or an array H×W, not one of shape {array.shape}")
        full = array.ndim and array.dtype in (np.uint8, np.uint16)
        self._range = RANGE[array.dtype] if full else 1.0
        least, most = float(array.min()), float(array.max())
        if not (least >= 0 and most <= self._range):  # false for NaN, too
            raise ValueError(f"{name}: β must lie in 0 … 1, not {f'{least:g}' if least == most else f'{least:g} … {most:g}'}")
        array = array if full else array.astype(np.float32)
        self._array = array
        self.anything = bool(most > 0)
        """Whether it is above 0 anywhere."""
        self.everywhere = not array.ndim
        """Whether it is one number for all of the picture."""
        self._scaled = array.ndim == 2 and array.shape != (height, width)
        if self._scaled:
            self._vertical, self._horizontal = bicubic(array.shape[0], height), bicubic(array.shape[1], width)

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """β over a window, float32 in 0 … 1; `[h, w]`, or a scalar."""
        if not self._array.ndim:
            return self._array
        if not self._scaled:
            return self._array[top:bottom, left:right].astype(np.float32) / np.float32(self._range)
        (a, b), (c, d) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        part = self._array[a:b, c:d].astype(np.float32) / np.float32(self._range)
        return np.clip(separable(part, self._vertical, self._horizontal, (top, bottom), (left, right), (a, c)), 0, 1)


Given = Beta | np.ndarray | float
"""What a caller may give as β."""


def mask_of(beta: Given, height: int, width: int, name: str) -> Beta:
    """β as it is, where it can be read window by window already; else as of `Mask`."""
    return beta if isinstance(beta, Beta) else Mask(beta, height, width, name)
