"""What treatments of a picture gain where it is enlarged: what rules leave out of what is foreseen."""

from __future__ import annotations

import dataclasses

from .degradation import Degradation
from .treatment import Gains, Treatment

NOISE, FINE_JPEG = 1.7, 94
"""White noise of more levels, or a JPEG of less quality, by its file or its pixels: surely not clean (measured: docs/restoration.md)."""

GOOD_JPEG, BLOCKS = 88, 0.1
"""A JPEG of this quality or more, by its file or its pixels, whose blocks hardly show, is not for the models for JPEGs (measured)."""

ARTEFACTS = 0.05
"""Where there are JPEG artefacts, which look like noise, so many dB more must be foreseen for cleaning it of noise."""


def by_rules(gains: Gains, found: Degradation) -> Gains:
    """The gains foreseen of a picture so degraded, and which treatments it is not for."""
    good = found.blocks <= BLOCKS and found.quality >= GOOD_JPEG
    without = {Treatment.NOISE: found.drawn, Treatment.JPEG: good or not found.was_jpeg,
               Treatment.MILD: found.drawn and not found.was_jpeg}
    sure = not found.drawn and (found.noise > NOISE or 0 < found.quality < FINE_JPEG)
    denoised = gains.denoised - ARTEFACTS * found.was_jpeg
    return dataclasses.replace(gains, denoised=denoised, sure=sure, without=tuple(treatment for treatment, out in without.items() if out))
