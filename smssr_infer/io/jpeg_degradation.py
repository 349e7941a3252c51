"""What kind of picture a file holds, for choosing the model that enlarges it: by its pixels, and by its JPEG tables."""

from __future__ import annotations

import dataclasses

from ..analysis.degradation import Degradation, degradation_of, seen
from ..arrays.pixels import Picture

GOOD_JPEG = 88
"""A JPEG of less than this quality has marks that would be enlarged, whatever its pixels show (measured: docs/restoration.md)."""

FINE_JPEG = 94
"""One of less than this has marks that would be enlarged as specks in flat places, so mild that they are cleaned away by a part."""


def degradation_of_file(picture: Picture, jpeg: int | None, wanted: str) -> Degradation | None:
    """The degradation of a picture that is to be cleaned before it is enlarged, or enlarged as a photograph; None of one that is clean.

    `jpeg`: the quality of the JPEG file that it was read from, None for other formats; `wanted`: what the user says of it, one of
    `stages.degradation.KINDS`. Raises ValueError for another.
    """
    if wanted != "auto" or jpeg is None:
        return seen(picture, wanted)
    degradation = degradation_of(picture)
    if degradation.photo or jpeg < GOOD_JPEG:
        return degradation
    return dataclasses.replace(degradation, mild=True) if jpeg < FINE_JPEG else None
