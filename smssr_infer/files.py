"""Pictures on disk, with what belongs to them: profile, EXIF, resolution, texts, depth.

What Pillow reads and writes is read and written. Every failure is a ValueError of one line, and an output file appears whole or
not at all.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin, TiffImagePlugin, UnidentifiedImageError

from . import deep
from .pixels import Picture, luma

JPEG_QUALITY = 95

NO_ALPHA = {"JPEG", "BMP", "DIB", "PPM", "PCX", "EPS", "MPO", "PDF"}
DEPTH_16 = {"PNG", "TIFF"}
LONGEST_SIDE = {"JPEG": 65500, "WEBP": 16383, "GIF": 65535, "ICO": 256}

ORIENTATION = 274
STRUCTURE = {254, 255, 256, 257, 258, 259, 262, 266, 273, ORIENTATION, 277, 278, 279, 280, 281, 282, 283, 284, 296, 301, 317, 318,
             319, 320, 322, 323, 324, 325, 330, 338, 339, 347, 513, 514, 529, 530, 531, 532, 700, 34675}
"""EXIF and TIFF tags that say how the pixels of *this* file lie; they never go over to another file."""
EXIF_IFD, GPS_IFD, EXIF_WIDTH, EXIF_HEIGHT = 0x8769, 0x8825, 0xA002, 0xA003


@dataclasses.dataclass
class PictureFile:
    """A picture with its metadata. `pixels` is what `upscale` takes, upright: EXIF's orientation is already applied."""

    pixels: np.ndarray
    icc: bytes | None = None
    exif: Image.Exif | None = None
    dpi: tuple[float, float] | None = None
    xmp: bytes | None = None
    text: dict[str, str] = dataclasses.field(default_factory=dict)
    frames: int = 1

    @property
    def transparent(self) -> bool:
        """Whether any pixel is not fully opaque."""
        channels = self.pixels.shape[2] if self.pixels.ndim == 3 else 1
        return channels in (2, 4) and bool((self.pixels[..., -1] < _white(self.pixels)).any())

    def with_pixels(self, pixels: np.ndarray) -> PictureFile:
        """The same file with `pixels` in place of its own, and a resolution at which it prints as large as before."""
        (old_height, old_width), (height, width) = self.pixels.shape[:2], pixels.shape[:2]
        dpi = self.dpi and (self.dpi[0] * width / old_width, self.dpi[1] * height / old_height)
        if self.exif and EXIF_IFD in self.exif:
            sub = self.exif.get_ifd(EXIF_IFD)
            for tag, value in ((EXIF_WIDTH, width), (EXIF_HEIGHT, height)):
                if tag in sub:
                    sub[tag] = value
        return dataclasses.replace(self, pixels=pixels, dpi=dpi)


def _white(pixels: np.ndarray) -> float:
    return 1.0 if pixels.dtype.kind == "f" else np.iinfo(pixels.dtype).max


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn whatever reading a picture raises into one ValueError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd EXIF; it raises for what is not to be read
            yield
    except UnidentifiedImageError as error:
        raise ValueError(f"{path} is not a picture that can be read") from error
    except Image.DecompressionBombError as error:
        most = 2 * Image.MAX_IMAGE_PIXELS // 10**6
        raise ValueError(f"{path} claims more than {most} Mpx; not read, it could exhaust the memory") from error
    except MemoryError as error:
        raise ValueError(f"{path} does not fit into memory") from error
    except Exception as error:  # Pillow's decoders raise SyntaxError, struct.error, zlib.error and more on damaged files
        raise ValueError(f"cannot read {path}: {_reason(error)}") from error


def read(path: str | os.PathLike) -> PictureFile:
    """A picture file. Raises ValueError, in one line, if it cannot be read.

    Grey, colour and alpha stay what they are, 16 bits stay 16. A palette becomes RGB (RGBA if it has transparency), 1 bit
    becomes grey, CMYK and Lab become sRGB. Of an animation or a document only the first frame is read.
    """
    path = Path(path)
    with _reading(path), Image.open(path) as picture:
        frames = getattr(picture, "n_frames", 1)
        is_deep = deep.is_deep(picture)
        if deep.is_misread(picture):
            raise ValueError("its 16-bit planes lie apart and uncompressed, which Pillow misreads; save it interleaved")
        picture.load()
        icc = picture.info.get("icc_profile")
        exif = picture.getexif()
        turn = exif.get(ORIENTATION, 1)
        exif_kept = _portable(exif)
        texts = {k: str(v) for k, v in getattr(picture, "text", {}).items() if not k.startswith(("XML:com.adobe", "Raw profile"))}
        pixels = deep.read(lambda: Image.open(path)) if is_deep else None
        if pixels is None:
            pixels, icc = _pixels(picture, icc)
        return PictureFile(_upright(pixels, turn), icc, exif_kept, _dpi(picture), _xmp(picture), texts, frames)


def mask(path: str | os.PathLike) -> np.ndarray:
    """A picture file as a β map, H×W float32 in 0 … 1: its luma, and black where it is transparent. Raises ValueError as `read` does."""
    picture = Picture(read(path).pixels)
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
        source = ImageCms.createProfile("LAB")
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


def _portable(exif: Image.Exif) -> Image.Exif | None:
    """What of a picture's EXIF still holds for an enlarged copy."""
    for sub in {EXIF_IFD, GPS_IFD} & set(exif):
        exif.get_ifd(sub)  # read now, while the file is open
    for tag in STRUCTURE & set(exif):
        del exif[tag]
    return exif if len(exif) else None


