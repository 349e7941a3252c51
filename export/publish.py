"""Turn a finished training run into a shipped model: ONNX file, row of the manifest, card.

    python -m export.publish export/configs/smssr-x4.toml --run runs/smssr-x4 --picture PICTURE --bench BENCH/Set5 …

The parity check has to pass first. The figures in the card are measured here, by the runtime, on the file that was written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .measure.perception import measures
from .ship.networks import publish
from .training import configuration


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.publish", description=__doc__.split("\n")[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--picture", type=Path, required=True, help="a real picture for the parity check")
    parser.add_argument("--bench", type=Path, nargs="*", default=[], help="benchmark folders to measure on")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz: the card says how the results look, too")
    arguments = parser.parse_args()
    card = publish(configuration.read(arguments.config), arguments.run, arguments.picture, arguments.bench,
                   measures(arguments.vgg_weights) if arguments.vgg_weights else None)
    print(f"{card.name}: {card.params} parameters, {card.path.stat().st_size} bytes, {card.metrics}")


if __name__ == "__main__":
    main()
