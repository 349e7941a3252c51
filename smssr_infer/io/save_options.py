"""How a result is saved: quality, packing, what transparency is laid on."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np

from ..arrays.pixels import RANGE
from .formats import FORMATS, Format

SUBSAMPLINGS = ("4:4:4", "4:2:2", "4:2:0")
LEVELS = {"none": 0, "fast": 1, "normal": 6, "best": 9}
"""How hard PNG and TIFF are packed, by zlib's levels."""


@dataclasses.dataclass(frozen=True)
class SaveOptions:
    """How a result is saved. Raises ValueError, in one line, for what cannot be in any format."""

    quality: int | None = None
    """1 … 100; None for the format's usual one."""
    subsampling: str | None = None
    """Of a JPEG's colours; None for that of the JPEG that was read, and 4:4:4 where it was none."""
    lossless: bool = False
    compression: str | None = None
    """One of LEVELS."""
    background: tuple[int, int, int] | None = None
    """The colour, of 8 bits, that transparency is laid on; None keeps it."""
    frames: str = "all"
    """Which frames of an animation, or pages, it holds: `all`, `first`, `7` or `3-20`."""
    lively: bool = False
    """Whether each frame of an animation gets other instances of the textures, as film has grain; else they stand still."""
    keep_date: bool = False
    """Whether the file gets the date of the picture that was read."""
    sidecar: bool = False
    """Whether XMP that lies in a file beside the picture goes beside the result."""
    cmyk: str = "convert"
    """Whether CMYK becomes sRGB, or is to be kept: `convert` or `keep`."""
    dpi: float | None = None
    """The resolution; None for one at which the result prints as large as the picture."""
    instead: tuple[int, int, int] | None = None
    """What transparency is laid on where the format cannot hold it, and no `background` is said; None refuses it there."""

    def __post_init__(self) -> None:
        if self.quality is not None and not 1 <= self.quality <= 100:
            raise ValueError(f"the quality must lie in 1 … 100, not {self.quality}")
        if self.subsampling is not None and self.subsampling not in SUBSAMPLINGS:
            raise ValueError(f"subsampling is {', '.join(SUBSAMPLINGS)}, not {self.subsampling!r}")
        if self.compression is not None and self.compression not in LEVELS:
            raise ValueError(f"compression is {', '.join(LEVELS)}, not {self.compression!r}")
        if not re.fullmatch("all|first|[1-9][0-9]*(-[1-9][0-9]*)?", self.frames):
            raise ValueError(f"frames are all, first, a number, or two such as 3-20, not {self.frames!r}")
        if self.lossless and self.quality is not None:
            raise ValueError("--lossless keeps every pixel, so --quality has no meaning; leave out one of the two")

    def check(self, format_: Format) -> None:
        """Raises ValueError for an option that changes nothing in that format."""
        for name, wanted, can in (("quality", self.quality, "quality"), ("subsampling", self.subsampling, "subsampling"),
                                  ("lossless", self.lossless, "lossless"), ("compression", self.compression, "packed")):
            if wanted and not getattr(format_, can):
                able = ", ".join(row.called for row in FORMATS.values() if getattr(row, can))
                raise ValueError(f"--{name} is for {able}, not for {format_.called}")

    @property
    def level(self) -> int:
        """zlib's level."""
        return LEVELS[self.compression or "normal"]

    def for_pillow(self, format_: Format, subsampling: str | None) -> dict[str, Any]:
        """As Pillow's `save` takes them, beside what it is always given for that format. `subsampling`: of the JPEG that was read."""
        options = dict(format_.options)
        if format_.quality and self.quality is not None:
            options["quality"] = self.quality
        if format_.subsampling and (wanted := self.subsampling or subsampling):
            options["subsampling"] = wanted
        if self.lossless:
            options |= format_.without_loss
        return options


def flattened(rows: np.ndarray, background: tuple[int, int, int] | None) -> np.ndarray:
    """Rows `[n, W, C]` laid on a background, without transparency; grey ones stay grey on a grey one."""
    if background is None or rows.shape[2] not in (2, 4):
        return rows
    top = RANGE[rows.dtype]
    colours, alpha = rows[..., :-1].astype(np.float32), rows[..., -1:].astype(np.float32) / np.float32(top)
    below = np.array(background, np.float32) * np.float32(top / 255)
    below = below[:1] if rows.shape[2] == 2 and len(set(background)) == 1 else below
    out = colours * alpha + below * (1 - alpha)
    return out if rows.dtype == np.float32 else (out + np.float32(0.5)).astype(rows.dtype)
