"""What restoring gives back: pictures damaged in known ways, and how near to the truth they come again."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

import smssr_infer
from smssr_infer.arrays.pixels import LUMA
from smssr_infer.networks.cards import Purpose

from ..data import degrade
from ..data.camera import correlated
from ..data.photographs import eight_bits
from .quality import matlab_y, psnr

Case = tuple[np.ndarray, np.ndarray | None]
"""A damaged picture, uint8 RGB, and for holes their mask."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trial:
    """A kind of damage, and what is measured of an answer."""

    name: str
    purpose: Purpose
    photographs: bool
    """Whether it is made on the held-back photographs; else on the benchmark's pictures."""
    damage: Callable[[np.ndarray, np.random.Generator], np.ndarray]
    """Float32 RGB in levels → damaged, in levels; for holes → where they are, bool."""
    blocks: bool | None = None
    """Whether the damage leaves JPEG blocks; None: for networks of either kind."""
    luma: bool = False
    """Whether PSNR is taken of Y; else of R, G and B together."""
    grey: bool = False
    """Whether the pictures are made grey first (R = G = B)."""
    told: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """What `smssr_infer.restore` can be told of it; without, it estimates that."""

    def truth(self, picture: np.ndarray) -> np.ndarray:
        """What a restored picture is compared with, uint8 RGB."""
        return eight_bits(np.repeat(picture.astype(np.float32) @ LUMA[:, None], 3, -1)) if self.grey else picture

    def case(self, truth: np.ndarray, name: str) -> Case:
        """The picture of that name damaged, always in the same way."""
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        if self.purpose is Purpose.FILL:
            mask = self.damage(truth.astype(np.float32), rng)
            return np.where(mask[..., None], 255, truth).astype(np.uint8), mask
        return eight_bits(self.damage(truth.astype(np.float32), rng)), None

    def psnr(self, answer: np.ndarray, truth: np.ndarray, mask: np.ndarray | None) -> float:
        """Peak signal to noise ratio, in dB; inside the holes where there are any."""
        if mask is not None:
            return psnr(answer[mask].astype(float), truth[mask].astype(float))
        return psnr(*(matlab_y(x) if self.luma else x.astype(float) for x in (answer, truth)))


def _holes(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Letters and scratches, 2 to 8 pixels wide."""
    return degrade.scratches(*truth.shape[:2], rng)


TRIALS = [
    *(Trial(name=f"noise σ = {sigma}", purpose=Purpose.CLEAN, photographs=False, blocks=False,
            damage=lambda x, rng, sigma=sigma: degrade.white_noise(x, sigma, rng)) for sigma in (15, 25, 50)),
    *(Trial(name=f"noise σ = 15, {share:.0%} of it in all colours", purpose=Purpose.CLEAN, photographs=False, blocks=False,
            damage=lambda x, rng, share=share: correlated(x, 15, share, 0, rng)) for share in (0.5, 0.7, 1)),
    *(Trial(name=f"grain of {size} pixels, σ = 15", purpose=Purpose.CLEAN, photographs=False, blocks=False,
            damage=lambda x, rng, size=size: correlated(x, 15, 1, size / 2, rng)) for size in (2, 4)),
    Trial(name="grey, noise σ = 25", purpose=Purpose.CLEAN, photographs=False, blocks=False, grey=True,
          damage=lambda x, rng: correlated(x, 25, 1, 0, rng)),
    Trial(name="noise σ = 20, JPEG 95", purpose=Purpose.CLEAN, photographs=False, blocks=False,
          damage=lambda x, rng: degrade.jpeg(degrade.white_noise(x, 20, rng), 95, True)),
    *(Trial(name=f"JPEG {quality}", purpose=Purpose.CLEAN, photographs=True, luma=True, blocks=True, told={"jpeg": quality},
            damage=lambda x, rng, quality=quality: degrade.jpeg(x, quality, True)) for quality in (10, 20, 40)),
    Trial(name="camera", purpose=Purpose.CLEAN, photographs=True,
          damage=lambda x, rng: degrade.jpeg(degrade.camera_noise(x, 3e-3, rng), 92, True)),
    Trial(name="nothing", purpose=Purpose.CLEAN, photographs=True, damage=lambda x, rng: x),
    *(Trial(name=f"blur σ = {blur}, noise σ = {noise}", purpose=Purpose.SHARPEN, photographs=True, luma=True, told={"blur": blur},
            damage=lambda x, rng, blur=blur, noise=noise: degrade.white_noise(degrade.gaussian_blur(x, blur), noise, rng))
      for blur, noise in ((1.2, 2), (0.8, 2), (1.8, 2), (1.2, 5))),
    Trial(name="letters and scratches", purpose=Purpose.FILL, photographs=True, damage=_holes),
]


def wish(purpose: Purpose, mask: np.ndarray | None) -> dict[str, Any]:
    """What to ask of `smssr_infer.restore`."""
    return {Purpose.CLEAN: {"clean": 1}, Purpose.SHARPEN: {"sharpen": 1}, Purpose.FILL: {"fill": mask}}[purpose]


def ours(case: Case, trial: Trial, model: str | None = None, told: bool = False) -> np.ndarray:
    """The runtime's result, by the default model or one for cleaning; `told`: with what the trial knows."""
    picture, mask = case
    return smssr_infer.restore(picture, **wish(trial.purpose, mask), model=model, **(trial.told if told else {}))


Restorer = Callable[[Case, Trial], np.ndarray]


def pictures(folder: Path, most: int | None = None) -> list[tuple[str, np.ndarray]]:
    """The pictures of a folder, by name, uint8 RGB; of the first `most`."""
    paths = sorted(folder.glob("*.png"))[:most]
    if not paths:
        raise ValueError(f"{folder} holds no PNG pictures")
    return [(path.name, np.asarray(Image.open(path).convert("RGB"))) for path in paths]


def measure(trial: Trial, truths: Sequence[tuple[str, np.ndarray]], restorers: dict[str, Restorer]) -> dict[str, float]:
    """Mean PSNR of each restorer's answers over pictures, and of the damaged pictures as `damaged`; ∞ is counted as 60 dB."""
    found: dict[str, list[float]] = {name: [] for name in ("damaged", *restorers)}
    for name, picture in tqdm(truths, desc=trial.name, disable=None, leave=False):
        truth = trial.truth(picture)
        case = trial.case(truth, name)
        with np.errstate(divide="ignore"):
            found["damaged"].append(min(60.0, trial.psnr(case[0], truth, case[1])))
            for restorer, function in restorers.items():
                found[restorer].append(min(60.0, trial.psnr(function(case, trial), truth, case[1])))
    return {name: float(np.mean(values)) for name, values in found.items()}
