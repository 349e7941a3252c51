"""Train the shipped styles of `data/styles.toml`, one after the other.

    python -m export.train_styles --references DIR --photos DIR --vgg-weights FILE.npz --out runs/styles [NAME …]

`fur` is trained first and longest; every other style starts from it. A style whose file is there already is skipped, so the same
command resumes where it stopped stopped. With `--further` into a new folder, styles are trained on from the weights that ship.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch

from .data.contents import photographed
from .data.photographs import to_train_on
from .losses.vgg import VGG
from .training.style_trainer import SIDE
from .training.styles import CONTENTS, styles, train_style


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_styles", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="styles to train; without a name, all")
    parser.add_argument("--references", type=Path, required=True, help="folder of the reference pictures")
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs to lay the textures over")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz; without, torchvision's")
    parser.add_argument("--out", type=Path, required=True, help="folder for the trained styles")
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most this long for each style")
    parser.add_argument("--further", action="store_true", help="train on from the weights that ship")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    contents = photographed(to_train_on(arguments.photos), CONTENTS, SIDE, seed=1)
    vgg = VGG(arguments.vgg_weights).to(arguments.device)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, row in styles().items():
        if (arguments.out / f"{name}.pt").exists() or (arguments.names and name not in arguments.names):
            continue
        print(f"{name}: {train_style(name, row, arguments.references, contents, vgg, arguments.out, arguments.minutes, arguments.further)}",
              flush=True)


if __name__ == "__main__":
    main()
