"""What a place looks like: colour and texture, on a grid of cells some pixels to a side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from ..arrays.pixels import Picture
from ..arrays.tiling import cores

CELLS = 60_000
"""At most about so many in a grid: what spreads over it takes a tenth of a second."""

ROWS = 256
"""Of a picture that are converted at once."""

SCALES = (1, 2, 4)
"""Pixels across which texture is measured."""

SMOOTH = 1.5
"""Standard deviation, in cells, of the window that texture is measured in."""

COLOUR, TEXTURE = 8.0, 0.15
"""How much the two count (measured: see docs/masks.md)."""


def eight_bits(picture: Picture) -> np.ndarray:
    """The colours as uint8 H×W×3, for a mask needs no more; what is wholly transparent as its nearest visible neighbour."""
    height, width = picture.shape
    if picture.range == 255 and not picture.alpha:
        colours = picture.array
    else:
        colours = np.empty((height, width, picture.colours), np.uint8)
        for top in range(0, height, ROWS):
            planes = picture.read(top, min(height, top + ROWS), 0, width)[:picture.colours]
            colours[top:top + ROWS] = (np.clip(planes, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8).transpose(1, 2, 0)
    return np.ascontiguousarray(np.broadcast_to(colours, (height, width, 3)))


def step_of(shape: tuple[int, int], cells: int = CELLS) -> int:
    """The side of a cell in pixels so that a picture has about `cells` at most."""
    return max(1, int(np.ceil(np.sqrt(shape[0] * shape[1] / cells))))


def lab(rgb: np.ndarray) -> np.ndarray:
    """sRGB in 0 … 1, `[h, w, 3]`, in Oklab (B. Ottosson, 2020), float32: equal distances look about equally different; L in 0 … 1."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    cones = np.cbrt(linear @ _TO_CONES.T)
    return (cones @ _TO_LAB.T).astype(np.float32)


_TO_CONES = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                      [0.2119034982, 0.6806995451, 0.1073969566],
                      [0.0883024619, 0.2817188376, 0.6299787005]])
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                    [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])


def colours(rgb: np.ndarray, step: int) -> np.ndarray:
    """The mean colour of every cell of step × step pixels in Oklab, `[h, w, 3]` float32; `rgb` uint8 H×W×3."""
    return lab(np.asarray(Image.fromarray(rgb).reduce(step), np.float32) / 255)


def texture(rgb: np.ndarray, step: int) -> np.ndarray:
    """Local contrast along four directions at each of `SCALES`, in cells of `step` pixels: logarithms, `[h, w, 12]` float32."""
    grey = Image.fromarray(rgb).convert("L")
    cells = -(-rgb.shape[0] // step), -(-rgb.shape[1] // step)

    def contrasts(scale: int) -> list[np.ndarray]:
        padded = np.pad(np.asarray(grey.reduce(scale), np.int16), ((0, 1), (1, 1)), "edge")
        here = padded[:-1, 1:-1]
        others = padded[:-1, 2:], padded[1:, 1:-1], padded[1:, 2:], padded[1:, :-2]
        return [_to_cells(np.abs(here - other).astype(np.uint8), max(1, step // scale), cells) for other in others]

    with ThreadPoolExecutor(min(len(SCALES), cores())) as pool:
        found = [plane for planes in pool.map(contrasts, SCALES) for plane in planes]
    return np.log(np.stack([gaussian_filter(plane, SMOOTH, mode="nearest", truncate=2.5) for plane in found], -1) + 1)


def _to_cells(plane: np.ndarray, by: int, cells: tuple[int, int]) -> np.ndarray:
    """The means of by × by pixels of a uint8 plane, float32; where that does not fit the grid it is resized."""
    small = Image.fromarray(plane.astype(np.float32)).reduce(by)
    return np.asarray(small if small.size == cells[::-1] else small.resize(cells[::-1], Image.Resampling.BILINEAR))


def looks(colours: np.ndarray, texture: np.ndarray) -> np.ndarray:
    """Colour and texture as one vector a cell, `[h, w, f]`: a distance of 1 is a clear difference in either."""
    return np.concatenate([COLOUR * colours, TEXTURE * texture], -1)
