"""The ST-step (SMS-SR §2.2), differentiable: `f_β(S)` around a style branch."""

from __future__ import annotations

import math

import torch
from torch import nn

from smssr_infer.analysis.f_beta import local_contrast
from smssr_infer.arrays.pixels import LUMA
from smssr_infer.networks.cards import Pairs

from ..networks.matrices import blur
from ..networks.precision import bfloat16_pays

FLOOR = 0.03
"""σ_x never falls below this, so that a flat area gets some texture too …"""

CEILING = 0.16
"""… and never rises above this, the mean over patches of photographs: so pictures of high contrast keep their content at a κ that still
shows in others."""


def luma(rgb: torch.Tensor) -> torch.Tensor:
    """Luma `[B, 1, H, W]` of RGB `[B, 3, H, W]`."""
    return (rgb * torch.from_numpy(LUMA).to(rgb.device).view(1, 3, 1, 1)).sum(1, keepdim=True)


def local_sigma(luma: torch.Tensor) -> torch.Tensor:
    """σ_x of patches `[B, 1, H, W]`, `[B, 1, 1, 1]`: the standard deviation over the patch, between floor and ceiling."""
    return local_contrast(luma.var((1, 2, 3), keepdim=True, correction=0), FLOOR, CEILING)


def wave_planes(waves: Pairs, top: torch.Tensor, left: torch.Tensor, side: int) -> torch.Tensor:
    """Cosine and sine of plane waves, `[B, 2·waves, side, side]` in 0 … 1, for patches whose corners lie at `top`, `left`.

    `waves`: (down, across) in cycles per pixel. A network that sees 51 pixels cannot lay bricks; with the waves of their courses it can.
    """
    if not waves:
        return torch.zeros(len(top), 0, side, side, device=top.device)
    along = torch.arange(side, device=top.device)
    planes = []
    for down, across in waves:
        phase = 2 * math.pi * (down * (top[:, None, None] + along[None, :, None]) + across * (left[:, None, None] + along))
        planes += [0.5 + 0.5 * phase.cos(), 0.5 + 0.5 * phase.sin()]
    return torch.stack(planes, 1).float()


def turn_planes(angle: float, like: torch.Tensor, times: int) -> torch.Tensor:
    """cos nθ and sin nθ of an angle in degrees as planes in 0 … 1, `[B, 2, H, W]`; n = `times`, 2 where a texture turned by half a turn
    is itself, 1 where it has a head and a tail."""
    phase = math.radians(times * angle)
    return torch.cat([torch.full_like(like, 0.5 + 0.5 * math.cos(phase)), torch.full_like(like, 0.5 + 0.5 * math.sin(phase))], 1)


class Branch(nn.Module):
    """A style branch with its DoG and tanh. `gain`: what the network's map is multiplied by before."""

    def __init__(self, network: nn.Module, band: tuple[float, float], gain: float = 1.0):
        super().__init__()
        self.network = network
        self.band = band
        self.gain = gain

    def forward(self, inputs: torch.Tensor, low_precision: bool = False) -> torch.Tensor:
        """Inputs of the network `[B, C, H, W]` → raw residual S `[B, 1, H, W]`, before f_β."""
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        with torch.autocast(inputs.device.type, torch.bfloat16, enabled=low_precision and bfloat16_pays()):
            maps = self.network(inputs)
        maps = maps.float()
        fine, coarse = self.band
        return torch.tanh(self.gain * (blur(maps, fine) - blur(maps, coarse)))
