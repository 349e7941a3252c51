"""What a style adds to a picture, for whoever lays it over the picture as a layer of its own."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from .analysis.measurements import Measurements
from .arrays import numbers, tiling
from .arrays.large import in_memory
from .nodes.material_layer import layer_of
from .nodes.style_layer import TILE
from .runtime import Progress, Runtime
from .textures.style import Style


def style_residual(image: np.ndarray, style: str, progress: Progress | None = None, *,
                   window: tiling.Tile | None = None, wish: Style | None = None, seed: int | None = None, tile: int | None = None,
                   threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """What a style adds to a picture at β = 1.

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        As of `upscale`.
    style : str
        Its name.
    progress : callable, optional
        As of `upscale`.
    window : (top, bottom, left, right), optional
        A part only, in pixels; it costs only that part, and equals that part of the whole.
    wish : Style, optional
        Its size, direction, sharpness …; a β in it does not count.
    seed : int, optional
        Another one gives another draw of the same texture.
    tile, threads, backend : optional
        As of `Runtime`.

    Returns
    -------
    array H×W, float32
        The same for R, G and B; of a material in colour H×W×3.

    Raises
    ------
    ValueError
        In one line, for anything that does not fit.

    Examples
    --------
    >>> style_residual(np.full((64, 64), 128, np.uint8), "canvas", window=(0, 10, 0, 20)).shape
    (10, 20)
    """
    picture = in_memory(image)
    runtime = Runtime.of(backend=backend, threads=threads, tile=tile, progress=progress)
    if not isinstance(wish, Style | None):
        raise ValueError(f"wish is a Style, not {numbers.shown(wish)}")
    height, width = picture.shape
    top, bottom, left, right = (0, height, 0, width) if window is None else _window(window, height, width)
    wish = wish or Style()
    layer = layer_of(style, wish if seed is None else dataclasses.replace(wish, seed=seed), Measurements(picture, runtime), runtime.backend)
    out = np.empty((bottom - top, right - left, *layer.channels), np.float32)

    def work(part: tiling.Tile) -> None:
        a, b, c, d = part
        out[a - top:b - top, c - left:d - left] = np.moveaxis(layer.residual(part), 0, -1) if layer.channels else layer.residual(part)

    size = bottom - top, right - left
    parts = tiling.tiles(*size, runtime.tile) if runtime.tile else tiling.plan(*size, TILE, layer.margin, runtime.threads)
    try:
        tiling.run(work, [(top + a, top + b, left + c, left + d) for a, b, c, d in parts], runtime.threads, progress)
    finally:
        layer.release()
    return out


def _window(window: Any, height: int, width: int) -> tiling.Tile:
    """A window of a picture as Python's own numbers. Raises ValueError for what is none."""
    edges = [numbers.whole(edge) for edge in numbers.parts(window)]
    top, bottom, left, right = edges if len(edges) == 4 else [None] * 4
    if top is None or bottom is None or left is None or right is None:
        raise ValueError(f"a window is (top, bottom, left, right) in whole pixels, not {numbers.shown(window)}")
    if not (0 <= top < bottom <= height and 0 <= left < right <= width):
        raise ValueError(f"the window {numbers.shown(window)} does not lie inside the picture of {width}×{height}")
    return top, bottom, left, right
