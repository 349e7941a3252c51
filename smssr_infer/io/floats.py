"""Values that only floats have: beyond 0 … 1, which most formats cannot hold, and what is no number at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays.large import Windows

SIDE = 2048
"""Of a picture, so many values across and down are looked at."""

WINDOW, WINDOWS = 128, 4
"""Of one that is not in memory, so many windows across and down, of that many pixels a side."""

MOST = 0.5
"""Where more of the values that are not 0 would be cut off, little of the picture would be left."""


def _seen(pixels: np.ndarray | Windows) -> np.ndarray:
    """Some of a picture's colours as `[n]`, spread over it."""
    height, width = pixels.shape[:2]
    colours = -1 if len(pixels.shape) == 3 and pixels.shape[2] in (2, 4) else None
    if not isinstance(pixels, np.ndarray):
        tops, lefts = ([side * i // WINDOWS for i in range(WINDOWS)] for side in (height, width))
        return np.concatenate([pixels[top:top + WINDOW, left:left + WINDOW][..., :colours].ravel() for top in tops for left in lefts])
    part = pixels[::-(-height // SIDE), ::-(-width // SIDE)]
    return (part[..., :colours] if part.ndim == 3 else part).ravel()


def _outside(values: np.ndarray) -> np.ndarray:
    return (values < 0) | (values > 1)


def check(path: Path, pixels: np.ndarray | Windows) -> None:
    """Raises ValueError for float pixels of which hardly anything would be left where only 0 … 1 can be written."""
    if pixels.dtype.kind != "f":
        return
    values = _seen(pixels)
    values = values[values != 0]
    if len(values) and _outside(values).mean() > MOST:
        raise ValueError(f"cannot write {path}: the picture's values reach from {values.min():.6g} to {values.max():.6g}; beyond "
                         "0 … 1 only .tif and .zarr hold them: write .tif, or divide the values first")


def cut_off(pixels: np.ndarray | Windows) -> list[str]:
    """What to say of float pixels that pass `check`: which share of them is cut off, if any."""
    share = _outside(_seen(pixels)).mean() if pixels.dtype.kind == "f" else 0.0
    return [f"what lies beyond 0 … 1 ({max(share, 1e-4):.2%} of the values; .tif keeps them)"] if share else []


def filled(values: np.ndarray) -> tuple[np.ndarray, bool]:
    """Pixels `[h, w(, C)]` with the nearest finite value of its channel in place of each NaN and infinity; whether there was any."""
    if values.dtype.kind != "f" or np.isfinite(values).all():
        return values, False
    from scipy.ndimage import distance_transform_edt  # a quarter of a second to import, and seldom needed

    out = values.copy()
    for plane in np.moveaxis(out, -1, 0) if out.ndim == 3 else [out]:
        wrong = ~np.isfinite(plane)
        if wrong.all():
            plane[:] = 0
        elif wrong.any():
            plane[wrong] = plane[tuple(distance_transform_edt(wrong, return_distances=False, return_indices=True)[:, wrong])]
    return out, True
