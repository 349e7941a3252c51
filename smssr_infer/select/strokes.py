"""Strokes: points and polylines with a radius, or a plane of seeds; and where they lie on a grid."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import numbers

RADIUS = 1 / 150
"""Of the longer side, where none is given."""

CORE = 0.5
"""The share of the brush's radius within which a stroke is sure."""


class Strokes:
    """What was drawn over a picture for one of the two answers, "here" or "not here"."""

    def __init__(self, strokes: Any, shape: tuple[int, int], radius: float | None, name: str):
        """`strokes`: a sequence of strokes, each a point (x, y) or a sequence of points, in pixels, x to the right, y down, (0, 0) the
        middle of the first pixel; or a boolean array H×W. `shape`: (H, W). `radius`: of the brush, in pixels; by default a 150th of the
        longer side. `name`: what to call them in an error.

        Raises ValueError, in one line, for strokes that cannot be read, and for one that does not touch the picture.
        """
        self.shape, self.name = shape, name
        self.radius = radius_of(radius, shape)
        self._lines: list[np.ndarray] = []
        self._plane: np.ndarray | None = None
        if isinstance(strokes, np.ndarray) and strokes.dtype == bool:
            if np.ma.is_masked(strokes):
                raise ValueError(f"{name}: a plane of seeds cannot have masked pixels; fill them (.filled(False))")
            if strokes.shape != shape:
                raise ValueError(f"{name}: a plane of seeds has the picture's {shape[1]}×{shape[0]} pixels, not the shape {strokes.shape}")
            self._plane = np.asarray(strokes)
        else:
            self._lines = self._read(strokes)

    def __bool__(self) -> bool:
        return bool(self._lines) if self._plane is None else bool(self._plane.any())

    def _read(self, strokes: Any) -> list[np.ndarray]:
        if not isinstance(strokes, (Sequence, np.ndarray)) or isinstance(strokes, str):
            raise ValueError(f"{self.name}: strokes are a list of points (x, y) and of lists of points, or a boolean array H×W, "
                             f"not {numbers.shown(strokes)}")
        strokes = numbers.parts(strokes)
        if len(strokes) == 2 and all(np.ndim(part) == 0 for part in strokes):
            strokes = [strokes]  # one point
        lines = []
        for stroke in strokes:
            plain = numbers.array(stroke)
            points = np.empty((0, 0)) if plain is None else np.atleast_2d(plain.astype(np.float64))
            if points.ndim != 2 or points.shape[1] != 2 or not len(points) or not np.isfinite(points).all():
                raise ValueError(f"{self.name}: a stroke is a point (x, y) or a list of points, not {numbers.shown(stroke)}")
            height, width = self.shape
            (left, top), (right, bottom) = points.min(0) - self.radius, points.max(0) + self.radius
            if right < -0.5 or bottom < -0.5 or left > width - 0.5 or top > height - 0.5:
                places = " ".join(f"{x:g},{y:g}" for x, y in points[:3])
                raise ValueError(f"{self.name}: the stroke {places} lies outside the picture of {width}×{height}")
            lines.append(points)
        return lines

    def on(self, step: int, share: float = 1.0) -> np.ndarray:
        """The cells of step × step pixels that the strokes touch, boolean, ⌈H / step⌉ × ⌈W / step⌉.

        `share`: with a brush so much as wide.
        """
        height, width = (-(-side // step) for side in self.shape)
        if self._plane is not None:
            padded = np.zeros((height * step, width * step), bool)
            padded[:self.shape[0], :self.shape[1]] = self._plane
            return np.asarray(padded.reshape(height, step, width, step).any((1, 3)))
        cells = np.zeros((height, width), bool)
        middle = (step - 1) / 2
        for line in self._lines:
            points = (line - middle) / step
            radius = max(share * self.radius / step, 0.5)
            for a, b in zip(points, points[1:] if len(points) > 1 else points, strict=False):
                _draw(cells, a, b, radius)
        return cells


def radius_of(radius: float | None, shape: tuple[int, int]) -> float:
    """The brush's radius in pixels. Raises ValueError for one that cannot be."""
    if radius is None:
        return max(1.0, max(shape) * RADIUS)
    if not np.isfinite(numbers.real(radius)):
        raise ValueError(f"the radius is a number of pixels, not {numbers.shown(radius)}")
    if not 0 < numbers.real(radius) <= max(shape):
        raise ValueError(f"the radius must lie above 0 and within the picture's longer side, {max(shape)} pixels, "
                         f"not {numbers.shown(radius)}")
    return numbers.real(radius)


def _draw(cells: np.ndarray, a: np.ndarray, b: np.ndarray, radius: float) -> None:
    """Set what lies within `radius` of the line from a to b, (x, y) in cells, and the cell that each end lies in."""
    height, width = cells.shape
    for x, y in (a, b):
        if -0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5:
            cells[int(y + 0.5), int(x + 0.5)] = True
    (left, top), (right, bottom) = np.minimum(a, b) - radius, np.maximum(a, b) + radius
    left, top = max(int(np.ceil(left)), 0), max(int(np.ceil(top)), 0)
    right, bottom = min(int(right) + 1, width), min(int(bottom) + 1, height)
    if left >= right or top >= bottom:
        return
    y, x = np.mgrid[top:bottom, left:right]
    along = b - a
    length = float(along @ along)
    share = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / length, 0, 1) if length else 0.0
    cells[top:bottom, left:right] |= np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1]) <= radius


