"""What each file format can hold, one row a format; a format without a row holds 8 bits and transparency, and nothing beside the pixels.

Messages and the table of docs/files-and-models.md are made of these rows.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any

from PIL import Image

from ..arrays.large import MOST_PIXELS
from ..nodes import model_choice

ZARR, PFM = "Zarr", "PFM"
OURS = {ZARR, PFM}
"""Those that neither Pillow nor another package's plug-in for it reads and writes."""


@dataclasses.dataclass(frozen=True)
class Format:
    """A format by Pillow's name, or `Zarr`, `RAW`."""

    name: str
    title: str = ""
    """What people call it; empty for the name."""
    endings: tuple[str, ...] = ()
    """Endings that Pillow does not know by itself."""
    extra: str = ""
    """The extra of this package that it needs; empty where it needs none."""
    package: str = ""
    """The package that the extra installs, and that Pillow or we read it by."""
    unread: str = ""
    """What to do with such a file instead, of a format of pictures that is not read."""
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
    frames: str = ""
    """What more than one picture in a file are: an `animation`, or `pages`; empty where it holds one alone."""
    quality: bool = False
    """Whether it has a quality, 1 … 100."""
    subsampling: bool = False
    """Whether its colours may be held in fewer pixels than its lightness, and that can be chosen."""
    packed: bool = False
    """Whether it can be chosen how hard it is packed."""
    lossless: bool = False
    """Whether it can keep every pixel as it is."""
    without_loss: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """How Pillow does so, where it does not anyway."""

    @property
    def called(self) -> str:
        """What people call it."""
        return self.title or self.name

    @property
    def missing(self) -> str:
        """What to install before it can be read or written; empty where nothing is missing."""
        there = not self.extra or importlib.util.find_spec(self.package) is not None
        return "" if there else f"{self.called} needs one more package: pip install smssr[{self.extra}]"

    @property
    def most_pixels(self) -> int:
        """How many pixels it may hold here."""
        return MOST_PIXELS if self.large else model_choice.MOST_PIXELS


def _keeps(words: str) -> frozenset[str]:
    return frozenset(words.split())


