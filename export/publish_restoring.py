"""Turn a finished run of a restoring network into a shipped model: ONNX file, row of the manifest, card.

    python -m export.publish_restoring export/configs/restore-jpeg.toml --run runs/restore-jpeg --picture PICTURE \\
        --bench BENCH/BSD100/HR --validation-set HELD/HR

HELD is what `python -m export.validation_set` makes. The parity check has to pass first. Without --run and --picture the model that
ships is measured anew, and its card renewed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import RestoringCard

from .ship.restoring import measured, publish
from .training import configuration


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.publish_restoring", description=__doc__.split("\n")[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--run", type=Path, help="folder of the training run")
    parser.add_argument("--picture", type=Path, help="a real picture for the parity check")
    parser.add_argument("--bench", type=Path, required=True, help="folder of pictures to damage by noise")
    parser.add_argument("--validation-set", type=Path, required=True, help="folder of held-back photographs, to damage in the other ways")
    arguments = parser.parse_args()
    config = configuration.read(arguments.config)
    if (arguments.run is None) != (arguments.picture is None):
        parser.error("--run and --picture go together")
    if arguments.run:
        card = publish(config, arguments.run, arguments.picture, arguments.bench, arguments.validation_set)
    else:
        card = measured(manifest.find(config.name, RestoringCard), config, arguments.bench, arguments.validation_set)
    print(f"{card.name}: {card.params} parameters, {card.path.stat().st_size} bytes, {card.metrics}")


if __name__ == "__main__":
    main()
