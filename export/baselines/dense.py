"""RDN, DBDN and ESRGAN's generator, whose layers read all layers before them: timed with random weights."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .layers import SCALE, conv, subpixel


class Dense(nn.Module):
    """A residual dense block: `count` convolutions of `growth` maps, each reading all before it, and a local fusion."""

    def __init__(self, width: int, growth: int, count: int):
        super().__init__()
        self.layers = nn.ModuleList(conv(width + i * growth, growth) for i in range(count))
        self.fuse = conv(width + count * growth, width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = [x]
        for layer in self.layers:
            found.append(F.relu(layer(torch.cat(found, 1))))
        return x + self.fuse(torch.cat(found, 1))


class DenseFeatures(nn.Module):
    """RDN up to its enlargement: RGB, or luma, to `width` maps of the same size."""

    def __init__(self, width: int, blocks: int, count: int, channels: int = 3):
        super().__init__()
        self.first, self.second = conv(channels, width), conv(width, width)
        self.blocks = nn.ModuleList(Dense(width, width, count) for _ in range(blocks))
        self.fuse = nn.Sequential(conv(blocks * width, width, 1), conv(width, width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shallow = self.first(x)
        x, found = self.second(shallow), []
        for block in self.blocks:
            x = block(x)
            found.append(x)
        return self.fuse(torch.cat(found, 1)) + shallow


class RDN(nn.Sequential):
    """Zhang et al., CVPR 2018: 16 residual dense blocks of 8 convolutions, growth 64."""

    space, scale, channels = Space.SMALL, SCALE, 3

    def __init__(self, width: int = 64, blocks: int = 16, count: int = 8):
        super().__init__(DenseFeatures(width, blocks, count), *subpixel(width), *subpixel(width), conv(width, 3))
        self.reach = blocks * count + 5


class DBDN(nn.Module):
    """Wang et al., 2018: dense blocks as RDN's, each of which reads all blocks before it through a 3×3 convolution."""

    space, scale, channels = Space.SMALL, SCALE, 3

    def __init__(self, width: int = 64, blocks: int = 16, count: int = 8):
        super().__init__()
        self.head, self.first = conv(3, width), conv(width, width)
        self.blocks = nn.ModuleList(nn.Sequential(conv((i + 1) * width, width), nn.ReLU(), Dense(width, width, count))
                                    for i in range(blocks))
        self.fuse = nn.Sequential(conv((blocks + 1) * width, width, 1), conv(width, width))
        self.enlarge = nn.Sequential(*subpixel(width), *subpixel(width), conv(width, 3))
        self.reach = blocks * (count + 1) + 5

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shallow = self.head(x)
        found = [self.first(shallow)]
        for block in self.blocks:
            found.append(block(torch.cat(found, 1)))
        return self.enlarge(shallow + self.fuse(torch.cat(found, 1)))


class Nested(nn.Module):
    """Five convolutions of ESRGAN's blocks, each reading all before it; a fifth of the last one's answer is added to what came in."""

    def __init__(self, width: int, growth: int, count: int = 5):
        super().__init__()
        self.layers = nn.ModuleList(conv(width + i * growth, growth if i < count - 1 else width) for i in range(count))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = [x]
        for layer in self.layers[:-1]:
            found.append(F.leaky_relu(layer(torch.cat(found, 1)), 0.2))
        return x + 0.2 * self.layers[-1](torch.cat(found, 1))


class Threefold(nn.Sequential):
    """ESRGAN's residual-in-residual dense block: three of those, and a fifth of their answer."""

    def __init__(self, width: int, growth: int):
        super().__init__(*(Nested(width, growth) for _ in range(3)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 0.2 * super().forward(x)


class ESRGAN(nn.Module):
    """The generator of ESRGAN (Wang et al., ECCVW 2018): 23 residual-in-residual dense blocks of 64 maps, growth 32."""

    space, scale, channels = Space.SMALL, SCALE, 3

    def __init__(self, width: int = 64, blocks: int = 23, growth: int = 32):
        super().__init__()
        self.head = conv(3, width)
        self.body = nn.Sequential(*(Threefold(width, growth) for _ in range(blocks)), conv(width, width))
        self.up = nn.ModuleList(conv(width, width) for _ in range(2))
        self.tail = nn.Sequential(conv(width, width), nn.LeakyReLU(0.2), conv(width, 3))
        self.reach = 15 * blocks + 4

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.head(x)
        x = x + self.body(x)
        for layer in self.up:
            x = F.leaky_relu(layer(F.interpolate(x, scale_factor=2, mode="nearest")), 0.2)
        return self.tail(x)
