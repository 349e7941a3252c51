"""Reading a picture file: what Pillow reads is read, and 16-bit colour stays 16 bits."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from .. import files
from ..planes.pixels import luma
from . import deep, metadata
from .blocks import MISSING, TiffBlocks, ZarrBlocks, is_zarr
from .picture_file import PictureFile
from .quiet import quiet

LARGE = 1 << 27
"""A TIFF of so many bytes in memory, or more, is left where it lies, if tifffile is there."""


def reason(error: Exception) -> str:
    """Why something failed, in few words."""
    words = str(getattr(error, "strerror", None) or error).splitlines()
    return words[0] if words else type(error).__name__


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn whatever reading a picture raises into one ValueError."""
    try:
        with warnings.catch_warnings():
            if what := files.irregular(path):
                raise ValueError(f"it is {what}, not a file")
            warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd EXIF; it raises for what is not to be read
            yield
    except UnidentifiedImageError as error:
        raise ValueError(f"{path} is not a picture that can be read") from error
    except Image.DecompressionBombError as error:
        most = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 10**6
        raise ValueError(f"{path} claims more than {most} Mpx; it was not read, because it could exhaust the memory") from error
    except ImportError as error:
        raise ValueError(f"cannot read {path}: {MISSING}") from error
    except MemoryError as error:
        raise ValueError(f"{path} does not fit into memory") from error
    except Exception as error:  # Pillow's decoders raise SyntaxError, struct.error, zlib.error and more on damaged files
        raise ValueError(f"cannot read {path}: {reason(error)}") from error


def read(path: str | os.PathLike) -> PictureFile:
    """A picture file in memory. Raises ValueError, in one line, if it cannot be read.

    Grey, colour and alpha stay what they are, 16 bits stay 16. A palette becomes RGB (RGBA if it has transparency), 1 bit
    becomes grey, CMYK and Lab become sRGB. Of an animation or a document only the first frame is read.
    """
    path = Path(path)
    with _reading(path), Image.open(path) as picture, quiet() if picture.format == "TIFF" else contextlib.nullcontext():
        frames = getattr(picture, "n_frames", 1)
        is_deep = deep.is_deep(picture)
        if deep.is_misread(picture):
            raise ValueError("its 16-bit channels are stored uncompressed in separate planes, which Pillow misreads; save it interleaved")
        picture.load()
        icc = picture.info.get("icc_profile")
        exif = picture.getexif()
        turn = exif.get(metadata.ORIENTATION, 1)
        exif_kept = metadata.portable(exif)
        if is_deep:
            pixels = deep.read(lambda: Image.open(path))
        else:
            pixels, icc = _pixels(picture, icc)
        return PictureFile(_upright(pixels, turn), icc, exif_kept, metadata.dpi_of(picture), metadata.xmp_of(picture),
                           metadata.texts_of(picture), frames, metadata.jpeg_quality(picture))


def read_large(path: str | os.PathLike) -> PictureFile:
    """As `read`; but a TIFF of LARGE bytes or more, and a Zarr array, are read block by block as windows of them are wanted."""
    path = Path(path)
    if path.is_dir():
        with _reading(path):
            if not is_zarr(path):
                raise ValueError("it is a folder, and no Zarr array")
            return PictureFile(ZarrBlocks(path))
    with _reading(path), open(path, "rb") as file:
        head = file.read(4)
    if head in TiffImagePlugin.PREFIXES:
        with _reading(path), _tiff(path) as picture:
            if picture is None:
                return PictureFile(TiffBlocks(path))
            tags, exif = picture.tag_v2, picture.getexif()
            samples = tags.get(TiffImagePlugin.BITSPERSAMPLE, (8,))
            if picture.width * picture.height * sum(samples) // 8 >= LARGE:
                if exif.get(metadata.ORIENTATION, 1) != 1:
                    return read(path)  # to be turned, it is needed whole
                frames = getattr(picture, "n_frames", 1)
                try:
                    blocks = TiffBlocks(path)
                except ImportError:
                    if picture.width * picture.height <= 2 * (Image.MAX_IMAGE_PIXELS or 0):  # or `read` will refuse it
                        return read(path)
                    raise
                return PictureFile(blocks, picture.info.get("icc_profile"), metadata.portable(exif), metadata.dpi_of(picture),
                                   metadata.xmp_of(picture), frames=frames)
    return read(path)


@contextlib.contextmanager
def _tiff(path: Path) -> Iterator[TiffImagePlugin.TiffImageFile | None]:
    """A TIFF opened by Pillow, whatever its size; None of one whose kind of pixels Pillow does not know, where tifffile is there."""
    try:
        picture = TiffImagePlugin.TiffImageFile(path)  # `Image.open` would refuse the largest
    except SyntaxError:
        if importlib.util.find_spec("tifffile") is None:
            raise
        yield None
        return
    with picture:
        yield picture


def read_mask(path: str | os.PathLike) -> np.ndarray:
    """A picture file as a β map, H×W float32 in 0 … 1: its luma, and black where it is transparent. Raises ValueError as `read` does."""
    picture = read(path).picture()
    planes = picture.read(0, picture.shape[0], 0, picture.shape[1])
    beta = luma(planes[:picture.colours])
    return beta * np.clip(planes[picture.colours], 0, 1) if picture.alpha else beta


def _pixels(picture: Image.Image, icc: bytes | None) -> tuple[np.ndarray, bytes | None]:
    """The pixels of a loaded picture as an array that `upscale` takes, and the profile that they are in."""
    mode = picture.mode
    if mode in ("CMYK", "LAB"):
        return _to_srgb(picture, icc)
    if mode.startswith("I;16"):
        return np.asarray(picture).astype(np.uint16), icc
    if mode == "I":
        wide = np.asarray(picture)
        if wide.min() < 0 or wide.max() > 65535:
            raise ValueError("32-bit integer pictures are not supported; convert it to 16 bits")
        return wide.astype(np.uint16), icc
    if mode == "F":
        return np.array(picture), icc
    mode = ("L" if mode in ("1", "L", "LA", "La") else "RGB") + ("A" if picture.has_transparency_data else "")
    return np.array(picture if picture.mode == mode else picture.convert(mode)), icc


def _to_srgb(picture: Image.Image, icc: bytes | None) -> tuple[np.ndarray, bytes | None]:
    from PIL import ImageCms

    srgb = ImageCms.createProfile("sRGB")
    if picture.mode == "LAB":
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    elif icc:
        source = ImageCms.getOpenProfile(io.BytesIO(icc))
    else:
        return np.array(picture.convert("RGB")), None
    converted = ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
    return np.array(converted), ImageCms.ImageCmsProfile(srgb).tobytes()


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Pixels turned as EXIF's orientation (1 … 8) says."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
