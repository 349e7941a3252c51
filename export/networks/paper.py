"""SMS-SR as published (§2.1): independent branches on the bicubic enlargement."""

from __future__ import annotations

import torch
from torch import nn

from smssr_infer.networks.cards import Space


class PaperBranch(nn.Sequential):
    """One branch R_i of SMS-SR §2.1: four modules of 3×3 convolution, batch-norm and ReLU, the last with one channel.

    The last batch-norm starts with a small weight, so that training starts from the bicubic enlargement.
    """

    def __init__(self, channels: int):
        widths = [1, channels, channels, channels, 1]
        modules = []
        for inputs, outputs in zip(widths, widths[1:], strict=False):
            modules += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        super().__init__(*modules)
        nn.init.constant_(self[-2].weight, 0.05)


class PaperNetwork(nn.Module):
    """SMS-SR as published: independent branches on the bicubic enlargement; `channels` from the coarsest to the finest.

    With `scale` 1 they run on the picture itself: the same network for restoring (the talk's "light multi-scale networks").
    """

    space = Space.LARGE
    channels = 1
    planes = GRID = 1

    def __init__(self, scale: int, channels: list[int]):
        super().__init__()
        self.scale = scale
        self.branches = nn.ModuleList(PaperBranch(c) for c in channels)
        self.reach = 4

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return torch.cat([branch(y) for branch in self.branches], dim=1)
