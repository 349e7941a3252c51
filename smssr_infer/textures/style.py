"""How a style is wanted: where, how strong, how large, which way, how sharp."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from ..analysis.flow import FOLLOW
from ..arrays import numbers

LEAST_SIZE, MOST_SIZE = 0.5, 8.0

CONTRASTS = ("auto", "picture", "even")
"""How strong a texture is from place to place."""

USUAL = 2000
"""A picture of so many pixels on its longer side, or fewer, has textures of size 1; a larger one has them larger in proportion."""


@dataclasses.dataclass(frozen=True, eq=False)
class Style:
    """How a style is wanted. None selects a default based on the style and the picture.

    Attributes
    ----------
    beta : float or array H×W, optional
        Where and how strong, 0 … 1; by default the style's own strength everywhere.
    size : float, optional
        Features so many times as large, 0.5 … 8; by default in proportion to the picture.
    direction : float, array H×W, "follow" or Along, optional
        Degrees counter-clockwise by which the texture is turned from how it lies in its reference; along the picture's own flow; or along
        lines. By default "follow" where it can be turned.
    sharpness : bool, optional
        Whether a texture becomes as soft as the picture in out-of-focus areas; by default unless it lies in front of the picture, as
        canvas does.
    seed : int, optional
        Another one gives another draw of the same texture.
    contrast : {"auto", "picture", "even"}
        "picture": as strong as the picture itself is there (σ_x); "even": as strong everywhere, but for less where black or white is near;
        "auto": "even" for a material; for a style of a network "picture", but "even" where the picture is of flat colours, as drawings are.
    colour : float, optional
        How much of a material's own variation of colour comes along, or how far a painting's palette goes, 0 … 1; by default all of a
        material's, three quarters of a painting's.
    detail : float, optional
        How much of the picture's detail a painting keeps with finer strokes, 0 … 1; by default 0.5.

    Raises
    ------
    ValueError
        In one line, for what cannot be.
    """

    beta: Any = None
    size: float | None = None
    direction: Any = None
    sharpness: bool | None = None
    seed: int | None = None
    contrast: str = "auto"
    colour: float | None = None
    detail: float | None = None

    def __post_init__(self) -> None:
        if self.size is not None and not LEAST_SIZE <= numbers.real(self.size) <= MOST_SIZE:
            raise ValueError(f"a size must lie in {LEAST_SIZE:g} … {MOST_SIZE:g}, not {numbers.shown(self.size)}")
        if isinstance(self.direction, str) and self.direction != FOLLOW:
            raise ValueError(f"a direction is degrees, an array H×W of them, or {FOLLOW!r}, not {self.direction!r:.60}")
        if self.sharpness is not None and not isinstance(self.sharpness, (bool, np.bool_)):
            raise ValueError(f"sharpness is True, False or None, not {numbers.shown(self.sharpness)}")
        if self.contrast not in CONTRASTS:
            raise ValueError(f"a contrast is one of {', '.join(CONTRASTS)}, not {numbers.shown(self.contrast)}")
        for name in ("colour", "detail"):
            share = getattr(self, name)
            if share is not None and not 0 <= numbers.real(share) <= 1:
                raise ValueError(f"{name} must lie in 0 … 1, not {numbers.shown(share)}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Style):
            return NotImplemented
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in dataclasses.fields(Style))
        return all(a is b or bool(np.array_equal(a, b) if hasattr(a, "__array__") or hasattr(b, "__array__") else a == b) for a, b in pairs)

    def __hash__(self) -> int:  # of what is quickly compared
        return hash((self.size, self.sharpness, self.seed, self.contrast, self.colour, self.detail))

    def size_on(self, height: int, width: int, least: float = 1.0, usual: int = USUAL) -> float:
        """The size on a picture of height × width; where none was asked for, in proportion to it: 1 on `usual` pixels, at least `least`."""
        return min(MOST_SIZE, max(least, max(height, width) / usual)) if self.size is None else float(self.size)


def wanted(wish: Style | np.ndarray | float) -> Style:
    """A wish as a Style: a number or an array is its β. Raises ValueError for None, which says neither."""
    if wish is None:
        raise ValueError("the strength of a style is a number or an array H×W, not None")
    return wish if isinstance(wish, Style) else Style(wish)


def reduced(height: int, width: int, size: float) -> tuple[int, int]:
    """The size of the grid that features `size` times as large are computed on."""
    return max(1, math.ceil(height / size)), max(1, math.ceil(width / size))
