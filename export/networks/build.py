"""Networks from configurations, and how large they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ..baselines.table import BASELINES
from .detailed import DetailedNetwork
from .gated import GatedNetwork
from .painter import PainterNetwork
from .paper import PaperNetwork
from .restoring import RestoringNetwork
from .style import StyleNetwork
from .trunk import TrunkNetwork

KINDS: dict[str, Callable[..., nn.Module]] = {
    "paper": PaperNetwork, "trunk": TrunkNetwork, "gated": GatedNetwork, "detailed": DetailedNetwork, "restoring": RestoringNetwork,
    "style": StyleNetwork, "painter": PainterNetwork, **BASELINES}


def build(network: dict[str, Any]) -> nn.Module:
    """The network that a configuration's `[network]` table describes: `kind`, and its class's arguments.

    Raises ValueError for a kind or an argument that there is not.
    """
    options = dict(network)
    kind = options.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"no network {kind!r}; there are {', '.join(KINDS)}")
    try:
        return KINDS[kind](**options)
    except TypeError as error:
        raise ValueError(f"network {kind}: {error}") from error


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
    channels = getattr(network, "channels", layers[0].in_channels)
    training = network.training
    answer = network.eval()(torch.zeros(1, channels, side, side))
    network.train(training)
    for hook in hooks:
        hook.remove()
    return total / (answer.shape[-2] * answer.shape[-1])