RAW = "RAW"
RAW_ENDINGS = (".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos", ".mrw", ".nef",
               ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f")

FORMATS = {row.name: row for row in (
    Format("PNG", frames="animation", lossless=True, packed=True, deep=True, grey_alpha=True,
           keeps=_keeps("icc colour exif dpi xmp iptc comment text")),
    Format("TIFF", endings=(".svs", ".btf", ".tf8", ".ptif"), frames="pages", lossless=True, packed=True, deep=True, floats=True,
           large=True, keeps=_keeps("icc exif dpi xmp iptc place")),
    Format(ZARR, lossless=True, deep=True, floats=True, large=True, grey_alpha=True),
    Format("JPEG", alpha=False, longest_side=65500, keeps=_keeps("icc exif dpi xmp iptc comment"), density_in_exif=False, most_dpi=65535,
           options={"quality": 95, "subsampling": "4:4:4"}, quality=True, subsampling=True),
    Format("WEBP", "WebP", frames="animation", grey=False, longest_side=16383, keeps=_keeps("icc exif dpi xmp"),
           options={"quality": 95}, quality=True, lossless=True, without_loss={"lossless": True, "exact": True}),
    Format("AVIF", frames="animation", grey=False, keeps=_keeps("icc exif dpi xmp"), options={"quality": 95}, quality=True),
    Format("HEIF", "HEIC", endings=(".heic", ".heics", ".heif", ".heifs", ".hif"), extra="heic", package="pillow_heif",
           keeps=_keeps("icc exif dpi xmp"), options={"quality": 95, "chroma": 444}, quality=True,
           lossless=True, without_loss={"quality": -1, "matrix_coefficients": 0}),
    Format("JXL", "JPEG XL", endings=(".jxl",), extra="jxl", package="pillow_jxl", grey_alpha=True, keeps=_keeps("exif dpi xmp"),
           options={"quality": 95, "use_container": True}, quality=True, lossless=True, without_loss={"lossless": True}),
    Format(RAW, "a camera's raw picture", endings=RAW_ENDINGS, extra="raw", package="rawpy", encoder=False),
    Format("GIF", frames="animation", longest_side=65535, keeps=_keeps("comment xmp"), density_in_exif=False),
    Format("FLI", frames="animation", encoder=False),
    Format("JPEG2000", "JPEG 2000", lossless=True, keeps=_keeps("exif dpi xmp iptc comment")),
    Format("BMP", lossless=True, alpha=False, keeps=_keeps("dpi"), density_in_exif=False),
    Format("DIB", lossless=True, alpha=False, keeps=_keeps("dpi"), density_in_exif=False),
    Format("PDF", alpha=False, keeps=_keeps("dpi"), density_in_exif=False, most_dpi=10.0**4),
    Format("PPM", lossless=True, alpha=False, deep=True, density_in_exif=False),
    Format(PFM, endings=(".pfm",), lossless=True, alpha=False, deep=True, floats=True, density_in_exif=False),
    Format("PCX", alpha=False), Format("EPS", alpha=False), Format("ICO", longest_side=256),
    Format("QOI", grey=False), Format("MPEG", decoder=False),
    *(Format(name, encoder=False) for name in ("WMF", "BLP", "ICNS", "MSP", "PALM", "SPIDER", "XBM")),  # a few sizes or colours, if at all
    *(Format(name, encoder=False, decoder=False) for name in ("BUFR", "GRIB", "HDF5")),
    *(Format(name, title, endings, unread=remedy, encoder=False, decoder=False) for name, title, endings, remedy in (
        ("XCF", "GIMP's own format", (".xcf",), "export it as .png or .tif, or use the plug-in in GIMP"),
        ("KRA", "Krita's own format", (".kra", ".ora"), "export it as .png or .tif"),
        ("PSB", "Photoshop's format of large pictures", (".psb",), "save it as .tif"),
        ("SVG", "a drawing of lines", (".svg", ".svgz"), "export it at the size that you want"),
        ("EXR", "OpenEXR", (".exr",), "save it as a float .tif"),
        ("HDR", "Radiance", (".hdr",), "save it as a float .tif"),
        ("JXR", "JPEG XR", (".jxr", ".wdp", ".hdp"), "save it as .png or .tif"))))}

JPEGS = {"JPEG", "MPO"}
"""What Pillow calls a JPEG; MPO is one with further pictures behind it: a preview, a gain map, the other eye's view."""


_ENDINGS = {ending: row for row in FORMATS.values() for ending in row.endings}


def of(name: str) -> Format:
    """A format by its name."""
    return FORMATS.get(name) or Format(name)


def named(ending: str) -> Format | None:
    """The format that an ending, with its dot, stands for; None where there is none."""
    ending = ending.lower()
    if ending == ".zarr":
        return FORMATS[ZARR]
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    Image.preinit()
    if ending not in Image.EXTENSION:
        Image.init()  # all other formats; a twentieth of a second
    name = Image.EXTENSION.get(ending)
    return None if name is None else of("JPEG" if name in JPEGS else name)


def writable(ending: str) -> bool:
    """Whether files of an ending can be written, once what they need is installed."""
    found = named(ending)
    return found is not None and found.encoder and (found.name in OURS or bool(found.extra) or found.name in Image.SAVE)


def pictured(ending: str) -> bool:
    """Whether a file of that ending is a picture, read or not: what a folder is searched for."""
    found = named(ending)
    if found is None or found.name == ZARR:
        return False
    ours = bool(found.extra) or found.name in OURS or found.name in JPEGS
    return bool(found.unread) or (found.decoder and (ours or found.name in Image.OPEN))


def install(format_: Format) -> None:
    """Have Pillow know a format of another package. Raises `Missing` where that is not installed."""
    if format_.missing:
        raise Missing(format_.missing)
    if format_.package == "pillow_heif":
        importlib.import_module("pillow_heif").register_heif_opener()
    if format_.package == "pillow_jxl":
        importlib.import_module("pillow_jxl")  # which registers itself


class Missing(ImportError):
    """A format needs a package that is not installed; what to do, in words."""
