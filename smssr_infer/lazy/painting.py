"""Styles painted into a Dask array, block by block."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..networks import backends, manifest
from ..networks.cards import StyleCard
from ..planes import tiling
from ..planes.masks import Mask
from ..texture.canvas import TILE, Canvas, Painting
from ..texture.style import Style, wanted
from .blocks import Blocks, Part, Task, Window, assembled, edges, joined


@dataclasses.dataclass(frozen=True)
class _Wishes:
    """What every block is told."""

    canvas: Canvas
    """What was measured of the whole picture."""
    styles: dict[str, Style]
    """Without their β."""
    masks: dict[str, Mask]
    """Those β that are no Dask arrays."""
    shape: tuple[int, int]
    backend: str


def stylize(array: Any, styles: Mapping[str, Any], *, seed: int | None = None, backend: str | None = None) -> Any:
    """A Dask array with styles painted in: what `smssr_infer.stylize` makes of it, within 1e-5 (one level of uint8).

    `array`: H×W or H×W×{1, 3}; uint8, uint16, or float32 in 0 … 1; in chunks of any size. `styles`: as `smssr_infer.stylize` takes them;
    a β may be a Dask array H×W as well. A style depends on the whole picture: its contrast, flow and sharpness are measured when this is
    called, in one pass over all blocks for each of the three that the styles need; what comes back from there is a number or three for
    every 16 × 16 pixels. All else is computed when the answer is asked for.

    Returns an array of the same kind, size and chunks. Raises ValueError, in one line, for anything that does not fit, and for pictures
    with transparency: what is hidden counts as the nearest visible pixel, however far that is.
    """
    if not isinstance(styles, Mapping):
        raise ValueError("styles must be a dictionary, such as {'grass': 0.5}")
    blocks = Blocks(array)
    if blocks.like.alpha:
        raise ValueError("a lazy picture with transparency cannot be styled; style its colours, array[..., :-1], and put alpha back "
                         "with dask.array.concatenate")
    chosen = backends.choose(backend)
    wishes = {name: wanted(wish if isinstance(wish, Style) or not _is_lazy(wish) else Style(wish)) for name, wish in styles.items()}
    lazy = {name: _beta(name, wish.beta, blocks) for name, wish in wishes.items() if _is_lazy(wish.beta)}
    masks = {name: Mask(manifest.find(name, StyleCard).strength if wish.beta is None else wish.beta, *blocks.shape, name)
             for name, wish in wishes.items() if name not in lazy}
    without = {name: dataclasses.replace(wish, beta=None, seed=seed if wish.seed is None else wish.seed) for name, wish in wishes.items()}
    canvas = Canvas(blocks, 1)
    paintings = [Painting(name, wish, canvas, chosen) for name, wish in without.items()]
    common = _Wishes(canvas.on(blocks.like), without, masks, blocks.shape, chosen)
    spans = [edges(chunks) for chunks in blocks.array.chunks[:2]]

    def tasks() -> Iterator[Task]:
        for (i, rows), (j, columns) in itertools.product(*map(enumerate, spans)):
            window = *rows, *columns
            needs = [window, *(painting.reads(window) for painting in paintings)]
            need = tuple(most(edge) for most, edge in zip((min, max, min, max), zip(*needs, strict=True), strict=True))
            work = functools.partial(_painted, corner=need[::2], window=window, lazy=tuple(lazy))
            yield (i, j, *(0,) * (array.ndim - 2)), work, [(blocks.array, need), *((beta, window) for beta in lazy.values())]

    from dask.base import tokenize

    name = f"smssr-stylize-{tokenize(blocks.array.name, styles, seed, chosen)}"
    return assembled(name, tasks(), blocks.array.chunks, array.dtype, common)


def _is_lazy(beta: Any) -> bool:
    return hasattr(beta, "dask") and hasattr(beta, "chunks")


def _beta(name: str, beta: Any, blocks: Blocks) -> Any:
    """A β that is a Dask array. Raises ValueError for one of another size."""
    if beta.shape != blocks.shape:
        raise ValueError(f"{name}: a β that is a Dask array must have the picture's size, {blocks.shape}, not {beta.shape}")
    return beta


def _painted(pieces: list[list[np.ndarray]], *rest: Any, corner: tuple[int, int], window: Window, lazy: tuple[str, ...]) -> np.ndarray:
    """A block; `rest`: the pieces of the Dask arrays β of the styles `lazy`, then the wishes."""
    *of_betas, wishes = rest
    part = Part(joined(pieces), corner, wishes.shape)
    canvas = wishes.canvas.on(part)
    top, bottom, left, right = window
    given = {name: Mask(joined(beta), bottom - top, right - left, name) for name, beta in zip(lazy, of_betas, strict=True)}
    paintings = {name: Painting(name, wish, canvas, wishes.backend) for name, wish in wishes.styles.items()}
    out = part.blank(bottom - top, right - left)
    margin = max((painting.margin for painting in paintings.values()), default=0)
    with tiling.one_blas_thread():
        for a, b, c, d in tiling.plan(bottom - top, right - left, TILE, margin, 1):
            tile = top + a, top + b, left + c, left + d
            planes = part.read(*tile)
            touched = np.zeros(planes.shape[1:], bool)
            for name, painting in paintings.items():
                beta = given[name].read(a, b, c, d) if name in given else wishes.masks[name].read(*tile)
                touched |= beta > 0
                if beta.any():
                    planes += beta * painting.residual(tile)
            row, column = corner
            kept = part.array[tile[0] - row:tile[1] - row, tile[2] - column:tile[3] - column]
            part.store(out, a, c, planes)
            target = out[a:b, c:d, None] if part.flat else out[a:b, c:d]
            np.copyto(target, kept, where=~touched[..., None])  # to the last bit
    for painting in paintings.values():
        painting.release()
    return out
