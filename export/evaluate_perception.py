"""How enlarged pictures look, by several measures, and by how much models differ from the first one named.

    python -m export.evaluate_perception BENCH/BSD100 --model smssr-x4 --model smssr-x4-detail@1.5 --vgg-weights FILE.npz

A number behind a model's name is how much detail it invents. In brackets: the difference to the first model, and where its mean lies with
95 % probability (bootstrap over the pictures). Mesh: how far the residual's power stands out at the frequencies of the heads' sub-pixels.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

import smssr_infer

from .measure.perception import Measure, grid_peak, interval, measures
from .measure.quality import BICUBIC, bicubic_picture, matlab_y, psnr


def enlarged(small: np.ndarray, scale: int, model: str) -> np.ndarray:
    """A picture enlarged by a model, which may stand with how much detail it invents, NAME@DETAIL; or by BICUBIC."""
    if model == BICUBIC:
        return bicubic_picture(small, scale)
    name, _, detail = model.partition("@")
    return smssr_infer.upscale(small, scale, name, detail=float(detail) if detail else None)


def evaluate(folder: Path, scale: int, models: list[str], by: dict[str, Measure]) -> tuple[np.ndarray, list[float]]:
    """Every measure of every picture: `[models, measures, pictures]`, and each model's mesh in dB, without a border of `scale` pixels.

    Raises ValueError where there are no pictures.
    """
    paths = sorted((folder / f"LRx{scale}").glob("*.*"))
    if not paths:
        raise ValueError(f"{folder} has no LRx{scale} pictures")
    found: list[list[list[float]]] = []
    residuals: list[list[np.ndarray]] = [[] for _ in models]
    for path in tqdm(paths, desc=folder.name, disable=None):
        small, truth = (np.asarray(Image.open(p).convert("RGB")) for p in (path, folder / "HR" / path.name))
        inside = np.s_[scale:small.shape[0] * scale - scale, scale:small.shape[1] * scale - scale]
        answers = [np.ascontiguousarray(enlarged(small, scale, model)[inside]) for model in models]
        wanted = np.ascontiguousarray(truth[inside])
        plain = matlab_y(bicubic_picture(small, scale)[inside])
        for residual, answer in zip(residuals, answers, strict=True):
            residual.append(matlab_y(answer) - plain)
        found.append([[measure(answer, wanted) for measure in by.values()] for answer in answers])
    return np.array(found).transpose(1, 2, 0), [grid_peak(residual, scale) for residual in residuals]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_perception", description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="benchmark folders, with HR and LRx2, LRx3 or LRx4 inside")
    parser.add_argument("--scale", type=int, default=4, choices=(2, 3, 4))
    parser.add_argument("--model", action="append", required=True, help=f"NAME, NAME@DETAIL, a file, or {BICUBIC}; repeatable")
    parser.add_argument("--vgg-weights", type=Path, required=True, help="VGG-16 filters as .npz")
    arguments = parser.parse_args()
    by = {"PSNR ↑": lambda a, b: psnr(matlab_y(a), matlab_y(b)), **measures(arguments.vgg_weights)}
    for folder in arguments.folders:
        found, meshes = evaluate(folder, arguments.scale, arguments.model, by)
        print(f"\n| {folder.name} | {' | '.join(by)} | mesh, dB ↓ |\n{'| --- ' * (len(by) + 2)}|")
        for name, own, mesh in zip(arguments.model, found, meshes, strict=True):
            cells = []
            for values, first in zip(own, found[0], strict=True):
                text = f"{values.mean():.4g}"
                if name != arguments.model[0]:
                    low, high = interval(values - first)
                    text += f" ({(values - first).mean():+.3g}: {low:+.3g} … {high:+.3g})"
                cells.append(text)
            print(f"| {name} | {' | '.join(cells)} | {mesh:.1f} |", flush=True)


if __name__ == "__main__":
    main()
