"""SR(x) = bicubic(x) + Σ_i tanh(DoG_i(R_i(x))) on luma (SMS-SR §2.1), differentiable, around any network of `networks.py`.

The Gaussians and the bicubic are the runtime's own matrices, so training and running share one mathematics.
"""

from __future__ import annotations

import functools

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.resample import bicubic
from smssr_infer.scalespace import gaussian

from . import networks


@functools.lru_cache(maxsize=64)
def _blur_matrix(n: int, sigma: float, device: torch.device) -> torch.Tensor:
    return torch.from_numpy(gaussian(n, sigma).dense()).to(device)


@functools.lru_cache(maxsize=64)
def _resample_matrix(n: int, m: int, device: torch.device) -> torch.Tensor:
    return torch.from_numpy(bicubic(n, m).dense()).to(device)


def blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """A Gaussian of `sigma` pixels on planes `[…, H, W]` float32; 0 is the identity."""
    if sigma == 0:
        return x
    return _blur_matrix(x.shape[-2], sigma, x.device) @ x @ _blur_matrix(x.shape[-1], sigma, x.device).T


def resize(x: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Planes `[…, H, W]` float32 resampled bicubically to height × width."""
    return _resample_matrix(x.shape[-2], height, x.device) @ x @ _resample_matrix(x.shape[-1], width, x.device).T


def median(x: torch.Tensor) -> torch.Tensor:
    """The median of every 2×2 pixels of planes `[…, H, W]`, one row and column fewer: the runtime's `network.median`."""
    parts = torch.stack([x[..., :-1, :-1], x[..., :-1, 1:], x[..., 1:, :-1], x[..., 1:, 1:]])
    return (parts.sum(0) - parts.amin(0) - parts.amax(0)) / 2


class SuperResolution(nn.Module):
    """A network with its DoG bank. `dog`: one pair (σ fine, σ coarse) in output pixels for each of the network's maps.

    `median`: whether the residual goes twice through a 2×2 median filter, against the checkerboard of a perceptual loss (§2.1).
    """

    def __init__(self, network: nn.Module, dog: list[tuple[float, float]], median: bool = False):
        super().__init__()
        self.network = network
        self.median = median
        self.dog = [tuple(map(float, pair)) for pair in dog]

    def residual(self, maps: torch.Tensor) -> torch.Tensor:
        """Maps `[B, n, H, W]` float32 → luma residual `[B, 1, H, W]`."""
        total = sum(torch.tanh(blur(plane, fine) - blur(plane, coarse))
                    for plane, (fine, coarse) in zip(maps.split(1, dim=1), self.dog, strict=True))
        return median(median(F.pad(total, (1, 1, 1, 1), mode="replicate"))) if self.median else total

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        """Small luma `[B, 1, h, w]` in 0 … 1 → enlarged luma `[B, 1, s·h, s·w]`, not clipped."""
        scale = self.network.scale
        enlarged = resize(y, scale * y.shape[-2], scale * y.shape[-1])
        source = enlarged.clamp(0, 1) if self.network.space == "hr" else y
        with torch.autocast(y.device.type, torch.bfloat16, enabled=self.training):
            maps = self.network(source)
        return enlarged + self.residual(maps.float())


class Whole(nn.Module):
    """A network that gives the enlarged luma itself, without bands: those of `rivals.py`."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        """Small luma `[B, 1, h, w]` in 0 … 1 → enlarged luma `[B, 1, s·h, s·w]`, not clipped."""
        scale = self.network.scale
        source = y if self.network.space == "lr" else resize(y, scale * y.shape[-2], scale * y.shape[-1]).clamp(0, 1)
        with torch.autocast(y.device.type, torch.bfloat16, enabled=self.training):
            answer = self.network(source)
        return answer.float()


def model(config: dict) -> nn.Module:
    """The trainable model that a configuration describes: a network with its DoG bank, or one that gives the whole picture."""
    network = networks.build(config["network"])
    return SuperResolution(network, config["dog"], config.get("median", False)) if "dog" in config else Whole(network)
