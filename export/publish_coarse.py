"""Turn trained coarse styles into shipped ones: ONNX file, row of the manifest, thumbnail, card with measured figures.

    python -m export.publish_coarse --run runs/coarse --references DIR --photos DIR --vgg-weights FILE.npz [NAME …]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .losses.vgg import VGG
from .measure.coarse import misses, wholes
from .ship.coarse import publish
from .training.coarse import coarse_styles


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.publish_coarse", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="coarse styles; without a name, all that are trained")
    parser.add_argument("--run", type=Path, required=True, help="folder of the trained styles")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    pictures, vgg = wholes(arguments.photos), VGG(arguments.vgg_weights, torch.float32)
    rows = coarse_styles()
    for name in arguments.names or [name for name in rows if (arguments.run / f"{name}.pt").exists()]:
        card = publish(name, rows[name], arguments.run, arguments.references, pictures, vgg)
        missed = misses(dict(card.metrics))
        print(f"{name}: {card.params} parameters, {card.path.stat().st_size} bytes, {card.metrics} "
              f"{'MISSES ' if missed else ''}{' '.join(missed)}", flush=True)


if __name__ == "__main__":
    main()
