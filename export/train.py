"""Train a super-resolution network from folders of photographs.

    python -m export.train export/configs/smssr-x4.toml --photos DIR --out runs/smssr-x4

Stopped (Ctrl-C, `--minutes`) and called again, it goes on where its last checkpoint stands. What a configuration may say is in
`training/configuration.py`.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch

from .training import configuration
from .training.run import train


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train", description=__doc__.split("\n")[0])
    parser.add_argument("config", type=Path, help="a file of export/configs")
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and log")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after this long; run again to continue")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz for a perceptual loss; without, torchvision's")
    parser.add_argument("--real-noise", type=Path, help="folder of pairs NAME_real.JPG, NAME_mean.JPG for networks that are told the noise")
    parser.add_argument("--teacher", type=Path, help="another network as .onnx, for configurations that are taught")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    train(configuration.read(arguments.config), arguments.photos, arguments.out, torch.device(arguments.device), arguments.minutes,
          arguments.vgg_weights, arguments.real_noise, arguments.teacher)


if __name__ == "__main__":
    main()
