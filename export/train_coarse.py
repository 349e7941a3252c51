"""Train the shipped coarse styles of `data/coarse.toml`, one after the other.

    python -m export.train_coarse --references DIR --photos DIR --vgg-weights FILE.npz --out runs/coarse [NAME …]

A style whose file is there already is skipped, so the same command resumes where it stopped stopped.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch

from .data.contents import whole_and_cut
from .data.photographs import to_train_on
from .losses.vgg import VGG
from .training.coarse import EACH, coarse_styles, train_coarse
from .training.painting_trainer import GRID, SIDE


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_coarse", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="coarse styles to train; without a name, all")
    parser.add_argument("--references", type=Path, required=True, help="folder of the paintings")
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs to paint anew")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz; without, torchvision's")
    parser.add_argument("--out", type=Path, required=True, help="folder for the trained styles")
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most this long for each style")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    contents = whole_and_cut(to_train_on(arguments.photos), EACH, SIDE, GRID, seed=1)
    vgg = VGG(arguments.vgg_weights).to(arguments.device)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, row in coarse_styles().items():
        if (arguments.out / f"{name}.pt").exists() or (arguments.names and name not in arguments.names):
            continue
        print(f"{name}: {train_coarse(name, row, arguments.references, contents, vgg, arguments.out, arguments.minutes)}", flush=True)


if __name__ == "__main__":
    main()
