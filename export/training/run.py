"""One run of a configuration: network, optimiser, averaged weights, checkpoints.

One configuration, one seed, one run: the same command on the same machine gives the same weights. `log.csv` in the output folder holds
step, seconds, loss, rate.
"""

from __future__ import annotations

import copy
import csv
import math
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from ..baselines.shallow import SCALE
from ..data.blurred import Blurred
from ..data.damaged import Damaged
from ..data.noisy import Noisy
from ..data.patches import Patches, recontrast
from ..data.photographs import to_train_on
from ..data.teacher import Teacher
from ..losses.perceptual import criterion
from ..networks import widened
from ..networks.shipped import tensors
from .configuration import Configuration
from .superres import SuperResolution, Whole, model

CHECKPOINT = "checkpoint.pt"
LOG = "log.csv"
EMA_DECAY = 0.999
LOG_EVERY = 100

WEIGHTS = Path(__file__).parent.parent.parent / "weights"


class Training:
    """Network, optimiser, averaged weights and schedule of one run; `step()` does one update without waiting for the device."""

    def __init__(self, config: Configuration, patches: Patches | Damaged | Noisy | Blurred, device: torch.device, vgg: Path | None = None):
        self.options = config.train
        self.patches, self.device = patches, device
        self.model = model(config).to(device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        on_gpu = device.type == "cuda"
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=torch.tensor(0.0, device=device) if on_gpu else 0.0,
                                          betas=(0.9, 0.99), capturable=on_gpu)
        self.criterion = criterion(self.options.loss, vgg, device)
        self.loss = torch.zeros((), device=device)
        self.fresh = torch.zeros((), device=device)
        self.done = 0
        self.seconds = 0.0
        self._graph: Any = None

    def rate(self) -> float:
        """Learning rate of the coming step: a short linear warm-up, then half a cosine down to a thousandth."""
        part = self.done / self.options.steps
        return self.options.rate * min(1, (self.done + 1) / self.options.warm_up) * (0.001 + 0.999 * (1 + math.cos(math.pi * part)) / 2)

    def _update(self) -> None:
        small, large = self.patches.batch(self.options.batch)
        if self.options.recontrast:
            small, large = recontrast(small, large)
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.criterion(self.model(small), large)
        loss.backward()
        self.optimiser.step()
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
                   for name, t in _narrowed(_weights(path, self.device), own).items()} for path in paths]
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
        state = {"model": self.model.state_dict(), "average": self.average.state_dict(),
                 "optimiser": self.optimiser.state_dict(), "done": self.done, "seconds": self.seconds,
                 "loss": self.loss, "random": torch.get_rng_state()}
        if self.device.type == "cuda":
            state["random_cuda"] = torch.cuda.get_rng_state()
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint of the same configuration."""
        state = torch.load(path, map_location="cpu", weights_only=True)
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


def _weights(path: Path, device: torch.device) -> dict[str, torch.Tensor]:
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


def _patches(config: Configuration, photos: Sequence[Path], device: torch.device, real: Path | None,
             teacher: Teacher | None) -> Patches | Damaged | Noisy | Blurred:
    """What a configuration trains on. Raises ValueError where it needs a teacher and there is none."""
    options = config.train
    if options.taught and teacher is None:
        raise ValueError(f"{config.name} is taught by another network: --teacher")
    paths = to_train_on(photos)
    if options.damage == "told_noise":
        return Noisy(paths, options.patch, options.shrink, real)
    if options.damage == "told_blur":
        return Blurred(paths, options.patch, options.shrink)
    scale = 1 if config.network["kind"] == "restoring" else config.network.get("scale", SCALE)
    if options.damage:
        return Damaged(paths, options.damage, scale, options.patch, options.shrink, config.network.get("planes") in (7, 8),
                       config.network["kind"] == "paper")
    return Patches(paths, scale, options.patch, options.shrink, device, options.detail, options.pages, teacher if options.taught else None,
                   options.taught, options.graphics)


def train(config: Configuration, photos: Sequence[Path], out: Path, device: torch.device, minutes: float = math.inf,
          vgg: Path | None = None, real: Path | None = None, teacher: Path | None = None) -> Training:
    """Run a configuration until its steps are done or `minutes` have passed; checkpoints and log go to `out`.

    `vgg`: weights for a perceptual loss. `real`: folder of pairs of real noise, for `told_noise` (see `data.noisy`). `teacher`: another
    network as an ONNX file, for configurations that are `taught`; its results are kept in `teacher` beside `out`, for other runs too.
    """
    options = config.train
    random.seed(options.seed)
    np.random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    out.mkdir(parents=True, exist_ok=True)
    patches = _patches(config, photos, device, real, Teacher(teacher, out.parent / "teacher") if teacher else None)
    run = Training(config, patches, device, vgg)
    checkpoint = out / CHECKPOINT
    if checkpoint.exists():
        run.load(checkpoint)
    elif options.start:
        run.start_from([(WEIGHTS if start.endswith(".onnx") else out) / start for start in options.start])
    run.model.train()
    if options.hold_batch_norm:
        for module in run.model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.eval()

    began, before, saved = time.monotonic(), run.seconds, time.monotonic()
    last = options.steps if options.until is None else options.until
    bar = tqdm(total=last, initial=run.done, desc=out.name, unit="step", smoothing=0.05)
    with open(out / LOG, "a", newline="") as log:
        writer = csv.writer(log)
        try:
            while run.done < last and time.monotonic() - began < 60 * minutes:
                run.step()
                if run.done % LOG_EVERY == 0:
                    loss = run.loss.item()
                    run.seconds = before + time.monotonic() - began
                    writer.writerow([run.done, f"{run.seconds:.1f}", f"{loss:.6f}", f"{run.rate():.2e}"])
                    log.flush()
                    bar.set_postfix(loss=f"{loss:.5f}", refresh=False)
                    bar.update(run.done - bar.n)
                if time.monotonic() - saved > 120:
                    run.save(checkpoint)
                    saved = time.monotonic()
        except KeyboardInterrupt:
            print("\nstopped; run the same command to continue")
    bar.update(run.done - bar.n)
    bar.close()
    run.seconds = before + time.monotonic() - began
    run.save(checkpoint)
    return run


def trained(config: Configuration, folder: Path) -> SuperResolution | Whole:
    """The averaged weights of a run, on the CPU, in evaluation mode."""
    network = model(config)
    network.load_state_dict(torch.load(folder / CHECKPOINT, map_location="cpu", weights_only=True)["average"])
    return network.eval()
