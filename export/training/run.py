"""One run of a configuration: network, optimiser, averaged weights, checkpoints.

One configuration, one seed, one run: the same command on the same machine gives the same weights. `log.csv` in the output folder holds
step, seconds, loss, rate.
"""

from __future__ import annotations

import csv
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from ..baselines.shallow import SCALE
from ..data.blurred import Blurred
from ..data.damaged import Damaged
from ..data.noisy import Noisy
from ..data.patches import Patches, PatchSource
from ..data.photographs import to_train_on
from ..data.teacher import Teacher
from .adversarial import ADVERSARIAL, AdversarialTraining
from .any_scale import AnyScalePatches
from .configuration import Configuration
from .superres import SuperResolution, Whole, model
from .trainer import Training

CHECKPOINT = "checkpoint.pt"
LOG = "log.csv"
LOG_EVERY = 100

WEIGHTS = Path(__file__).parent.parent.parent / "weights"


def _patches(config: Configuration, photos: Sequence[Path], device: torch.device, real: Path | None,
             teacher: Teacher | None) -> PatchSource:
    """What a configuration trains on. Raises ValueError where it needs a teacher and there is none."""
    options = config.train
    if options.taught and teacher is None:
        raise ValueError(f"{config.name} is taught by another network: --teacher")
    paths = to_train_on(photos)
    if options.scales:
        return AnyScalePatches(paths, options.scales, options.patch, options.shrink, device)
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
    run = (AdversarialTraining if options.loss == ADVERSARIAL else Training)(config, patches, device, vgg)
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
