"""A texture's thumbnail, as the plug-in's picker shows it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from smssr_infer import style_residual
from smssr_infer.arrays.scale_space import gaussian, separable

SIDE = 96
SPREAD = 0.13
"""Standard deviation of the texture in a thumbnail."""


def thumbnail(name: str) -> Image.Image:
    """A grey ball on grey, all of it in the texture; 96×96."""
    down, across = np.mgrid[:SIDE, :SIDE].astype(np.float32) / (SIDE - 1) * 2 - 1
    height = np.maximum(0.85 - down**2 - across**2, 0)
    light = np.sqrt(height) - 0.35 * (down + across)
    picture = np.where(height > 0, 0.22 + 0.45 * light, 0.6).astype(np.float32)
    soft = gaussian(SIDE, 0.7)
    picture = np.repeat(separable(picture, soft, soft, (0, SIDE), (0, SIDE))[..., None], 3, -1)
    residual = style_residual(picture, name)
    residual = residual if residual.ndim == 3 else residual[..., None]
    styled = picture + residual * (SPREAD / residual.std())
    return Image.fromarray((255 * np.clip(styled, 0, 1) + 0.5).astype(np.uint8))
