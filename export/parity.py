"""Does the runtime compute what PyTorch computes? The graph alone on both backends.

    python -m export.parity export/configs/smssr-x4.toml --run runs/smssr-x4 --picture PICTURE
"""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

from .measure.parity import check, given, middle
from .packing.to_onnx import fold, to_onnx
from .training import configuration
from .training.run import trained


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.parity", description=__doc__.split("\n")[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--picture", type=Path, required=True, help="a real picture; its middle 256×256 are used")
    arguments = parser.parse_args()
    network = trained(configuration.read(arguments.config), arguments.run).network
    graph = to_onnx(fold(copy.deepcopy(network)), network.channels)
    for name, difference in check(network, graph, given(network, middle(arguments.picture))).items():
        print(f"{name:12} {difference:.1e}")


if __name__ == "__main__":
    main()
