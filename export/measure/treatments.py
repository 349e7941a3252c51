"""What treatments of pictures as they come gain, where the truth is known."""

from __future__ import annotations

import dataclasses

import numpy as np

from smssr_infer.analysis.degradation import Degradation
from smssr_infer.analysis.treatment import TREATED, Gains, Treatment
from smssr_infer.arrays import tiling
from smssr_infer.arrays.masks import Mask
from smssr_infer.arrays.node import Node
from smssr_infer.arrays.pixels import Picture
from smssr_infer.nodes.enlarge import EnlargeNode
from smssr_infer.nodes.restore import cleaned

from ..data.as_they_come import AsItCame
from ..data.photographs import eight_bits

CHOICES = (Treatment.CLEAN, *TREATED)

BACKEND = "onnxruntime"

MOST = 60.0
"""dB, where there is no difference to speak of."""

CORE = 64
"""Side of the middle of a picture that is treated; the rest only tells what there is."""


def _psnr(result: np.ndarray, wanted: np.ndarray) -> float:
    error = np.mean((result.astype(np.float64) - wanted) ** 2)
    return float(min(MOST, 10 * np.log10(255**2 / max(error, 1e-9))))


def gains(some: AsItCame, degradation: Degradation) -> list[float]:
    """The true `Gains` of a picture, in their order; NaN where what it should become enlarged is not known."""
    height, width = some.pixels.shape[:2]
    source = Picture(some.pixels)
    top, left = (height - CORE) // 2, (width - CORE) // 2
    core = top, top + CORE, left, left + CORE
    everywhere = Mask(1.0, height, width, "clean")

    def near(node: Node, window: tiling.Tile, wanted: np.ndarray) -> float:
        top, bottom, left, right = window
        return _psnr(eight_bits(255 * node.read(*window).transpose(1, 2, 0)), wanted[top:bottom, left:right])

    restored = [cleaned(source, dataclasses.replace(degradation, jpeg=jpeg), everywhere, everywhere, BACKEND) for jpeg in (True, False)]
    by_jpeg, by_noise = (near(node, core, some.truth) for node in restored)
    if some.large is None:
        return [by_noise - by_jpeg, *[np.nan] * len(TREATED)]
    scale = some.large.shape[0] // height
    enlarged = [EnlargeNode(source, *some.large.shape[:2], BACKEND, degradation=degradation, treatment=treatment) for treatment in CHOICES]
    inside = scale * top, scale * (top + CORE), scale * left, scale * (left + CORE)
    plain, *treated = (near(node, inside, some.large) for node in enlarged)
    return [by_noise - by_jpeg, *(value - plain for value in treated)]


def enlarging_regret(foreseen: np.ndarray, true: np.ndarray) -> np.ndarray:
    """How many dB the treatment that was chosen by the gains foreseen `[n, 3]` loses against the best by the true ones `[n, 3]`: `[n]`."""
    lost = []
    for expected, gained in zip(foreseen, true, strict=True):
        of = dict(zip(CHOICES, (0.0, *gained), strict=True))
        lost.append(max(of.values()) - of[Gains(0.0, *expected.tolist()).best])
    return np.array(lost)


def cleaning_regret(foreseen: np.ndarray, true: np.ndarray) -> np.ndarray:
    """The same of the network that cleans, for noise or for JPEG artefacts, by what the one for noise gains, foreseen and true: `[n]`."""
    return np.maximum(0, np.where(foreseen > 0, -true, true))
