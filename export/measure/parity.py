"""Does the runtime compute what PyTorch computes?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from smssr_infer.networks import backends

TOLERANCE = 1e-4


def differences(network: nn.Module, graph: bytes, luma: np.ndarray) -> dict[str, float]:
    """For each backend the largest difference between its maps and PyTorch's, in float32, on luma `[H, W]` in 0 … 1."""
    y = luma[None, None]
    with torch.no_grad():
        expected = network(torch.from_numpy(y)).numpy()
    return {name: float(np.abs(backends.graph(graph, name)(y) - expected).max()) for name in backends.NAMES}


def check(network: nn.Module, graph: bytes, luma: np.ndarray) -> dict[str, float]:
    """`differences`, or ValueError where one is above TOLERANCE."""
    found = differences(network, graph, luma)
    for name, difference in found.items():
        if not difference <= TOLERANCE:
            raise ValueError(f"{name} differs from PyTorch by {difference:.1e}, more than {TOLERANCE:.0e}")
    return found


def middle(path: Path, side: int = 256) -> np.ndarray:
    """Luma of the middle of a picture, at most side × side, in 0 … 1."""
    with Image.open(path) as picture:
        y = np.asarray(picture.convert("L"), np.float32) / 255
    top, left = (max(0, (n - side) // 2) for n in y.shape)
    return np.ascontiguousarray(y[top:top + side, left:left + side])