def _dpi(picture: Image.Image) -> tuple[float, float] | None:
    dpi = picture.info.get("dpi")  # (1, 1) is what Pillow says of a TIFF without a resolution
    return tuple(float(d) for d in dpi) if dpi and all(d > 1 for d in dpi) else None


def _xmp(picture: Image.Image) -> bytes | None:
    xmp = picture.info.get("xmp")
    if isinstance(xmp, str):
        xmp = xmp.encode()
    return xmp and re.sub(rb'tiff:Orientation(="\d"|>\d<)', lambda m: m[0].replace(m[0][-2:-1], b"1"), xmp)


def writer(path: str | os.PathLike) -> str:
    """Pillow's name of the format for an output path. Raises ValueError if nothing can be written there."""
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"cannot write {path}: it is a folder")
    Image.init()
    format_ = Image.EXTENSION.get(path.suffix.lower())
    if format_ not in Image.SAVE:
        raise ValueError(f"cannot write {path}: {path.suffix or 'a name without ending'} is no format that can be written; "
                         "try .png, .jpg, .tif or .webp")
    if path.is_dir():
        raise ValueError(f"cannot write {path}: it is a folder")
    if not path.parent.is_dir():
        raise ValueError(f"cannot write {path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise ValueError(f"cannot write {path}: no permission to write in {path.parent}")
    return format_


def check(path: str | os.PathLike, picture: PictureFile, height: int, width: int) -> str:
    """`writer`, and that the format can hold the picture's transparency at that size. Raises ValueError before any work is done."""
    format_ = writer(path)
    if format_ in NO_ALPHA and picture.transparent:
        raise ValueError(f"cannot write {path}: {format_} cannot hold transparency; write .png, .tif or .webp")
    most = LONGEST_SIDE.get(format_, max(height, width))
    if max(height, width) > most:
        raise ValueError(f"cannot write {path}: {width}×{height} is more than the {most} pixels a side that {format_} "
                         "can hold; write .png or .tif")
    return format_


def write(path: str | os.PathLike, picture: PictureFile) -> None:
    """Write a picture; the file appears whole or not at all. Raises ValueError, in one line, if it cannot be written."""
    path = Path(path)
    format_ = check(path, picture, *picture.pixels.shape[:2])
    target = Path(os.path.realpath(path))  # a link stays a link
    partial = target.with_name(f".smssr-{os.getpid()}.partial")
    try:
        with open(partial, "xb") as stream:
            _encode(stream, format_, picture)
        partial.replace(target)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"cannot write {path}: {_reason(error)}") from error
    finally:
        partial.unlink(missing_ok=True)


def _encode(stream: io.BufferedWriter, format_: str, picture: PictureFile) -> None:
    pixels = picture.pixels
    pixels = pixels if pixels.ndim == 3 else pixels[..., None]
    if pixels.dtype == np.float32 and not (format_ == "TIFF" and pixels.shape[2] == 1):
        pixels = np.rint(np.clip(pixels, 0, 1) * 65535).astype(np.uint16)
    if pixels.dtype == np.uint16 and format_ not in DEPTH_16:
        pixels = (pixels / 257 + 0.5).astype(np.uint8)
    if pixels.shape[2] in (2, 4) and format_ in NO_ALPHA:
        pixels = pixels[..., :-1]
    if pixels.shape[2] == 2 and format_ != "PNG":
        pixels = pixels[..., [0, 0, 0, 1]]  # grey with alpha: Pillow reads it from hardly anything but PNG

    if format_ == "TIFF":
        deep.write_tiff(stream, pixels, _tiff_tags(picture))
        return
    exif = picture.exif.tobytes() if picture.exif else None
    if pixels.dtype == np.uint16 and pixels.shape[2] > 1:
        deep.write_png(stream, pixels, icc=picture.icc, exif=exif, dpi=picture.dpi, text=_png_texts(picture))
        return
    options = {"icc_profile": picture.icc, "exif": exif, "dpi": picture.dpi, "xmp": picture.xmp}
    options = {key: value for key, value in options.items() if value}
    if format_ in ("JPEG", "WEBP", "AVIF"):
        options["quality"] = JPEG_QUALITY
    if format_ == "JPEG":
        options["subsampling"] = "4:4:4"
    elif format_ == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        for key, value in _png_texts(picture).items():
            options["pnginfo"].add_itxt(key, value)
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(stream, format_, **options)


def _png_texts(picture: PictureFile) -> dict[str, str]:
    xmp = {"XML:com.adobe.xmp": picture.xmp.decode("utf-8", "replace")} if picture.xmp else {}
    return picture.text | xmp


def _tiff_tags(picture: PictureFile) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, value in (picture.exif or {}).items():
        tags[tag] = value
    for tag in (EXIF_IFD, GPS_IFD):
        if picture.exif and tag in picture.exif and (sub := dict(picture.exif.get_ifd(tag))):
            tags[tag] = sub
    if picture.dpi:
        tags[TiffImagePlugin.X_RESOLUTION], tags[TiffImagePlugin.Y_RESOLUTION] = picture.dpi
        tags[TiffImagePlugin.RESOLUTION_UNIT] = 2
    if picture.icc:
        tags[TiffImagePlugin.ICCPROFILE] = picture.icc
    if picture.xmp:
        tags[TiffImagePlugin.XMP] = picture.xmp
    return tags
