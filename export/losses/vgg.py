"""VGG-16 up to conv3_3 (Simonyan & Zisserman 2015), frozen: the eye of the perceptual and texture losses.

Layers are counted as Keras counts them, input and pools included: 2 = conv1_2, 5 = conv2_2, 7 = conv3_1, 9 = conv3_3.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..networks.precision import bfloat16_pays

LAYERS = {1: "conv1_1", 2: "conv1_2", 4: "conv2_1", 5: "conv2_2", 7: "conv3_1", 8: "conv3_2", 9: "conv3_3"}
MEAN = (123.68, 116.779, 103.939)
TORCHVISION = {"conv1_1": 0, "conv1_2": 2, "conv2_1": 5, "conv2_2": 7, "conv3_1": 10, "conv3_2": 12, "conv3_3": 14}


def weights(path: Path | None) -> dict[str, np.ndarray]:
    """The filters by name (`conv1_1.weight` OIHW, `conv1_1.bias`, …), from an .npz file or, without one, from torchvision.

    Raises ValueError, in one line, where they cannot be had.
    """
    if path is not None:
        try:
            with np.load(path) as file:
                return {f"{name}.{part}": file[f"{name}.{part}"] for name in LAYERS.values() for part in ("weight", "bias")}
        except (OSError, KeyError, ValueError) as error:
            raise ValueError(f"{path} is no file of VGG-16 weights: {error}") from error
    try:
        from torchvision.models import VGG16_Weights, vgg16

        features = vgg16(weights=VGG16_Weights.IMAGENET1K_V1).features
    except (ImportError, OSError) as error:
        raise ValueError("learning a style needs VGG-16's weights: give a file with --vgg-weights, "
                         "or install torchvision, which downloads them") from error
    return {f"{name}.{part}": getattr(features[at], part).detach().numpy() for name, at in TORCHVISION.items()
            for part in ("weight", "bias")}


class VGG(nn.Module):
    """RGB `[B, 3, H, W]` in 0 … 1 → the feature maps of chosen layers, after their ReLU. Nothing to train."""

    def __init__(self, path: str | os.PathLike | None, dtype: torch.dtype | None = None):
        """`dtype`: what it works in; None for bfloat16 where that pays, else float32."""
        super().__init__()
        filters = weights(None if path is None else Path(path))
        self.dtype = dtype or (torch.bfloat16 if bfloat16_pays() else torch.float32)
        for name in LAYERS.values():
            outputs, inputs = filters[f"{name}.weight"].shape[:2]
            layer = nn.Conv2d(inputs, outputs, 3, padding=1)
            layer.weight.data = torch.from_numpy(np.asarray(filters[f"{name}.weight"], np.float32))
            layer.bias.data = torch.from_numpy(np.asarray(filters[f"{name}.bias"], np.float32))
            self.add_module(name, layer)
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.to(self.dtype, memory_format=torch.channels_last).requires_grad_(False)
        self.mean = self.mean.float()

    def forward(self, rgb: torch.Tensor, layers: tuple[int, ...]) -> dict[int, torch.Tensor]:
        """The maps of `layers`, by number."""
        x = (255 * rgb - self.mean).to(self.dtype, memory_format=torch.channels_last)
        maps = {}
        for number, name in LAYERS.items():
            if number > max(layers):
                break
            if number in (4, 7):
                x = F.max_pool2d(x, 2)
            x = F.relu(getattr(self, name)(x))
            if number in layers:
                maps[number] = x
        return maps
