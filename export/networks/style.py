"""A style branch (SMS-SR §2.2)."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from smssr_infer.networks.cards import Space


class Dilated(nn.Module):
    """A residual module T of SMS-SR §2.2: two 3×3 convolutions around a ReLU, added to their input; here with holes between the taps."""

    def __init__(self, width: int, inner: int, dilations: list[int]):
        super().__init__()
        first, second = dilations
        self.first = nn.Conv2d(width, inner, 3, padding=first, dilation=first)
        self.second = nn.Conv2d(inner, width, 3, padding=second, dilation=second)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.second(F.relu(self.first(x)))


class StyleNetwork(nn.Module):
    """A style branch S: luma, noise, waves and, if it `turns`, an angle `[B, 2 + 2·waves (+ 2), H, W]` in 0 … 1 → one map `[B, 1, H, W]`.

    The dilations let it see 51 pixels, as far as a stone or a blade of grass reaches, where plain convolutions would see 21.
    """

    space = Space.LARGE
    scale = 1

    def __init__(self, waves: int, width: int, inner: list[int], dilations: list[list[int]], turns: bool = False):
        super().__init__()
        self.lift = nn.Conv2d(2 + 2 * waves + 2 * turns, width, 3, padding=1)
        self.steps = nn.Sequential(*(Dilated(width, n, d) for n, d in zip(inner, dilations, strict=True)))
        self.last = nn.Conv2d(width, 1, 3, padding=1)
        self.reach = 2 + sum(map(sum, dilations))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.steps(self.lift(x)))
