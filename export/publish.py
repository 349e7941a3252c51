"""Turn a finished training run into a shipped model: ONNX file, row of the manifest, card.

    python -m export.publish export/configs/smssr-x4.toml --run runs/smssr-x4 --picture PICTURE --bench BENCH/Set5 …

The parity check has to pass first. The figures in the card are measured here, by the runtime, on the file that was written.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import tomllib
from pathlib import Path

from .evaluate import evaluate
from .networks import multiply_adds
from .parity import check, middle, trained
from .to_onnx import count, fold, to_onnx

WEIGHTS = Path(__file__).parent.parent / "weights"


def row(config: dict, name: str, graph: bytes, network) -> dict:
    """The manifest's row for a network, as yet without metrics."""
    card = config["card"]
    return {
        "name": name, "task": "sr", "file": f"{name}.onnx", "sha256": hashlib.sha256(graph).hexdigest(),
        "space": network.space, "scale": network.scale, "dog": config["dog"], "params": count(graph),
        "macs": round(multiply_adds(network)),
        "receptive_field": 2 * network.reach + 1, "default": card.get("default", False), "title": card["title"],
        "training_data": card["training_data"], "loss": card["loss"], "metrics": {}, "licence": card["licence"],
    } | ({"median": True} if config.get("median") else {})


def write_manifest(path: Path, new: dict) -> None:
    """Put a row into a manifest, in place of the one of the same name if there is one."""
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    names = [r["name"] for r in rows]
    if new["name"] in names:
        rows[names.index(new["name"])] = new
    else:
        rows.append(new)
        rows.sort(key=lambda r: r["task"] != "sr")  # models before styles
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def metrics(figures: dict[str, tuple[float, float]], name: str) -> dict[str, list[float]]:
    """What a row says of one benchmark: (PSNR, SSIM) of bicubic and of the model of that name, from `evaluate`."""
    return {kind: [round(v, 4) for v in figures[of]] for kind, of in (("bicubic", "bicubic"), ("model", name))}


def markdown(card: dict, config_path: str, config: dict) -> str:
    """A model's card for people."""
    space = {"lr": "on the small picture, sub-pixel heads", "hr": "on the bicubic enlargement, as published"}[card["space"]]
    bands = ", ".join(f"G({a:g}) − G({b:g})" for a, b in card["dog"])
    options = config["train"]
    vgg = " --vgg-weights FILE" if options["loss"] == "perceptual" else ""
    starts = [Path(path).parent.name for path in options.get("start", [])]
    start = f", from {'the mean of ' * (len(starts) > 1)}{', '.join(starts)}" if starts else ""
    lines = [f"# {card['name']}", "", card["title"], "",
             "| | |", "| --- | --- |",
             f"| scale | ×{card['scale']} |", f"| parameters | {card['params']:,} |", f"| convolutions | {space} |",
             f"| multiply-adds per pixel of the answer | {card['macs']:,} |",
             f"| receptive field | {card['receptive_field']} pixels |", f"| bands (σ in enlarged pixels) | {bands} |",
             *(["| filter | 2 × 2 median, twice, on the residual, against checkerboards |"] if card.get("median") else []),
             f"| trained on | {card['training_data']} |", f"| loss | {card['loss']} |",
             f"| training | `python -m export.train {config_path} --photos DIR --out DIR{vgg}`: {options['steps']} steps of "
             f"{options['batch']} patches of {options['patch']}², seed {options['seed']}{start} |",
             f"| licence | {card['licence']} |", f"| sha256 | `{card['sha256']}` |", "",
             "PSNR (dB) and SSIM on Y, measured by `python -m export.evaluate`:", "",
             "| set | bicubic | this model | gain |", "| --- | --- | --- | --- |"]
    for bench, m in card["metrics"].items():
        lines.append(f"| {bench} | {m['bicubic'][0]:.2f} / {m['bicubic'][1]:.4f} | {m['model'][0]:.2f} / {m['model'][1]:.4f} "
                     f"| {m['model'][0] - m['bicubic'][0]:+.2f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.publish", description=__doc__.split("\n")[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--picture", type=Path, required=True, help="a real picture for the parity check")
    parser.add_argument("--bench", type=Path, nargs="*", default=[], help="benchmark folders to measure on")
    arguments = parser.parse_args()
    config = tomllib.loads(arguments.config.read_text(encoding="utf-8"))
    name = arguments.config.stem
    model = trained(config, arguments.run)
    graph = to_onnx(fold(copy.deepcopy(model.network)))
    for backend, difference in check(model, graph, middle(arguments.picture)).items():
        print(f"parity with PyTorch, {backend}: {difference:.1e}")

    (WEIGHTS / f"{name}.onnx").write_bytes(graph)
    card = row(config, name, graph, model.network)
    write_manifest(WEIGHTS / "manifest.json", card)
    for folder in arguments.bench:
        figures = evaluate(folder, card["scale"], [name])
        card["metrics"][f"{folder.name} ×{card['scale']}"] = metrics(figures, name)
    write_manifest(WEIGHTS / "manifest.json", card)
    (WEIGHTS / f"{name}.md").write_text(markdown(card, f"export/configs/{arguments.config.name}", config), encoding="utf-8")
    print(f"{name}: {card['params']} parameters, {len(graph)} bytes, {card['metrics']}")


if __name__ == "__main__":
    main()
