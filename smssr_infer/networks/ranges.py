"""Within what a card's values must lie. A list is written by machines and by hand; what no network can have gives no picture, or takes all
of the memory."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

LIMITS: dict[str, tuple[float, float]] = {
    "scale": (1, 64), "grid": (1, 64), "cell": (1, 1024),
    "contrast": (1e-4, 1), "receptive_field": (1, 2048), "params": (0, 1e12), "macs": (0, 1e12),
    "dog": (0, 128), "seed": (0, 2**32 - 1), "mu": (-1, 1), "sigma": (1e-6, 10), "kappa": (0, 100), "floor": (0, 1), "ceiling": (1e-6, 1),
    "window": (1, 4096), "waves": (-1, 1), "strength": (0, 1), "reference_angle": (-360, 360), "angle_bias": (-360, 360),
    "angle_gain": (0.01, 100), "mean": (0, 1), "stroke": (3, 64), "length": (1, 8),
    "softness": (0.5, 32), "raggedness": (0, 1), "covariance": (-1, 1)}
"""The least and the most of a field, or of each of its numbers. A σ of `dog` may be infinite where it takes nothing away."""

COUNTS = {"mean": 3, "covariance": 9}
"""How many numbers a field has."""


def check(field: str, value: Any) -> None:
    """Raises ValueError, saying what a field must be, for a value that it cannot have."""
    if field == "name" and not re.fullmatch(r"[\w-]{1,60}", value):
        raise ValueError("it is made of letters, digits, - and _")
    if field == "file" and not (value and PurePath(value).name == value and _is_a_line(value)):
        raise ValueError("it is the name of a file beside the list")
    if field in ("title", "licence") and not _is_a_line(value):
        raise ValueError("it is a line of text")
    if field == "dog" and (not value or any(math.isinf(fine) for fine, _ in value)):
        raise ValueError("it has a pair for each map, fine and coarse")
    if field in COUNTS and len(value) != COUNTS[field]:
        raise ValueError(f"it has {COUNTS[field]} numbers")
    if field in LIMITS:
        least, most = LIMITS[field]
        if not all(least <= number <= most or (field == "dog" and number == math.inf) for number in _numbers(value)):  # false for NaN, too
            raise ValueError(f"it lies in {least:g} … {most:g}")


def check_together(values: Mapping[str, Any]) -> None:
    """Raises ValueError for values that exclude each other."""
    if "floor" in values and values["floor"] > values["ceiling"]:
        raise ValueError("field 'floor' is above field 'ceiling'")


def _is_a_line(text: str) -> bool:
    """Whether a text is short, and steers no terminal."""
    return len(text) <= 1000 and not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text)


def _numbers(value: Any) -> Iterable[float]:
    if isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    else:
        yield value
