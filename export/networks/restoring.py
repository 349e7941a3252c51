"""Networks that keep a picture's size: on the picture unshuffled by 2, and on a grid half as fine within."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space

from .trunk import Residual


class RestoringNetwork(nn.Module):
    """Colour (and what else is given) `[B, planes, H, W]`, H and W multiples of GRID, → `[B, 3·bands, H, W]`: for each band its R, G, B.

    Light noise needs fine pixels, heavy noise and JPEG blocks a wide view; so the two grids share the parameters. The `blocks` on the
    coarse one run `times` times. With `deep` maps there is a third grid, half as fine again, for grain of several pixels: its block runs
    `deep_times` times, after the coarse grid's first run. `widen`: how many times as wide the blocks' kernels are while they are trained
    (see `widened`).
    """

    space = Space.LARGE
    scale = 1

    def __init__(self, bands: int, width: int, inner: int, blocks: int, times: int = 1, planes: int = 3, deep: int = 0,
                 deep_times: int = 2, widen: int = 0):
        super().__init__()
        self.times, self.planes, self.deep_times = times, planes, deep_times if deep else 0
        self.GRID = 8 if deep else 4
        self.lift = nn.Conv2d(planes, width, 6, stride=2, padding=2)  # unshuffled by 2, then 3×3
        self.first = Residual(width, widen)
        self.down = nn.Conv2d(width, inner, 2, stride=2)
        self.middle = nn.Sequential(*(Residual(inner, widen) for _ in range(blocks)))
        if deep:
            self.deep_down = nn.Conv2d(inner, deep, 2, stride=2)
            self.deep = Residual(deep, widen)
            self.deep_up = nn.Conv2d(deep, 4 * inner, 1)
            with torch.no_grad():
                self.deep_up.weight.mul_(0.1)
                self.deep_up.bias.zero_()
        self.up = nn.Conv2d(inner, 4 * width, 1)
        self.last = Residual(width, widen)
        self.heads = nn.Conv2d(width, 4 * 3 * bands, 3, padding=1)
        self.reach = 16 + 8 * blocks * times + (8 + 16 * deep_times if deep else 0)
        with torch.no_grad():
            self.up.weight.mul_(0.3)
            self.heads.weight.mul_(0.1)
            self.heads.bias.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        fine = self.first(self.lift(x))
        coarse = self.down(fine)
        for run in range(self.times):
            coarse = self.middle(coarse)
            if run == 0 and self.deep_times:
                deep = self.deep_down(coarse)
                for _ in range(self.deep_times):
                    deep = self.deep(deep)
                coarse = coarse + F.pixel_shuffle(self.deep_up(deep), 2)
        fine = self.last(fine + F.pixel_shuffle(self.up(coarse), 2))
        return F.pixel_shuffle(self.heads(fine), 2)
