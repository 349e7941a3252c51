"""A shipped model with its inner convolutions in 8-bit integers, as a model of its own: `NAME-int8`.

Weights are rounded for each channel, what flows between convolutions by the range that holds `PERCENTILE` of it over patches of
photographs: rare extremes would make the steps coarser for all. The first convolution and the last two stay in float32: they make the
picture's own values, where 8 bits would be seen. The model is refused where it loses more than `MOST_LOSS` on any benchmark. It is for
processors that multiply 8-bit integers (VNNI, AMX); on older ones onnxruntime's products may saturate. `smssr doctor` compares its
answer with the original's.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
from PIL import Image

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import EnlargingCard
from smssr_infer.networks.onnx_runtime import onnxruntime

from ..data.photographs import photographs
from ..measure.quality import evaluate, shown
from .networks import WEIGHTS, measured

quantization = importlib.import_module(f"{onnxruntime.__name__}.quantization")

PATCH, PATCHES, REDUCED = 128, 24, 4
"""Side and number of the patches, and how much photographs are reduced first, to look like pictures that want enlarging."""

PERCENTILE = 99.9995
"""Less would lose a little less on photographs, but blunt the thin lines of drawings, which are such extremes."""

MOST_LOSS = 0.05
"""In dB."""


class Calibration(quantization.CalibrationDataReader):
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


def rounded(model: bytes, photos: Path) -> bytes:
    """The ONNX file with its inner convolutions in 8 bits."""
    graph = onnx.load_from_string(model)
    convolutions = [node.name for node in graph.graph.node if node.op_type == "Conv"]
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "float.onnx"), Path(folder, "int8.onnx")
        before.write_bytes(model)
        quantization.quantize_static(
            before, after, Calibration(photos, graph.graph.input[0].name), op_types_to_quantize=["Conv"],
            nodes_to_exclude=[convolutions[0], *convolutions[-2:]], per_channel=True,
            calibrate_method=quantization.CalibrationMethod.Percentile, extra_options={"CalibPercentile": PERCENTILE},
            activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8)
        return after.read_bytes()


def publish(card: EnlargingCard, photos: Path, benches: Sequence[Path]) -> EnlargingCard:
    """Ship a shipped model's copy in 8 bits. Raises ValueError, and leaves everything as it was, where it loses too much."""
    graph = rounded(manifest.load(card), photos)
    name = f"{card.name}-int8"
    copy = dataclasses.replace(
        card, name=name, file=f"{name}.onnx", sha256=hashlib.sha256(graph).hexdigest(), default=False, metrics={}, made_from=card.name,
        folder=WEIGHTS,
        title="Fast on newer processors (8-bit)",
        about=f"{card.name} in 8-bit integers: faster on processors with VNNI or AMX, hardly different to look at.",
        built=f"{card.name} with its inner convolutions in 8-bit integers, for processors that are fast at them (VNNI, AMX)")
    before = {p: p.read_bytes() for p in (copy.path, WEIGHTS / manifest.FILE) if p.exists()}
    manifest.replace(copy.path, graph)
    manifest.write(copy)
    lines, metrics = [], {}
    for folder in benches:
        figures = evaluate(folder, card.scale, [card.name, name])
        whole, eight = figures[card.name], figures[name]
        loss = whole["psnr"] - eight["psnr"]
        metrics[f"{folder.name} ×{card.scale}"] = measured(figures, name)
        lines.append(f"| {folder.name} | {shown(whole)} | {shown(eight)} | {-loss:+.3f} |")
        print(lines[-1])
        if loss > MOST_LOSS:
            copy.path.unlink()
            for path, data in before.items():
                manifest.replace(path, data)
            raise ValueError(f"{name} loses {loss:.3f} dB on {folder.name}, more than {MOST_LOSS}; it is not kept")
    copy = dataclasses.replace(copy, metrics=metrics)
    manifest.write(copy)
    copy.path.with_suffix(".md").write_text("\n".join([
        f"# {name}", "", f"{copy.title}. {copy.about}", "", f"{copy.built}.", "",
        f"Made from {card.name} and its {card.params:,} parameters (see its card for training and licences) by", "",
        f"    python -m export.eight_bits {card.name} --photos DIR --bench DIR …", "",
        "All convolutions but the first and the last two have weights and inputs of 8 bits.",
        "Never chosen by itself: name it with `--model`.", "",
        f"sha256 `{copy.sha256}`, licence {copy.licence}", "",
        f"| set | {card.name} | {name} | difference, dB |", "| --- | --- | --- | --- |", *lines]) + "\n", encoding="utf-8")
    return copy
