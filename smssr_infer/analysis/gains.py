"""What treatments of a picture gain where it is enlarged: what the regression foresees, and what rules leave out."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..arrays.node import Source
from .degradation import BLOCK, Degradation
from .treatment import Gains, Treatment, foreseen
from .trial_cleaning import tried

DRAWN = 0.5
"""A picture more of whose pixels are the same as their neighbours was drawn, and has no noise."""

NOISE, FINE_JPEG = 1.7, 94
"""White noise of more levels, or a JPEG file of less quality: surely not clean (measured: docs/restoration.md)."""

GOOD_JPEG, BLOCKS = 88, 0.1
"""A JPEG of this quality or more, by its file or its pixels, whose blocks hardly show, is not for the models for JPEGs (measured)."""


def gains_of(picture: Source, found: Degradation, features: np.ndarray, jpeg: int | None, backend: str) -> Gains:
    """The gains of a picture of which `degradation_of` gave `found` and `features`; `jpeg`: the quality of the JPEG file that it was read
    from, or None.

    Raises ValueError where the weights of the network that cleans on trial are missing or damaged.
    """
    if not found.may_gain(jpeg) or min(picture.shape) < BLOCK + 2:
        return Gains()
    drawn = found.same > DRAWN
    good = found.blocks <= BLOCKS and found.quality >= GOOD_JPEG
    without = {Treatment.NOISE: drawn, Treatment.JPEG: good or not found.was_jpeg, Treatment.MILD: drawn and not found.was_jpeg}
    sure = not drawn and (found.noise > NOISE or (jpeg is not None and jpeg < FINE_JPEG))
    return dataclasses.replace(foreseen(features, tried(picture, found.sigma, backend)), sure=sure,
                               without=tuple(treatment for treatment, out in without.items() if out))
