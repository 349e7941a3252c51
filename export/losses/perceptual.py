"""A loss that looks: VGG-16's feature maps beside the pixels, and terms against the mesh that it would otherwise invite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch.nn import functional as F

from ..networks.matrices import blur
from .pixels import LOSSES, l1_frequency
from .vgg import VGG


def mesh(answer: torch.Tensor, truth: torch.Tensor, grid: int, window: int) -> torch.Tensor:
    """How much the mean error differs between the `grid`² places of a sub-pixel head's grid: mean absolute value over neighbourhoods.

    Nothing in a photograph keeps to that grid over `window`² of its cells, so whatever does is a mesh that the network made.
    """
    places = F.avg_pool2d(F.pixel_unshuffle(answer - truth, grid), window)
    return (places - places.mean(1, keepdim=True)).abs().mean()


def textured(truth: torch.Tensor, cell: int, window: int = 7) -> torch.Tensor:
    """Where a picture is more than flat, 0 … 1: the standard deviation of its means over cell² pixels, in a window² neighbourhood."""
    means = F.avg_pool2d(truth, cell)
    near = F.pad(means, (window // 2,) * 4, mode="replicate")
    variance = F.avg_pool2d(near.square(), window, 1) - F.avg_pool2d(near, window, 1).square()
    share = (variance.clamp_min(1e-8).sqrt() - 0.01) / 0.02
    return F.interpolate(share.clamp(0, 1), scale_factor=cell, mode="bilinear")


class Perceptual:
    """`l1_frequency` and `mesh`, plus λ_SR times the squared distance of VGG-16's feature maps (SMS-SR eq. 1).

    The paper takes layers 5, 9 and 13; 13 (conv4_3) is left out here. Every layer's distance is relative to its maps' power.
    VGG-16 rewards any pattern where the truth has grain, and a network without noise can only make a mesh of its sub-pixel grid there. So
    VGG judges shapes, not grain: it sees both through a Gaussian of `SIGMA` pixels, and the truth in flat areas; its own grid of 4 pixels
    is shifted at random; and a mesh costs extra, over small and large neighbourhoods.
    """

    LAYERS = (5, 9)
    WEIGHT = 0.25
    GRID = 4
    SIGMA = 1.0
    MESH_WINDOWS = (2, 4, 8)
    MESH_WEIGHT = 4.0

    def __init__(self, vgg: VGG):
        self.vgg = vgg

    def _mesh(self, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        return sum(mesh(answer, truth, self.GRID, window) for window in self.MESH_WINDOWS) / len(self.MESH_WINDOWS)

    def __call__(self, answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        pixels = l1_frequency(answer, truth) + self.MESH_WEIGHT * self._mesh(answer, truth)
        share = textured(truth, self.GRID)
        answer = share * answer + (1 - share) * truth
        answer, truth = (blur(x, self.SIGMA) for x in (answer, truth))
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
    """The loss of that name; `perceptual` needs the file of VGG-16's weights. Raises ValueError for one that there is not."""
    if name == "perceptual":
        return Perceptual(VGG(vgg).to(device))
    if name not in LOSSES:
        raise ValueError(f"no loss {name!r}; there are perceptual, {', '.join(LOSSES)}")
    return LOSSES[name]
