"""x + Σ_b tanh(DoG_b(R_b(x))) on colours, differentiable: SMS-SR's bands on a picture that keeps its size.

A weight for each band, as in the linear combination of the talk, lies in the heads: one of its own after the tanh shrank in training until
heavy noise could not be reached any more.
"""

from __future__ import annotations

import math

import torch
from torch import nn

from smssr_infer.networks.cards import Pairs

from ..networks.matrices import blur
from ..networks.precision import bfloat16_pays


class Restoration(nn.Module):
    """A network with its bands. `dog`: (σ fine, σ coarse) in pixels of each band; coarse = ∞ keeps all below, tone and colour too."""

    def __init__(self, network: nn.Module, dog: Pairs):
        super().__init__()
        self.network = network
        self.dog = dog
        self.colours = min(3, network.planes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Damaged `[B, 3, H, W]`, or luma `[B, 1, H, W]`, in 0 … 1 → restored, not clipped.

        A fourth plane is a mask, outside which nothing changes; four more tell where JPEG blocks begin, and one beside them the quality.
        """
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.training and bfloat16_pays()):
            maps = self.network(x)
        residual = torch.zeros_like(x[:, :self.colours])
        for maps_of_band, (fine, coarse) in zip(maps.float().split(self.colours, dim=1), self.dog, strict=True):
            band = blur(maps_of_band, fine)
            if not math.isinf(coarse):
                band = band - blur(maps_of_band, coarse)
            residual = residual + torch.tanh(band)
        return x[:, :self.colours] + (residual * x[:, 3:] if x.shape[1] == 4 else residual)
