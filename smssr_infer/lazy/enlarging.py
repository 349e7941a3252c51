"""A Dask array enlarged, block by block."""

from __future__ import annotations

import functools
import itertools
import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..analysis.degradation import Degradation, seen
from ..arrays import tiling
from ..networks import backends
from ..nodes.enlargement import Enlargement
from ..nodes.model_choice import check_scale
from .blocks import Blocks, Part, Task, Window, assembled, check_weights, edges, joined

NEAREST = 2.5
"""Colours under full transparency are taken from the nearest visible pixel. Of those that a visible pixel of the answer depends on, none
takes them from further away than so many times the halo."""


def upscale(array: Any, scale: float = 4, model: str | None = None, bands: Sequence[float] | None = None, picture: str = "auto", *,
            best: bool = False, backend: str | None = None) -> Any:
    """A Dask array enlarged: what `smssr_infer.upscale` makes of it, within 1e-5 (one level of uint8), computed when it is asked for.

    `array`: H×W or H×W×{1, 2, 3, 4}; uint8, uint16, or float32 in 0 … 1; in chunks of any size. The other arguments are those of
    `smssr_infer.upscale`; any scale that it takes, and no limit to the answer's size. Only for `picture` "auto" or "photo" without a
    `model` is anything computed at once: the middle of the picture, 768 × 768 pixels, by which it is judged. What is fully transparent
    counts there as what is visible within that window.

    Returns an array of the same kind, round(scale·H) × round(scale·W). Chunks that are all of a size stay so. Raises ValueError, in one
    line, for anything that does not fit; a NaN in a block is found when that block is computed.
    """
    blocks = Blocks(array)
    height, width = check_scale(scale, *blocks.shape, most=sys.maxsize)
    degradation = seen(blocks, picture, model)
    chosen = backends.choose(backend)
    enlargement = Enlargement(blocks.like, height, width, model, bands, chosen, degradation=degradation, best=best)
    spans = [_spans(chunks, size) for chunks, size in zip(blocks.array.chunks, (height, width), strict=False)]

    def tasks() -> Iterator[Task]:
        for (i, rows), (j, columns) in itertools.product(*map(enumerate, spans)):
            window = *rows, *columns
            need = _needed(enlargement, blocks, window)
            work = functools.partial(_enlarged, corner=need[::2], shape=blocks.shape, window=window, size=(height, width), model=model,
                                     bands=bands, backend=chosen, degradation=degradation, best=best, weights=enlargement.weights)
            yield (i, j, *(0,) * (array.ndim - 2)), work, [(blocks.array, need)]

    from dask.base import tokenize

    name = f"smssr-upscale-{tokenize(blocks.array.name, scale, model, enlargement.weights, bands, degradation, best, chosen)}"
    chunks = tuple(tuple(hi - lo for lo, hi in axis) for axis in spans)
    return assembled(name, tasks(), (*chunks, *blocks.array.chunks[2:]), array.dtype)


def _spans(chunks: tuple[int, ...], size: int) -> list[tuple[int, int]]:
    """Where the answer's chunks begin and end: at the chunks' places; of one size where they are, as Zarr wants it."""
    whole = sum(chunks)
    if len(set(chunks[:-1])) <= 1 and chunks[-1] <= chunks[0]:
        step = max(1, round(chunks[0] * size / whole))
        return list(itertools.pairwise([*range(0, size, step), size]))
    places = [round(end * size / whole) for _, end in edges(chunks)]
    return list(itertools.pairwise([0, *places]))


def _needed(enlargement: Enlargement, blocks: Blocks, window: Window) -> Window:
    """The window of the picture that a block of the answer is computed from."""
    need = enlargement.reads(window)
    if not blocks.like.alpha:
        return need
    (height, width), (tall, wide) = blocks.shape, enlargement.shape
    inner = window[0] * height / tall, window[1] * height / tall, window[2] * width / wide, window[3] * width / wide
    by = math.ceil(NEAREST * (max(abs(a - b) for a, b in zip(need, inner, strict=True)) + 2))
    return max(0, need[0] - by), min(height, need[1] + by), max(0, need[2] - by), min(width, need[3] + by)


def _enlarged(pieces: list[list[np.ndarray]], *, corner: tuple[int, int], shape: tuple[int, int], window: Window, size: tuple[int, int],
              model: str | None, bands: Sequence[float] | None, backend: str, degradation: Degradation | None, best: bool,
              weights: list[str]) -> np.ndarray:
    part = Part(joined(pieces), corner, shape)
    enlargement = Enlargement(part, *size, model, bands, backend, degradation=degradation, best=best)
    check_weights(enlargement, weights)
    top, bottom, left, right = window
    out = part.blank(bottom - top, right - left)
    with tiling.one_blas_thread():
        for a, b, c, d in enlargement.tiles(1, window):
            enlargement.write((a, b, c, d), out, a - top, c - left)
    enlargement.release()
    return out
