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

FOUND = ("degradation", "blur")
"""What of `Measurements` is found out of the first frame."""

FRESH = 1000
"""The seed that frames count on from where none is said; styles' own are small."""

GRID = 8
"""Pixels of a frame's squares: those that changed are computed together where they touch."""


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
        self.models: list[str] = []
        self.remarks: list[str] = []
        self.computed = 0

    def next(self, pixels: np.ndarray, origin: Origin | None,
             progress: Callable[[float], None] | None) -> tuple[np.ndarray, Origin | None]:
        picture = in_memory(pixels)
        measured = Measurements(picture, self._runtime, self._jpeg)
        vars(measured).update(self._found)
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
        self._found = self._found or {name: vars(measured)[name] for name in FOUND if name in vars(measured)}
        self._before = pixels, made
        self.models, self.remarks = result.models, result.remarks
        return made, self._recipe.origin_after(origin)

    def _made(self, result: Result, pixels: np.ndarray, progress: Callable[[float], None] | None) -> np.ndarray:
        height, width = result.shape
        whole = [(0, height, 0, width)]
        if not self._copies or self._before is None or self._before[0].shape != pixels.shape:
            out, windows, changed = result.picture.blank(height, width), whole, None
        else:
            old, out = self._before[0], self._before[1].copy()
            differs = old != pixels
            differs = differs.any(-1) if differs.ndim == 3 else differs
            changed = reached(result, differs)
            windows = boxes(changed)
        self.computed = sum((bottom - top) * (right - left) for top, bottom, left, right in windows)
        for number, window in enumerate(windows):
            made = result.picture.blank(window[1] - window[0], window[3] - window[2])
            share = None if progress is None else functools.partial(_share, progress, number, len(windows))
            tiling.run(functools.partial(_write, result, made, window), result.tiles(window), self._runtime.threads, share)
            part = out[window[0]:window[1], window[2]:window[3]]
            if changed is None:
                part[...] = made
            else:
                where = changed[window[0]:window[1], window[2]:window[3]]
                part[where] = made[where]
        return out


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


def reached(result: Result, differs: np.ndarray) -> np.ndarray:
    """Which pixels of a result may differ where the picture `differs`."""
    from scipy import ndimage  # slow to import, and only for what moves

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
    near = ndimage.maximum_filter(differs, size=(2 * reach[0] + 1, 2 * reach[1] + 1), mode="constant")
    rows, columns = (np.minimum(np.arange(size) * n // size, n - 1) for n, size in ((tall, height), (wide, width)))
    return near[np.ix_(rows, columns)]


def boxes(changed: np.ndarray) -> list[tiling.Tile]:
    """Windows that hold all that changed, apart from each other."""
    from scipy import ndimage  # slow to import, and only for what moves

    height, width = changed.shape
    padded = np.pad(changed, ((0, -height % GRID), (0, -width % GRID)))
    squares = padded.reshape(padded.shape[0] // GRID, GRID, -1, GRID).any((1, 3))
    labels, _ = ndimage.label(squares, np.ones((3, 3)))
    return [(part[0].start * GRID, min(height, part[0].stop * GRID), part[1].start * GRID, min(width, part[1].stop * GRID))
            for part in ndimage.find_objects(labels)]
