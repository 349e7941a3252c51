"""The kinds of field that a card has, and how they are read from a row of the manifest and written into one."""

from __future__ import annotations

import enum
import math
import typing
from collections.abc import Mapping
from typing import Any

Pairs = tuple[tuple[float, float], ...]


class Space(enum.Enum):
    """On which pixels a network's convolutions run."""

    SMALL = "lr"
    """Those of the picture that is to be enlarged; the maps come out enlarged."""
    LARGE = "hr"
    """Those of the result: a bicubic enlargement, as published, or a picture that keeps its size."""

    def grid(self, scale: int) -> int:
        """How many pixels of the result one pixel of the convolutions spans, to a side."""
        return scale if self is Space.SMALL else 1

    @property
    def largest_tile(self) -> int:
        """A tile has at most the square of this in pixels of the result: larger ones waste less, these hold a thread near 100 MiB."""
        return 1024 if self is Space.SMALL else 512


class Purpose(enum.Enum):
    """What a restoring network does."""

    CLEAN = "clean"
    """Takes away noise and JPEG artefacts."""
    SHARPEN = "sharpen"
    """Takes away blur."""
    FILL = "fill"
    """Invents what a hole hides."""


def converted(value: Any, kind: Any) -> Any:
    """A value read from JSON as a field's type. Raises ValueError or TypeError where it is none."""
    if kind in (Space, Purpose):
        return kind(value)
    if kind == Pairs:
        return tuple((_number(a), math.inf if b is None else _number(b)) for a, b in value)
    if kind == tuple[float, ...]:
        return tuple(_number(a) for a in value)
    if kind is float:
        return _number(value)
    if typing.get_origin(kind) is Mapping:
        kind = dict
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError
    return value


def plain(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return None if value == math.inf else value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    return value
