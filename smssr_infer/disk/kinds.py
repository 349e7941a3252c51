"""What kind of picture a file holds, for choosing the model that enlarges it: by its pixels, and by its JPEG tables."""

from __future__ import annotations

from ..planes.pixels import Picture
from ..stages.condition import seen
from .picture_file import PictureFile

GOOD_JPEG = 88
"""A JPEG of less than this quality has marks that would be enlarged, whatever its pixels show (measured: docs/restoration.md)."""


def kind_of(picture: PictureFile, wanted: str) -> str:
    """`clean` or `photo`: what the user wants, or for `auto` what the file is."""
    if wanted == "auto" and picture.jpeg is not None and picture.jpeg < GOOD_JPEG:
        return "photo"
    return "photo" if seen(Picture(picture.pixels), wanted) else "clean"
