"""SR(x) = bicubic(x) + Σ_i tanh(DoG_i(R_i(x))) on luma (SMS-SR §2.1), differentiable, around any network that gives maps."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Pairs, Space

from ..networks.build import build
from ..networks.matrices import blur, median, resize
from ..networks.precision import bfloat16_pays
from .configuration import Configuration
from .restoration import Restoration


class SuperResolution(nn.Module):
    """A network with its DoG bank. `dog`: one pair (σ fine, σ coarse) in output pixels for each of the network's maps.

    `median`: whether the residual goes twice through a 2×2 median filter, against the checkerboard of a perceptual loss (§2.1).
    """

    def __init__(self, network: nn.Module, dog: Pairs, median: bool = False):
        super().__init__()
        self.network = network
        self.median = median
        self.dog = dog

    def bands(self, maps: torch.Tensor) -> list[torch.Tensor]:
        """Maps `[B, n, H, W]` float32 → what each adds to luma, `[B, 1, H, W]`, from fine to coarse."""
        return [torch.tanh(blur(plane, fine) - blur(plane, coarse))
                for plane, (fine, coarse) in zip(maps.split(1, dim=1), self.dog, strict=True)]

    def residual(self, maps: torch.Tensor) -> torch.Tensor:
        """Maps `[B, n, H, W]` float32 → luma residual `[B, 1, H, W]`."""
        total = sum(self.bands(maps))
        return median(median(F.pad(total, (1, 1, 1, 1), mode="replicate"))) if self.median else total

    def seen(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Small luma `[B, 1, h, w]` in 0 … 1 → its bicubic enlargement `[B, 1, s·h, s·w]`, and the maps `[B, n, s·h, s·w]` float32."""
        scale = self.network.scale
        enlarged = resize(y, scale * y.shape[-2], scale * y.shape[-1])
        source = _wanted(self.network, y, enlarged)
        if self.network.channels == 2:
            source = torch.cat([source, torch.rand_like(source)], 1)  # uniform, as the runtime's
        with torch.autocast(y.device.type, torch.bfloat16, enabled=self.training and bfloat16_pays()):
            maps = self.network(source)
        return enlarged, maps.float()

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        """Small luma `[B, 1, h, w]` in 0 … 1 → enlarged luma `[B, 1, s·h, s·w]`, not clipped."""
        enlarged, maps = self.seen(y)
        return enlarged + self.residual(maps)


def _wanted(network: nn.Module, y: torch.Tensor, enlarged: torch.Tensor) -> torch.Tensor:
    """What a network's convolutions run on: the small luma or its bicubic enlargement."""
    return {Space.SMALL: y, Space.LARGE: enlarged.clamp(0, 1)}[network.space]


class Whole(nn.Module):
    """A network that gives the enlarged luma itself, without bands: those of `baselines`."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        """Small luma `[B, 1, h, w]` in 0 … 1 → enlarged luma `[B, 1, s·h, s·w]`, not clipped."""
        scale = self.network.scale
        source = _wanted(self.network, y, resize(y, scale * y.shape[-2], scale * y.shape[-1]))
        with torch.autocast(y.device.type, torch.bfloat16, enabled=self.training and bfloat16_pays()):
            answer = self.network(source)
        return answer.float()


class AnyScale(Whole):
    """The same, of a network that enlarges by any factor."""

    def enlarge(self, y: torch.Tensor, scale: float) -> torch.Tensor:
        """Small luma `[B, 1, h, w]` in 0 … 1 → enlarged luma `[B, 1, ⌊scale · h⌋, ⌊scale · w⌋]`, not clipped."""
        with torch.autocast(y.device.type, torch.bfloat16, enabled=self.training and bfloat16_pays()):
            answer = self.network.enlarge(y, scale)
        return answer.float()


def model(config: Configuration) -> SuperResolution | Restoration | Whole:
    """The trainable model that a configuration describes: a network with its DoG bank, or one that gives the whole picture."""
    network = build(config.network)
    if config.train.scales:
        return AnyScale(network)
    if network.scale == 1:
        return Restoration(network, config.dog)
    return Whole(network) if config.dog is None else SuperResolution(network, config.dog, config.median)
