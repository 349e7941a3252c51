"""Patches that are blurred, with what they were before, and how wide the blur is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from smssr_infer.arrays.deconvolution import MOST_SIGMA, REACH, wiener
from smssr_infer.arrays.pixels import LUMA

from . import degrade
from .photographs import eight_bits, reduced

MARGIN = REACH + 4
"""Pixels around a patch that are made with it and cut off: filters' borders, and blocks of JPEG begin anywhere."""

TOLD = 0.12
"""By about so much of itself (σ of its logarithm) the blur that the network is told differs from what there is: estimates do as well."""


def some(x: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """A picture `[h, w, 3]` blurred in some way, and the standard deviation of the blur along an axis, in pixels."""
    kind = rng.random()
    if kind < 0.08:
        return x, 0.0
    if kind < 0.8:
        sigma = rng.uniform(0.3, 3.0)
        return degrade.gaussian_blur(x, sigma), sigma
    if kind < 0.9:
        radius = rng.uniform(0.8, 4.0)
        return degrade.disc_blur(x, radius), radius / 2
    if kind < 0.95:
        length = rng.uniform(1.5, 7)
        return degrade.line_blur(x, length, rng.uniform(0, np.pi)), float(np.sqrt(length**2 / 24 + 0.25))
    factor = rng.uniform(1.3, 3)
    return degrade.enlarged(x, factor), 0.45 * factor


class Blurred:
    """Batches of (R, G, B, σ, luma with that blur taken back) and the truth's R, G, B in 0 … 1: by PyTorch's default generator."""

    def __init__(self, paths: Sequence[Path], patch: int, shrink: tuple[float, ...]):
        self.patch = patch
        self.pictures = reduced(paths, shrink, patch + 2 * MARGIN)
        area = np.cumsum([p.shape[0] * p.shape[1] for p in self.pictures])
        self.share = area / area[-1]

    def pair(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
        """A blurred patch with MARGIN around it, in whole levels, the truth without, `[h, w, 3]` float32 in levels, and σ in pixels."""
        picture = self.pictures[np.searchsorted(self.share, rng.random())]
        side = self.patch + 2 * MARGIN
        top, left = (rng.integers(0, n - side + 1) for n in picture.shape[:2])
        truth = np.rot90(picture[top:top + side, left:left + side], rng.integers(4))
        truth = np.ascontiguousarray(truth[:, ::-1] if rng.random() < 0.5 else truth, np.float32)
        x, sigma = some(truth, rng)
        if rng.random() < 0.8:
            x = degrade.white_noise(x, rng.uniform(0, 6), rng)
        if rng.random() < 1 / 6:
            x = degrade.some_jpeg(x, 60, 98, rng)
        inner = np.s_[MARGIN:MARGIN + self.patch, MARGIN:MARGIN + self.patch]
        return eight_bits(x).astype(np.float32), truth[inner], sigma

    def batch(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` pairs, `[count, 5, p, p]` and `[count, 3, p, p]` float32."""
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        given, wanted = [], []
        for _ in range(count):
            x, truth, sigma = self.pair(rng)
            given.append(planes(x, min(MOST_SIGMA, sigma * np.exp(TOLD * rng.standard_normal())), self.patch))
            wanted.append(truth.transpose(2, 0, 1) / np.float32(255))
        return torch.from_numpy(np.stack(given)), torch.from_numpy(np.stack(wanted))


def planes(x: np.ndarray, sigma: float, patch: int) -> np.ndarray:
    """What the network sees of a patch with MARGIN around it, in levels: `[5, patch, patch]` float32."""
    x = x.transpose(2, 0, 1) / np.float32(255)
    inner = x[:, MARGIN:MARGIN + patch, MARGIN:MARGIN + patch]
    edge = MARGIN - REACH
    luma = np.tensordot(LUMA, x, 1)[edge:edge + patch + 2 * REACH, edge:edge + patch + 2 * REACH]
    told = np.full((1, patch, patch), sigma / MOST_SIGMA, np.float32)
    return np.concatenate([inner, told, wiener(luma, sigma)[None]]).astype(np.float32)
