"""What kind of picture a file is, by its first bytes; a camera's raw file, which often begins as a TIFF, by its ending or its tags."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from . import directory, netpbm
from .formats import JPEGS, RAW, RAW_ENDINGS

TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How TIFFs and BigTIFFs begin."""

RAW_HEADS = (b"FUJIFILMCCD-RAW", b"FOVb", b"\0MRM", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"II\x1a\0\0\0HEAPCCDR")
"""How raw files begin that are no TIFFs: of Fujifilm, Sigma, Minolta, Olympus, Panasonic and Canon."""

HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
JXL = (b"\xff\x0a", b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a")

NEW_SUBFILE, PHOTOMETRIC, SUB_IFDS, DNG_VERSION = 254, 262, 330, 50706
MOSAICS = (32803, 34892)
"""PhotometricInterpretation of a sensor's samples: a mosaic of colours, or these made linear."""


PICTURES = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP|II[*+]\0|MM\0[*+]|\xff\x0a|\0\0\0\x0cJXL |"
                      rb".{4}ftyp(heic|heix|mif1|msf1|avif|avis)|8BPS\0\1|\0\0\0\x0cjP  ", re.DOTALL)
"""How pictures of well-known formats begin."""


def looks_like_one(path: Path) -> bool:
    """Whether a file that has no ending is a picture of a well-known format, by its first bytes; not where it cannot be read."""
    try:
        if not path.is_file():
            return False
        with open(path, "rb") as file:
            return PICTURES.match(file.read(32)) is not None
    except OSError:
        return False


def kind(path: Path) -> str:
    """The name of the format in `formats`: `TIFF`, `RAW`, `HEIF`, `JXL`, `PFM`, `PPM` of 16 bits; empty for whatever Pillow may know.

    Raises OSError.
    """
    with open(path, "rb") as file:
        head = file.read(64)
    if head.startswith(RAW_HEADS) or head[4:12] == b"ftypcrx ":
        return RAW
    if head.startswith(TIFF):
        return RAW if path.suffix.lower() in RAW_ENDINGS or _holds_a_mosaic(path) else "TIFF"
    if head.startswith(JXL):
        return "JXL"
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS and b"avif" not in head[8:]:
        return "HEIF"
    return netpbm.kind(path) if head.startswith((b"P6", b"PF", b"Pf")) else ""


def _holds_a_mosaic(path: Path) -> bool:
    """Whether a TIFF is a raw file: what the sensor saw, or a small picture first and the large one behind it."""
    with open(path, "rb") as stream:
        tags = directory.read(stream, {NEW_SUBFILE: None, PHOTOMETRIC: None, DNG_VERSION: None, SUB_IFDS: None})
    thumbnail = int(tags.number(NEW_SUBFILE) or 0) & 1
    return bool(thumbnail and SUB_IFDS in tags) or (DNG_VERSION in tags and tags.number(PHOTOMETRIC) in MOSAICS)


def ending_of(path: Path) -> str:
    """The usual ending of a picture's format, whatever its name is; `.png` where it is unknown. Raises OSError."""
    found = kind(path)
    if found:
        return {"TIFF": ".tif", "HEIF": ".heic", "JXL": ".jxl", "PPM": ".ppm", "PFM": ".pfm"}.get(found, ".png")
    try:
        with Image.open(path) as picture:
            name = "JPEG" if picture.format in JPEGS else picture.format
    except UnidentifiedImageError:
        return ".png"
    return {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp", "AVIF": ".avif"}.get(str(name), ".png")
