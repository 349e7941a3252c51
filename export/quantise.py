"""A shipped model with its inner convolutions in 8-bit integers, as a model of its own: `NAME-int8`.

    python -m export.quantise smssr-x4 --photos DIR --bench BENCH/Set5 BENCH/Set14 BENCH/BSD100

Weights are rounded for each channel, what flows between convolutions by the range that holds `PERCENTILE` of it over patches of
photographs: rare extremes would make the steps coarser for all. The first convolution and the last two stay in float32: they make the
picture's own values, where 8 bits would be seen. The model is refused where it loses more than `MOST_LOSS` on any benchmark. It is for
processors that multiply 8-bit integers (VNNI, AMX); on older ones onnxruntime's products may saturate. `smssr doctor` compares its
answer with the original's.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime import quantization
from PIL import Image

from smssr_infer import manifest

from .data import photographs
from .evaluate import evaluate
from .publish import WEIGHTS, metrics, write_manifest

PATCH, PATCHES, REDUCED = 128, 24, 4
"""Side and number of the patches, and how much photographs are reduced first, to look like pictures that want enlarging."""

PERCENTILE = 99.9995
"""Less would lose a little less on photographs, but blunt the thin lines of drawings, which are such extremes."""

MOST_LOSS = 0.05
"""In dB."""


class Examples(quantization.CalibrationDataReader):
    """Luma patches `[1, 1, h, w]` in 0 … 1, at most PATCH², of photographs, one of each."""

    def __init__(self, photos: Path, name: str):
        self._left = self._patches(photos, name)

    @staticmethod
    def _patches(photos: Path, name: str) -> Iterator[dict[str, np.ndarray]]:
        paths = photographs(photos)
        random = np.random.default_rng(0)
        for path in paths[::max(1, len(paths) // PATCHES)]:
            with Image.open(path) as picture:
                y = np.asarray(picture.convert("L").reduce(REDUCED), np.float32) / 255
            top, left = (random.integers(max(1, n - PATCH)) for n in y.shape)
            yield {name: y[None, None, top:top + PATCH, left:left + PATCH]}

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._left, None)


def quantise(model: bytes, photos: Path) -> bytes:
    """The ONNX file with its inner convolutions in 8 bits."""
    graph = onnx.load_from_string(model)
    convolutions = [node.name for node in graph.graph.node if node.op_type == "Conv"]
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "float.onnx"), Path(folder, "int8.onnx")
        before.write_bytes(model)
        quantization.quantize_static(
            before, after, Examples(photos, graph.graph.input[0].name), op_types_to_quantize=["Conv"],
            nodes_to_exclude=[convolutions[0], *convolutions[-2:]], per_channel=True,
            calibrate_method=quantization.CalibrationMethod.Percentile, extra_options={"CalibPercentile": PERCENTILE},
            activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8)
        return after.read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.quantise", description=__doc__.split("\n")[0])
    parser.add_argument("model", help="name of a shipped super-resolution model")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--bench", type=Path, nargs="+", required=True, help="benchmark folders to measure on")
    arguments = parser.parse_args()
    card = manifest.find(arguments.model, "sr")
    name = f"{card.name}-int8"
    graph = quantise(manifest.load(card), arguments.photos)
    row = {key: value for key, value in vars(card).items() if key != "folder"}
    row |= {"name": name, "file": f"{name}.onnx", "sha256": hashlib.sha256(graph).hexdigest(), "default": False, "metrics": {},
            "made_from": card.name,
            "title": f"{card.name} with its inner convolutions in 8-bit integers, for processors that are fast at them (VNNI, AMX)"}
    path = WEIGHTS / row["file"]
    before = {p: p.read_bytes() for p in (path, WEIGHTS / "manifest.json") if p.exists()}
    path.write_bytes(graph)
    write_manifest(WEIGHTS / "manifest.json", row)
    lines = []
    for folder in arguments.bench:
        figures = evaluate(folder, card.scale, [card.name, name])
        loss = figures[card.name][0] - figures[name][0]
        row["metrics"][f"{folder.name} ×{card.scale}"] = metrics(figures, name)
        lines.append(f"| {folder.name} | {figures[card.name][0]:.2f} / {figures[card.name][1]:.4f} "
                     f"| {figures[name][0]:.2f} / {figures[name][1]:.4f} | {-loss:+.3f} |")
        print(lines[-1])
        if loss > MOST_LOSS:
            path.unlink()
            for p, data in before.items():
                p.write_bytes(data)
            raise SystemExit(f"{name} loses {loss:.3f} dB on {folder.name}, more than {MOST_LOSS}; it is not kept")
    write_manifest(WEIGHTS / "manifest.json", row)
    (WEIGHTS / f"{name}.md").write_text("\n".join([
        f"# {name}", "", row["title"], "",
        f"Made from {card.name} and its {card.params:,} parameters (see its card for training and licences) by", "",
        f"    python -m export.quantise {card.name} --photos DIR --bench DIR …", "",
        "All convolutions but the first and the last two have weights and inputs of 8 bits.",
        "Never chosen by itself: name it with `--model`.", "",
        f"sha256 `{row['sha256']}`, licence {row['licence']}", "",
        f"| set | {card.name} | {name} | difference, dB |", "| --- | --- | --- | --- |", *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
