"""What treatments of pictures as they come gain, where the truth is known."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from smssr_infer.analysis.degradation import Degradation
from smssr_infer.analysis.measurements import Measurements
from smssr_infer.analysis.noise import WINDOW
from smssr_infer.analysis.treatment import TREATED, Gains, Treatment
from smssr_infer.arrays import tiling
from smssr_infer.arrays.masks import Mask
from smssr_infer.arrays.node import Node
from smssr_infer.arrays.pixels import Picture
from smssr_infer.nodes.enlarge import EnlargeNode
from smssr_infer.nodes.restore import cleaned
from smssr_infer.runtime import Runtime

from ..data.as_they_come import AsItCame, AsTheyCome
from ..data.photographs import eight_bits

CHOICES = (Treatment.CLEAN, *TREATED)

BACKEND = "onnxruntime"

SCALE = 4
"""By how much pictures are enlarged."""

LEFT_OUT = "Nikon"
"""The camera that no training saw."""

SEED = 10

STAND_INS = ("smssr-x4", "smssr-x4-photo")

MOST = 60.0
"""dB, where there is no difference to speak of."""

CORE = 64
"""Side of the middle of a picture that is treated; the rest only tells what there is."""


def _psnr(result: np.ndarray, wanted: np.ndarray) -> float:
    error = np.mean((result.astype(np.float64) - wanted) ** 2)
    return float(min(MOST, 10 * np.log10(255**2 / max(error, 1e-9))))


def _seen(node: Node, window: tiling.Tile) -> np.ndarray:
    return eight_bits(255 * node.read(*window).transpose(1, 2, 0))


def _near(node: Node, window: tiling.Tile, wanted: np.ndarray) -> float:
    top, bottom, left, right = window
    return _psnr(_seen(node, window), wanted[top:bottom, left:right])


def _core(some: AsItCame, scale: int = 1) -> tiling.Tile:
    """The middle of a picture `scale` times as large."""
    (top, bottom), (left, right) = (((n - CORE) // 2, (n + CORE) // 2) for n in some.pixels.shape[:2])
    return scale * top, scale * bottom, scale * left, scale * right


def cleaning_gain(some: AsItCame, degradation: Degradation) -> list[float]:
    """What cleaning by the network for noise gains over cleaning by the one for JPEG artefacts: one number, in dB."""
    source, everywhere = Picture(some.pixels), Mask(1.0, *some.pixels.shape[:2], "clean")
    by_jpeg, by_noise = (_near(cleaned(source, dataclasses.replace(degradation, jpeg=jpeg), everywhere, everywhere, BACKEND), _core(some),
                               some.truth) for jpeg in (True, False))
    return [by_noise - by_jpeg]


def enlarging_gains(some: AsItCame, degradation: Degradation) -> list[float]:
    """What each of TREATED gains where a picture is enlarged SCALE times, in dB."""
    source, (height, width) = Picture(some.pixels), some.pixels.shape[:2]
    window = _core(some, SCALE)
    wanted = some.large[slice(*window[:2]), slice(*window[2:])] if some.large is not None else _stand_in(some, window)
    nodes = [EnlargeNode(source, SCALE * height, SCALE * width, BACKEND, degradation=degradation, treatment=treatment)
             for treatment in CHOICES]
    plain, *treated = (_psnr(_seen(node, window), wanted) for node in nodes)
    return [value - plain for value in treated]


def _stand_in(some: AsItCame, window: tiling.Tile) -> np.ndarray:
    """A window of the truth enlarged, where nobody has it larger, as of a camera's shots: the mean of what the models for clean pictures
    and those for JPEGs make of it, so that neither is favoured."""
    height, width = some.truth.shape[:2]
    made = [EnlargeNode(Picture(some.truth), SCALE * height, SCALE * width, BACKEND, model=model).read(*window) for model in STAND_INS]
    return eight_bits(255 * np.mean(made, 0).transpose(1, 2, 0))


def enlarging_regret(foreseen: np.ndarray, true: np.ndarray) -> np.ndarray:
    """How many dB the treatment that was chosen by the gains foreseen `[n, 3]` loses against the best by the true ones `[n, 3]`: `[n]`."""
    lost = []
    for expected, gained in zip(foreseen, true, strict=True):
        of = dict(zip(CHOICES, (0.0, *gained), strict=True))
        lost.append(max(of.values()) - of[Gains(*expected.tolist()).best])
    return np.array(lost)


def lost_on_shots(real_noise: Path, count: int) -> np.ndarray:
    """How many dB the treatment that is chosen loses against the best, of windows of the files of the camera that was left out: `[count]`.

    Raises ValueError where there are none.
    """
    pictures = AsTheyCome([], CORE, WINDOW, SCALE, real_noise, drawn=0, shots=1, only=LEFT_OUT)
    if not pictures.real:
        raise ValueError(f"{real_noise} holds no pairs of {LEFT_OUT}")
    lost = []
    for number in range(count):
        some = pictures.some(np.random.default_rng([SEED, number]))
        found = Measurements(Picture(some.pixels), Runtime(backend=BACKEND), some.jpeg)
        of = dict(zip(CHOICES, (0.0, *enlarging_gains(some, found.degradation)), strict=True))
        lost.append(max(of.values()) - of[found.gains.best])
    return np.array(lost)


def cleaning_regret(foreseen: np.ndarray, true: np.ndarray) -> np.ndarray:
    """The same of the network that cleans, for noise or for JPEG artefacts, by what the one for noise gains, foreseen and true: `[n]`."""
    return np.maximum(0, np.where(foreseen > 0, -true, true))
