"""What the samples of a TIFF mean: the one table by which all of them become grey or RGB, with or without transparency.

Samples are converted block by block, so a picture comes out the same however large it is.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from .profiles import SRGB_OF_CMYK, ToSrgb

Convert = Callable[[np.ndarray], np.ndarray]

WHITE_IS_0, BLACK_IS_0, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
COLOURS = {WHITE_IS_0: 1, BLACK_IS_0: 1, RGB: 3, PALETTE: 1, CMYK: 4, YCBCR: 3, LAB: 3}
"""How many samples of a pixel are its colour, by PhotometricInterpretation (TIFF 6.0, §4-6, 16, 21, 23)."""

PREMULTIPLIED, ALPHA = 1, 2
TRANSPARENCY = (PREMULTIPLIED, ALPHA, 999)
"""Values of ExtraSamples (§18) that stand for transparency; the last is Corel Draw's own."""


@dataclasses.dataclass(frozen=True)
class Samples:
    """How a page's samples become pixels."""

    read: int
    """So many samples of a pixel are needed, from the first on."""
    remarks: tuple[str, ...]
    """What a user should know of it, in words that follow the file's name."""
    channels: int
    dtype: np.dtype
    """Of the pixels: uint8, uint16 or float32."""
    icc: bytes | None
    """The profile that the pixels are in."""
    pixels: Convert
    """`[h, w, read]` as they are stored → `[h, w, channels]`. Raises ValueError for values that pixels cannot hold."""


def meaning(page: Any, icc: bytes | None) -> Samples:
    """What the samples of tifffile's `page` mean. Raises ValueError, saying what to do, for a page that is no picture of a known kind."""
    kind, count, extra = int(page.photometric), page.samplesperpixel, tuple(int(sort) for sort in page.extrasamples)
    if kind not in COLOURS or page.imagedepth != 1:
        raise ValueError(f"its pixels are {getattr(page.photometric, 'name', kind)}, not grey or colours; save it as RGB")
    colours = COLOURS[kind]
    if count < colours:
        raise ValueError(f"it has {count} samples a pixel, of {colours}; save it as RGB")
    if not extra and count == colours + 1:
        extra = (ALPHA,)  # the tag is missing, as in the files of many programs
    sort = next((sort for sort in extra if sort in TRANSPARENCY), None)
    if colours == 1 and count > 2 and sort is None:
        raise ValueError(f"it has {count} bands, and does not say which of them are colours; save those as grey or RGB")
    stored, top = _stored(page)
    dtype, widened = _widened(stored, top)
    of_alpha = widened
    if kind in (PALETTE, CMYK, LAB):
        if dtype.kind == "f" or (kind == LAB and dtype != np.uint8):
            raise ValueError(f"its {8 * dtype.itemsize}-bit {page.photometric.name} samples are not supported; save it as RGB")
        of_alpha, dtype = functools.partial(_high_byte, widened), np.dtype(np.uint8)
    if kind == PALETTE:
        of_colours = _from_palette(page, top)
    elif kind in (CMYK, LAB):
        to_srgb = ToSrgb("CMYK" if kind == CMYK else "LAB", icc)
        icc, of_colours = to_srgb.icc, functools.partial(_managed, to_srgb, of_alpha)
    elif kind == WHITE_IS_0:
        of_colours = functools.partial(_inverted, widened)
    else:
        of_colours = widened
    unused = count - colours - (sort is not None)
    remarks: tuple[str, ...] = (SRGB_OF_CMYK,) if kind == CMYK else ()
    if unused:
        remarks += (f"has samples that are neither colour nor transparency, {unused} a pixel; they are left out",)
    shown = 1 if kind in (WHITE_IS_0, BLACK_IS_0) else 3
    if sort is None:
        return Samples(colours, remarks, shown, dtype, icc, lambda samples: of_colours(samples[..., :colours]))
    at = count - len(extra) + extra.index(sort)

    def with_alpha(samples: np.ndarray) -> np.ndarray:
        found, alpha = of_colours(samples[..., :colours]), of_alpha(samples[..., at:at + 1])
        return np.concatenate([_divided(found, alpha) if sort == PREMULTIPLIED else found, alpha], axis=-1)

    return Samples(at + 1, remarks, shown + 1, dtype, icc, with_alpha)


