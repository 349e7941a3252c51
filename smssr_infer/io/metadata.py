"""What a file says beside its pixels, as far as it still holds for another file: read, and set upright. Nothing here refuses a picture."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, JpegImagePlugin

from . import exif, gif_xmp, iptc, jp2_boxes, png_chunks, xmp
from .directory import Directory
from .formats import JPEGS
from .png_chunks import Text

STANDARD_LUMA_SUM = 3688
"""The sum of JPEG's standard luma table (ITU T.81, table K.1), which is quality 50's."""

ENCODERS = (b"Created by OpenJPEG", b"CREATOR: gd-jpeg", b"File written by Adobe Photoshop")
"""How comments begin that an encoder has left."""

RESOURCES = {1005: "resolution", 1028: "iptc", 1058: "exif", 1060: "xmp"}
"""What Photoshop's resources hold, by their numbers."""

GEOREFERENCE = "georeference"

XMP_TEXT, COMMENT = "XML:com.adobe.xmp", "Comment"


def of(path: Path, picture: Image.Image | None) -> tuple[dict[str, Any], int]:
    """What belongs to a picture file, as fields of `PictureFile`; and EXIF's orientation, which is that of the file's pixels.

    `picture`: the file as Pillow has loaded it; None of a TIFF that Pillow does not know.
    """
    if picture is None or picture.format == "TIFF":
        with open(path, "rb") as stream:
            tags = exif.of_tiff(stream)
        found = of_tags(tags)
    else:
        beside = _beside(path, picture)
        tags = exif.of_exif(beside["exif"]) if beside.get("exif") else _exif_of(picture)
        others: dict[str, Any] = {"icc": picture.info.get("icc_profile"), "iptc": beside.get("iptc"), "left": []}
        found = _of_png(path) if picture.format == "PNG" else others
        found["xmp"] = beside.get("xmp") or found.get("xmp")
        if beside.get("place"):
            found["left"].append(GEOREFERENCE)
        found["xmp"] = found.get("xmp") or _bytes(picture.info.get("xmp"))
        said = picture.format not in JPEGS or picture.info.get("jfif_unit")  # of a JPEG that says none, Pillow says 72
        found["dpi"] = (said and picture.info.get("dpi")) or _dots(beside.get("resolution")) or exif.resolution(tags)
        comment = _bytes(picture.info.get("comment"))
        if comment and picture.format != "PNG" and not comment.startswith(ENCODERS):
            found["comment"] = comment
        if picture.format in JPEGS:
            found |= {"iptc": iptc.of_jpeg(picture), "jpeg": jpeg_quality(picture), "subsampling": jpeg_subsampling(picture)}
    return upright(found, tags, exif.turn(tags))


def of_info(info: Mapping[Any, Any], left: list[str]) -> tuple[dict[str, Any], int]:
    """As `of`, of what a decoder has found that turns the pixels itself. `left`: what of the file does not go over, in words."""
    data = info.get("exif")
    tags = exif.of_exif(data) if isinstance(data, bytes) else Directory()
    return upright({"icc": info.get("icc_profile"), "xmp": _bytes(info.get("xmp")), "dpi": exif.resolution(tags), "left": left}, tags, 1)


def upright(found: dict[str, Any], tags: Directory, turn: int) -> tuple[dict[str, Any], int]:
    """What was found of a file, as it holds for its pixels turned as EXIF's orientation `turn` says; and that."""
    found["exif"], found["dpi"] = exif.scene(tags), _possible(found["dpi"], turn)
    if found["xmp"]:
        if xmp.has_gain_map(found["xmp"]):
            found["left"].append("gain map")
        if (turned := xmp.upright(found["xmp"], turn)) is None:
            found["left"].append("XMP (damaged)")
        found["xmp"] = turned
    if found["exif"] and turn != 1:
        found["exif"] = exif.turned(found["exif"], turn)
    found["left"] = tuple(found["left"])
    return found, turn


LAYERED = {*JPEGS, "PSD"}
"""What Pillow calls frames are previews there, the other eye's view, or layers; the picture itself is one."""


def frames(picture: Image.Image) -> int:
    """How many pictures a user would say that a file holds."""
    apart = bool(picture.info.get("default_image"))  # of an APNG, for whoever shows no animations
    return 1 if picture.format in LAYERED else max(1, getattr(picture, "n_frames", 1) - apart)


