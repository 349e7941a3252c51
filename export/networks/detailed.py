"""A faithful network with a branch of detail beside it: what it invents is a band of its own, and how much of it is the user's to say."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from .gated import Gated, GatedNetwork


class DetailedNetwork(GatedNetwork):
    """A `GatedNetwork`, and a gated block of `convolutions` on its last maps with a sub-pixel head: one band more, the last.

    Without that band it is the faithful network exactly, so that only `invents` is to be trained where that one is given.
    """

    def __init__(self, scale: int, bands: int, width: int, blocks: list[int], convolutions: int, again: int = 0, widen: int = 0):
        super().__init__(scale, bands, width, blocks, again, widen)
        self.detail = Gated(width, convolutions, 0)
        self.detail_head = nn.Conv2d(width, scale * scale, 3, padding=1)
        self.reach += convolutions + 1
        with torch.no_grad():
            self.detail_head.weight.mul_(0.1)
            self.detail_head.bias.zero_()

    @property
    def outlets(self) -> tuple[nn.Conv2d, ...]:
        return self.heads, self.detail_head

    @property
    def invents(self) -> tuple[nn.Module, ...]:
        """The layers that make the last band and nothing else."""
        return self.detail, self.detail_head

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        x = self.features(y)
        return F.pixel_shuffle(torch.cat([self.heads(x), self.detail_head(self.detail(x))], 1), self.scale)
