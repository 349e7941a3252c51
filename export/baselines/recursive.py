"""VDSR, DRCN, DRRN, MS-LapSRN and MemNet: deep, but for MS-LapSRN on the bicubic enlargement; all but VDSR use weights again."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .layers import SCALE, Activated, Added, bilinear_weights, conv


class VDSR(Added):
    """Kim et al., CVPR 2016: twenty convolutions of 64 maps."""

    space, scale, channels = Space.LARGE, SCALE, 1

    def __init__(self, width: int = 64, depth: int = 20):
        layers = [conv(1, width), nn.ReLU()]
        for _ in range(depth - 2):
            layers += [conv(width, width), nn.ReLU()]
        super().__init__(*layers, conv(width, 1))
        self.reach = depth
        for layer in self:
            if isinstance(layer, nn.Conv2d):  # He et al. 2015, as in §3.2: twenty layers learn nothing from PyTorch's own first weights
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)


class DRCN(nn.Module):
    """Kim et al., CVPR 2016: one convolution of 256 maps, run sixteen times; every time gives an answer, and their learnt mean counts."""

    space, scale, channels = Space.LARGE, SCALE, 1

    def __init__(self, width: int = 256, recursions: int = 16):
        super().__init__()
        self.embed = nn.Sequential(conv(1, width), nn.ReLU(), conv(width, width), nn.ReLU())
        self.again = nn.Sequential(conv(width, width), nn.ReLU())
        self.reconstruct = nn.Sequential(conv(width, width), nn.ReLU(), conv(width, 1))
        self.shares = nn.Parameter(torch.full((recursions,), 1 / recursions))
        self.reach = 2 + recursions + 2

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        x, total = self.embed(y), torch.zeros_like(y)
        for share in self.shares / self.shares.sum():
            x = self.again(x)
            total = total + share * self.reconstruct(x)
        return y + total


class DRRN(nn.Module):
    """Tai et al., CVPR 2017, B1U25: one residual unit of 128 maps, run 25 times, each time added to the block's first maps."""

    space, scale, channels = Space.LARGE, SCALE, 1

    def __init__(self, width: int = 128, units: int = 25):
        super().__init__()
        self.units, self.reach = units, 2 * units + 2
        self.first, self.last = Activated(1, width), Activated(width, 1)
        self.unit = nn.Sequential(Activated(width, width), Activated(width, width))

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        first = self.first(y)
        x = first
        for _ in range(self.units):
            x = first + self.unit(x)
        return y + self.last(x)


class MSLapSRN(nn.Module):
    """Lai et al., TPAMI 2018, D5R8 with the skip from the source: LapSRN's levels with one and the same weights.

    `levels` gives the answers of all of them, ×2 and ×4.
    """

    space, scale, channels = Space.SMALL, SCALE, 1

    def __init__(self, width: int = 64, depth: int = 5, recursions: int = 8):
        super().__init__()
        self.recursions, self.reach = recursions, 4 + 3 * depth * recursions // 2  # half as far on the second level
        self.lift, self.residual = conv(1, width), conv(width, 1)
        layers = []
        for _ in range(depth):
            layers += [nn.LeakyReLU(0.2), conv(width, width)]
        self.block = nn.Sequential(*layers)
        self.features = nn.ConvTranspose2d(width, width, 4, stride=2, padding=1)
        self.picture = nn.ConvTranspose2d(1, 1, 4, stride=2, padding=1, bias=False)
        with torch.no_grad():
            self.features.weight.copy_(bilinear_weights(width))
            self.picture.weight.copy_(bilinear_weights(1))

    def levels(self, y: torch.Tensor) -> list[torch.Tensor]:
        """Small luma `[B, 1, h, w]` → its enlargements `[B, 1, 2h, 2w]` and `[B, 1, 4h, 4w]`."""
        x, found = self.lift(y), []
        for _ in range(2):
            source = x
            for _ in range(self.recursions):
                x = source + self.block(x)
            x = self.features(F.leaky_relu(x, 0.2))
            y = self.picture(y) + self.residual(F.leaky_relu(x, 0.2))
            found.append(y)
        return found

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return self.levels(y)[-1]


class Memory(nn.Module):
    """A memory block of MemNet: one residual unit, run `recursions` times, and a gate over everything remembered."""

    def __init__(self, width: int, recursions: int, before: int):
        super().__init__()
        self.unit = nn.Sequential(Activated(width, width), Activated(width, width))
        self.recursions = recursions
        self.gate = Activated((recursions + before) * width, width, 1)

    def forward(self, x: torch.Tensor, remembered: list[torch.Tensor]) -> torch.Tensor:
        short = []
        for _ in range(self.recursions):
            x = x + self.unit(x)
            short.append(x)
        return self.gate(torch.cat(short + remembered, 1))


class MemNet(nn.Module):
    """Tai et al., ICCV 2017: memory blocks of six recursions. `supervised`: every block gives an answer, and their learnt mean counts."""

    space, scale, channels = Space.LARGE, SCALE, 1

    def __init__(self, width: int = 64, blocks: int = 6, recursions: int = 6, supervised: bool = False):
        super().__init__()
        self.lift = Activated(1, width)
        self.blocks = nn.ModuleList(Memory(width, recursions, i + 1) for i in range(blocks))
        self.last = Activated(width, 1)
        self.shares = nn.Parameter(torch.full((blocks,), 1 / blocks)) if supervised else None
        self.reach = 1 + 2 * blocks * recursions + 1

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        x = self.lift(y)
        remembered, answers = [x], []
        for block in self.blocks:
            x = block(x, remembered)
            remembered.append(x)
            answers.append(x)
        if self.shares is None:
            return y + self.last(x)
        return y + sum(share * self.last(answer) for share, answer in zip(self.shares / self.shares.sum(), answers, strict=True))
