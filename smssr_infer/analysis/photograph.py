"""What users say a picture is that is enlarged, and the treatment that follows."""

from __future__ import annotations

from .measurements import Measurements
from .treatment import Treatment

KINDS = ("auto", "clean", "photo")
"""What users may say of a picture that is to be enlarged."""


def check_kind(picture: object, model: object) -> None:
    """Raises ValueError for a kind that there is not, and for a model and a kind as well."""
    if picture not in KINDS:
        raise ValueError(f"a picture is {', '.join(KINDS[:-1])} or {KINDS[-1]}, not {picture!r:.60}")
    if model is not None and picture != "auto":
        raise ValueError("picture: what a picture is only chooses the model, and one is named already; leave out one of the two")


def treatment_of(measured: Measurements, kind: str) -> Treatment:
    """How a picture is enlarged. `kind`: one of KINDS; "auto" decides by the pixels, and by the JPEG file that they came from."""
    if kind == "clean":
        return Treatment.CLEAN
    gains = measured.gains
    return gains.best_treated if kind == "photo" else gains.best
