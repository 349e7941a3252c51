"""Does the runtime compute what PyTorch computes?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from smssr_infer.arrays.jpeg_grid import grid_planes
from smssr_infer.networks import backends
from smssr_infer.textures.random_fields import white

TOLERANCE = 1e-4


def given(network: nn.Module, y: np.ndarray) -> np.ndarray:
    """What an enlarging network takes for luma `[H, W]`: that, or `[2, H, W]` with noise."""
    return y if network.channels == 1 else np.stack([y, white(0, y.shape[0], 0, y.shape[1], 0)])


def differences(network: nn.Module, graph: bytes, planes: np.ndarray) -> dict[str, float]:
    """For each backend the largest difference between its maps and PyTorch's, in float32, on luma `[H, W]` or planes `[C, H, W]`."""
    y = planes[None, None] if planes.ndim == 2 else planes[None]
    with torch.no_grad():
        expected = network(torch.from_numpy(y)).numpy()
    return {name: float(np.abs(backends.graph(graph, name)(y) - expected).max()) for name in backends.NAMES}


def check(network: nn.Module, graph: bytes, planes: np.ndarray) -> dict[str, float]:
    """`differences`, or ValueError where one is above TOLERANCE."""
    found = differences(network, graph, planes)
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


def colours(path: Path, planes: int, side: int = 256) -> np.ndarray:
    """The middle of a picture, side × side, `[planes, side, side]` in 0 … 1: luma; R, G, B; those and a mask, noise's σ,
    or JPEG blocks (and quality)."""
    if planes == 1:
        return middle(path, side)[None]
    with Image.open(path) as picture:
        rgb = np.asarray(picture.convert("RGB"), np.float32) / 255
    top, left = (max(0, (n - side) // 2) for n in rgb.shape[:2])
    found = rgb[top:top + side, left:left + side].transpose(2, 0, 1)
    if planes == 4:
        found = np.concatenate([found, np.zeros_like(found[:1])])
        found[3, :, side // 2:side // 2 + 6] = 1
    if planes == 5:
        found = np.concatenate([found, np.full((2, side, side), 10 / 255, np.float32)])
    if planes in (7, 8):
        found = np.concatenate([found, grid_planes(np.arange(side), np.arange(side), (0, 0))])
    if planes == 8:
        found = np.concatenate([found, np.full((1, side, side), 0.3, np.float32)])
    return np.ascontiguousarray(found)
