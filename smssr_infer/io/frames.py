"""The frames of an animation, with their durations, and the pages of a TIFF: read one after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from . import png_chunks
from .errors import reading
from .picture_file import PictureFile

USUAL_DURATION = 100.0
"""Milliseconds of a frame that says none, as browsers show it."""


@dataclasses.dataclass(frozen=True)
class Animation:
    """What is known of an animation before its frames are read."""

    path: Path
    durations: tuple[float, ...]
    """Of each frame, in milliseconds."""
    loop: int | None
    """How often it is shown, 0 for ever, as its format counts; None for once."""
    transparent: bool
    """Whether anything in it is."""
    size: tuple[int, int] = (0, 0)
    """Width and height of the first frame, which is all of the screen; what later ones have beyond it is not seen."""
    cut: bool = False
    """Whether any has."""
    apart: int = 0
    """How many pictures before the first frame are none: one of an APNG that has a picture for whoever shows no animations."""

    def frames(self, numbers: Sequence[int]) -> Iterator[np.ndarray]:
        """Those frames, as they are seen: RGB, or RGBA where anything is transparent. Raises ValueError for a damaged one."""
        mode = "RGBA" if self.transparent else "RGB"
        with reading(self.path), Image.open(png_chunks.source(self.path)) as picture:
            for number in range(max(numbers) + 1):
                picture.seek(number + self.apart)
                if number in numbers:
                    yield np.asarray(picture.convert(mode))[:self.size[1], :self.size[0]]


def animation(path: Path) -> Animation:
    """An animation, looked through once. Raises ValueError, in one line, for a damaged one."""
    durations: list[float] = []
    transparent = cut = False
    size = (0, 0)
    with reading(path), Image.open(png_chunks.source(path)) as picture:
        apart = int(bool(picture.info.get("default_image")))
        for number in range(apart, getattr(picture, "n_frames", 1)):
            picture.seek(number)
            picture.load()
            size = picture.size if number == apart else size
            cut |= picture.width > size[0] or picture.height > size[1]
            durations.append(float(picture.info.get("duration") or USUAL_DURATION))
            transparent |= picture.has_transparency_data and bool(np.asarray(picture.convert("RGBA").getchannel(3)).min() < 255)
        loop = picture.info.get("loop", None if picture.format == "GIF" else 0)
        if loop == 1 and picture.format != "GIF":
            loop = None
    return Animation(path, tuple(durations), loop, transparent, size, cut, apart)


def chosen(text: str, count: int) -> list[int]:
    """The numbers, from 0, of the frames that `all`, `first`, `7` or `3-20` means of so many. Raises ValueError where there is none."""
    if text == "all":
        return list(range(count))
    first, _, last = ("1" if text == "first" else text).partition("-")
    begin, end = int(first), min(int(last or first), count)
    if begin > end:
        raise ValueError(f"there are no frames {text}, of {count}")
    return list(range(begin - 1, end))


def still(file: PictureFile, pixels: np.ndarray) -> PictureFile:
    """A file with one of its frames in place of the first."""
    return dataclasses.replace(file, pixels=pixels, frames=1)
