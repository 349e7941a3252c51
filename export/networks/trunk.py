"""The default shape: one residual trunk on the small picture, and a sub-pixel head for each band."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .widened import Widened


class Residual(nn.Module):
    """Two 3×3 convolutions around a ReLU, added to their input; the second starts near zero.

    `widen`: how many times as wide their kernels are while they are trained (see `widened`); 0: not at all.
    """

    def __init__(self, width: int, widen: int = 0):
        super().__init__()
        self.first, self.second = (Widened(width, width, widen) if widen else nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        with torch.no_grad():
            self.second.weight.mul_(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.second(F.relu(self.first(x)))


class TrunkNetwork(nn.Module):
    """A residual trunk on the small picture, then one sub-pixel (pixel-shuffle) head for each band.

    The first `again` blocks run a second time: a deeper network with the same parameters.
    """

    space = Space.SMALL
    channels = 1

    def __init__(self, scale: int, bands: int, width: int, blocks: int, again: int = 0):
        super().__init__()
        self.scale = scale
        self.again = again
        self.lift = nn.Conv2d(1, width, 3, padding=1)
        self.trunk = nn.Sequential(*(Residual(width) for _ in range(blocks)), nn.Conv2d(width, width, 3, padding=1))
        self.heads = nn.Conv2d(width, bands * scale * scale, 3, padding=1)
        self.reach = 2 * (blocks + again) + 3
        with torch.no_grad():
            self.heads.weight.mul_(0.01)
            self.heads.bias.zero_()

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        lifted = x = self.lift(y)
        *blocks, last = self.trunk
        for block in blocks + blocks[:self.again]:
            x = block(x)
        return F.pixel_shuffle(self.heads(lifted + last(x)), self.scale)
