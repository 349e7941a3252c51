"""A faithful network with a branch of detail beside it: what it invents is a band of its own, and how much of it is the user's to say."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from .gated import Gated, GatedNetwork


class DetailedNetwork(GatedNetwork):
    """A `GatedNetwork`, and a gated block of `convolutions` on its last maps and noise, with a sub-pixel head: one band more, the last.

    Without that band it is the faithful network exactly, so that only `invents` is to be trained where that one is given. The second plane
    that it sees is white noise, as a style's network does: texture that is a function of the picture alone can only be a mesh of the head's
    sub-pixels where the picture is flat.
    """

    channels = 2

    def __init__(self, scale: int, bands: int, width: int, blocks: list[int], convolutions: int, again: int = 0, widen: int = 0):
        super().__init__(scale, bands, width, blocks, again, widen)
        self.noise = nn.Conv2d(1, width, 3, padding=1)
        self.detail = Gated(width, convolutions, 0)
        self.detail_head = nn.Conv2d(width, scale * scale, 3, padding=1)
        for name, one in (("first", [1.0, 0.0]), ("second", [0.0, 1.0])):
            self.register_buffer(name, torch.tensor(one).view(1, 2, 1, 1), persistent=False)
        self.register_buffer("middle", torch.tensor([-0.5]), persistent=False)
        self.reach += convolutions + 1
        with torch.no_grad():
            self.detail_head.weight.mul_(0.1)
            self.detail_head.bias.zero_()

    @property
    def inlets(self) -> tuple[nn.Conv2d, ...]:
        return self.lift, self.noise

    @property
    def outlets(self) -> tuple[nn.Conv2d, ...]:
        return self.heads, self.detail_head

    @property
    def invents(self) -> tuple[nn.Module, ...]:
        """The layers that make the last band and nothing else."""
        return self.noise, self.detail, self.detail_head

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Luma and noise `[B, 2, h, w]` in 0 … 1 → maps `[B, bands + 1, s·h, s·w]`."""
        y = F.conv2d(planes, self.first)  # the NumPy backend knows convolutions, no slices
        noise = F.conv2d(planes, self.second, self.middle)
        x = self.features(y)
        detail = self.detail_head(self.detail(x + self.noise(noise)))
        return F.pixel_shuffle(torch.cat([self.heads(x), detail], 1), self.scale)
