"""A loss that asks another network whether detail looks real: relativistic (ESRGAN, Wang et al. 2018, §3.2), on the finest bands alone."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from ..networks.matrices import blur
from .perceptual import Perceptual, mesh
from .pixels import l1_frequency
from .vgg import VGG

FINE = ((0.0, 1.3), (1.3, 2.6))
"""The bands that the discriminator sees, as of `SuperResolution.dog`."""

GAIN = 8.0
"""What they are multiplied by: most of them lies within ±0.1."""


def fine_bands(y: torch.Tensor) -> torch.Tensor:
    """Luma `[B, 1, H, W]` in 0 … 1 → its bands FINE, `[B, 2, H, W]`, GAIN times as strong."""
    return GAIN * torch.cat([blur(y, fine) - blur(y, coarse) for fine, coarse in FINE], 1)


class Discriminator(nn.Module):
    """Fine bands `[B, 2, H, W]` → how real each place looks, `[B, 1, H/8, W/8]`: 100,065 numbers, spectrally normalised.

    Dropout holds it back: a small generator cannot follow one that knows the photographs by heart.
    """

    def __init__(self, width: int = 32, dropout: float = 0.2):
        super().__init__()
        widths = [len(FINE), width, 2 * width, 2 * width]
        layers: list[nn.Module] = []
        for inputs, outputs in zip(widths, widths[1:], strict=False):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, stride=2, padding=1)), nn.LeakyReLU(0.2), nn.Dropout2d(dropout)]
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(widths[-1], 1, 3, padding=1)))

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        return self.layers(bands)


def realer(some: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """How badly `some` are taken for realer than `others` are on average: the relativistic loss of one side."""
    return F.softplus(others.mean() - some).mean()


def artefacts(answer: torch.Tensor, truth: torch.Tensor, faithful: torch.Tensor, window: int = 7) -> torch.Tensor:
    """Mean absolute error where detail is a local artefact (LDL, Liang et al. 2022, §3.2): it varies, and the faithful answer is nearer.

    Weights are the standard deviations of the errors over window², so that even offsets cost nothing.
    """
    error, before = (answer - truth).abs(), (faithful - truth).abs()
    near = F.pad(error.detach(), (window // 2,) * 4, mode="replicate")
    spread = (F.avg_pool2d(near.square(), window, 1) - F.avg_pool2d(near, window, 1).square()).clamp_min(0).sqrt()
    return (spread * (error.detach() > before) * error).mean()


def energy(answer: torch.Tensor, truth: torch.Tensor, window: int = 8) -> torch.Tensor:
    """How much the strength of the finest band differs, wherever its lines may lie: the mean absolute difference of its standard deviations
    over window², in units of luma.
    """
    def strength(y: torch.Tensor) -> torch.Tensor:
        return (F.avg_pool2d(fine_bands(y)[:, :1].square(), window, window // 2) + 1e-6).sqrt() / GAIN

    return (strength(answer) - strength(truth)).abs().mean()


def _cosine(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The cosine of two features at each place, `[B, C, H, W]` → `[B, H, W]` float32: twice 1 less it is their distance at length 1."""
    product, left, right = ((x * y).sum(1, dtype=torch.float32) for x, y in ((a, b), (a, a), (b, b)))
    return (product + 1e-3) / ((left + 1e-3) * (right + 1e-3)).sqrt()


class Detail:
    """What a branch of detail is trained for: near the truth to VGG-16 and by pixels, as strong as it is, real to a discriminator, no mesh.

    VGG's features are of length 1 at each place, as LPIPS has them (Zhang et al. 2018, §3), and so faint texture counts as strong does.
    """

    LAYERS = (5, 9)
    PIXELS, FEATURES, ENERGY, REAL, ARTEFACTS, MESH = 0.5, 0.1, 0.1, 0.004, 10.0, 12.0
    """Weights. With more for REAL and ENERGY, and less for FEATURES, detail becomes grain."""
    MESH_WINDOWS = (4, 8, 12)
    """Cells: smaller windows would count irregular texture, too."""

    def __init__(self, vgg: Path | None, device: torch.device | None):
        self.vgg = VGG(vgg).to(device)
        self.discriminator = Discriminator().to(device)

    def _features(self, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        grid = Perceptual.GRID
        down, across = torch.randint(grid, (2,)).tolist()
        answer, truth = (x[..., down:x.shape[-2] - grid + down, across:x.shape[-1] - grid + across].expand(-1, 3, -1, -1)
                         for x in (answer, truth))
        seen = self.vgg(answer, self.LAYERS)
        with torch.no_grad():
            wanted = self.vgg(truth, self.LAYERS)
        return sum(2 - 2 * _cosine(seen[layer], wanted[layer]).mean() for layer in self.LAYERS)

    def generator(self, answer: torch.Tensor, truth: torch.Tensor, faithful: torch.Tensor) -> torch.Tensor:
        """The loss of the network's answer, all `[B, 1, H, W]` in 0 … 1; `faithful`: the answer without its branch."""
        with torch.no_grad():
            real = self.discriminator(fine_bands(truth))
        made = self.discriminator(fine_bands(answer))
        meshes = sum(mesh(answer, truth, Perceptual.GRID, window) for window in self.MESH_WINDOWS) / len(self.MESH_WINDOWS)
        return (self.PIXELS * l1_frequency(answer, truth) + self.FEATURES * self._features(answer, truth)
                + self.ENERGY * energy(answer, truth)
                + self.REAL * (realer(made, real) + realer(-real, -made)) + self.ARTEFACTS * artefacts(answer, truth, faithful)
                + self.MESH * meshes)

    def discriminated(self, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        """The discriminator's own loss."""
        real, made = self.discriminator(fine_bands(truth)), self.discriminator(fine_bands(answer.detach()))
        return realer(real, made) + realer(-made, -real)
