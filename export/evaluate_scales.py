"""PSNR and SSIM on Y at scales between and beyond those of the models, enlarged as users do it.

    python -m export.evaluate_scales BENCH/Set14/HR

Small pictures are made by antialiased bicubic and rounded to 8 bits.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
from PIL import Image

import smssr_infer
from smssr_infer.arrays.resample import resize
from smssr_infer.steps import Enlarge

from .data.photographs import eight_bits
from .measure.quality import Figures, measure, shown

SCALES = (1.3, 1.7, 2.2, 2.5, 3.3, 3.8, 6.0, 8.0)
WAYS = ("bicubic", "Lanczos", "smssr")


def _resized(rgb: np.ndarray, height: int, width: int) -> np.ndarray:
    return eight_bits(resize(rgb.transpose(2, 0, 1).astype(np.float32), height, width)).transpose(1, 2, 0)


def evaluate(folder: Path, scale: float) -> dict[str, Figures]:
    """The average figures of WAYS on a folder's pictures; a border of `scale` pixels is shaved off."""
    found: dict[str, list[Figures]] = {way: [] for way in WAYS}
    for path in sorted(folder.iterdir()):
        with Image.open(path) as picture:
            truth = np.asarray(picture.convert("RGB"))
        rows, columns = (int(n / scale) for n in truth.shape[:2])
        height, width = (min(n, round(scale * m)) for n, m in zip(truth.shape[:2], (rows, columns), strict=True))
        truth = truth[:height, :width]
        small = _resized(truth, rows, columns)
        answers = (_resized(small, height, width), np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.LANCZOS)),
                   smssr_infer.process(small, smssr_infer.Recipe(Enlarge(height=height, width=width, picture="clean"))))
        for way, answer in zip(WAYS, answers, strict=True):
            found[way].append(measure(answer, truth, math.ceil(scale)))
    return {way: {key: float(np.mean([one[key] for one in several])) for key in several[0]} for way, several in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_scales", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder of large pictures")
    parser.add_argument("--scales", type=float, nargs="+", default=SCALES)
    arguments = parser.parse_args()
    print(f"| scale | {' | '.join(WAYS)} |\n{'| --- ' * (len(WAYS) + 1)}|")
    for scale in arguments.scales:
        print(f"| {scale:g} | {' | '.join(shown(figures) for figures in evaluate(arguments.folder, scale).values())} |", flush=True)


if __name__ == "__main__":
    main()
