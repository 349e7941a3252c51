"""What a style is trained towards: a reference picture's own band residual, laid over other pictures.

A DoG residual cannot change the tone or the large shapes of a patch, so Gram matrices of a styled patch and of the reference never
agree. They are compared with the same patch that *has* the texture: `patch + κ·σ_x·band(crop of the reference)`, where `band` is the
style's own DoG at unit variance.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional as F

from smssr_infer.arrays.scale_space import difference_of_gaussians, radius

from ..networks.matrices import resize
from .styling import CEILING

SHRINK = 4
"""Content is what remains when a picture is shrunk so much."""

CONTENT_PSNR = 30.6
"""κ is capped so that any stylised picture, shrunk, keeps this PSNR in dB against the picture without style: also where σ_x is largest."""


class Reference:
    """A reference picture's luma and its band residual at unit variance.

    `luma`: H×W float32 in 0 … 1. `band`: (σ fine, σ coarse) in pixels. Raises ValueError for a picture that is too small or flat.
    """

    def __init__(self, luma: np.ndarray, band: tuple[float, float], patch: int):
        self.band, self.patch = band, patch
        edge = radius(band[1])
        if min(luma.shape) < patch + 2 * edge:
            raise ValueError(f"the reference must have at least {patch + 2 * edge} pixels a side, not {luma.shape[1]}×{luma.shape[0]}")
        residual = difference_of_gaussians(luma, *band)[edge:-edge, edge:-edge]
        spread = float(residual.std())
        if spread < 1e-3:
            raise ValueError("the reference is flat: there is no texture in it to learn")
        self.residual = torch.from_numpy((residual - residual.mean()) / spread)
        windows = [luma[a:a + patch, b:b + patch].std() for a in range(0, luma.shape[0] - patch + 1, patch // 4)
                   for b in range(0, luma.shape[1] - patch + 1, patch // 4)]
        self.contrast = spread / math.sqrt(np.mean(np.square(windows)))
        """Standard deviation of the band against that of the luma in a patch: the style's own κ."""

    def crops(self, count: int, generator: torch.Generator, angle: float = 0.0) -> torch.Tensor:
        """Random crops of the residual turned counter-clockwise by `angle` degrees, `[count, 1, patch, patch]`."""
        height, width = self.residual.shape
        if not angle:
            at = [(int(torch.randint(height - self.patch + 1, (), generator=generator)),
                   int(torch.randint(width - self.patch + 1, (), generator=generator))) for _ in range(count)]
            return torch.stack([self.residual[None, a:a + self.patch, b:b + self.patch] for a, b in at])
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        along = torch.arange(self.patch) - (self.patch - 1) / 2
        down, across = torch.meshgrid(along, along, indexing="ij")
        # a turned square is wider; where the reference is too narrow for one, its corners are mirrored
        half = (abs(cosine) + abs(sine)) * (self.patch - 1) / 2
        crops = []
        for _ in range(count):
            part = torch.rand(2, generator=generator)
            y, x = (half + p * max(0.0, n - 1 - 2 * half) if n - 1 > 2 * half else (n - 1) / 2
                    for p, n in zip(part, (height, width), strict=True))
            places = torch.stack([(x + across * cosine - down * sine) * 2 / (width - 1) - 1,
                                  (y + across * sine + down * cosine) * 2 / (height - 1) - 1], -1)
            crops.append(F.grid_sample(self.residual[None, None], places[None].float(), "bicubic", "reflection", align_corners=True)[0])
        return torch.stack(crops)

    def kappa(self) -> float:
        """The strength of β = 1: the reference's own contrast, or less where that would change the content of pictures."""
        crops = self.crops(64, torch.Generator().manual_seed(0))
        small = resize(crops, self.patch // SHRINK, self.patch // SHRINK)
        return min(self.contrast, strongest(float(small.square().mean())))


def strongest(power: float) -> float:
    """The largest κ that keeps CONTENT_PSNR, for a residual of unit variance that has so much power once it is shrunk."""
    return 10 ** (-CONTENT_PSNR / 20) / (CEILING * math.sqrt(power))
