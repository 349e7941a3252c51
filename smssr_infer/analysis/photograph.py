"""Whether a picture is enlarged as a photograph as it comes, or as one without noise and JPEG artefacts."""

from __future__ import annotations

import dataclasses

from .degradation import Degradation
from .measurements import Measurements

KINDS = ("auto", "clean", "photo")
"""What users may say of a picture that is to be enlarged."""

GOOD_JPEG = 88
"""A JPEG of less than this quality has artefacts that would be enlarged, whatever its pixels show (measured: docs/restoration.md)."""

FINE_JPEG = 94
"""One of less than this has artefacts that would be enlarged as specks in flat places, so mild that they are cleaned away by a part."""


def check_kind(picture: object, model: object) -> None:
    """Raises ValueError for a kind that there is not, and for a model and a kind as well."""
    if picture not in KINDS:
        raise ValueError(f"a picture is {', '.join(KINDS[:-1])} or {KINDS[-1]}, not {picture!r:.60}")
    if model is not None and picture != "auto":
        raise ValueError("picture: what a picture is only chooses the model, and one is named already; leave out one of the two")


def as_photograph(measured: Measurements, kind: str) -> Degradation | None:
    """The degradation of a picture that is enlarged as a photograph, or cleaned a little before; None of one that is clean.

    `kind`: one of KINDS. "auto" decides by the pixels, and by the JPEG file that they came from.
    """
    if kind == "clean":
        return None
    found, jpeg = measured.degradation, measured.jpeg
    if kind == "photo" or found.photo or (jpeg is not None and jpeg < GOOD_JPEG):
        return found
    return dataclasses.replace(found, mild=True) if jpeg is not None and jpeg < FINE_JPEG else None
