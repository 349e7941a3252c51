"""The networks that this one is compared with, each as its paper's layer table says, at ×4.

`COUNTS` holds what the papers (or their authors' code) give as numbers of parameters; a test holds the modules to it. Luma networks map
`[B, 1, h, w]` to an enlarged luma plane, colour networks `[B, 3, h, w]` to enlarged RGB, both in 0 … 1. `space` says whether a network
wants the small picture or its bicubic enlargement.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

SCALE = 4

COUNTS = {
    "srcnn": (57_184, "weights alone, as in the paper (9-5-5, TPAMI 2016, table 1)"),
    "fsrcnn": (12_464, "weights alone, as in the paper (d = 56, s = 12, m = 4; ECCV 2016, §3.3)"),
    "espcn": (24_640, "weights alone, from the paper's layers 5-3-3 with 64 and 32 maps (CVPR 2016, §3.2)"),
    "lapsrn": (812_000, "the paper's 812k (CVPR 2017, figure 1); by its layers with 4×4 transposed convolutions 870k"),
    "srresnet": (1_550_000, "1.5 million in the authors' words (CVPR 2017)"),
    "edsr-baseline": (1_518_000, "the authors' code: 1.5 million (CVPRW 2017)"),
    "rdn": (22_300_000, "22.3 million (CVPR 2018, D = 16, C = 8, G = 64)"),
    "memnet": (677_000, "677k (ICCV 2017, M6R6)"),
}


def conv(inputs: int, outputs: int, side: int = 3, bias: bool = True) -> nn.Conv2d:
    """A convolution that keeps the picture's size."""
    return nn.Conv2d(inputs, outputs, side, padding=side // 2, bias=bias)


class SRCNN(nn.Sequential):
    """Dong et al., TPAMI 2016: 9-5-5 with 64 and 32 maps, on the bicubic enlargement."""

    space, scale, reach, channels = "hr", SCALE, 8, 1

    def __init__(self):
        super().__init__(conv(1, 64, 9), nn.ReLU(), conv(64, 32, 5), nn.ReLU(), conv(32, 1, 5))


class FSRCNN(nn.Module):
    """Dong et al., ECCV 2016: FSRCNN(56, 12, 4) with PReLU and a 9×9 transposed convolution."""

    space, scale, reach, channels = "lr", SCALE, 8, 1

    def __init__(self):
        super().__init__()
        layers = [conv(1, 56, 5), nn.PReLU(56), conv(56, 12, 1), nn.PReLU(12)]
        for _ in range(4):
            layers += [conv(12, 12), nn.PReLU(12)]
        self.body = nn.Sequential(*layers, conv(12, 56, 1), nn.PReLU(56))
        self.enlarge = nn.ConvTranspose2d(56, 1, 9, stride=SCALE, padding=4, output_padding=SCALE - 1)

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return self.enlarge(self.body(y))


class ESPCN(nn.Module):
    """Shi et al., CVPR 2016: 5-3-3 with 64 and 32 maps, tanh, and a sub-pixel convolution."""

    space, scale, reach, channels = "lr", SCALE, 4, 1

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv(1, 64, 5), nn.Tanh(), conv(64, 32), nn.Tanh(), conv(32, SCALE * SCALE))

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return F.pixel_shuffle(self.body(y), SCALE)


def bilinear_weights(channels: int) -> torch.Tensor:
    """Weights of a 4×4 transposed convolution of stride 2 that enlarges every channel bilinearly: LapSRN starts from them."""
    line = torch.tensor([0.25, 0.75, 0.75, 0.25])
    return torch.eye(channels)[:, :, None, None] * torch.outer(line, line)


class LapSRN(nn.Module):
    """Lai et al., CVPR 2017: two levels of ten convolutions and a transposed one, and a residual on a learnt bilinear enlargement."""

    space, scale, reach, channels = "lr", SCALE, 20, 1

    def __init__(self, width: int = 64, depth: int = 10):
        super().__init__()
        self.lift = conv(1, width)
        self.features, self.residuals, self.pictures = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for _ in range(2):
            layers = []
            for _ in range(depth):
                layers += [conv(width, width), nn.LeakyReLU(0.2)]
            enlarge = nn.ConvTranspose2d(width, width, 4, stride=2, padding=1)
            picture = nn.ConvTranspose2d(1, 1, 4, stride=2, padding=1, bias=False)
            with torch.no_grad():
                enlarge.weight.copy_(bilinear_weights(width))
                picture.weight.copy_(bilinear_weights(1))
            self.features.append(nn.Sequential(*layers, enlarge, nn.LeakyReLU(0.2)))
            self.residuals.append(conv(width, 1))
            self.pictures.append(picture)

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        x = F.leaky_relu(self.lift(y), 0.2)
        for feature, residual, picture in zip(self.features, self.residuals, self.pictures, strict=True):
            x = feature(x)
            y = picture(y) + residual(x)
        return y


class Added(nn.Sequential):
    """Layers whose answer, times `gain`, is added to their input."""

    def __init__(self, *layers: nn.Module, gain: float = 1.0):
        super().__init__(*layers)
        self.gain = gain

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.gain * super().forward(x)


class SRResNet(nn.Sequential):
    """The generator of SRGAN (Ledig et al., CVPR 2017): 16 residual blocks with batch-norm, two sub-pixel steps, 9×9 ends."""

    space, scale, reach, channels = "lr", SCALE, 4 + 33 + 2 + 1, 3

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

    space, scale, reach, channels = "lr", SCALE, 1 + 33 + 1 + 1, 3

    def __init__(self, width: int = 64, blocks: int = 16):
        body = [Added(conv(width, width), nn.ReLU(), conv(width, width)) for _ in range(blocks)]
        super().__init__(conv(3, width), Added(*body, conv(width, width)),
                         conv(width, 4 * width), nn.PixelShuffle(2), conv(width, 4 * width), nn.PixelShuffle(2), conv(width, 3))


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

    space, scale, reach, channels = "lr", SCALE, 2 + 16 * 8 + 1 + 2, 3

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

    space, scale, reach, channels = "hr", SCALE, 1 + 6 * 12 + 1, 1

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


RIVALS = {"srcnn": SRCNN, "fsrcnn": FSRCNN, "espcn": ESPCN, "lapsrn": LapSRN, "srresnet": SRResNet, "edsr-baseline": EDSR, "rdn": RDN,
          "memnet": MemNet}
TRAINED = ("srcnn", "fsrcnn", "espcn", "lapsrn")
"""Small enough to be trained beside ours on a CPU; the others are timed with random weights."""
