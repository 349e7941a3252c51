"""What kind of picture a file holds, for choosing the model that enlarges it: by its pixels, and by its JPEG tables."""

from __future__ import annotations

from ..planes.pixels import Picture
from ..stages.condition import Condition, seen

GOOD_JPEG = 88
"""A JPEG of less than this quality has marks that would be enlarged, whatever its pixels show (measured: docs/restoration.md)."""


def condition_of(picture: Picture, jpeg: int | None, wanted: str) -> Condition | None:
    """The condition of a picture that is to be enlarged as a photograph; None of one that is clean.

    `jpeg`: the quality of the JPEG file that it was read from, None for other formats; `wanted`: what the user says of it, one of
    `stages.condition.KINDS`. Raises ValueError for another.
    """
    return seen(picture, "photo" if wanted == "auto" and jpeg is not None and jpeg < GOOD_JPEG else wanted)
