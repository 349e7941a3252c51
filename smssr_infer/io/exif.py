"""EXIF and the tags of TIFF: by a list, what describes the scene goes over, and what describes the old grid is scaled or stays behind."""

from __future__ import annotations

import io
import math
from typing import Any

from . import directory
from .directory import ASCII, BYTE, LONG, RATIONAL, SHORT, UNDEFINED, Directory, Field

EXIF, GPS, INTEROPERABILITY = 0x8769, 0x8825, 0xA005
ORIENTATION, DESCRIPTION, MAKER_NOTE = 274, 270, 0x927C
X_RESOLUTION, Y_RESOLUTION, UNIT = 282, 283, 296
XMP, IPTC, PHOTOSHOP, ICC = 700, 33723, 34377, 34675
PIXEL_SCALE, TIE_POINTS, TRANSFORMATION, GEO_KEYS, GEO_DOUBLES, GEO_TEXTS, NO_DATA = 33550, 33922, 34264, 34735, 34736, 34737, 42113

SCENE: dict[int, Any] = dict.fromkeys([
    269, DESCRIPTION, 271, 272, 285, 305, 306, 315, 316, 0x4746, 0x4749, 0x8298, *range(0x9C9B, 0x9CA0)]) | {
    EXIF: dict.fromkeys([
        0x829A, 0x829D, 0x8822, 0x8824, 0x8827, 0x8828, *range(0x8830, 0x8836), 0x9000, 0x9003, 0x9004, *range(0x9010, 0x9013), 0x9101,
        *range(0x9201, 0x920B), 0x9214, MAKER_NOTE, 0x9286, *range(0x9290, 0x9293), *range(0x9400, 0x9406), *range(0xA000, 0xA005), 0xA20B,
        0xA20C, *range(0xA20E, 0xA211), 0xA214, 0xA215, 0xA217, *range(0xA300, 0xA303), *range(0xA401, 0xA40D), 0xA420,
        *range(0xA430, 0xA43D), *range(0xA460, 0xA463), 0xA500]) | {INTEROPERABILITY: dict.fromkeys([1, 2])},
    GPS: dict.fromkeys(range(32))}
"""The tags that say what was taken, when, where, how, by whom and with what (EXIF 3.0, TIFF 6.0, and Windows' titles)."""

PLACE: dict[int, Any] = dict.fromkeys([PIXEL_SCALE, TIE_POINTS, TRANSFORMATION, GEO_KEYS, GEO_DOUBLES, GEO_TEXTS, NO_DATA])
"""GeoTIFF's tags, which say where on the earth a pixel lies."""

OTHERS: dict[int, Any] = dict.fromkeys([ORIENTATION, X_RESOLUTION, Y_RESOLUTION, UNIT, XMP, IPTC, PHOTOSHOP, ICC])
"""Tags that are read, and written otherwise or not at all."""

EXIF_WIDTH, EXIF_HEIGHT = 0xA002, 0xA003
FOCAL_PLANE_X, FOCAL_PLANE_Y = 0xA20E, 0xA20F
SUBJECT_AREA, SUBJECT_LOCATION = 0x9214, 0xA214

MACHINES = (b'{"', b"ImageJ=", b"<?xml", b"<OME", b"<MetaData>", b"Aperio ", b"SI.", b"scanimage.", b"SCANIMAGE", b"frame.")
"""How descriptions begin that a program has written for itself: how the pixels of that one file lie."""

TEXT_KINDS = {BYTE, ASCII, UNDEFINED}


def of_tiff(stream: Any, place: int | None = None) -> Directory:
    """What is wanted of the tags of a TIFF's first page, or of the one whose directory lies at that place."""
    return directory.read(stream, SCENE | PLACE | OTHERS, place)


def of_exif(data: bytes) -> Directory:
    """What is wanted of a block of EXIF."""
    return directory.read(io.BytesIO(data.removeprefix(b"Exif\0\0")), SCENE | OTHERS)


def turn(tags: Directory) -> int:
    """EXIF's orientation, 1 … 8; 1 where it says none that can be."""
    value = tags.number(ORIENTATION)
    return int(value) if value and value in range(1, 9) else 1


def resolution(tags: Directory) -> tuple[float, float] | None:
    """The resolution in dots per inch (across, down) that tags say."""
    across, down, unit = (tags.number(tag) for tag in (X_RESOLUTION, Y_RESOLUTION, UNIT))
    factor = {2: 1.0, 3: 2.54}.get(2 if unit is None else int(unit))
    return (across * factor, down * factor) if across and down and factor else None


