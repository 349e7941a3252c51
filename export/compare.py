"""Ours beside the networks of the literature: size, work, speed, memory, quality; a table and a plot.

    python -m export.compare --rivals RUNS --bench BENCH/Set5 BENCH/Set14 BENCH/BSD100

RUNS holds a training run of each network in `export/configs/rivals/` (equal time on the same data, see docs/comparison.md). Whatever has
none there is timed with random weights, and the table says so. All are run by this package: same tiles, same threads.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tqdm import tqdm

from smssr_infer import manifest, tiling, upscale
from smssr_infer.bench import MEMORY, best, picture
from smssr_infer.pixels import luma

from .evaluate import bicubic_picture, evaluate
from .networks import multiply_adds, parameters
from .parity import trained
from .rivals import RIVALS, SCALE
from .to_onnx import to_onnx

CONFIGS = Path(__file__).with_name("configs") / "rivals"
SIDE, SMALL_SIDE, LARGE_SIDE = 256, 64, 512
"""Sides of the pictures that are enlarged for timing; the small one for networks that would take minutes."""

QUICK = "smssr-x4-quick"

HEAVY = 1e6
"""Multiply-adds per pixel of the answer from which on the small picture is taken."""

BEGIN, END = "<!-- table -->", "<!-- end -->"

Row = dict


def export(name: str, runs: Path, folder: Path) -> Row:
    """A rival, written into `folder` as an ONNX file with what its card would say; trained where there is a run, else with random weights.

    The heavy ones, on their small picture, would mostly compute halos, so they are timed without, to their advantage.
    """
    torch.manual_seed(0)
    run = runs / name
    weighed = (run / "checkpoint.pt").exists()
    network = trained(tomllib.loads((CONFIGS / f"{name}.toml").read_text()), run).network if weighed else RIVALS[name]().eval()
    path = folder / f"{name}.onnx"
    path.write_bytes(to_onnx(network, network.channels))
    macs = multiply_adds(network)
    field = 1 if macs > HEAVY else 2 * network.reach + 1
    path.with_suffix(".json").write_text(json.dumps({"scale": network.scale, "receptive_field": field}))
    return {"name": name, "params": parameters(network), "macs": macs, "trained": weighed, "model": str(path)}


def ours() -> Iterator[Row]:
    """The shipped ×4 models."""
    for card in manifest.read(manifest.shipped()):
        if card.task == "sr" and card.scale == SCALE:
            yield {"name": card.name, "params": card.params, "macs": card.macs, "trained": True, "model": card.name, "ours": True}


def without_network(benches: list[Path]) -> Row:
    """The row of bicubic, measured."""
    image = picture(LARGE_SIDE)
    quality = {folder.name: evaluate(folder, SCALE, [])["bicubic"] for folder in benches}
    seconds = best(lambda: bicubic_picture(image, SCALE), 7)
    return {"name": "bicubic", "speed": (SCALE * LARGE_SIDE) ** 2 / 1e6 / seconds, "quality": quality}


def measure(row: Row, benches: list[Path]) -> None:
    """Fill in speed (Mpx of answer per second, end to end), memory (MiB beyond input and output) and quality."""
    side = SMALL_SIDE if row["macs"] > HEAVY else SIDE
    image = picture(side)
    repeats = 1 if row["macs"] > HEAVY else 3
    upscale(image[:32, :32], SCALE, row["model"])
    row["speed"] = (SCALE * side) ** 2 / 1e6 / best(lambda: upscale(image, SCALE, row["model"]), repeats)
    child = subprocess.run([sys.executable, "-c", MEMORY, str(side), row["model"]], check=True, capture_output=True, text=True)
    row["memory"] = float(child.stdout)
    if row["trained"]:
        row["quality"] = {folder.name: evaluate(folder, SCALE, [row["model"]])[row["model"]] for folder in benches}


def against_fsrcnn(rows: list[Row]) -> str:
    """A sentence: the quick model end to end beside FSRCNN's graph and nothing around it, on the same picture; empty without the two."""
    models = {row["name"]: row.get("model") for row in rows}
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
        quality = [f"{row['quality'][b][0]:.2f} / {row['quality'][b][1]:.4f}" if "quality" in row else "random weights" for b in benches]
        name = f"**`{row['name']}`**" if "ours" in row else row["name"]
        size = [f"{row['params']:,}", f"{row['macs']:,.0f}"] if "params" in row else ["–", "–"]
        cells = [name, *size, f"{row['speed']:.2g}", f"{row['memory']:.0f}" if "memory" in row else "–", *quality]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def plot(rows: list[Row], bench: str, path: Path) -> None:
    """Quality against time per megapixel, as a picture."""
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), layout="constrained")
    for row in rows:
        seconds, psnr = 1 / row["speed"], row["quality"][bench][0]
        axes.scatter(seconds, psnr, s=60, color="#c0392b" if "ours" in row else "#7f8c8d", zorder=3)
        crowded = any(other["quality"][bench][0] > psnr > other["quality"][bench][0] - 0.05 for other in rows)
        axes.annotate(row["name"], (seconds, psnr), xytext=(-7 if crowded else 7, 4), textcoords="offset points", fontsize=9,
                      ha="right" if crowded else "left")
    axes.set_xscale("log")
    axes.margins(x=0.2, y=0.12)
    axes.set_xlabel("seconds per megapixel of the answer, two cores")
    axes.set_ylabel(f"PSNR on {bench} ×{SCALE}, dB")
    axes.grid(alpha=0.3)
    figure.savefig(path)
    pyplot.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.compare", description=__doc__.split("\n")[0])
    parser.add_argument("--rivals", type=Path, required=True, help="folder of the rivals' training runs")
    parser.add_argument("--bench", type=Path, nargs="+", required=True, help="benchmark folders")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of comparison.md (its table is renewed) and comparison.svg")
    parser.add_argument("--only", nargs="*", help="names of networks; by default all")
    arguments = parser.parse_args()
    names = [folder.name for folder in arguments.bench]
    with tempfile.TemporaryDirectory() as folder:
        rows = [export(name, arguments.rivals, Path(folder)) for name in RIVALS if not arguments.only or name in arguments.only]
        rows += [row for row in ours() if not arguments.only or row["name"] in arguments.only]
        for row in tqdm(rows, desc="networks", disable=None):
            measure(row, arguments.bench)
        rows.insert(0, without_network(arguments.bench))
        beside = against_fsrcnn(rows)
    lines = table(rows, names)
    print("\n".join(lines))
    where = f"{tiling.cores()} threads, {platform.processor() or platform.machine()}"
    page = arguments.out / "comparison.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    said = f"Measured on {where}." + beside
    page.write_text("\n".join([before + BEGIN, said, "", *lines, END + after]), encoding="utf-8")
    plot([row for row in rows if "quality" in row], names[-1], arguments.out / "comparison.svg")


if __name__ == "__main__":
    main()
