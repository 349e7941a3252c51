"""Ours beside the networks of the literature: size, work, speed, memory, quality; a table and a plot. All are run by the runtime: same
tiles, same threads."""

from __future__ import annotations

import dataclasses
import functools
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from smssr_infer import EnlargingCard, upscale
from smssr_infer.arrays import tiling
from smssr_infer.arrays.pixels import luma
from smssr_infer.checks.bench import MEMORY, best, picture
from smssr_infer.networks import manifest
from smssr_infer.networks.onnx_runtime import onnxruntime
from smssr_infer.networks.places import shipped

from ..baselines.layers import SCALE
from ..baselines.table import BASELINES
from ..networks.build import multiply_adds, parameters
from ..packing import to_onnx
from ..training import configuration
from ..training.run import CHECKPOINT, trained
from .quality import BICUBIC, MEASURES, Figures, Looks, averages, bicubic_picture, shown
from .runs import CONFIGS, Run

SIDE, SMALL_SIDE, LARGE_SIDE = 256, 64, 512
"""Sides of the pictures that are enlarged for timing; the small one for networks that would take minutes."""

QUICK = "smssr-x4-quick"

HEAVY = 1e6
"""Multiply-adds per pixel of the answer from which on the small picture is taken."""

LONG = 2e5
"""Multiply-adds per pixel from which on quality is measured on the first benchmark alone: on all three it takes an hour."""

SHORT = "smssr-x4"
"""The configuration of the network of that name with the baselines' budget."""


@dataclasses.dataclass
class Row:
    """A network in the table."""

    name: str
    model: str | None = None
    """What the runtime calls it; None for bicubic."""
    params: int | None = None
    macs: float = 0.0
    """Multiply-adds per pixel of the answer."""
    trained: bool = True
    ours: bool = False
    own_weights: bool = False
    """Whether it is another's with the weights that came with it."""
    speed: float = 0.0
    """Mpx of answer per second, end to end."""
    memory: float | None = None
    """MiB beyond input and output."""
    run: Run | None = None
    """What its quality is measured with, where that is not the runtime."""
    quality: dict[str, Figures] = dataclasses.field(default_factory=dict)
    """By benchmark; empty for random weights."""


def compared(runs: Path) -> list[str]:
    """The names of all baselines, the small ones of the kinds that are too large to be trained here where there is a run."""
    return sorted({*BASELINES, *(path.stem for path in CONFIGS.glob("*.toml") if (runs / path.stem / CHECKPOINT).exists())} - {SHORT})


def export(name: str, runs: Path, folder: Path) -> Row:
    """A baseline, written into `folder` as an ONNX file with what its card would say; trained where there is a run, else random.

    The heavy ones, on their small picture, would mostly compute halos, so they are timed without, to their advantage; their quality is
    measured in one piece.
    """
    torch.manual_seed(0)
    is_trained = (runs / name / CHECKPOINT).exists()
    network = trained(configuration.read(CONFIGS / f"{name}.toml"), runs / name).network if is_trained else BASELINES[name]().eval()
    path = folder / f"{name}.onnx"
    path.write_bytes(to_onnx.to_onnx(network, network.channels))
    macs = multiply_adds(network)
    field = 1 if macs > HEAVY else 2 * network.reach + 1
    path.with_suffix(".json").write_text(json.dumps({"scale": network.scale, "receptive_field": field}))
    return Row(name, str(path), parameters(network), macs, is_trained, run=Run(name, runs) if is_trained and macs > HEAVY else None)


def ours(runs: Path) -> Iterator[Row]:
    """The shipped ×4 models, and the default's network as it is after the baselines' budget."""
    for card in manifest.read(shipped()):
        if isinstance(card, EnlargingCard) and card.scale == SCALE and not card.photo:
            yield Row(card.name, card.name, card.params, card.macs, ours=True)
            if card.name == SHORT and (runs / SHORT / CHECKPOINT).exists():
                yield Row(f"{card.name}, as long as those", card.name, card.params, card.macs, ours=True, run=Run(SHORT, runs))


def peers(folder: Path) -> Iterator[Row]:
    """Networks of others as ONNX files that take and give RGB, with their own weights."""
    for path in sorted(folder.glob("*.onnx")):
        model = path.read_bytes()
        yield Row(path.stem, str(path), to_onnx.count(model), to_onnx.multiply_adds(model), own_weights=True)


def without_network(benches: Sequence[Path], looks: Looks | None = None) -> Row:
    """The row of bicubic, measured."""
    image = picture(LARGE_SIDE)
    quality = {folder.name: averages(folder, SCALE, {}, looks=None if number else looks)[BICUBIC]
               for number, folder in enumerate(benches)}
    seconds = best(lambda: bicubic_picture(image, SCALE), 7)
    return Row(BICUBIC, speed=(SCALE * LARGE_SIDE) ** 2 / 1e6 / seconds, quality=quality)


