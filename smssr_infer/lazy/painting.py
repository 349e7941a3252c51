"""Styles painted into a Dask array, block by block."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..arrays import tiling
from ..arrays.masks import Mask
from ..networks import backends
from ..nodes.materials import painting
from ..nodes.style import Canvas
from ..nodes.stylize import Painted, mask_of
from ..textures.style import Style, wanted
from .blocks import Blocks, Part, Task, Window, assembled, check_weights, edges, joined


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
    weights: list[str]
    """The styles' fingerprints."""


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
    masks = {name: mask_of(name, wish, blocks.shape) for name, wish in wishes.items() if name not in lazy}
    without = {name: dataclasses.replace(wish, beta=None, seed=seed if wish.seed is None else wish.seed) for name, wish in wishes.items()}
    canvas = Canvas(blocks, 1)
    paintings = [painting(name, wish, canvas, chosen) for name, wish in without.items()]
    common = _Wishes(canvas.on(blocks.like), without, masks, blocks.shape, chosen, [texture.card.fingerprint for texture in paintings])
    spans = [edges(chunks) for chunks in blocks.array.chunks[:2]]

    def tasks() -> Iterator[Task]:
        for (i, rows), (j, columns) in itertools.product(*map(enumerate, spans)):
            window = *rows, *columns
            needs = [window, *(texture.reads(window) for texture in paintings)]
            need = tuple(most(edge) for most, edge in zip((min, max, min, max), zip(*needs, strict=True), strict=True))
            work = functools.partial(_painted, corner=need[::2], window=window, lazy=tuple(lazy))
            yield (i, j, *(0,) * (array.ndim - 2)), work, [(blocks.array, need), *((beta, window) for beta in lazy.values())]

    from dask.base import tokenize

    name = f"smssr-stylize-{tokenize(blocks.array.name, styles, common.weights, seed, chosen)}"
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
    given = {name: _OfBlock(joined(beta), window, name) for name, beta in zip(lazy, of_betas, strict=True)}
    painted = Painted(part, wishes.styles, backend=wishes.backend, canvas=wishes.canvas.on(part), betas={**wishes.masks, **given})
    check_weights(painted, wishes.weights)
    top, bottom, left, right = window
    out = part.blank(bottom - top, right - left)
    with tiling.one_blas_thread():
        for a, b, c, d in painted.tiles(1, window):
            painted.write((a, b, c, d), out, a - top, c - left)
    painted.release()
    return out


class _OfBlock:
    """β of a block alone, read in the whole picture's coordinates."""

    def __init__(self, beta: np.ndarray, window: Window, name: str):
        self._top, _, self._left, _ = window
        self._mask = Mask(beta, beta.shape[0], beta.shape[1], name)

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """β over a window."""
        return self._mask.read(top - self._top, bottom - self._top, left - self._left, right - self._left)
