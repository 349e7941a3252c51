"""The networks, as PyTorch modules that map luma to the maps which enter the DoG bank.

Every super-resolution network takes luma `[B, 1, H, W]` in 0 … 1 and returns `[B, n, H', W']`; `n` is the number of bands, and the
maps are at the enlarged picture's size. What follows them (DoG, tanh, sum, bicubic) is in `superres.py` and has no parameters.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from .rivals import RIVALS


class PaperBranch(nn.Sequential):
    """One branch R_i of SMS-SR §2.1: four modules of 3×3 convolution, batch-norm and ReLU, the last with one channel.

    The last batch-norm starts with a small weight, so that training starts from the bicubic enlargement.
    """

    def __init__(self, channels: int):
        widths = [1, channels, channels, channels, 1]
        modules = []
        for inputs, outputs in zip(widths, widths[1:], strict=False):
            modules += [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        super().__init__(*modules)
        nn.init.constant_(self[-2].weight, 0.05)


class PaperNetwork(nn.Module):
    """SMS-SR as published: independent branches on the bicubic enlargement; `channels` from the coarsest to the finest."""

    space = "hr"

    def __init__(self, scale: int, channels: list[int]):
        super().__init__()
        self.scale = scale
        self.branches = nn.ModuleList(PaperBranch(c) for c in channels)
        self.reach = 4

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return torch.cat([branch(y) for branch in self.branches], dim=1)


class Residual(nn.Module):
    """Two 3×3 convolutions around a ReLU, added to their input; the second starts near zero."""

    def __init__(self, width: int):
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():
            self.second.weight.mul_(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.second(F.relu(self.first(x)))


class TrunkNetwork(nn.Module):
    """A residual trunk on the small picture, then one sub-pixel (pixel-shuffle) head for each band.

    The first `again` blocks run a second time: a deeper network with the same parameters.
    """

    space = "lr"

    def __init__(self, scale: int, bands: int, width: int, blocks: int, again: int = 0):
        super().__init__()
        self.scale = scale
        self.again = again
        self.lift = nn.Conv2d(1, width, 3, padding=1)
        self.trunk = nn.Sequential(*(Residual(width) for _ in range(blocks)), nn.Conv2d(width, width, 3, padding=1))
        self.heads = nn.Conv2d(width, bands * scale * scale, 3, padding=1)
        self.reach = 2 * (blocks + again) + 3
        with torch.no_grad():
            self.heads.weight.mul_(0.01)
            self.heads.bias.zero_()

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        lifted = x = self.lift(y)
        *blocks, last = self.trunk
        for block in blocks + blocks[:self.again]:
            x = block(x)
        return F.pixel_shuffle(self.heads(lifted + last(x)), self.scale)


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
    """A style branch S: luma, noise and waves `[B, 2 + 2·waves, H, W]` in 0 … 1 → one map `[B, 1, H, W]`.

    The dilations let it see 51 pixels, as far as a stone or a blade of grass reaches, where plain convolutions would see 21.
    """

    space = "hr"
    scale = 1

    def __init__(self, waves: int, width: int, inner: list[int], dilations: list[list[int]]):
        super().__init__()
        self.lift = nn.Conv2d(2 + 2 * waves, width, 3, padding=1)
        self.steps = nn.Sequential(*(Dilated(width, n, d) for n, d in zip(inner, dilations, strict=True)))
        self.last = nn.Conv2d(width, 1, 3, padding=1)
        self.reach = 2 + sum(map(sum, dilations))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.steps(self.lift(x)))


KINDS = {"paper": PaperNetwork, "trunk": TrunkNetwork, "style": StyleNetwork, **RIVALS}


def build(network: dict) -> nn.Module:
    """The network that a configuration's `[network]` table describes: `kind`, and its class's arguments."""
    options = dict(network)
    return KINDS[options.pop("kind")](**options)


def parameters(network: nn.Module) -> int:
    """How many numbers training sets."""
    return sum(p.numel() for p in network.parameters())


@torch.no_grad()
def multiply_adds(network: nn.Module, side: int = 24) -> float:
    """Multiplications of the convolutions for each pixel of the answer, counted while a small picture runs through."""
    total = 0

    def count(layer: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        nonlocal total
        places = inputs[0] if isinstance(layer, nn.ConvTranspose2d) else output
        total += layer.weight.numel() * places.shape[-2] * places.shape[-1]

    layers = [m for m in network.modules() if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    channels = next(iter(layers)).in_channels
    training = network.training
    answer = network.eval()(torch.zeros(1, channels, side, side))
    network.train(training)
    for hook in hooks:
        hook.remove()
    return total / (answer.shape[-2] * answer.shape[-1])
