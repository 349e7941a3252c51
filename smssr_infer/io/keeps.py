"""What each format has a place for beside the pixels, and what to say of the rest before the work begins."""

from __future__ import annotations

import dataclasses
from typing import Any

from . import exif, gif_xmp, iptc, jp2_boxes, metadata
from .directory import Directory
from .formats import Format
from .picture_file import PictureFile

WORDS = {"icc": "colour profile", "colour": "colour space (cICP/gAMA/cHRM)", "exif": "EXIF", "dpi": "resolution", "xmp": "XMP",
         "iptc": "IPTC", "place": "georeference", "comment": "comment", "text": "texts"}
"""What belongs to a picture, by its name in `PictureFile`."""

JPEG_SEGMENT = 65533
JPEG_XMP = JPEG_SEGMENT - 29
"""Bytes of a segment of a JPEG, and of its XMP."""

SPACES = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4, b"Lab ": 0, b"XYZ ": 0, b"YCbr": 0, b"HSV ": 0}
"""Colour spaces of profiles, and how many channels of ours they are for."""
SRGB_COLOUR = {b"gAMA": [(45455).to_bytes(4, "big"), (45454).to_bytes(4, "big")], b"cICP": [bytes([1, 13, 0, 1])], b"cHRM": [b"".join(
    value.to_bytes(4, "big") for value in (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))]}
"""What PNG's chunks say of sRGB, which pixels without a profile are taken for."""


def is_grey(icc: bytes | None) -> bool:
    """Whether a profile is for grey pixels."""
    return icc is not None and icc[16:20] == b"GRAY"


def fitted(picture: PictureFile, format_: Format, channels: int) -> tuple[PictureFile, list[str]]:
    """A picture with what belongs to it that a format can hold beside so many channels, and in words what it cannot."""
    lost = list(picture.left)
    gone: dict[str, Any] = {}
    place = format_.keeps
    for name, words in WORDS.items():
        value = getattr(picture, name)
        if value and name not in place:
            gone[name] = {} if isinstance(value, dict) and not isinstance(value, Directory) else None
            if name != "colour" or any(data not in SRGB_COLOUR.get(kind, [data]) for kind, data in value.items()):
                lost.append(words)
    if (note := picture.text.get(metadata.COMMENT)) and "text" in gone and "comment" in place and not picture.comment:
        gone["comment"] = note.words.encode()
        if len(picture.text) == 1:
            lost.remove(WORDS["text"])
    colours = 3 if channels > 2 or not format_.grey else 1
    if picture.icc and "icc" in place and SPACES.get(picture.icc[16:20], colours) != colours:
        gone["icc"] = None
        lost.append("colour profile (not for colours)" if colours == 3 else "colour profile (not for grey)")
    if picture.dpi and "dpi" in place and max(picture.dpi) > format_.most_dpi:
        gone["dpi"] = None
        lost.append(f"resolution (too high for {format_.name})")
    out = dataclasses.replace(picture, **gone, left=())
    return (_short(out, lost), lost) if format_.name == "JPEG" else (out, lost)


def _short(picture: PictureFile, lost: list[str]) -> PictureFile:
    """A picture without what is too long for a JPEG's segments, which is added to `lost`."""
    gone: dict[str, Any] = {}
    tags = picture.exif
    if tags and len(block(tags)) > JPEG_SEGMENT and exif.MAKER_NOTE in tags.below(exif.EXIF):
        gone["exif"] = tags = tags.copy()
        del tags.below(exif.EXIF)[exif.MAKER_NOTE]
        lost.append("EXIF's maker note (too long for JPEG)")
    if tags and len(block(tags)) > JPEG_SEGMENT:
        gone["exif"] = None
        lost.append("EXIF (too long for JPEG)")
    for name, most in (("xmp", JPEG_XMP), ("iptc", iptc.MOST_IN_JPEG), ("comment", JPEG_SEGMENT)):
        if len(getattr(picture, name) or b"") > most:
            gone[name] = None
            lost.append(f"{WORDS[name]} (too long for JPEG)")
    return dataclasses.replace(picture, **gone)


def block(tags: Directory) -> bytes:
    """EXIF as JPEG and WebP have it."""
    return b"Exif\0\0" + tags.exif()


def tiff_tags(picture: PictureFile) -> Directory:
    """What belongs to a picture as the tags of a TIFF."""
    tags = exif.with_resolution(picture.exif, picture.dpi)
    tags.update(picture.place or {})
    for tag, data in ((exif.ICC, picture.icc), (exif.IPTC, picture.iptc), (exif.XMP, picture.xmp)):
        if data:
            tags[tag] = exif.bytes_field(tag, data)
    return tags


def after_pixels(picture: PictureFile, format_: Format) -> bytes:
    """What belongs to a picture as blocks of its format's own, which Pillow does not write; they come last."""
    if format_.name == "JPEG2000":
        tags = exif.with_resolution(picture.exif, picture.dpi)
        return jp2_boxes.boxes(tags.exif() if tags else None, picture.xmp, picture.iptc)
    if format_.name == "GIF":
        return gif_xmp.block(picture.xmp)
    return b""


def pillow_options(picture: PictureFile, format_: Format) -> dict[str, Any]:
    """What belongs to a picture as Pillow's `save` takes it, for what `fitted` has left."""
    tags = exif.with_resolution(picture.exif, picture.dpi) if picture.exif or format_.density_in_exif else None
    options = {"icc_profile": picture.icc, "exif": block(tags) if tags else None, "dpi": picture.dpi, "xmp": picture.xmp,
               "comment": picture.comment, "extra": iptc.jpeg_segment(picture.iptc) if picture.iptc else None}
    return {key: value for key, value in options.items() if value}
