"""The network of a coarse style: the forms of a painting."""

from __future__ import annotations

import torch
from torch import nn

from smssr_infer.networks.cards import Space

from .style import Dilated


class PainterNetwork(nn.Module):
    """A picture in a painting's palette and two planes of noise `[B, 5, H, W]` → luma, Cb and Cr to add `[B, 3, H, W]`."""

    space = Space.LARGE
    scale = 1

    def __init__(self, width: int, inner: list[int], dilations: list[list[int]]):
        super().__init__()
        self.lift = nn.Conv2d(5, width, 3, padding=1)
        self.steps = nn.Sequential(*(Dilated(width, n, d) for n, d in zip(inner, dilations, strict=True)))
        self.last = nn.Conv2d(width, 3, 3, padding=1)
        self.reach = 2 + sum(map(sum, dilations))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.steps(self.lift(x)))
