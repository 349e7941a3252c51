"""Measure the shipped coarse styles on photographs of the validation set; exit status 1 where one misses its bars.

    python -m export.evaluate_coarse --references DIR --photos DIR --vgg-weights FILE.npz
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import CoarseNetworkCard

from .losses.vgg import VGG
from .measure.coarse import measure, misses, wholes
from .training.coarse import coarse_styles


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_coarse", description=__doc__.split("\n")[0])
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    pictures, vgg = wholes(arguments.photos), VGG(arguments.vgg_weights, torch.float32)
    short = False
    for name, row in coarse_styles().items():
        m = measure(manifest.find(name, CoarseNetworkCard), row.painting(arguments.references), pictures, vgg)
        missed = misses(m)
        short |= bool(missed)
        print(f"{name:15} {' '.join(f'{key} {value:.3f}' for key, value in m.items())} {'MISSES ' if missed else ''}{' '.join(missed)}")
    sys.exit(short)


if __name__ == "__main__":
    main()
