"""Gated blocks on the small picture instead of residual ones."""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .widened import Widened


class Gated(nn.Module):
    """3×3 convolutions with SiLU between them, h, and x + (h + x)·(σ(h) − ½): SPAN's gate without parameters (CVPRW 2024, §3.2), added."""

    def __init__(self, width: int, convolutions: int, widen: int):
        super().__init__()
        self.steps = nn.ModuleList(Widened(width, width, widen) if widen else nn.Conv2d(width, width, 3, padding=1)
                                   for _ in range(convolutions))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = x
        for i, step in enumerate(self.steps):
            h = step(F.silu(h) if i else h)
        return x + (h + x) * (torch.sigmoid(h) - 0.5)


class GatedNetwork(nn.Module):
    """Gated blocks on the small picture, then one sub-pixel head for each band.

    `blocks`: convolutions of each; the first `again` blocks run a second time. `widen`: how many times as wide their kernels are while
    they are trained; 0 for plain ones.
    """

    space = Space.SMALL

    def __init__(self, scale: int, bands: int, width: int, blocks: list[int], again: int = 0, widen: int = 0):
        super().__init__()
        self.scale, self.again = scale, again
        self.lift = nn.Conv2d(1, width, 3, padding=1)
        self.trunk = nn.ModuleList(Gated(width, n, widen) for n in blocks)
        self.heads = nn.Conv2d(width, bands * scale * scale, 3, padding=1)
        self.reach = sum(blocks) + sum(blocks[:again]) + 2
        with torch.no_grad():
            self.heads.weight.mul_(0.1)
            self.heads.bias.zero_()

    channels = 1
    """Planes that it sees."""

    @property
    def inlets(self) -> tuple[nn.Conv2d, ...]:
        """The convolutions that see what the network is given."""
        return (self.lift,)

    @property
    def outlets(self) -> tuple[nn.Conv2d, ...]:
        """The convolutions whose maps leave the network."""
        return (self.heads,)

    def features(self, y: torch.Tensor) -> torch.Tensor:
        """What the heads see of luma `[B, 1, h, w]`: `[B, width, h, w]`."""
        x = self.lift(y)
        for block in [*self.trunk, *list(self.trunk)[:self.again]]:
            x = block(x)
        return x

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return F.pixel_shuffle(self.heads(self.features(y)), self.scale)

    @torch.no_grad()
    def filled(self, multiple: int = 16) -> GatedNetwork:
        """The same function with maps of zeros added up to the next multiple: onnxruntime is a quarter faster at 32 maps than at 31.

        For a network whose kernels are folded. What is added is no parameter: nothing was learnt there.
        """
        more = -self.lift.out_channels % multiple
        network = copy.deepcopy(self)
        for layer in network.modules():
            if isinstance(layer, nn.Conv2d):
                inputs = more * all(layer is not inlet for inlet in network.inlets)
                outputs = more * all(layer is not outlet for outlet in network.outlets)
                layer.weight = nn.Parameter(F.pad(layer.weight, (0, 0, 0, 0, 0, inputs, 0, outputs)))
                layer.bias = nn.Parameter(F.pad(layer.bias, (0, outputs)))
                layer.in_channels += inputs
                layer.out_channels += outputs
        return network
