"""The statistics of a texture: Gram matrices of VGG-16's feature maps (SMS-SR §2.2), and the power spectrum of a residual."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from .vgg import VGG

LAYERS = (2, 5, 7, 9)
"""The layers of the texture loss (SMS-SR §2.2)."""

LEVELS = 2
"""Textures are compared at full size and, so that longer blades and larger stones are seen too, at half size."""

Grams = dict[tuple[int, int], torch.Tensor]
"""Gram matrices `[B, C, C]` by (level, layer)."""

RINGS, SECTORS = 20, 8


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
    """Power of residuals in cells of the frequency plane: `RINGS` rings from 0 to Nyquist, each in `SECTORS` directions.

    Each ring as a whole counts as much as its cells together: of a texture with a direction one cell of the ring holds nearly all.
    """

    def __init__(self, patch: int, device: torch.device = torch.device("cpu")):  # noqa: B008 - a device is a constant
        fy = np.fft.fftfreq(patch)[:, None]
        fx = np.fft.rfftfreq(patch)[None]
        frequency = np.hypot(fy, fx)
        ring = np.floor(frequency / 0.5 * RINGS).astype(int)
        sector = np.floor(np.mod(np.arctan2(fy, fx) / np.pi + 1 / (2 * SECTORS), 1) * SECTORS).astype(int)
        inside = (ring < RINGS) & (frequency > 1 / patch)
        cell = np.where(inside, ring * SECTORS + sector, RINGS * SECTORS).ravel()
        counts = np.bincount(cell, minlength=RINGS * SECTORS + 1)[:-1]
        self.cell = torch.from_numpy(cell).to(device)
        self.used = torch.from_numpy(counts > 0).to(device)
        self.counts = torch.from_numpy(np.maximum(counts, 1)).float().to(device)
        window = np.hanning(patch + 2)[1:-1].astype(np.float32)
        self.window = torch.from_numpy(window[:, None] * window).to(device)

    def __call__(self, residual: torch.Tensor) -> torch.Tensor:
        """Residuals `[B, 1, p, p]` → log power in decibels of the used cells, and of each one's ring, averaged over the batch."""
        power = torch.fft.rfft2(residual[:, 0] * self.window).abs().square().mean(0).ravel()
        sums = torch.zeros(RINGS * SECTORS + 1, device=residual.device).index_add(0, self.cell, power)[:-1]
        cells, rings = sums / self.counts, _of_rings(sums) / _of_rings(self.counts * self.used)
        return 10 * torch.log10(torch.cat([cells[self.used], rings[self.used]]) + 1e-6)


def _of_rings(cells: torch.Tensor) -> torch.Tensor:
    """The sum of each cell's ring."""
    return cells.view(RINGS, SECTORS).sum(1, keepdim=True).expand(-1, SECTORS).flatten()
