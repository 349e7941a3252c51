"""What several networks of the literature are made of."""

from __future__ import annotations

import torch
from torch import nn

SCALE = 4


def conv(inputs: int, outputs: int, side: int = 3, bias: bool = True, stride: int = 1) -> nn.Conv2d:
    """A convolution that keeps the picture's size, or divides it by `stride`."""
    return nn.Conv2d(inputs, outputs, side, stride=stride, padding=side // 2, bias=bias)


def subpixel(width: int, *after: nn.Module) -> list[nn.Module]:
    """The layers of one step of a sub-pixel convolution, twice as large, with what comes after it."""
    return [conv(width, 4 * width), nn.PixelShuffle(2), *after]


def bilinear_weights(channels: int) -> torch.Tensor:
    """Weights of a 4×4 transposed convolution of stride 2 that enlarges every channel bilinearly: LapSRN starts from them."""
    line = torch.tensor([0.25, 0.75, 0.75, 0.25])
    return torch.eye(channels)[:, :, None, None] * torch.outer(line, line)


class Added(nn.Sequential):
    """Layers whose answer, times `gain`, is added to their input."""

    def __init__(self, *layers: nn.Module, gain: float = 1.0):
        super().__init__(*layers)
        self.gain = gain

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.gain * super().forward(x)


class Activated(nn.Sequential):
    """Batch-norm, ReLU, convolution: the unit of DRRN and MemNet."""

    def __init__(self, inputs: int, outputs: int, side: int = 3):
        super().__init__(nn.BatchNorm2d(inputs), nn.ReLU(), conv(inputs, outputs, side))


class ChannelAttention(nn.Module):
    """Each map times a number in 0 … 1, which all maps' means decide. By the runtime the means are a tile's."""

    def __init__(self, width: int, reduction: int = 16):
        super().__init__()
        self.weigh = nn.Sequential(nn.AdaptiveAvgPool2d(1), conv(width, width // reduction, 1), nn.ReLU(),
                                   conv(width // reduction, width, 1), nn.Sigmoid())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.weigh(x)


class SpatialAttention(nn.Module):
    """Each pixel times numbers in 0 … 1, which its own maps decide: one for all of them, or `outputs`."""

    def __init__(self, width: int, outputs: int = 1, expansion: int = 2):
        super().__init__()
        self.weigh = nn.Sequential(conv(width, expansion * width, 1), nn.ReLU(), conv(expansion * width, outputs, 1), nn.Sigmoid())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.weigh(x)
