"""Frame after frame through a recipe: what did not change since the frame before is copied, not computed, so that nothing flickers.

What is found out of a picture (its noise, its JPEG artefacts, its blur) is found out of the first frame, and holds for all.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

import numpy as np

from ..analysis.measurements import Measurements
from ..arrays import tiling
from ..arrays.large import in_memory
from ..nodes.result import Result
from ..recipe import Recipe
from ..runtime import Runtime
from ..steps import Coarse, Grain, Origin, Step, Stylize
from ..textures.random_fields import SEEDS

FRESH = 1000
"""The seed that frames count on from where none is said; styles' own are small."""

GRID = 8
"""Pixels of a result's squares, by which it is cut where it changed."""

NEAR = 8
"""Pixels of a frame around a change within which results are computed anew; a network reads farther, but what is there moves little.

Measured with smssr-x2: at most 15 levels of 255 at 2 pixels, 3 at 4, 1 at 6, none from 12 on.
"""

RING = 2
"""Pixels of a frame, the outermost of those, which must have stayed as they were: where they have not, results are computed farther."""

LEVEL = 1 / 255
"""How much of the whole range may change there."""


class Moving:
    """What a recipe makes of frames, each from the one before."""

    def __init__(self, recipe: Recipe, runtime: Runtime, jpeg: int | None = None, *, lively: bool = False):
        """`recipe`: its masks read; `jpeg`: as of `Measurements`; `lively`: textures are drawn anew for each frame, as grain is."""
        self._recipe, self._runtime, self._jpeg, self._lively = recipe, runtime, jpeg, lively
        self._parts: list[_Part] = []
        self.models: list[str] = []
        """The networks that run."""
        self.remarks: list[str] = []
        """As of a `Result`, of the first frame."""
        self.computed = self.all = 0
        """Pixels of results that were computed, and of all."""

    def next(self, pixels: np.ndarray, progress: Callable[[float], None] | None = None) -> np.ndarray:
        """What becomes of the next frame. What the progress raises cancels the work."""
        first = self.all == 0
        if first:
            recipe = self._recipe.resolved(Measurements(in_memory(pixels), self._runtime, self._jpeg))
            self._parts = [_Part(part, self._runtime, self._jpeg if number == 0 else None, self._lively)
                           for number, part in enumerate(recipe.parts())]
        origin: Origin | None = None
        for number, part in enumerate(self._parts):
            share = None if progress is None else functools.partial(_share, progress, number, len(self._parts))
            pixels, origin = part.next(pixels, origin, share)
            if first:
                self.models += part.models
                self.remarks += part.remarks
            self.computed, self.all = self.computed + part.computed, self.all + pixels.shape[0] * pixels.shape[1]
        return pixels


class _Part:
    """One part of a recipe."""

    def __init__(self, recipe: Recipe, runtime: Runtime, jpeg: int | None, lively: bool):
        self._lively, self._frame = lively and any(isinstance(step, (Grain, Stylize)) for step in recipe.steps), 0
        self._recipe, self._runtime, self._jpeg = recipe, runtime, jpeg
        self._copies = not any(isinstance(step, (Coarse, Stylize)) for step in recipe.steps)  # these look at the whole picture
        self._found: dict[str, object] = {}
        self._before: tuple[np.ndarray, np.ndarray] | None = None
        self._near = NEAR
        self.models: list[str] = []
        self.remarks: list[str] = []
        self.computed = 0

    def next(self, pixels: np.ndarray, origin: Origin | None,
             progress: Callable[[float], None] | None) -> tuple[np.ndarray, Origin | None]:
        picture = in_memory(pixels)
        measured = Measurements(picture, self._runtime, self._jpeg)
        measured.take(self._found)
        origin = origin or Origin(measured, cleaned=False)
        self.computed = 0
        if not self._lively and self._before is not None and np.array_equal(self._before[0], pixels):
            return self._before[1], self._recipe.origin_after(origin)
        recipe = _drawn_anew(self._recipe, self._frame) if self._lively and self._frame else self._recipe
        self._frame += 1
        result = recipe.build(picture, self._runtime, measured, origin)
        try:
            made = self._made(result, pixels, progress)
        finally:
            result.release()
        self._found = self._found or measured.found()
        self._before = pixels, made
        self.models, self.remarks = result.models, result.remarks
        return made, self._recipe.origin_after(origin)

    def _made(self, result: Result, pixels: np.ndarray, progress: Callable[[float], None] | None) -> np.ndarray:
        height, width = result.shape
        if not self._copies or self._before is None or self._before[0].shape != pixels.shape:
            out = result.picture.blank(height, width)
            self._compute(result, [(0, height, 0, width)], np.ones((height, width), bool), out, progress)
            return out
        old, before = self._before
        differs = old != pixels
        differs = differs.any(-1) if differs.ndim == 3 else differs
        while True:
            out, far = before.copy(), reach(result)
            reached = min(far[0], self._near), min(far[1], self._near)
            changed = spread(result, differs, reached)
            self._compute(result, boxes(changed, result.margin), changed, out, progress)
            if reached == far or not moved(before, out, changed & ~spread(result, differs, (reached[0] - RING, reached[1] - RING))):
                return out
            self._near *= 2

    def _compute(self, result: Result, windows: list[tiling.Tile], changed: np.ndarray, out: np.ndarray,
                 progress: Callable[[float], None] | None) -> None:
        """Put what `changed` of those windows into `out`."""
        self.computed += sum((bottom - top) * (right - left) for top, bottom, left, right in windows)
        for number, window in enumerate(windows):
            made = result.picture.blank(window[1] - window[0], window[3] - window[2])
            share = None if progress is None else functools.partial(_share, progress, number, len(windows))
            tiling.run(functools.partial(_write, result, made, window), result.tiles(window), self._runtime.threads, share)
            where = changed[window[0]:window[1], window[2]:window[3]]
            out[window[0]:window[1], window[2]:window[3]][where] = made[where]


