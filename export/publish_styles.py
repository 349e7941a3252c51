"""Turn trained styles into shipped ones: ONNX file, row of the manifest, thumbnail, card with measured figures.

    python -m export.publish_styles --run runs/styles --references DIR --photos DIR --vgg-weights FILE.npz [NAME …]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from .losses.vgg import VGG
from .measure.styles import misses, unseen_pictures
from .ship.styles import publish
from .training.styles import styles


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.publish_styles", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="styles; without a name, all that are trained")
    parser.add_argument("--run", type=Path, required=True, help="folder of the trained styles")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    pictures, vgg = unseen_pictures(arguments.photos), VGG(arguments.vgg_weights, torch.float32)
    rows = styles()
    for name in arguments.names or [name for name in rows if (arguments.run / f"{name}.pt").exists()]:
        card = publish(name, rows[name], arguments.run, arguments.references, pictures, vgg)
        missed = misses(dict(card.metrics))
        print(f"{name}: {card.params} parameters, {card.path.stat().st_size} bytes, {card.metrics} "
              f"{'MISSES ' if missed else ''}{' '.join(missed)}", flush=True)


if __name__ == "__main__":
    main()
