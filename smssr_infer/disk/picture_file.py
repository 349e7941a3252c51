"""A picture file: its pixels, in memory or where they lie, and what belongs to them."""

from __future__ import annotations

import dataclasses

import numpy as np
from PIL import Image

from ..planes.large import LargePicture, in_memory
from ..planes.pixels import Picture
from .blocks import Blocks
from .metadata import EXIF_HEIGHT, EXIF_IFD, EXIF_WIDTH


@dataclasses.dataclass
class PictureFile:
    """A picture with its metadata. `pixels` is what `upscale` takes, upright: EXIF's orientation is already applied."""

    pixels: np.ndarray | Blocks
    icc: bytes | None = None
    exif: Image.Exif | None = None
    dpi: tuple[float, float] | None = None
    xmp: bytes | None = None
    text: dict[str, str] = dataclasses.field(default_factory=dict)
    frames: int = 1
    jpeg: int | None = None
    """The quality of the JPEG file that it was read from, 1 … 100; None where it came from another format."""
    unused: int = 0
    """How many samples of each pixel of the file are neither colour nor transparency, and are left out."""

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
        dpi = self.dpi and (self.dpi[0] * width / old_width, self.dpi[1] * height / old_height)
        if self.exif and EXIF_IFD in self.exif:
            sub = self.exif.get_ifd(EXIF_IFD)
            for tag, value in ((EXIF_WIDTH, width), (EXIF_HEIGHT, height)):
                if tag in sub:
                    sub[tag] = value
        return dataclasses.replace(self, dpi=dpi, jpeg=None)

    def with_pixels(self, pixels: np.ndarray) -> PictureFile:
        """The same file with `pixels` in place of its own."""
        return dataclasses.replace(self.sized(*pixels.shape[:2]), pixels=pixels)
