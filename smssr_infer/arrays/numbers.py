"""What callers give as numbers and arrays, made plain: Python's or NumPy's, of any width and byte order."""

from __future__ import annotations

import numbers
from fractions import Fraction
from typing import Any

import numpy as np


def real(value: object) -> float:
    """A number as a float: infinite where it is too large, NaN for what is none. True and text are none."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        return float("nan")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def whole(value: object) -> int | None:
    """A whole number as an int; None for what is none. True, text and 2.0 are none."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        return None
    return int(value)


def array(value: object) -> np.ndarray | None:
    """Numbers as a plain array in the machine's byte order; None for what is none, such as text, complex numbers or masked values."""
    try:
        found = np.asarray(float(value) if isinstance(value, Fraction) else value)
        if found.dtype.kind not in "biuf" or np.ma.is_masked(value):
            return None
        return found.astype(found.dtype.newbyteorder("="), copy=False)
    except Exception:  # whatever the value's own conversion may raise
        return None


def parts(value: object) -> list[Any]:
    """What a sequence holds; nothing where it is none, or text."""
    if isinstance(value, (str, bytes)):
        return []
    try:
        return list(value)  # type: ignore[call-overload]
    except Exception:  # whatever its own iteration may raise
        return []


def shown(value: object) -> str:
    """What was given, for an error of one line."""
    return f"{' '.join(repr(value).split()):.60}"
