"""Network, optimiser, averaged weights and schedule of one run."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from ..data.patches import PatchSource, recontrast
from ..losses.perceptual import criterion
from ..networks import widened
from ..networks.shipped import tensors
from .configuration import Configuration
from .superres import model

EMA_DECAY = 0.999


class Training:
    """One run of a configuration; `step()` does one update without waiting for the device."""

    def __init__(self, config: Configuration, patches: PatchSource, device: torch.device, vgg: Path | None = None):
        self.options = config.train
        self.patches, self.device = patches, device
        self.model = model(config).to(device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        on_gpu = device.type == "cuda"
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=torch.tensor(0.0, device=device) if on_gpu else 0.0,
                                          betas=(0.9, 0.99), capturable=on_gpu)
        self.criterion = self._criterion(vgg)
        self.loss = torch.zeros((), device=device)
        self.fresh = torch.zeros((), device=device)
        self.done = 0
        self.seconds = 0.0
        self._graph: Any = None

    def _criterion(self, vgg: Path | None) -> Any:
        return criterion(self.options.loss, vgg, self.device)

    def rate(self) -> float:
        """Learning rate of the coming step: a short linear warm-up, then half a cosine down to a thousandth."""
        part = self.done / self.options.steps
        return self.options.rate * min(1, (self.done + 1) / self.options.warm_up) * (0.001 + 0.999 * (1 + math.cos(math.pi * part)) / 2)

    def _update(self) -> None:
        small, large = self.patches.batch(self.options.batch)
        if self.options.recontrast:
            small, large = recontrast(small, large)
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.criterion(self._answer(small, large), large)
        loss.backward()
        self.optimiser.step()
        self._average(loss)

    def _answer(self, small: torch.Tensor, large: torch.Tensor) -> torch.Tensor:
        """What the model makes of small patches, as large as `large`."""
        return self.model.enlarge(small, large.shape[-1] / small.shape[-1]) if self.options.scales else self.model(small)

    def _average(self, loss: torch.Tensor) -> None:
        """Take the new weights, and the loss, into their means."""
        with torch.no_grad():
            self.loss.lerp_(loss.detach(), self.fresh.clamp_min(0.01))
            for kept, now in zip(self.average.state_dict().values(), self.model.state_dict().values(), strict=True):
                if now.is_floating_point():
                    kept.lerp_(now, self.fresh)

    def step(self) -> None:
        """One update. On a GPU the whole update is recorded once as a CUDA graph and replayed."""
        self.fresh.fill_(max(1 - EMA_DECAY, 10 / (10 + self.done)))
        for group in self.optimiser.param_groups:
            if self.device.type == "cuda":
                group["lr"].fill_(self.rate())
            else:
                group["lr"] = self.rate()
        if self.device.type != "cuda":
            self._update()
        elif self._graph is None:
            self._record()
        else:
            self._graph.replay()
        self.done += 1

    def _record(self) -> None:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self._update()
        torch.cuda.current_stream().wait_stream(side)
        self.done += 2
        self.optimiser.zero_grad(set_to_none=True)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._update()

    def start_from(self, paths: list[Path]) -> None:
        """Take over every tensor of other runs' averaged weights that has the same name and shape (fine-tuning): the mean of those runs.

        A path may also be that of a shipped ONNX file, which may have been filled up with maps of zeros. Kernels that were widened there,
        and are not here, are folded.
        """
        own = self.model.state_dict()
        others = [{name: _without_filling(t, own[name].shape) if name in own else t
                   for name, t in _narrowed(weights(path, self.device), own).items()} for path in paths]
        taken = {name: torch.stack([other[name].float() for other in others]).mean(0).to(t.dtype) for name, t in others[0].items()
                 if name in own and own[name].shape == t.shape}
        for name, t in others[0].items():  # a network that is given more planes begins without looking at them
            if name in own and name not in taken and t.ndim == 4 and t.shape[1] < own[name].shape[1]:
                taken[name] = torch.zeros_like(own[name])
                taken[name][:, :t.shape[1]] = t
        self.model.load_state_dict(taken, strict=False)
        self.average.load_state_dict(taken, strict=False)

    def save(self, path: Path) -> None:
        """Write a checkpoint; it appears whole or not at all."""
        partial = path.with_suffix(".partial")
        torch.save(self.state(), partial)
        partial.replace(path)

    def state(self) -> dict[str, Any]:
        """All that a run goes on from."""
        state = {"model": self.model.state_dict(), "average": self.average.state_dict(),
                 "optimiser": self.optimiser.state_dict(), "done": self.done, "seconds": self.seconds,
                 "loss": self.loss, "random": torch.get_rng_state()}
        if self.device.type == "cuda":
            state["random_cuda"] = torch.cuda.get_rng_state()
        return state

    def load(self, path: Path) -> None:
        """Go on from a checkpoint of the same configuration."""
        self.go_on_from(torch.load(path, map_location="cpu", weights_only=True))

    def go_on_from(self, state: dict[str, Any]) -> None:
        """Take up what `state` gave."""
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        for group in self.optimiser.param_groups:
            if self.device.type == "cuda":
                group["lr"] = torch.as_tensor(group["lr"], dtype=torch.float32).to(self.device)
        self.loss.copy_(state["loss"])
        self.done, self.seconds = state["done"], state["seconds"]
        torch.set_rng_state(state["random"])
        if self.device.type == "cuda" and "random_cuda" in state:
            torch.cuda.set_rng_state(state["random_cuda"])


def weights(path: Path, device: torch.device) -> dict[str, torch.Tensor]:
    """The tensors of a checkpoint, averaged, or of a shipped network, by their names in a model."""
    if path.suffix == ".onnx":
        return {f"network.{name}": tensor.to(device) for name, tensor in tensors(path.read_bytes()).items()}
    return torch.load(path, map_location=device, weights_only=True)["average"]


def _narrowed(tensors: dict[str, torch.Tensor], own: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tensors with the kernels that a network with the tensors `own` does not widen folded (see `networks.widened`)."""
    narrowed = dict(tensors)
    for name in tensors:
        kernel, dot, kind = name.rpartition(".")
        if kind == "wide" and name not in own:
            narrowed[f"{kernel}.weight"] = widened.kernel(*(tensors[f"{kernel}.{part}"] for part in ("weight", "back", "wide")))
    return narrowed


def _without_filling(tensor: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    """The corner of that shape, where there is nothing but zeros around it; else the tensor as it is."""
    if tensor.ndim != len(shape) or any(n < m for n, m in zip(tensor.shape, shape, strict=True)):
        return tensor
    corner = tensor[tuple(slice(m) for m in shape)]
    return corner if corner.count_nonzero() == tensor.count_nonzero() else tensor
