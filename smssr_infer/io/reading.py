"""Reading a picture file: what Pillow reads is read, and TIFF and Zarr of any size; 16-bit colour stays 16 bits.

HEIC, JPEG XL, raw pictures and JPEG 2000 of 16 bits are read by packages of their own (`heif`, `jpeg_xl`, `raw`, `jpeg_2000`).
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from ..arrays.pixels import luma
from . import exif, floats, formats, heif, jpeg_2000, jpeg_xl, metadata, netpbm, png_chunks, raw, sixteen_bit
from .block_reader import ZarrBlocks, is_zarr
from .errors import reading
from .picture_file import NUMBERLESS, PictureFile
from .pillow_rows import array_of
from .profiles import SRGB_OF_CMYK, ToSrgb
from .recognising import kind
from .tiff_reader import TiffBlocks
from .upright import SIDEWAYS, Upright, upright

LARGE = 1 << 27
"""A TIFF of so many bytes in memory, or more, is left where it lies."""

COLOURED = 0.3
"""In a mask, channels that differ by more are no trace of JPEG or of a scanner."""


def read(path: str | os.PathLike) -> PictureFile:
    """A picture file in memory. Raises ValueError, in one line, if it cannot be read.

    Grey, colour and alpha stay what they are, 16 bits stay 16. A palette becomes RGB (RGBA if it has transparency), 1 bit
    becomes grey, CMYK and Lab become sRGB. Of an animation or a document only the first frame is read.
    """
    path = Path(path)
    with reading(path):
        return _read(path, whole=True)


def read_large(path: str | os.PathLike) -> PictureFile:
    """As `read`; but a TIFF of LARGE bytes or more, and a Zarr array, are read block by block as windows of them are wanted."""
    path = Path(path)
    with reading(path):
        if path.is_dir():
            if not is_zarr(path):
                raise ValueError("it is a folder, and no Zarr array; for a folder of pictures there is 'smssr batch'")
            return PictureFile(ZarrBlocks(path))
        return _read(path, whole=False)


def size_of(path: str | os.PathLike) -> tuple[int, int]:
    """Height and width of a picture file, upright, of most formats without unpacking it. Raises ValueError as `read` does."""
    path = Path(path)
    with reading(path):
        if path.is_dir() or kind(path):
            return read_large(path).pixels.shape[:2]
        with Image.open(path) as picture:
            turned = metadata.of(path, picture)[1] in SIDEWAYS
            return picture.size if turned else picture.size[::-1]


def orientation_of(path: str | os.PathLike) -> int:
    """EXIF's orientation of a picture file, 1 … 8, which `read` applies; 1 where the decoder does. Raises ValueError as `read` does."""
    path = Path(path)
    with reading(path):
        found = "" if path.is_dir() else kind(path)
        if found == "TIFF":
            return metadata.of(path, None)[1]
        if found or path.is_dir():
            return 1
        with Image.open(path) as picture:
            return metadata.of(path, picture)[1]


def frames_of(path: str | os.PathLike) -> int:
    """How many frames or pages a picture file has. Raises ValueError as `read` does."""
    path = Path(path)
    with reading(path):
        if path.is_dir():
            return 1
        if found := kind(path):
            return TiffBlocks(path).frames() if found == "TIFF" else 1
        with Image.open(path) as picture:
            return metadata.frames(picture)


def read_mask(path: str | os.PathLike) -> np.ndarray:
    """A picture file as a β map, H×W float32 in 0 … 1: its luma, and black where it is transparent.

    Raises ValueError as `read` does, and for a mask in colours: what is bright red or blue to the eye is nearly black to luma.
    """
    picture = read(path).picture()
    planes = picture.read(0, picture.shape[0], 0, picture.shape[1])
    colours, alpha = planes[:picture.colours], np.clip(planes[picture.colours], 0, 1) if picture.alpha else np.float32(1)
    if (np.ptp(np.clip(colours, 0, 1), axis=0) * alpha > COLOURED).any():
        raise ValueError(f"{path} is in colours; a mask is grey: white where something is to be done, black elsewhere")
    return luma(colours) * alpha


