"""What a recipe makes of a Dask array, block by block."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..analysis.measurements import Measurements
from ..arrays import tiling
from ..arrays.masks import Mask
from ..nodes.result import Result
from ..nodes.task_node import TaskNode
from ..recipe import Recipe
from ..runtime import Runtime
from ..steps import Coarse, Enlarge, Fill, Grain, Origin, Restore, Stylize
from .blocks import Blocks, Part, Task, Window, assembled, edges, joined

NEAREST = 2.5
"""Colours under full transparency are taken from the nearest visible pixel. Of those that a visible pixel of the result depends on, none
takes them from further away than so many times the halo."""


def process(array: Any, recipe: Recipe, *, backend: str | None = None) -> Any:
    """What `smssr_infer.process` makes of a Dask array, within 1e-5 (one level of uint8), computed when it is asked for.

    `array`: H×W or H×W×{1, 2, 3, 4}; uint8, uint16, or float32 in 0 … 1; in chunks of any size. A β may be a Dask array of the picture's
    size, too, but for holes. What is measured of a whole picture (its noise, a style's contrast, flow and sharpness) is measured when this
    is called, in passes over all blocks; what comes back from there is a few numbers for every 16 × 16 pixels.

    Returns a Dask array of the same kind; there is no limit to its size, and chunks that are all of a size stay so. Raises ValueError, in
    one line, for anything that does not fit, and for styles on a picture with transparency: what is hidden counts as the nearest visible
    pixel, however far that is. A NaN in a block is found when that block is computed.
    """
    if not isinstance(recipe, Recipe):
        raise ValueError(f"recipe is a Recipe, such as Recipe(Enlarge(scale=4)), not {recipe!r:.60}")
    runtime = Runtime.of(backend=backend, threads=1)
    origin: Origin | None = None
    if any(isinstance(step, Grain) for step in recipe.steps):
        recipe = recipe.resolved(Measurements(Blocks(array), runtime))
    for part in _parts(recipe):
        blocks = Blocks(array)
        measured = Measurements(blocks, runtime)
        array = _done(blocks, part, measured, origin or Origin(measured, cleaned=False), runtime)
        origin = part.origin_after(origin or Origin(measured, cleaned=False))
    return array


def upscale(array: Any, scale: float = 4, model: str | None = None, bands: Sequence[float] | None = None, picture: str = "auto", *,
            best: bool = False, detail: float | None = None, backend: str | None = None) -> Any:
    """A Dask array enlarged; the arguments are those of `smssr_infer.upscale`. See `process`."""
    return process(array, Recipe(Enlarge(scale, model, bands, picture, best, detail=detail)), backend=backend)


def restore(array: Any, clean: Any = 0, chroma: Any = None, sharpen: Any = 0, fill: Any = None, *, noise: str | float = "auto",
            blur: str | float = "auto", jpeg: str | float = "auto", model: str | None = None, backend: str | None = None) -> Any:
    """A Dask array restored; the arguments are those of `smssr_infer.restore`. See `process`."""
    wanted = Restore(clean=clean, chroma=chroma, sharpen=sharpen, noise=noise, blur=blur, jpeg=jpeg, model=model)
    return process(array, Recipe(wanted) if fill is None else Recipe(Fill(fill), wanted), backend=backend)


def stylize(array: Any, styles: Mapping[str, Any], *, seed: int | None = None, backend: str | None = None) -> Any:
    """A Dask array with textures painted in; the arguments are those of `smssr_infer.stylize`. See `process`."""
    return process(array, Recipe(Stylize(styles, seed)), backend=backend)


def _parts(recipe: Recipe) -> Iterator[Recipe]:
    """The parts of a recipe; coarse styles are one by themselves, since what lies on them is measured there."""
    if not recipe.steps:
        raise ValueError("the recipe is empty; it takes at least one step, such as Enlarge(scale=4)")
    for part in recipe.parts():
        if isinstance(part.steps[0], Coarse):
            yield from (Recipe(step) for step in part.steps)
        else:
            yield part


@dataclasses.dataclass(frozen=True)
class LazyBeta:
    """A β that is a Dask array, by its place among them."""

    number: int
    name: str
    anything = True
    everywhere = False

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """Never asked for: a block has its own β."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class _Common:
    """What every block is told."""

    part: Recipe
    measured: Measurements
    origin: Origin
    shape: tuple[int, int]
    runtime: Runtime
    fingerprints: list[str]


def _done(blocks: Blocks, part: Recipe, measured: Measurements, origin: Origin, runtime: Runtime) -> Any:
    """One part of a recipe done to a Dask array."""
    if blocks.like.alpha and any(isinstance(step, (Coarse, Stylize)) for step in part.steps):
        raise ValueError("a lazy picture with transparency cannot be styled; style its colours, array[..., :-1], and put alpha back "
                         "with dask.array.concatenate")
    betas: list[Any] = []

    def found(beta: Any) -> Any:
        if not (hasattr(beta, "dask") and hasattr(beta, "chunks")):
            return beta
        if beta.shape != blocks.shape:
            raise ValueError(f"a β that is a Dask array must have the picture's size, {blocks.shape}, not {beta.shape}")
        betas.append(beta)
        return LazyBeta(len(betas) - 1, beta.name)

    part = part.with_betas(found)
    if any(isinstance(step, Fill) and isinstance(step.mask, LazyBeta) for step in part.steps):
        raise ValueError("fill: a mask of holes cannot be a Dask array; give it as one of NumPy's")
    node = part.chain(blocks.like, measured, origin, runtime)
    without = Origin(origin.measured.on(blocks.like), origin.cleaned)
    common = _Common(part, measured.on(blocks.like), without, blocks.shape, runtime, Result(blocks.like, node, runtime).fingerprints)
    chunks = blocks.array.chunks[:2]
    same = node.shape == blocks.shape
    spans = [edges(part) if same else _spans(part, size) for part, size in zip(chunks, node.shape, strict=True)]

    def tasks() -> Iterator[Task]:
        for (i, rows), (j, columns) in itertools.product(*map(enumerate, spans)):
            window = *rows, *columns
            need = _needed(node, blocks, window)
            work = functools.partial(_block, corner=need[::2], window=window)
            yield (i, j, *(0,) * (blocks.array.ndim - 2)), work, [(blocks.array, need), *((beta, window) for beta in betas)]

    from dask.base import tokenize

    name = f"smssr-{type(part.steps[-1]).__name__.lower()}-{tokenize(blocks.array.name, part.fingerprint, common.fingerprints, runtime)}"
    sizes = tuple(tuple(hi - lo for lo, hi in axis) for axis in spans)
    return assembled(name, tasks(), (*sizes, *blocks.array.chunks[2:]), blocks.array.dtype, common)


def _spans(chunks: tuple[int, ...], size: int) -> list[tuple[int, int]]:
    """Where the result's chunks begin and end: at the chunks' places; of one size where they are, as Zarr wants it."""
    whole = sum(chunks)
    if len(set(chunks[:-1])) <= 1 and chunks[-1] <= chunks[0]:
        step = max(1, round(chunks[0] * size / whole))
        return list(itertools.pairwise([*range(0, size, step), size]))
    places = [round(end * size / whole) for _, end in edges(chunks)]
    return list(itertools.pairwise([0, *places]))


def _needed(node: TaskNode, blocks: Blocks, window: Window) -> Window:
    """The window of the picture that a block of the result is computed from."""
    need = node.reads(*window)
    if not blocks.like.alpha:
        return need
    (height, width), (tall, wide) = blocks.shape, node.shape
    inner = window[0] * height / tall, window[1] * height / tall, window[2] * width / wide, window[3] * width / wide
    by = math.ceil(NEAREST * (max(abs(a - b) for a, b in zip(need, inner, strict=True)) + 2))
    return max(0, need[0] - by), min(height, need[1] + by), max(0, need[2] - by), min(width, need[3] + by)


def _block(pieces: list[list[np.ndarray]], *rest: Any, corner: tuple[int, int], window: Window) -> np.ndarray:
    """A block of the result; `rest`: the pieces of those β that are Dask arrays, then what every block is told."""
    *of_betas, common = rest
    picture = Part(joined(pieces), corner, common.shape)

    def own(beta: Any) -> Any:
        return _OfBlock(joined(of_betas[beta.number]), window) if isinstance(beta, LazyBeta) else beta

    node = common.part.with_betas(own).chain(picture, common.measured.on(picture), common.origin, common.runtime)
    result = Result(picture, node, common.runtime)
    if result.fingerprints != common.fingerprints:
        raise ValueError("a model or style has changed since this array was made; make it again")
    top, bottom, left, right = window
    out = picture.blank(bottom - top, right - left)
    with tiling.one_blas_thread():
        for a, b, c, d in result.tiles(window):
            result.write((a, b, c, d), out, a - top, c - left)
    result.release()
    return out


class _OfBlock:
    """β of a block alone, read in the whole picture's coordinates."""

    anything = True
    everywhere = False

    def __init__(self, beta: np.ndarray, window: Window):
        self._top, _, self._left, _ = window
        self._mask = Mask(beta, beta.shape[0], beta.shape[1], "β")

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """β over a window."""
        return self._mask.read(top - self._top, bottom - self._top, left - self._left, right - self._left)
