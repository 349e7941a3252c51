"""A convolution that is wider while it is trained."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


def kernel(weight: torch.Tensor, back: torch.Tensor, wide: torch.Tensor) -> torch.Tensor:
    """A kernel, and a wide one followed by a 1×1 one, as one 3×3 kernel."""
    return weight + torch.einsum("oh,hikl->oikl", back, wide)


class Widened(nn.Conv2d):
    """A 3×3 convolution whose kernel is learnt as a sum: a kernel of its own, and a wide 3×3 one followed by a 1×1 one.

    Two linear layers are one (ECBSR, ACM MM 2021, §3.2), so the kernels are multiplied before each pass and a pass costs what it would
    without: only the optimiser's path is another. The second term starts at zero. `folded` is the plain convolution that ships.
    """

    def __init__(self, inputs: int, outputs: int, ratio: int):
        super().__init__(inputs, outputs, 3, padding=1)
        self.wide = nn.Parameter(torch.empty(ratio * outputs, inputs, 3, 3))
        self.back = nn.Parameter(torch.zeros(outputs, ratio * outputs))
        nn.init.kaiming_normal_(self.wide)

    def kernel(self) -> torch.Tensor:
        """The sum of both terms, as one 3×3 kernel."""
        return kernel(self.weight, self.back, self.wide)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.conv2d(x, self.kernel(), self.bias, padding=1)

    @torch.no_grad()
    def folded(self) -> nn.Conv2d:
        """The same function as a plain convolution."""
        plain = nn.Conv2d(self.in_channels, self.out_channels, 3, padding=1)
        plain.weight.copy_(self.kernel())
        plain.bias.copy_(self.bias)
        return plain
