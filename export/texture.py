"""What a style is trained towards: the statistics of a reference picture's own band residual, laid over other pictures.

A DoG residual cannot change the tone or the large shapes of a patch, so Gram matrices of a styled patch and of the reference never
agree. They are compared with the same patch that *has* the texture: `patch + κ·σ_x·band(crop of the reference)`, where `band` is the
style's own DoG at unit variance.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional as F

from smssr_infer.scalespace import difference_of_gaussians, radius

from .styling import CEILING
from .superres import resize
from .vgg import VGG

LAYERS = (2, 5, 7, 9)
"""The layers of the texture loss (SMS-SR §2.2)."""

SHRINK = 4
"""Content is what remains when a picture is shrunk so much."""

CONTENT_PSNR = 30.6
"""κ is capped so that any stylised picture, shrunk, keeps this PSNR in dB against the picture without style: also where σ_x is largest."""

LEVELS = 2
"""Textures are compared at full size and, so that longer blades and larger stones are seen too, at half size."""

Grams = dict[tuple[int, int], torch.Tensor]
"""Gram matrices `[B, C, C]` by (level, layer)."""

RINGS, SECTORS = 20, 8


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

    def crops(self, count: int, generator: torch.Generator) -> torch.Tensor:
        """Random crops of the residual, `[count, 1, patch, patch]`."""
        height, width = self.residual.shape
        at = [(int(torch.randint(height - self.patch + 1, (), generator=generator)),
               int(torch.randint(width - self.patch + 1, (), generator=generator))) for _ in range(count)]
        return torch.stack([self.residual[None, a:a + self.patch, b:b + self.patch] for a, b in at])

    def kappa(self) -> float:
        """The strength of β = 1: the reference's own contrast, or less where that would change the content of pictures."""
        crops = self.crops(64, torch.Generator().manual_seed(0))
        small = resize(crops, self.patch // SHRINK, self.patch // SHRINK)
        return min(self.contrast, strongest(float(small.square().mean())))


def strongest(power: float) -> float:
    """The largest κ that keeps CONTENT_PSNR, for a residual of unit variance that has so much power once it is shrunk."""
    return 10 ** (-CONTENT_PSNR / 20) / (CEILING * math.sqrt(power))


def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices `[B, C, C]` float32 of feature maps `[B, C, H, W]`, divided by the number of features C·H·W."""
    flat = maps.permute(0, 2, 3, 1).flatten(1, 2)
    return torch.bmm(flat.transpose(1, 2), flat).float() / flat[0].numel()


def grams(vgg: VGG, rgb: torch.Tensor) -> Grams:
    """The Gram matrices of pictures `[B, 3, H, W]` in the texture layers, at every level."""
    found = {}
    for level in range(LEVELS):
        small = F.avg_pool2d(rgb, 2 ** level) if level else rgb
        found |= {(level, layer): gram(maps) for layer, maps in vgg(small, LAYERS).items()}
    return found


def distance(a: Grams, b: Grams) -> torch.Tensor:
    """Squared Frobenius distances of Gram matrices, `[B, levels · layers]`."""
    return torch.stack([(a[key] - b[key]).square().sum((1, 2)) for key in a], 1)


class Spectrum:
    """Power of residuals in cells of the frequency plane: `RINGS` rings from 0 to Nyquist, each in `SECTORS` directions."""

    def __init__(self, patch: int):
        fy = np.fft.fftfreq(patch)[:, None]
        fx = np.fft.rfftfreq(patch)[None]
        frequency = np.hypot(fy, fx)
        ring = np.floor(frequency / 0.5 * RINGS).astype(int)
        sector = np.floor(np.mod(np.arctan2(fy, fx) / np.pi + 1 / (2 * SECTORS), 1) * SECTORS).astype(int)
        inside = (ring < RINGS) & (frequency > 1 / patch)
        cell = np.where(inside, ring * SECTORS + sector, RINGS * SECTORS).ravel()
        counts = np.bincount(cell, minlength=RINGS * SECTORS + 1)[:-1]
        self.cell = torch.from_numpy(cell)
        self.used = torch.from_numpy(counts > 0)
        self.counts = torch.from_numpy(np.maximum(counts, 1)).float()
        window = np.hanning(patch + 2)[1:-1].astype(np.float32)
        self.window = torch.from_numpy(window[:, None] * window)

    def __call__(self, residual: torch.Tensor) -> torch.Tensor:
        """Residuals `[B, 1, p, p]` → log power in decibels of the used cells, averaged over the batch."""
        power = torch.fft.rfft2(residual[:, 0] * self.window).abs().square().mean(0).ravel()
        sums = torch.zeros(RINGS * SECTORS + 1).index_add(0, self.cell, power)[:-1]
        return 10 * torch.log10(sums[self.used] / self.counts[self.used] + 1e-6)
