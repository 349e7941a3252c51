"""IPTC's datasets (captions, keywords, credits), byte for byte, in JPEG, TIFF and PNG."""

from __future__ import annotations

import binascii
import struct

import numpy as np
from PIL import Image

from . import exif
from .directory import LONG, Directory

RESOURCE = 0x0404
"""Their number among Photoshop's resources."""
PHOTOSHOP = b"Photoshop 3.0\0"
MOST_IN_JPEG = 65533 - len(PHOTOSHOP) - 12
PNG_TEXT = "Raw profile type iptc"


def of_resources(data: bytes) -> bytes | None:
    """The datasets among Photoshop's resources; None where there are none."""
    at = 0
    while data[at:at + 4] == b"8BIM" and at + 12 <= len(data):
        (number,) = struct.unpack(">H", data[at + 4:at + 6])
        at += 7 + data[at + 6]  # a name
        at += at % 2
        if len(size := data[at:at + 4]) < 4:
            break
        at += 4
        end = at + struct.unpack(">I", size)[0]
        if number == RESOURCE:
            return data[at:end] if end <= len(data) else None
        at = end + end % 2
    return None


def of_jpeg(picture: Image.Image) -> bytes | None:
    """The datasets of a JPEG, whose resources may be cut into several segments."""
    segments = (data for name, data in getattr(picture, "applist", []) if name == "APP13" and data.startswith(PHOTOSHOP))
    return of_resources(b"".join(data[len(PHOTOSHOP):] for data in segments))


def of_tiff(tags: Directory) -> bytes | None:
    """The datasets of a TIFF; old programs store them as numbers of four bytes, in either order."""
    field = tags.field(exif.IPTC)
    if field is None:
        return of_resources(exif.data_of(tags, exif.PHOTOSHOP) or b"")
    if field.kind == LONG and field.data[:1] != b"\x1c":
        return np.frombuffer(field.data, "<u4").byteswap().tobytes()
    return field.data


def jpeg_segment(data: bytes) -> bytes:
    """The segment of a JPEG that holds datasets of at most MOST_IN_JPEG bytes."""
    data = PHOTOSHOP + struct.pack(">4sHxxI", b"8BIM", RESOURCE, len(data)) + data + bytes(len(data) % 2)
    return b"\xff\xed" + struct.pack(">H", len(data) + 2) + data


def of_png_text(text: str) -> bytes | None:
    """The datasets in the text of a PNG, where ImageMagick and ExifTool put them: in hexadecimal digits; None for anything else."""
    try:
        _, _, size, digits = text.split("\n", 3)
        data = binascii.unhexlify("".join(digits.split()))
        return (of_resources(data) if data.startswith(b"8BIM") else data) if len(data) == int(size) else None
    except ValueError:
        return None


def png_text(data: bytes) -> str:
    """Datasets as the text of a PNG."""
    digits = data.hex()
    lines = "\n".join(digits[i:i + 72] for i in range(0, len(digits), 72))
    return f"\niptc\n{len(data):8d}\n{lines}\n"
