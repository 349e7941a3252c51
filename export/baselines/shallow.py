"""SRCNN, FSRCNN, ESPCN and LapSRN: small enough to be trained beside ours on a CPU."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .layers import SCALE, bilinear_weights, conv


class SRCNN(nn.Sequential):
    """Dong et al., TPAMI 2016: 9-5-5 with 64 and 32 maps, on the bicubic enlargement."""

    space, scale, reach, channels = Space.LARGE, SCALE, 8, 1

    def __init__(self):
        super().__init__(conv(1, 64, 9), nn.ReLU(), conv(64, 32, 5), nn.ReLU(), conv(32, 1, 5))


class FSRCNN(nn.Module):
    """Dong et al., ECCV 2016: FSRCNN(56, 12, 4) with PReLU and a 9×9 transposed convolution."""

    space, scale, reach, channels = Space.SMALL, SCALE, 8, 1

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

    space, scale, reach, channels = Space.SMALL, SCALE, 4, 1

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv(1, 64, 5), nn.Tanh(), conv(64, 32), nn.Tanh(), conv(32, SCALE * SCALE))

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return F.pixel_shuffle(self.body(y), SCALE)


class LapSRN(nn.Module):
    """Lai et al., CVPR 2017: two levels of ten convolutions and a transposed one, and a residual on a learnt bilinear enlargement."""

    space, scale, reach, channels = Space.SMALL, SCALE, 20, 1

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