def judge(row: Row, benches: Sequence[Path], looks: Looks | None = None) -> None:
    """Fill in the quality of a trained network on each of `benches` that it has not. On the first one alone, since they take long: how
    results look, by `looks`, and networks of LONG multiply-adds.
    """
    enlarge = row.run.by_four if row.run else functools.partial(upscale, scale=SCALE, model=row.model)
    for number, folder in enumerate(benches if row.trained else ()):
        if folder.name not in row.quality and (number == 0 or row.macs <= LONG):
            row.quality[folder.name] = averages(folder, SCALE, {row.name: enlarge}, looks=None if number else looks)[row.name]


def clock(row: Row) -> None:
    """Fill in speed (Mpx of answer per second, end to end) and memory (MiB beyond input and output)."""
    side = SMALL_SIDE if row.macs > HEAVY else SIDE
    image = picture(side)
    repeats = 1 if row.macs > HEAVY else 3
    upscale(image[:32, :32], SCALE, row.model)
    row.speed = (SCALE * side) ** 2 / 1e6 / best(lambda: upscale(image, SCALE, row.model), repeats)
    child = subprocess.run([sys.executable, "-c", MEMORY, str(side), row.model], check=True, capture_output=True, text=True)
    row.memory = float(child.stdout)


def against_fsrcnn(rows: list[Row]) -> str:
    """A sentence: the quick model end to end beside FSRCNN's graph and nothing around it, on the same picture; empty without the two."""
    models = {row.name: row.model for row in rows}
    if not {"fsrcnn", QUICK} <= models.keys():
        return ""
    image = picture(LARGE_SIDE)
    y = luma(image.transpose(2, 0, 1).astype(np.float32) / 255)[None, None]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = tiling.cores()
    session = onnxruntime.InferenceSession(models["fsrcnn"], options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    works = (lambda: session.run(None, {name: y}), lambda: upscale(image, SCALE, QUICK))
    alone, whole = ((SCALE * LARGE_SIDE) ** 2 / 1e6 / best(work, 7) for work in works)
    return (f" A picture of {LARGE_SIDE}²: FSRCNN's graph by onnxruntime alone, luma to luma in one piece, {alone:.1f} Mpx/s; "
            f"`{QUICK}` from RGB to RGB {whole:.1f}.")


def table(rows: list[Row], benches: list[str]) -> list[str]:
    """The rows as Markdown."""
    lines = ["| network | parameters | multiply-adds per pixel | Mpx/s | memory, MiB | " + " | ".join(benches) + " |",
             "| --- | --- | --- | --- | --- |" + " --- |" * len(benches)]
    for row in rows:
        quality = [shown(row.quality[b]) if b in row.quality else "not measured" if row.trained else "random weights" for b in benches]
        name = f"**`{row.name}`**" if row.ours else row.name
        size = [f"{row.params:,}", f"{row.macs:,.0f}"] if row.params is not None else ["–", "–"]
        cells = [name, *size, f"{row.speed:.2g}", "–" if row.memory is None else f"{row.memory:.0f}", *quality]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def looks_table(rows: list[Row], bench: str) -> list[str]:
    """How the trained ones' results look on a benchmark, as Markdown."""
    rows = [row for row in rows if bench in row.quality]
    names = [name for name in rows[0].quality[bench] if name not in MEASURES]
    return [f"| {bench} | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}",
            *(f"| {f'**`{row.name}`**' if row.ours else row.name} | {' | '.join(f'{row.quality[bench][name]:.4g}' for name in names)} |"
              for row in rows)]


def plot(rows: list[Row], bench: str, path: Path) -> None:
    """Quality against time per megapixel, as a picture."""
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for row in rows:
        seconds, psnr = 1 / row.speed, row.quality[bench]["psnr"]
        axes.scatter(seconds, psnr, s=60, color="#c0392b" if row.ours else "#2471a3" if row.own_weights else "#7f8c8d", zorder=3)
        crowded = any(other.quality[bench]["psnr"] > psnr > other.quality[bench]["psnr"] - 0.05 for other in rows)
        axes.annotate(row.name, (seconds, psnr), xytext=(-7 if crowded else 7, 4), textcoords="offset points", fontsize=9,
                      ha="right" if crowded else "left")
    axes.set_xscale("log")
    axes.margins(x=0.2, y=0.12)
    axes.set_xlabel("seconds per megapixel of the answer, two cores")
    axes.set_ylabel(f"PSNR on {bench} ×{SCALE}, dB")
    axes.grid(alpha=0.3)
    figure.savefig(path)
    pyplot.close(figure)
