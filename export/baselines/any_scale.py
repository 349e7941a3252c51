"""Meta-SR and ASDN, which enlarge by any factor."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .dense import Dense, DenseFeatures
from .layers import SCALE, ChannelAttention, SpatialAttention, conv

SIDE = 3
"""Of the filters that Meta-SR makes."""


class MetaRDN(nn.Module):
    """Meta-SR (Hu et al., CVPR 2019): RDN's features, filtered for each pixel of the answer by weights that two layers make of where it
    lies between the small pixels, and of the scale.
    """

    space, scale = Space.SMALL, SCALE

    def __init__(self, width: int = 64, blocks: int = 16, count: int = 8, hidden: int = 256, channels: int = 3):
        super().__init__()
        self.channels = channels
        self.features = DenseFeatures(width, blocks, count, channels)
        self.meta = nn.Sequential(nn.Linear(3, hidden), nn.ReLU(), nn.Linear(hidden, SIDE**2 * width * channels))
        self.reach = blocks * count + 4

    def filters(self, scale: float, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
        """Filters `[n, channels, width · SIDE²]` for pixels of an answer at those rows and columns `[n]`."""
        offsets = [n / scale - torch.floor(n / scale + 1e-6) for n in (rows.float(), columns.float())]
        place = torch.stack([*offsets, torch.full_like(offsets[0], 1 / scale)], 1)
        return self.meta(place).reshape(len(place), self.channels, -1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """At ×4, where only sixteen filters are needed: one convolution and a pixel shuffle."""
        each = torch.arange(SCALE, device=x.device)
        rows, columns = torch.meshgrid(each, each, indexing="ij")
        made = self.filters(SCALE, rows.reshape(-1), columns.reshape(-1))  # [16, channels, width · 9]
        kernels = made.transpose(0, 1).reshape(self.channels * SCALE**2, -1, SIDE, SIDE)
        return F.pixel_shuffle(F.conv2d(self.features(x), kernels, padding=SIDE // 2), SCALE)

    def enlarge(self, x: torch.Tensor, scale: float) -> torch.Tensor:
        """Pictures `[B, channels, h, w]` enlarged by any factor: `[B, channels, ⌊scale · h⌋, ⌊scale · w⌋]`."""
        height, width = x.shape[-2:]
        seen = F.unfold(self.features(x), SIDE, padding=SIDE // 2).transpose(1, 2).unflatten(1, (height, width))
        tall, wide = int(scale * height + 1e-6), int(scale * width + 1e-6)
        columns = torch.arange(wide, device=x.device)
        across = torch.floor(columns / scale + 1e-6).long()
        answer = []
        for number, line in enumerate(seen.unbind(1)):  # and all rows of the answer that see it
            rows = torch.arange(_first(number, scale), min(tall, _first(number + 1, scale)), device=x.device)
            if not len(rows):  # beyond what is left of the answer's last row
                break
            made = self.filters(scale, rows.repeat_interleave(wide), columns.repeat(len(rows))).unflatten(0, (len(rows), wide))
            answer.append(torch.einsum("rnck,bnk->bcrn", made, line[:, across]))
        return torch.cat(answer, 2)


def _first(number: int, scale: float) -> int:
    """The first row of the answer that lies in the small picture's row of that number."""
    return math.ceil(number * scale - 1e-6)


class ASDN(nn.Module):
    """Shen et al., 2020: dense blocks with channel attention see the bicubic enlargement, and for each of the scales 1.0, 1.1, …, 2.0 a
    branch adds its level of a Laplacian pyramid. Between two of them both are mixed; larger scales are done by twos.
    """

    space, scale = Space.SMALL, SCALE

    LEVELS = 11

    def __init__(self, width: int = 64, blocks: int = 16, count: int = 8, channels: int = 3):
        super().__init__()
        self.channels = channels
        self.first = conv(channels, width)
        self.blocks = nn.ModuleList(nn.Sequential(conv((i + 1) * width, width, 1), Dense(width, width, count), ChannelAttention(width))
                                    for i in range(blocks))
        self.branches = nn.ModuleList(nn.Sequential(conv((blocks + 1) * width, channels, 1), SpatialAttention(channels, channels))
                                      for _ in range(self.LEVELS))
        self.reach = blocks * count + 5

    def features(self, enlarged: torch.Tensor) -> torch.Tensor:
        """What the branches see of an enlarged picture."""
        found = [self.first(enlarged)]
        for block in self.blocks:
            found.append(block(torch.cat(found, 1)))
        return torch.cat(found, 1)

    def between(self, x: torch.Tensor, scale: float) -> torch.Tensor:
        """Pictures `[B, channels, h, w]` enlarged by 1 … 2."""
        size = [int(scale * n + 1e-6) for n in x.shape[-2:]]
        enlarged = F.interpolate(x, size=size, mode="bicubic")
        level = min(self.LEVELS - 1, math.ceil((scale - 1) * 10 - 1e-6))
        part = 1 - (level - (scale - 1) * 10)
        seen = self.features(enlarged)
        detail = self.branches[level](seen)
        if part < 1 - 1e-6:
            detail = part * detail + (1 - part) * self.branches[level - 1](seen)
        return enlarged + detail

    def enlarge(self, x: torch.Tensor, scale: float) -> torch.Tensor:
        """Pictures `[B, channels, h, w]` enlarged by any factor from 1 on."""
        sides = [int(scale * n + 1e-6) for n in x.shape[-2:]]
        while scale > 2:
            x, scale = self.between(x, 2), scale / 2
        return F.interpolate(self.between(x, scale), size=sides, mode="bicubic")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for _ in range(2):
            enlarged = F.interpolate(x, scale_factor=2, mode="bicubic")
            x = enlarged + self.branches[-1](self.features(enlarged))
        return x