def _stored(page: Any) -> tuple[np.dtype, int]:
    """The kind of number that a page's samples are read as, and the highest that its bits hold."""
    bits = page.bitspersample
    if page.dtype is None or not isinstance(bits, int):
        raise ValueError(f"its samples have {bits} bits of different kinds; save it with 8 or 16 bits")
    dtype = np.dtype(page.dtype).newbyteorder("=")
    return (np.dtype(np.uint8) if dtype.kind == "b" else dtype), (1 << bits) - 1


def _widened(stored: np.dtype, top: int) -> tuple[np.dtype, Convert]:
    """What pixels of stored samples are, and how samples become it."""
    if stored in (np.float16, np.float32, np.float64):
        return np.dtype(np.float32), lambda x: x.astype(np.float32, copy=False)
    if stored in (np.uint8, np.uint16):
        most = np.iinfo(stored).max
        if top == most:
            return stored, _as_is
        return stored, lambda x: ((x.astype(np.uint32) * most + top // 2) // top).astype(stored)
    if stored in (np.int8, np.int16, np.int32, np.uint32):
        narrow = np.dtype(np.uint8 if stored == np.int8 else np.uint16)
        return narrow, functools.partial(_narrowed, narrow)
    raise ValueError(f"its samples are {stored}; convert it to 8 or 16 bits or float")


def _as_is(x: np.ndarray) -> np.ndarray:
    return x


def _high_byte(widened: Convert, x: np.ndarray) -> np.ndarray:
    x = widened(x)
    return x if x.dtype == np.uint8 else (x >> 8).astype(np.uint8)


def _inverted(widened: Convert, x: np.ndarray) -> np.ndarray:
    x = widened(x)
    return (np.iinfo(x.dtype).max if x.dtype.kind == "u" else np.float32(1)) - x


def _narrowed(dtype: np.dtype, x: np.ndarray) -> np.ndarray:
    """Whole numbers with sign or of 32 bits, if unsigned ones hold them."""
    least, most = (int(value) for value in (x.min(), x.max()))
    if least < 0 or most > np.iinfo(dtype).max:
        raise ValueError(f"its samples are {x.dtype}, some of them {'below 0' if least < 0 else f'above {np.iinfo(dtype).max}'}; "
                         f"convert it to {8 * dtype.itemsize} bits without sign, or to float")
    return x.astype(dtype)


def _divided(colours: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Premultiplied colours without their alpha; whole numbers are rounded down, as Pillow does."""
    if colours.dtype.kind == "f":
        return np.where(alpha > 0, colours / np.where(alpha > 0, alpha, 1), colours)
    most = np.iinfo(colours.dtype).max
    straight = np.minimum(colours.astype(np.uint32) * most // np.maximum(alpha, 1), most)
    return np.where(alpha > 0, straight, colours).astype(colours.dtype)


def _from_palette(page: Any, top: int) -> Convert:
    """Numbers `[h, w, 1]` → RGB `[h, w, 3]` uint8."""
    table: np.ndarray = np.array([] if page.colormap is None else page.colormap, np.uint16)
    if table.shape != (3, top + 1):
        raise ValueError("its palette is missing or damaged; save it as RGB")
    # entries have 16 bits; old programs wrote 8, which would all be black
    table = (table if table.max() < 256 else table >> 8).astype(np.uint8).T
    return lambda numbers: table[numbers[..., 0]]


def _managed(to_srgb: ToSrgb, narrowed: Convert, samples: np.ndarray) -> np.ndarray:
    """CMYK or Lab `[h, w, 3 or 4]` → sRGB `[h, w, 3]` uint8."""
    samples = narrowed(samples)
    return to_srgb(Image.frombytes(to_srgb.mode, samples.shape[1::-1], samples.tobytes(), "raw", to_srgb.mode))