def data_of(tags: Directory, tag: int) -> bytes | None:
    """A tag's bytes, if they are bytes."""
    field = tags.field(tag)
    return field.data if field and field.kind in TEXT_KINDS else None


def scene(tags: Directory) -> Directory | None:
    """Of what was read, what goes over to another file; None where nothing does."""
    kept = Directory({tag: value for tag, value in tags.items() if tag in SCENE and value}).copy()
    if (data_of(kept, DESCRIPTION) or b"").lstrip().startswith(MACHINES):
        del kept[DESCRIPTION]
    return kept or None


def place(tags: Directory, turned: bool) -> Directory | None:
    """GeoTIFF's tags; None where there are none, or the pixels are turned away from where they lay."""
    kept = Directory({tag: value for tag, value in tags.items() if tag in PLACE and (tag == NO_DATA or not turned)})
    return kept if kept else None


def turned(tags: Directory, turn: int) -> Directory:
    """The scene's tags for pixels that have been turned from an orientation other than 1: without places on the grid as it was."""
    out = tags.copy()
    below = out.below(EXIF)
    for tag in (SUBJECT_AREA, SUBJECT_LOCATION):
        below.pop(tag, None)
    if turn in (5, 6, 7, 8) and FOCAL_PLANE_X in below and FOCAL_PLANE_Y in below:
        below[FOCAL_PLANE_X], below[FOCAL_PLANE_Y] = below[FOCAL_PLANE_Y], below[FOCAL_PLANE_X]
    return out


def sized(tags: Directory, across: float, down: float, height: int, width: int) -> Directory:
    """The scene's tags for a grid so many times as fine, of that height and width."""
    out = tags.copy()
    below = out.below(EXIF)
    for tag, side in ((EXIF_WIDTH, width), (EXIF_HEIGHT, height)):
        if tag in below:
            below[tag] = Field.of(LONG, side)
    for tag, factor in ((FOCAL_PLANE_X, across), (FOCAL_PLANE_Y, down)):
        if factor != 1 and (field := below.field(tag)):
            below[tag] = field.like(field.numbers * factor)
    for tag in (SUBJECT_AREA, SUBJECT_LOCATION):
        if field := below.field(tag):  # a point; then nothing, a diameter, or width and height
            factors = (across, down, across) if len(field.numbers) == 3 else (across, down, across, down)[:len(field.numbers)]
            below[tag] = field.like(field.numbers[:len(factors)] * factors)
    return out


def placed(tags: Directory, across: float, down: float) -> Directory:
    """GeoTIFF's tags for a grid so many times as fine (GeoTIFF 1.1, §7.1)."""
    out = tags.copy()
    keys = field.numbers[4:].tolist() if (field := tags.field(GEO_KEYS)) else []
    half = 0.5 if (1025, 2) in zip(keys[0::4], keys[3::4], strict=False) else 0.0  # of pixels that are points
    if (field := tags.field(PIXEL_SCALE)) and len(field.numbers) == 3:
        out[PIXEL_SCALE] = field.like(field.numbers / (across, down, 1))
    if (field := tags.field(TIE_POINTS)) and len(field.numbers) % 6 == 0:
        points = field.numbers.reshape(-1, 6).copy()
        points[:, :2] = (points[:, :2] + half) * (across, down) - half
        out[TIE_POINTS] = field.like(points.ravel())
    if (field := tags.field(TRANSFORMATION)) and len(field.numbers) == 16:
        matrix = field.numbers.reshape(4, 4).copy()
        matrix[:, 3] += half * (matrix[:, 0] * (1 / across - 1) + matrix[:, 1] * (1 / down - 1))
        matrix[:, 0] /= across
        matrix[:, 1] /= down
        out[TRANSFORMATION] = field.like(matrix.ravel())
    return out


def with_resolution(tags: Directory | None, dpi: tuple[float, float] | None) -> Directory:
    """Tags, with a resolution."""
    out = tags.copy() if tags else Directory()
    if dpi and all(math.isfinite(d) and 0 < d < 2**31 for d in dpi):
        for tag, value in zip((X_RESOLUTION, Y_RESOLUTION), dpi, strict=True):
            out[tag] = Field.of(RATIONAL, *directory.ratio(value))
        out[UNIT] = Field.of(SHORT, 2)
    return out


def bytes_field(tag: int, data: bytes) -> Field:
    """Bytes as the field of a tag: XMP's are bytes, the others' are undefined."""
    return Field(BYTE if tag == XMP else UNDEFINED, data)