def _drawn_anew(recipe: Recipe, frame: int) -> Recipe:
    """A recipe whose textures are other instances for each frame; those whose own seed is said stay as they are."""
    def anew(step: Step) -> Step:
        if not isinstance(step, (Grain, Stylize)):
            return step
        return dataclasses.replace(step, seed=((FRESH if step.seed is None else step.seed) + frame) % SEEDS)

    return Recipe(*map(anew, recipe.steps))


def _share(progress: Callable[[float], None], number: int, count: int, done: float) -> None:
    progress((number + done) / count)


def _write(result: Result, made: np.ndarray, window: tiling.Tile, tile: tiling.Tile) -> None:
    result.write(tile, made, tile[0] - window[0], tile[2] - window[2])


def reach(result: Result) -> tuple[int, int]:
    """How many pixels of a frame away, in rows and in columns, a result reads."""
    (tall, wide), (height, width) = result.picture.shape, result.shape
    reach = []
    for axis, (n, size) in enumerate(((tall, height), (wide, width))):
        at = n // 2
        side = max(1, -(-size // n))
        place = min(size - side, at * size // n)
        window = [0, 1, 0, 1]
        other = 1 - axis
        window[2 * axis], window[2 * axis + 1] = place, place + side
        middle = result.shape[other] // 2
        window[2 * other], window[2 * other + 1] = middle, middle + 1
        read: tiling.Tile = (window[0], window[1], window[2], window[3])
        for node in result.nodes:
            read = node.reads(*read)
        reach.append(max(at - read[2 * axis], read[2 * axis + 1] - at) + 2)
    return reach[0], reach[1]


def spread(result: Result, differs: np.ndarray, far: tuple[int, int]) -> np.ndarray:
    """Which pixels of a result lie so near to where its picture `differs`, in pixels of the picture."""
    from scipy import ndimage  # slow to import, and only for what moves

    near = ndimage.maximum_filter(differs, size=(2 * far[0] + 1, 2 * far[1] + 1), mode="constant")
    rows, columns = (np.minimum(np.arange(size) * n // size, n - 1) for n, size in zip(result.picture.shape, result.shape, strict=True))
    return near[np.ix_(rows, columns)]


def moved(before: np.ndarray, out: np.ndarray, where: np.ndarray) -> bool:
    """Whether a pixel there is another one, by more than can be seen."""
    whole = 1.0 if out.dtype.kind == "f" else float(np.iinfo(out.dtype).max)
    apart = np.abs(before[where].astype(np.float32) - out[where])
    return bool(apart.size) and float(apart.max()) > 1.001 * LEVEL * whole


def boxes(changed: np.ndarray, margin: int) -> list[tiling.Tile]:
    """Windows that hold all that changed, each computed with `margin` pixels around it: cut in two, and again, while that is less work."""
    height, width = changed.shape
    padded = np.pad(changed, ((0, -height % GRID), (0, -width % GRID)))
    squares = np.asarray(padded.reshape(padded.shape[0] // GRID, GRID, -1, GRID).any((1, 3)))
    return [(top * GRID, min(height, bottom * GRID), left * GRID, min(width, right * GRID))
            for top, bottom, left, right in _cut(squares, 2 * margin / GRID)]


def _cut(squares: np.ndarray, more: float) -> list[tiling.Tile]:
    """Those boxes of squares, a box of `h` and `w` being work of `(h + more) · (w + more)`."""
    if not squares.any():
        return []
    rows, columns = np.flatnonzero(squares.any(1)), np.flatnonzero(squares.any(0))
    top, left = int(rows[0]), int(columns[0])
    inside = squares[top:rows[-1] + 1, left:columns[-1] + 1]
    height, width = inside.shape
    best, cut = (height + more) * (width + more), None
    for across in (inside, inside.T):
        work = _work(across, more)[:-1] + _work(across[::-1], more)[-2::-1]  # of the rows up to one, and of those behind it
        if len(work) and work.min() < best:
            best, cut = float(work.min()), (across is not inside, int(work.argmin()) + 1)
    if cut is None:
        return [(top, top + height, left, left + width)]
    parts = np.split(inside, [cut[1]], axis=int(cut[0]))
    at = [(top, left), (top, left + cut[1]) if cut[0] else (top + cut[1], left)]
    return [(a + y, b + y, c + x, d + x) for part, (y, x) in zip(parts, at, strict=True) for a, b, c, d in _cut(part, more)]


def _work(squares: np.ndarray, more: float) -> np.ndarray:
    """The work of the box that holds the first row, the first two, and so on; neither the first nor the last row is empty."""
    count = squares.shape[1]
    some = squares.any(1)
    left = np.minimum.accumulate(np.where(some, squares.argmax(1), count))
    right = np.maximum.accumulate(np.where(some, count - squares[:, ::-1].argmax(1), 0))
    last = np.maximum.accumulate(np.where(some, np.arange(1, len(squares) + 1), 0))
    return (last + more) * (right - left + more)