@dataclasses.dataclass
class Seeds:
    """What strokes say of the cells of a grid, boolean planes: what they lie on, and where that is sure."""

    here: np.ndarray
    not_here: np.ndarray
    sure: np.ndarray
    """Under the middle of the brush; its rim may have slipped over an edge."""

    def add(self, stroke: Strokes, step: int, meant: bool) -> None:
        """One more stroke, over those before."""
        touched = stroke.on(step)
        self.here[touched], self.not_here[touched], self.sure[touched] = meant, not meant, False
        self.sure |= stroke.on(step, CORE)


def seeds(here: Strokes, not_here: Strokes, step: int) -> Seeds:
    """What strokes of both kinds say, none of them after another: of a cell that both touch nothing is known."""
    inside, outside = here.on(step), not_here.on(step)
    both = inside & outside
    return Seeds(inside & ~both, outside & ~both, (here.on(step, CORE) | not_here.on(step, CORE)) & ~both)


def drawn(strokes: Any, shape: tuple[int, int], step: int, here: np.ndarray | None = None, not_here: np.ndarray | None = None) -> Seeds:
    """What strokes say in the order in which they were drawn, each [meant, radius, points]: the later one counts.

    `here`, `not_here`: boolean planes of seeds that were there before. Raises ValueError, as `Strokes`.
    """
    onto = seeds(Strokes([] if here is None else here, shape, None, "here"),
                 Strokes([] if not_here is None else not_here, shape, None, "not_here"), step)
    for stroke in strokes:
        if not isinstance(stroke, Sequence) or len(stroke) != 3 or not isinstance(stroke[0], bool):
            raise ValueError(f"a drawn stroke is true or false, a radius and a list of points, not {numbers.shown(stroke)}")
        meant, radius, points = stroke
        onto.add(Strokes([points], shape, radius, "here" if meant else "not_here"), step, meant)
    return onto


WHITE, BLACK = 0.8, 0.05
"""What a plane of strokes must reach to mean here, and not to exceed to mean not here; a brush's soft edge, and grey, mean neither."""


def painted(plane: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A mask or a selection, `[h, w]` in 0 … 1, on which strokes were painted, as seeds: boolean planes of "here" and "not here".

    White is here. Black is not here where the ground, which is most of the plane, is grey; on a black ground nothing is said of it.
    """
    here, black = plane >= WHITE, plane <= BLACK
    grey = plane.size - np.count_nonzero(here) - np.count_nonzero(black)
    return here, black if 2 * grey > plane.size else np.zeros_like(black)
