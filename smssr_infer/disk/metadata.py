"""What of a file's metadata goes over to another file: EXIF, resolution, XMP, texts."""

from __future__ import annotations

import math
import re

from PIL import Image, TiffImagePlugin

ORIENTATION, DESCRIPTION = 274, 270
STRUCTURE = {254, 255, 256, 257, 258, 259, 262, 266, 273, ORIENTATION, 277, 278, 279, 280, 281, 282, 283, 284, 296, 301, 317, 318,
             319, 320, 322, 323, 324, 325, 330, 338, 339, 347, 513, 514, 529, 530, 531, 532, 700, 34675}
"""EXIF and TIFF tags that say how the pixels of *this* file lie; they never go over to another file."""
EXIF_IFD, GPS_IFD, EXIF_WIDTH, EXIF_HEIGHT = 0x8769, 0x8825, 0xA002, 0xA003

STANDARD_LUMA_SUM = 3688
"""The sum of JPEG's standard luma table (ITU T.81, table K.1), which is quality 50's."""

MOST_DPI = {"PNG": 10.0**7, "TIFF": 10.0**7, "BMP": 10.0**7}
"""The highest resolution that a format's fields hold, or 65535; no picture has as much, but a broken header may say so."""


def portable(exif: Image.Exif) -> Image.Exif | None:
    """What of a picture's EXIF still holds for an enlarged copy."""
    for sub in {EXIF_IFD, GPS_IFD} & set(exif):
        exif.get_ifd(sub)  # read now, while the file is open
    for tag in STRUCTURE & set(exif):
        del exif[tag]
    if str(exif.get(DESCRIPTION, "")).startswith('{"shape"'):  # tifffile's own note of how the pixels of that file lie
        del exif[DESCRIPTION]
    return exif if len(exif) else None


def dpi_of(picture: Image.Image) -> tuple[float, float] | None:
    """A picture's resolution in dots per inch (across, down), if it says one that can be."""
    dpi = picture.info.get("dpi")  # (1, 1) is what Pillow says of a TIFF without a resolution
    if not dpi or not all(math.isfinite(d) and d > 1 for d in dpi):
        return None
    across, down = dpi
    return float(across), float(down)


def fitting(dpi: tuple[float, float] | None, format_: str) -> tuple[float, float] | None:
    """A resolution, if that format can hold it."""
    return dpi if dpi and max(dpi) <= MOST_DPI.get(format_, 65535) else None


def xmp_of(picture: Image.Image) -> bytes | None:
    """A picture's XMP, its orientation set to upright."""
    xmp = picture.info.get("xmp")
    if isinstance(xmp, str):
        xmp = xmp.encode()
    return xmp and re.sub(rb'tiff:Orientation(="\d"|>\d<)', lambda m: m[0].replace(m[0][-2:-1], b"1"), xmp)


def texts_of(picture: Image.Image) -> dict[str, str]:
    """The texts of a PNG, without those that hold XMP or another program's raw data."""
    return {k: str(v) for k, v in getattr(picture, "text", {}).items() if not k.startswith(("XML:com.adobe", "Raw profile"))}


def png_texts(text: dict[str, str], xmp: bytes | None) -> dict[str, str]:
    """What to write as a PNG's texts."""
    return text | ({"XML:com.adobe.xmp": xmp.decode("utf-8", "replace")} if xmp else {})


def tiff_tags(exif: Image.Exif | None, dpi: tuple[float, float] | None, icc: bytes | None,
              xmp: bytes | None, big: bool = False) -> TiffImagePlugin.ImageFileDirectory_v2:
    """Metadata as the tags of a TIFF, or of a BigTIFF."""
    tags = TiffImagePlugin.ImageFileDirectory_v2(b"II\x2b\0\x08\0\0\0" + bytes(8) if big else b"II\x2a\0" + bytes(4))
    for tag, value in (exif or {}).items():
        tags[tag] = value
    for tag in (EXIF_IFD, GPS_IFD):
        if exif and tag in exif and (sub := dict(exif.get_ifd(tag))):
            tags[tag] = sub
    if dpi:
        tags[TiffImagePlugin.X_RESOLUTION], tags[TiffImagePlugin.Y_RESOLUTION] = dpi
        tags[TiffImagePlugin.RESOLUTION_UNIT] = 2
    if icc:
        tags[TiffImagePlugin.ICCPROFILE] = icc
    if xmp:
        tags[TiffImagePlugin.XMP] = xmp
    return tags


def jpeg_quality(picture: Image.Image) -> int | None:
    """The quality of a JPEG file, 1 … 100, by its luma table: the scale of the standard's that lies nearest. None for other formats."""
    tables = getattr(picture, "quantization", None)
    if picture.format != "JPEG" or not tables or 0 not in tables:
        return None
    scale = sum(tables[0]) / STANDARD_LUMA_SUM
    return max(1, min(100, round(100 - 50 * scale if scale <= 1 else 50 / scale)))
