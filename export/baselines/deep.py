"""SRResNet, EDSR, RDN, MemNet and SPAN: timed with random weights."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .shallow import SCALE, conv


class Added(nn.Sequential):
    """Layers whose answer, times `gain`, is added to their input."""

    def __init__(self, *layers: nn.Module, gain: float = 1.0):
        super().__init__(*layers)
        self.gain = gain

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.gain * super().forward(x)


class SRResNet(nn.Sequential):
    """The generator of SRGAN (Ledig et al., CVPR 2017): 16 residual blocks with batch-norm, two sub-pixel steps, 9×9 ends."""

    space, scale, reach, channels = Space.SMALL, SCALE, 4 + 33 + 2 + 1, 3

    def __init__(self, width: int = 64, blocks: int = 16):
        def block() -> nn.Module:
            return Added(conv(width, width), nn.BatchNorm2d(width), nn.PReLU(), conv(width, width), nn.BatchNorm2d(width))

        up = []
        for _ in range(2):
            up += [conv(width, 4 * width), nn.PixelShuffle(2), nn.PReLU()]
        super().__init__(conv(3, width, 9), nn.PReLU(),
                         Added(*(block() for _ in range(blocks)), conv(width, width), nn.BatchNorm2d(width)), *up, conv(width, 3, 9))


class EDSR(nn.Sequential):
    """EDSR-baseline (Lim et al., CVPRW 2017): 16 residual blocks of 64 maps without batch-norm."""

    space, scale, reach, channels = Space.SMALL, SCALE, 1 + 33 + 1 + 1, 3

    def __init__(self, width: int = 64, blocks: int = 16):
        body = [Added(conv(width, width), nn.ReLU(), conv(width, width)) for _ in range(blocks)]
        super().__init__(conv(3, width), Added(*body, conv(width, width)),
                         conv(width, 4 * width), nn.PixelShuffle(2), conv(width, 4 * width), nn.PixelShuffle(2), conv(width, 3))


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


class Dense(nn.Module):
    """A residual dense block of RDN: `count` convolutions of `growth` maps, each reading all before it, and a local fusion."""

    def __init__(self, width: int, growth: int, count: int):
        super().__init__()
        self.layers = nn.ModuleList(conv(width + i * growth, growth) for i in range(count))
        self.fuse = conv(width + count * growth, width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = [x]
        for layer in self.layers:
            found.append(F.relu(layer(torch.cat(found, 1))))
        return x + self.fuse(torch.cat(found, 1))


class RDN(nn.Module):
    """Zhang et al., CVPR 2018: 16 residual dense blocks of 8 convolutions, growth 64."""

    space, scale, reach, channels = Space.SMALL, SCALE, 2 + 16 * 8 + 1 + 2, 3

    def __init__(self, width: int = 64, blocks: int = 16, count: int = 8):
        super().__init__()
        self.first, self.second = conv(3, width), conv(width, width)
        self.blocks = nn.ModuleList(Dense(width, width, count) for _ in range(blocks))
        self.fuse = nn.Sequential(conv(blocks * width, width, 1), conv(width, width))
        self.enlarge = nn.Sequential(conv(width, 4 * width), nn.PixelShuffle(2), conv(width, 4 * width), nn.PixelShuffle(2), conv(width, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shallow = self.first(x)
        x, found = self.second(shallow), []
        for block in self.blocks:
            x = block(x)
            found.append(x)
        return self.enlarge(self.fuse(torch.cat(found, 1)) + shallow)


class Activated(nn.Sequential):
    """MemNet's unit: batch-norm, ReLU, convolution."""

    def __init__(self, inputs: int, outputs: int, side: int = 3):
        super().__init__(nn.BatchNorm2d(inputs), nn.ReLU(), conv(inputs, outputs, side))


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
    """Tai et al., ICCV 2017: six memory blocks of six recursions, on the bicubic enlargement, without the multi-supervised ensemble."""

    space, scale, reach, channels = Space.LARGE, SCALE, 1 + 6 * 12 + 1, 1

    def __init__(self, width: int = 64, blocks: int = 6, recursions: int = 6):
        super().__init__()
        self.lift = Activated(1, width)
        self.blocks = nn.ModuleList(Memory(width, recursions, i + 1) for i in range(blocks))
        self.last = Activated(width, 1)

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        x = self.lift(y)
        remembered = [x]
        for block in self.blocks:
            x = block(x, remembered)
            remembered.append(x)
        return y + self.last(x)
