"""Losses of super-resolution on luma in 0 … 1. Each maps (answer, truth), both `[B, 1, H, W]`, to a scalar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch.nn import functional as F

from .vgg import VGG

FREQUENCY_WEIGHT = 0.05


def mse(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean squared error: the paper's own (SMS-SR eq. 1 with λ_SR = 0)."""
    return F.mse_loss(answer, truth)


def l1(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean absolute error."""
    return F.l1_loss(answer, truth)


def l1_frequency(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean absolute error, plus a little of it between the Fourier transforms, which rewards fine detail more."""
    spectrum = torch.view_as_real(torch.fft.rfft2(answer - truth, norm="ortho"))
    return F.l1_loss(answer, truth) + FREQUENCY_WEIGHT * spectrum.abs().mean()


LOSSES = {loss.__name__: loss for loss in (mse, l1, l1_frequency)}


class Perceptual:
    """`l1_frequency`, plus λ_SR times the squared distance of VGG-16's feature maps (SMS-SR eq. 1).

    The paper takes layers 5, 9 and 13; 13 (conv4_3) is left out here. Every layer's distance is relative to its maps' power.
    VGG-16 pools on a grid of 4 pixels, as the sub-pixel heads write on one; were both the same grid, a mesh would go unseen. So what it
    sees is shifted at random, and the frequency loss is kept.
    """

    LAYERS = (5, 9)
    WEIGHT = 0.03
    GRID = 4

    def __init__(self, vgg: VGG):
        self.vgg = vgg

    def __call__(self, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        pixels = l1_frequency(answer, truth)
        down, across = torch.randint(self.GRID, (2,)).tolist()
        answer, truth = (x[..., down:x.shape[-2] - self.GRID + down, across:x.shape[-1] - self.GRID + across] for x in (answer, truth))
        seen = self.vgg(answer.expand(-1, 3, -1, -1), self.LAYERS)
        with torch.no_grad():
            wanted = self.vgg(truth.expand(-1, 3, -1, -1), self.LAYERS)
        features = sum((seen[layer].float() - wanted[layer].float()).square().mean() / wanted[layer].float().square().mean()
                       for layer in self.LAYERS)
        return pixels + self.WEIGHT * features


def criterion(name: str, vgg: Path | None = None,
              device: torch.device | None = None) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """The loss of that name; `perceptual` needs the file of VGG-16's weights. Raises ValueError for one that is not there."""
    if name == "perceptual":
        return Perceptual(VGG(vgg).to(device))
    if name not in LOSSES:
        raise ValueError(f"no loss {name!r}; there are perceptual, {', '.join(LOSSES)}")
    return LOSSES[name]
