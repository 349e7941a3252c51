"""Reading a picture file: what Pillow reads is read, and TIFF and Zarr of any size; 16-bit colour stays 16 bits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image

from ..arrays.pixels import luma
from . import metadata, png_chunks, sixteen_bit
from .block_reader import ZarrBlocks, is_zarr
from .errors import reading
from .picture_file import PictureFile
from .pillow_rows import array_of
from .profiles import ToSrgb
from .tiff_reader import TiffBlocks
from .upright import Upright, upright

LARGE = 1 << 27
"""A TIFF of so many bytes in memory, or more, is left where it lies."""

TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How TIFFs and BigTIFFs begin."""


def read(path: str | os.PathLike) -> PictureFile:
    """A picture file in memory. Raises ValueError, in one line, if it cannot be read.

    Grey, colour and alpha stay what they are, 16 bits stay 16. A palette becomes RGB (RGBA if it has transparency), 1 bit
    becomes grey, CMYK and Lab become sRGB. Of an animation or a document only the first frame is read.
    """
    path = Path(path)
    with reading(path):
        return _tiff(path, whole=True) if _is_tiff(path) else _by_pillow(path)


def read_large(path: str | os.PathLike) -> PictureFile:
    """As `read`; but a TIFF of LARGE bytes or more, and a Zarr array, are read block by block as windows of them are wanted."""
    path = Path(path)
    with reading(path):
        if path.is_dir():
            if not is_zarr(path):
                raise ValueError("it is a folder, and no Zarr array")
            return PictureFile(ZarrBlocks(path))
        return _tiff(path, whole=False) if _is_tiff(path) else _by_pillow(path)


def read_mask(path: str | os.PathLike) -> np.ndarray:
    """A picture file as a β map, H×W float32 in 0 … 1: its luma, and black where it is transparent. Raises ValueError as `read` does."""
    picture = read(path).picture()
    planes = picture.read(0, picture.shape[0], 0, picture.shape[1])
    beta = luma(planes[:picture.colours])
    return beta * np.clip(planes[picture.colours], 0, 1) if picture.alpha else beta


def _is_tiff(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(4) in TIFF


def _tiff(path: Path, whole: bool) -> PictureFile:
    """A TIFF, its pixels in memory where they are few, or wanted `whole`."""
    found, turn = metadata.of(path, None)
    blocks = TiffBlocks(path, found["icc"])
    found |= {"icc": blocks.icc, "frames": blocks.frames(), "unused": blocks.unused}
    height, width, channels = blocks.shape
    if blocks.nbytes >= LARGE and not whole:
        return PictureFile(blocks if turn == 1 else Upright(blocks, turn), **found)
    if height * width > 2 * (Image.MAX_IMAGE_PIXELS or height * width):
        raise Image.DecompressionBombError
    pixels = blocks[:height, :width]
    return PictureFile(upright(pixels[..., 0] if channels == 1 else pixels, turn), **found)


def _by_pillow(path: Path) -> PictureFile:
    """A file of any other format."""
    with Image.open(png_chunks.source(path)) as picture:
        frames = metadata.frames(picture)
        deep_mode = sixteen_bit.deep_mode(picture)
        picture.load()
        found, turn = metadata.of(path, picture)
        if deep_mode:
            pixels = sixteen_bit.read(picture, deep_mode, lambda: Image.open(png_chunks.source(path)))
        else:
            pixels, found["icc"] = _pixels(picture, found["icc"])
        return PictureFile(upright(pixels, turn), frames=frames, **found)


def _pixels(picture: Image.Image, icc: bytes | None) -> tuple[np.ndarray, bytes | None]:
    """The pixels of a loaded picture as an array that `upscale` takes, and the profile that they are in."""
    mode = picture.mode
    if mode in ("CMYK", "LAB"):
        to_srgb = ToSrgb(mode, icc)
        return array_of(picture, to_srgb), to_srgb.icc
    if mode.startswith("I;16"):
        pixels, key = array_of(picture, lambda part: np.asarray(part).astype(np.uint16)), picture.info.get("transparency")
        return (pixels if key is None else sixteen_bit.with_key(pixels, key)), icc
    if mode == "I":
        wide = np.asarray(picture)
        if wide.min() < 0 or wide.max() > 65535:
            raise ValueError("its whole numbers have more than 16 bits; convert it to 16 bits without sign, or to float")
        return wide.astype(np.uint16), icc
    if mode == "F":
        return array_of(picture, np.asarray), icc
    mode = ("L" if mode in ("1", "L", "LA", "La") else "RGB") + ("A" if picture.has_transparency_data else "")
    return array_of(picture, lambda part: np.asarray(part if part.mode == mode else part.convert(mode))), icc
