"""A run that trains a branch of detail against a discriminator, while the network that it sits on is held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from ..data.patches import PatchSource, recontrast
from ..losses.adversarial import Detail
from ..networks.detailed import DetailedNetwork
from .configuration import Configuration
from .trainer import Training

ADVERSARIAL = "adversarial"
"""What a configuration's `loss` says for such a run."""


class AdversarialTraining(Training):
    """As `Training`, of a `DetailedNetwork`'s branch alone; two updates a step, the network's and the discriminator's. On the CPU."""

    def __init__(self, config: Configuration, patches: PatchSource, device: torch.device, vgg: Path | None = None):
        if device.type != "cpu":
            raise ValueError(f"{config.name} is trained on the CPU alone: --device cpu")
        super().__init__(config, patches, device, vgg)
        network = self.model.network
        if not isinstance(network, DetailedNetwork):
            raise ValueError(f"{config.name}: only a network of the kind 'detailed' is trained by the loss 'adversarial'")
        network.requires_grad_(False)
        for layer in network.invents:
            layer.requires_grad_(True)
        self.against = torch.optim.Adam(self.criterion.discriminator.parameters(), lr=0.0, betas=(0.9, 0.99))

    def _criterion(self, vgg: Path | None) -> Detail:
        return Detail(vgg, self.device)

    def _update(self) -> None:
        small, large = self.patches.batch(self.options.batch)
        if self.options.recontrast:
            small, large = recontrast(small, large)
        enlarged, maps = self.model.seen(small)
        *faithful, invented = self.model.bands(maps)
        before = (enlarged + sum(faithful)).detach()
        answer = before + invented
        discriminator = self.criterion.discriminator.requires_grad_(False)
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.criterion.generator(answer, large, before)
        loss.backward()
        self.optimiser.step()
        discriminator.requires_grad_(True)
        for group in self.against.param_groups:
            group["lr"] = self.rate()
        self.against.zero_grad(set_to_none=True)
        self.criterion.discriminated(answer, large).backward()
        self.against.step()
        self._average(loss)

    def state(self) -> dict[str, Any]:
        return {**super().state(), "discriminator": self.criterion.discriminator.state_dict(), "against": self.against.state_dict()}

    def go_on_from(self, state: dict[str, Any]) -> None:
        super().go_on_from(state)
        self.criterion.discriminator.load_state_dict(state["discriminator"])
        self.against.load_state_dict(state["against"])
