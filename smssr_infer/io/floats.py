"""Values beyond 0 … 1, which floats have and most formats have not: what becomes of them is known before the work."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .block_reader import Blocks

SIDE = 2048
"""Of a picture, so many values across and down are looked at."""

WINDOW, WINDOWS = 128, 4
"""Of one that is not in memory, so many windows across and down, of that many pixels a side."""

MOST = 0.5
"""Where more of the values that are not 0 would be cut off, little of the picture would be left."""


def _seen(pixels: np.ndarray | Blocks) -> np.ndarray:
    """Some of a picture's colours as `[n]`, spread over it."""
    height, width = pixels.shape[:2]
    colours = -1 if pixels.ndim == 3 and pixels.shape[2] in (2, 4) else None
    if isinstance(pixels, Blocks):
        tops, lefts = ([side * i // WINDOWS for i in range(WINDOWS)] for side in (height, width))
        return np.concatenate([pixels[top:top + WINDOW, left:left + WINDOW][..., :colours].ravel() for top in tops for left in lefts])
    part = pixels[::-(-height // SIDE), ::-(-width // SIDE)]
    return (part[..., :colours] if part.ndim == 3 else part).ravel()


def _outside(values: np.ndarray) -> np.ndarray:
    return (values < 0) | (values > 1)


def check(path: Path, pixels: np.ndarray | Blocks) -> None:
    """Raises ValueError for float pixels of which hardly anything would be left where only 0 … 1 can be written."""
    if pixels.dtype.kind != "f":
        return
    values = _seen(pixels)
    values = values[values != 0]
    if len(values) and _outside(values).mean() > MOST:
        raise ValueError(f"cannot write {path}: the picture's values reach from {values.min():.6g} to {values.max():.6g}; beyond "
                         "0 … 1 only .tif and .zarr hold them: write .tif, or divide the values first")


def cut_off(pixels: np.ndarray | Blocks) -> list[str]:
    """What to say of float pixels that pass `check`: which share of them is cut off, if any."""
    share = _outside(_seen(pixels)).mean() if pixels.dtype.kind == "f" else 0.0
    return [f"what lies beyond 0 … 1 ({max(share, 1e-4):.2%} of the values; .tif keeps them)"] if share else []
