"""Does the runtime compute what PyTorch computes? The graph alone on both backends, and the whole enlargement.

    python -m export.parity export/configs/smssr-x4.toml --run runs/smssr-x4 --picture PICTURE
"""

from __future__ import annotations

import argparse
import copy
import tomllib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from smssr_infer import backends

from . import superres
from .superres import SuperResolution
from .to_onnx import fold, to_onnx

TOLERANCE = 1e-4


def trained(config: dict, run: Path) -> SuperResolution:
    """The averaged weights of a training run, on the CPU, in evaluation mode."""
    model = superres.model(config)
    model.load_state_dict(torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)["average"])
    return model.eval()


def differences(model: SuperResolution, graph: bytes, luma: np.ndarray) -> dict[str, float]:
    """For each backend the largest difference between its maps and PyTorch's, in float32, on luma `[H, W]` in 0 … 1."""
    y = luma[None, None]
    with torch.no_grad():
        expected = model.network(torch.from_numpy(y)).numpy()
    return {name: float(np.abs(backends.graph(graph, name)(y) - expected).max()) for name in backends.NAMES}


def check(model: SuperResolution, graph: bytes, luma: np.ndarray) -> dict[str, float]:
    """`differences`, or ValueError where one is above TOLERANCE."""
    found = differences(model, graph, luma)
    for name, difference in found.items():
        if not difference <= TOLERANCE:
            raise ValueError(f"{name} differs from PyTorch by {difference:.1e}, more than {TOLERANCE:.0e}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.parity", description=__doc__.split("\n")[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--picture", type=Path, required=True, help="a real picture; its middle 256×256 are used")
    arguments = parser.parse_args()
    model = trained(tomllib.loads(arguments.config.read_text()), arguments.run)
    found = check(model, to_onnx(fold(copy.deepcopy(model.network))), middle(arguments.picture))
    for name, difference in found.items():
        print(f"{name:12} {difference:.1e}")


def middle(path: Path, side: int = 256) -> np.ndarray:
    """Luma of the middle of a picture, at most side × side, in 0 … 1."""
    with Image.open(path) as picture:
        y = np.asarray(picture.convert("L"), np.float32) / 255
    top, left = (max(0, (n - side) // 2) for n in y.shape)
    return np.ascontiguousarray(y[top:top + side, left:left + side])


if __name__ == "__main__":
    main()
