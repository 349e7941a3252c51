"""PSNR and SSIM on Y at scales between and beyond those of the models, enlarged as users do it.

    python -m export.evaluate_scales BENCH/Set14/HR --baselines RUNS

Small pictures are made by antialiased bicubic and rounded to 8 bits; both sizes are whole numbers of pixels. With the training runs of
`export/configs/baselines/`, Meta-SR and ASDN as small as ours, and ours with their budget, stand beside.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

import smssr_infer
from smssr_infer.steps import Enlarge

from .measure.quality import Figures, bicubic, measure, shown
from .measure.runs import Run

SCALES = (1.3, 1.7, 2.2, 2.5, 3.3, 3.8, 6.0, 8.0)

WHOLE = 10
"""Sides of small pictures are multiples of it, so that every tenth of a scale gives whole pixels."""

Enlarging = Callable[[np.ndarray, int, int], np.ndarray]
"""8-bit RGB, height, width → 8-bit RGB of that size."""

RUNS = {"Meta-SR": "meta-rdn-small", "ASDN": "asdn-small", "ours at their budget": "smssr-x4"}
"""Training runs by what the table calls them."""


def lanczos(rgb: np.ndarray, height: int, width: int) -> np.ndarray:
    """Pillow's."""
    return np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.LANCZOS))


def shipped(rgb: np.ndarray, height: int, width: int) -> np.ndarray:
    """The models that ship: the next larger one, then antialiased bicubic; a cascade above ×4."""
    return smssr_infer.process(rgb, smssr_infer.Recipe(Enlarge(height=height, width=width, picture="clean")))


WAYS: dict[str, Enlarging] = {"bicubic": bicubic, "Lanczos": lanczos, "smssr": shipped}


def evaluate(folder: Path, scale: float, ways: Mapping[str, Enlarging]) -> dict[str, Figures]:
    """The average figures of each way on a folder's pictures; a border of `scale` pixels is shaved off."""
    found: dict[str, list[Figures]] = {way: [] for way in ways}
    for path in sorted(folder.iterdir()):
        with Image.open(path) as picture:
            truth = np.asarray(picture.convert("RGB"))
        rows, columns = (int(n / scale) // WHOLE * WHOLE for n in truth.shape[:2])
        height, width = round(scale * rows), round(scale * columns)
        truth = truth[:height, :width]
        small = bicubic(truth, rows, columns)
        for way, enlarge in ways.items():
            found[way].append(measure(enlarge(small, height, width), truth, math.ceil(scale)))
    return {way: {key: float(np.mean([one[key] for one in several])) for key in several[0]} for way, several in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_scales", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder of large pictures")
    parser.add_argument("--scales", type=float, nargs="+", default=SCALES, help="in tenths")
    parser.add_argument("--baselines", type=Path, help="folder of the baselines' training runs")
    arguments = parser.parse_args()
    ways = dict(WAYS)
    if arguments.baselines:
        ways |= {said: Run(name, arguments.baselines) for said, name in RUNS.items()}
    print(f"| scale | {' | '.join(ways)} |\n{'| --- ' * (len(ways) + 1)}|")
    for scale in arguments.scales:
        print(f"| {scale:g} | {' | '.join(shown(figures) for figures in evaluate(arguments.folder, scale, ways).values())} |", flush=True)


if __name__ == "__main__":
    main()