def jpeg_quality(picture: Image.Image) -> int | None:
    """The quality of a JPEG file, 1 … 100, by its luma table: the scale of the standard's that lies nearest. None for other formats."""
    tables = getattr(picture, "quantization", None)
    if picture.format not in JPEGS or not tables or 0 not in tables:
        return None
    scale = sum(tables[0]) / STANDARD_LUMA_SUM
    return max(1, min(100, round(100 - 50 * scale if scale <= 1 else 50 / scale)))


def jpeg_subsampling(picture: Image.Image) -> str | None:
    """How the colours of a JPEG file are held, in the standard's words; None where that is unusual, or it has none."""
    layers = getattr(picture, "layer", ())
    return {0: "4:4:4", 1: "4:2:2", 2: "4:2:0"}.get(JpegImagePlugin.get_sampling(picture)) if len(layers) == 3 else None


def of_tags(tags: Directory) -> dict[str, Any]:
    """What belongs to a TIFF, by its tags, not yet set upright."""
    turned = exif.turn(tags) != 1
    left = ["georeference (the picture is turned)"] if turned and exif.place(tags, False) else []
    return {"icc": exif.data_of(tags, exif.ICC), "xmp": exif.data_of(tags, exif.XMP), "iptc": iptc.of_tiff(tags),
            "place": exif.place(tags, turned), "dpi": exif.resolution(tags), "left": left}


def _of_png(path: Path) -> dict[str, Any]:
    with open(path, "rb") as stream:
        chunks = png_chunks.read(stream)
    text = {key: value for key, value in chunks.text.items() if key != XMP_TEXT and not key.startswith("Raw profile")}
    profile = chunks.text.get(iptc.PNG_TEXT)
    xmp_text = chunks.text.get(XMP_TEXT)
    return {"icc": chunks.icc, "colour": chunks.colour, "text": text, "left": chunks.left,
            "xmp": xmp_text.words.encode() if xmp_text else None, "iptc": iptc.of_png_text(profile.words) if profile else None}


def _beside(path: Path, picture: Image.Image) -> dict[str, bytes]:
    """What stands in blocks of a format's own, that Pillow does not look for."""
    if picture.format == "JPEG2000":
        return jp2_boxes.read(path)
    if picture.format == "GIF":
        return {"xmp": gif_xmp.read(path) or b""}
    if picture.format == "PSD":
        return {RESOURCES[number]: data for number, _, data in getattr(picture, "resources", []) if number in RESOURCES}
    return {}


def _dots(resolution: bytes | None) -> tuple[float, float] | None:
    """Dots per inch of Photoshop's resolution: fixed-point numbers across and down."""
    if not resolution or len(resolution) < 16:
        return None
    across, _, _, down, _, _ = struct.unpack(">IHHIHH", resolution[:16])
    return across / 65536, down / 65536


def _exif_of(picture: Image.Image) -> Directory:
    data = picture.info.get("exif")
    if not isinstance(data, bytes):
        try:
            data = picture.getexif().tobytes()  # from where old programs put it in PNG
        except Exception:  # Pillow raises what it likes on damaged EXIF
            return Directory()
    return exif.of_exif(data)


def _bytes(text: str | bytes | None) -> bytes | None:
    return text.encode() if isinstance(text, str) else text


def _possible(dpi: tuple[float, float] | None, turn: int) -> tuple[float, float] | None:
    """A resolution across and down of the upright picture, if it is one that can be; (1, 1) is what Pillow says of a TIFF without one."""
    try:
        across, down = (float(value) for value in dpi or ())
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not all(math.isfinite(value) and value > 1 for value in (across, down)):
        return None
    return (down, across) if turn in (5, 6, 7, 8) else (across, down)


def texts(text: dict[str, Text], xmp_: bytes | None, iptc_: bytes | None, comment: bytes | None) -> dict[str, Text]:
    """What to write as a PNG's texts."""
    out = dict(text)
    if comment and COMMENT not in out:
        out[COMMENT] = Text(comment.decode("utf-8", "replace"))
    if iptc_:
        out[iptc.PNG_TEXT] = Text(iptc.png_text(iptc_))
    if xmp_:
        out[XMP_TEXT] = Text(xmp_.decode("utf-8", "replace"))
    return out
