"""What each file format can hold, one row a format; a format without a row holds 8 bits and transparency, and nothing beside the pixels."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from PIL import Image

from ..arrays.large import MOST_PIXELS
from ..nodes import model_choice

ZARR = "Zarr"


@dataclasses.dataclass(frozen=True)
class Format:
    """A format by Pillow's name, or `Zarr`."""

    name: str
    encoder: bool = True
    """Whether it can be written; Pillow knows the endings of some that it cannot write."""
    decoder: bool = True
    """Whether it can be read."""
    alpha: bool = True
    grey_alpha: bool = False
    """Whether grey with transparency stays grey."""
    grey: bool = True
    """Whether grey stays grey; else it is held as colour."""
    deep: bool = False
    """Whether it holds 16 bits."""
    floats: bool = False
    large: bool = False
    """Whether it holds MOST_PIXELS, and an interrupted run is resumed."""
    longest_side: int | None = None
    """In pixels."""
    keeps: frozenset[str] = frozenset()
    """What it has a place for beside the pixels, by the names in `PictureFile`."""
    density_in_exif: bool = True
    """Whether its resolution is said in EXIF; else elsewhere, or nowhere."""
    most_dpi: float = 10.0**7
    """The highest resolution that its fields hold; no picture has as much, but a broken header may say so."""
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """How Pillow writes it."""

    @property
    def most_pixels(self) -> int:
        """How many pixels it may hold here."""
        return MOST_PIXELS if self.large else model_choice.MOST_PIXELS


def _keeps(words: str) -> frozenset[str]:
    return frozenset(words.split())


FORMATS = {row.name: row for row in (
    Format("PNG", deep=True, grey_alpha=True, keeps=_keeps("icc colour exif dpi xmp iptc comment text")),
    Format("TIFF", deep=True, floats=True, large=True, keeps=_keeps("icc exif dpi xmp iptc place")),
    Format(ZARR, deep=True, floats=True, large=True, grey_alpha=True),
    Format("JPEG", alpha=False, longest_side=65500, keeps=_keeps("icc exif dpi xmp iptc comment"), density_in_exif=False, most_dpi=65535,
           options={"quality": 95, "subsampling": "4:4:4"}),
    Format("WEBP", grey=False, longest_side=16383, keeps=_keeps("icc exif dpi xmp"), options={"quality": 95}),
    Format("AVIF", grey=False, keeps=_keeps("icc exif dpi xmp"), options={"quality": 95}),
    Format("GIF", longest_side=65535, keeps=_keeps("comment"), density_in_exif=False),
    Format("JPEG2000", keeps=_keeps("comment"), density_in_exif=False),
    Format("BMP", alpha=False, keeps=_keeps("dpi"), density_in_exif=False),
    Format("DIB", alpha=False, keeps=_keeps("dpi"), density_in_exif=False),
    Format("PDF", alpha=False, keeps=_keeps("dpi"), density_in_exif=False, most_dpi=10.0**4),
    Format("PPM", alpha=False), Format("PCX", alpha=False), Format("EPS", alpha=False), Format("ICO", longest_side=256),
    Format("WMF", encoder=False), Format("MPEG", decoder=False),
    *(Format(name, encoder=False, decoder=False) for name in ("BUFR", "GRIB", "HDF5")))}

JPEGS = {"JPEG", "MPO"}
"""What Pillow calls a JPEG; MPO is one with further pictures behind it: a preview, a gain map, the other eye's view."""


def of(name: str) -> Format:
    """A format by its name."""
    return FORMATS.get(name) or Format(name)


def named(ending: str) -> Format | None:
    """The format that an ending, with its dot, stands for; None where there is none."""
    if ending.lower() == ".zarr":
        return FORMATS[ZARR]
    Image.preinit()
    if ending.lower() not in Image.EXTENSION:
        Image.init()  # all other formats; a twentieth of a second
    name = Image.EXTENSION.get(ending.lower())
    return None if name is None else of("JPEG" if name in JPEGS else name)


def writable(ending: str) -> bool:
    """Whether files of an ending can be written."""
    found = named(ending)
    return found is not None and found.encoder and (found.name == ZARR or found.name in Image.SAVE)


def readable(ending: str) -> bool:
    """Whether pictures are read from files of an ending."""
    found = named(ending)
    return found is not None and found.decoder and found.name != ZARR and (found.name in Image.OPEN or found.name in JPEGS)
