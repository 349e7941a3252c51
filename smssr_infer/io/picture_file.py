"""A picture file: its pixels, in memory or where they lie, and what belongs to them."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..arrays.large import LargePicture, in_memory
from ..arrays.pixels import Picture
from . import exif, xmp
from .block_reader import Blocks
from .directory import Directory
from .png_chunks import Text

NUMBERLESS = "holds values that are no numbers (NaN or infinite); they are filled from around"


@dataclasses.dataclass
class PictureFile:
    """A picture with its metadata. `pixels` is what `upscale` takes, upright: EXIF's orientation is already applied."""

    pixels: np.ndarray | Blocks
    icc: bytes | None = None
    exif: Directory | None = None
    """What EXIF, or a TIFF's tags, say of the scene."""
    dpi: tuple[float, float] | None = None
    xmp: bytes | None = None
    text: dict[str, Text] = dataclasses.field(default_factory=dict)
    """The texts of a PNG."""
    format: str = ""
    """The format that it was read from, by its name in `formats`, or Pillow's; empty of what is in memory alone."""
    frames: int = 1
    jpeg: int | None = None
    """The quality of the JPEG file that it was read from, 1 … 100; None where it came from another format."""
    subsampling: str | None = None
    """How the colours of that JPEG are held: `4:2:0`, say; None where that is unusual, or where it was none."""
    iptc: bytes | None = None
    comment: bytes | None = None
    colour: dict[bytes, bytes] = dataclasses.field(default_factory=dict)
    """A PNG's chunks that say how samples become colours, but for a profile."""
    place: Directory | None = None
    """GeoTIFF's tags."""
    left: tuple[str, ...] = ()
    """What the file said besides that does not hold any more, or is damaged; in words."""
    remarks: tuple[str, ...] = ()
    """What a user should know of how it was read, in words that follow its name."""

    @property
    def numberless(self) -> bool:
        """Whether any value that was read so far was no number, and was filled from around."""
        return self.pixels.numberless if isinstance(self.pixels, Blocks) else NUMBERLESS in self.remarks

    @property
    def transparent(self) -> bool:
        """Whether any pixel is not fully opaque; of pixels that are not in memory, whether one may be."""
        channels = self.pixels.shape[2] if self.pixels.ndim == 3 else 1
        white = 1.0 if self.pixels.dtype.kind == "f" else np.iinfo(self.pixels.dtype).max
        return channels in (2, 4) and (isinstance(self.pixels, Blocks) or bool((self.pixels[..., -1] < white).any()))

    def picture(self) -> Picture:
        """The pixels, to be read window by window. Raises ValueError for what is no picture."""
        return LargePicture(self.pixels) if isinstance(self.pixels, Blocks) else in_memory(self.pixels)

    def sized(self, height: int, width: int) -> PictureFile:
        """The same file with what its metadata says of its size, and a resolution at which it prints as large as before, for another."""
        old_height, old_width = self.pixels.shape[:2]
        across, down = width / old_width, height / old_height
        return dataclasses.replace(
            self, jpeg=None, dpi=self.dpi and (self.dpi[0] * across, self.dpi[1] * down),
            exif=self.exif and exif.sized(self.exif, across, down, height, width),
            xmp=self.xmp and xmp.sized(self.xmp, across, down, height, width), place=self.place and exif.placed(self.place, across, down))

    def with_pixels(self, pixels: np.ndarray) -> PictureFile:
        """The same file with `pixels` in place of its own."""
        return dataclasses.replace(self.sized(*pixels.shape[:2]), pixels=pixels)
