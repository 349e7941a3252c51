"""SRResNet, EDSR, SPAN, RCAN and CSFM: chains of residual blocks, with attention or without; timed with random weights."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .layers import SCALE, Added, ChannelAttention, SpatialAttention, conv, subpixel


class SRResNet(nn.Sequential):
    """The generator of SRGAN (Ledig et al., CVPR 2017): 16 residual blocks with batch-norm, two sub-pixel steps, 9×9 ends."""

    space, scale, reach, channels = Space.SMALL, SCALE, 4 + 33 + 2 + 1, 3

    def __init__(self, width: int = 64, blocks: int = 16):
        def block() -> nn.Module:
            return Added(conv(width, width), nn.BatchNorm2d(width), nn.PReLU(), conv(width, width), nn.BatchNorm2d(width))

        super().__init__(conv(3, width, 9), nn.PReLU(),
                         Added(*(block() for _ in range(blocks)), conv(width, width), nn.BatchNorm2d(width)),
                         *subpixel(width, nn.PReLU()), *subpixel(width, nn.PReLU()), conv(width, 3, 9))


class EDSR(nn.Sequential):
    """EDSR-baseline (Lim et al., CVPRW 2017): 16 residual blocks of 64 maps without batch-norm."""

    space, scale, reach, channels = Space.SMALL, SCALE, 1 + 33 + 1 + 1, 3

    def __init__(self, width: int = 64, blocks: int = 16):
        body = [Added(conv(width, width), nn.ReLU(), conv(width, width)) for _ in range(blocks)]
        super().__init__(conv(3, width), Added(*body, conv(width, width)), *subpixel(width), *subpixel(width), conv(width, 3))


class Attended(nn.Module):
    """A block of SPAN: 3×3 convolutions with SiLU between them, h, and `(h + x)·(σ(h) − ½)`, a gate without parameters."""

    def __init__(self, width: int, convolutions: int):
        super().__init__()
        self.layers = nn.ModuleList(conv(width, width) for _ in range(convolutions))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.layers[0](x)
        for layer in self.layers[1:]:
            h = layer(F.silu(h))
        return (h + x) * (torch.sigmoid(h) - 0.5)


class SPAN(nn.Module):
    """Wan et al. (CVPRW 2024), of 32 maps, as entered in a challenge of 2025: fourteen convolutions 32 → 32 after the first one.

    How they are grouped into blocks changes nothing in the time that they take.
    """

    space, scale, reach, channels = Space.SMALL, SCALE, 1 + 14 + 1, 3

    def __init__(self, width: int = 32, blocks: tuple[int, ...] = (3, 3, 3, 2, 2)):
        super().__init__()
        self.first = conv(3, width)
        self.blocks = nn.ModuleList(Attended(width, n) for n in blocks)
        self.last = conv(width, width)
        self.fuse = nn.Conv2d(4 * width, width, 1, bias=False)
        self.enlarge = nn.Sequential(nn.Conv2d(width, 3 * SCALE**2, 3, padding=1, bias=False), nn.PixelShuffle(SCALE))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = [self.first(x)]
        for block in self.blocks:
            found.append(block(found[-1]))
        return self.enlarge(self.fuse(torch.cat([found[0], self.last(found[-1]), found[1], found[-2]], 1)))


class RCAN(nn.Sequential):
    """Zhang et al., ECCV 2018: ten groups of twenty residual blocks of 64 maps with channel attention (reduction 16)."""

    space, scale, reach, channels = Space.SMALL, SCALE, 1 + 10 * 41 + 1 + 2, 3

    def __init__(self, width: int = 64, groups: int = 10, blocks: int = 20):
        def block() -> nn.Module:
            return Added(conv(width, width), nn.ReLU(), conv(width, width), ChannelAttention(width))

        body = [Added(*(block() for _ in range(blocks)), conv(width, width)) for _ in range(groups)]
        super().__init__(conv(3, width), Added(*body, conv(width, width)), *subpixel(width), *subpixel(width), conv(width, 3))


class Modulated(nn.Module):
    """A CSAR block of CSFM: two convolutions; channel attention and spatial attention side by side, fused; added to what came in."""

    def __init__(self, width: int):
        super().__init__()
        self.layers = nn.Sequential(conv(width, width), nn.ReLU(), conv(width, width))
        self.channels, self.places = ChannelAttention(width), SpatialAttention(width)
        self.fuse = conv(2 * width, width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = self.layers(x)
        return x + self.fuse(torch.cat([self.channels(found), self.places(found)], 1))


class CSFM(nn.Module):
    """Hu et al., TCSVT 2019: eight modules of sixteen CSAR blocks; each ends in a 1×1 convolution of its answer and all before it."""

    space, scale, reach, channels = Space.SMALL, SCALE, 2 + 8 * 32 + 1 + 2, 3

    def __init__(self, width: int = 64, modules: int = 8, blocks: int = 16):
        super().__init__()
        self.head, self.first, self.last = conv(3, width), conv(width, width), conv(width, width)
        self.chains = nn.ModuleList(nn.Sequential(*(Modulated(width) for _ in range(blocks))) for _ in range(modules))
        self.nodes = nn.ModuleList(conv((i + 2) * width, width, 1) for i in range(modules))
        self.enlarge = nn.Sequential(*subpixel(width), *subpixel(width), conv(width, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shallow = self.head(x)
        found = [self.first(shallow)]
        for chain, node in zip(self.chains, self.nodes, strict=True):
            found.append(node(torch.cat([chain(found[-1]), *reversed(found)], 1)))
        return self.enlarge(shallow + self.last(found[-1]))