def _read(path: Path, whole: bool) -> PictureFile:
    file = _by_content(path, whole)
    return dataclasses.replace(file, remarks=(*file.remarks, *_misnamed(path, file.format)))


def _misnamed(path: Path, format_: str) -> list[str]:
    """What to say of a file whose ending is another format's."""
    said, is_ = formats.named(path.suffix), formats.of("JPEG" if format_ in formats.JPEGS else format_)
    if said is None or said == is_ or {said.name, is_.name} <= {"BMP", "DIB"}:
        return []
    return [f"is {is_.called} by what it holds, not {said.called} as its name says"]


def _by_content(path: Path, whole: bool) -> PictureFile:
    found = kind(path)
    if found == "TIFF":
        return _tiff(path, whole)
    if not found:
        try:
            return _by_pillow(path)
        except UnidentifiedImageError:
            if path.suffix.lower() not in formats.RAW_ENDINGS:
                raise
            found = formats.RAW  # of a camera whose files begin in a way of their own
    if missing := formats.of(found).missing:
        raise formats.Missing(missing)
    readers = {"HEIF": heif.read, "JXL": jpeg_xl.read, formats.RAW: raw.read, "PPM": netpbm.read, formats.PFM: netpbm.read}
    file = readers[found](path)
    return dataclasses.replace(file, format=found)


def page(path: Path, number: int) -> PictureFile:
    """A page of a TIFF that is a picture of its own, from 0 on, as `read_large`. Raises ValueError as `read` does."""
    with reading(path):
        number = TiffBlocks(path).pages()[number]
        at = TiffBlocks(path, number=number).at
        with open(path, "rb") as stream:
            tags = exif.of_tiff(stream, at)
        found, turn = metadata.upright(metadata.of_tags(tags), tags, exif.turn(tags))
        return _of_blocks(TiffBlocks(path, found["icc"], number), found, turn, whole=False)


def _tiff(path: Path, whole: bool) -> PictureFile:
    """A TIFF, its pixels in memory where they are few, or wanted `whole`."""
    found, turn = metadata.of(path, None)
    return _of_blocks(TiffBlocks(path, found["icc"]), found, turn, whole)


def _of_blocks(blocks: TiffBlocks, found: dict[str, Any], turn: int, whole: bool) -> PictureFile:
    found |= {"icc": blocks.icc, "frames": blocks.frames(), "remarks": blocks.remarks, "format": "TIFF"}
    height, width, channels = blocks.shape
    if blocks.nbytes >= LARGE and not whole:
        return PictureFile(blocks if turn == 1 else Upright(blocks, turn), **found)
    if height * width > 2 * (Image.MAX_IMAGE_PIXELS or height * width):
        raise Image.DecompressionBombError
    pixels = blocks[:height, :width]
    found["remarks"] += (NUMBERLESS,) * blocks.numberless
    return PictureFile(upright(pixels[..., 0] if channels == 1 else pixels, turn), **found)


def _by_pillow(path: Path) -> PictureFile:
    """A file of any other format."""
    with Image.open(png_chunks.source(path)) as picture:
        frames = metadata.frames(picture)
        deep_mode = sixteen_bit.deep_mode(picture)
        if frames == 1 and picture.info.get("default_image"):  # of an animation of one frame, which is what browsers show
            picture.seek(1)
            deep_mode = None
        picture.load()
        found, turn = metadata.of(path, picture)
        if deep_mode:
            pixels = sixteen_bit.read(picture, deep_mode, lambda: Image.open(png_chunks.source(path)))
        else:
            pixels, found["icc"] = _pixels(picture, found["icc"])
        pixels, numberless = floats.filled(pixels)
        remarks = (SRGB_OF_CMYK,) * (picture.mode == "CMYK") + (NUMBERLESS,) * numberless
        if picture.format == "JPEG2000" and picture.mode in ("RGB", "RGBA") and jpeg_2000.depth(path) > 8:
            whole = jpeg_2000.deep(path, pixels)
            pixels, remarks = (pixels, (*remarks, jpeg_2000.CUT)) if whole is None else (whole, remarks)
        return PictureFile(upright(pixels, turn), format=picture.format or "", frames=frames, remarks=remarks, **found)


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
