"""Patches of photographs in colour, damaged on the way as a recipe says, with what they were before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from smssr_infer.arrays.holes import smooth
from smssr_infer.arrays.jpeg_grid import grid_planes
from smssr_infer.arrays.pixels import LUMA

from . import degrade
from .noisy import noise_of
from .photographs import eight_bits, reduced

MARGIN = 16
"""Pixels that are damaged and cut off again at two sides of a patch, so that a JPEG blocks begin anywhere."""

UNKNOWN = 0.15
"""Share of JPEGs whose quality a network is not told."""

OFF = 1.5
"""By about so much the quality that it is told differs from the file's: an estimate does."""

Recipe = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def clean(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For a network that takes away noise and JPEG artefacts; a picture without any stays."""
    kind = rng.random()
    if kind < 0.06:
        return x
    if kind < 0.34:
        return degrade.white_noise(x, rng.uniform(1, 57), rng)
    if kind < 0.4:
        return degrade.grainy_noise(x, rng.uniform(1, 25), rng.uniform(0.4, 1.2), rng, rng.random() < 0.2)
    if kind < 0.48:
        x = degrade.camera_noise(x, np.exp(rng.uniform(*np.log(degrade.SHOT))), rng)
        return degrade.some_jpeg(x, 60, 98, rng) if rng.random() < 0.6 else x
    if kind < 0.92:
        return degrade.some_jpeg(x, *((5, 50) if rng.random() < 0.7 else (50, 97)), rng)
    return degrade.some_jpeg(degrade.white_noise(x, rng.uniform(1, 20), rng), 20, 96, rng)


def noise(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For a network that takes away noise without JPEG artefacts."""
    kind = rng.random()
    if kind < 0.08:
        return x
    if kind < 0.72:
        return degrade.white_noise(x, rng.uniform(1, 57), rng)
    if kind < 0.86:
        return degrade.grainy_noise(x, rng.uniform(1, 25), rng.uniform(0.4, 1.2), rng, rng.random() < 0.2)
    return degrade.camera_noise(x, np.exp(rng.uniform(*np.log(degrade.SHOT))), rng)


def jpeg(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For a network that takes away JPEG artefacts, and the noise that is in a JPEG."""
    kind = rng.random()
    if kind < 0.04:
        return x
    if kind < 0.8:
        return degrade.some_jpeg(x, *((5, 50) if rng.random() < 0.7 else (50, 97)), rng)
    if kind < 0.9:
        return degrade.some_jpeg(degrade.white_noise(x, rng.uniform(1, 20), rng), 20, 96, rng)
    return degrade.some_jpeg(degrade.camera_noise(x, np.exp(rng.uniform(*np.log(degrade.SHOT))), rng), 60, 98, rng)


def heavy_jpeg(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For a last stage against JPEG artefacts: mostly such as are seen."""
    kind = rng.random()
    if kind < 0.02:
        return x
    if kind < 0.94:
        return degrade.some_jpeg(x, *((6, 50) if kind < 0.86 else (50, 97)), rng)
    return degrade.some_jpeg(degrade.camera_noise(x, np.exp(rng.uniform(*np.log(degrade.SHOT))), rng), 60, 98, rng)


def told_jpeg(x: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """As `heavy_jpeg`, for a network that is told the quality; and what it is told, 0 … 100: 0 where nobody knows it."""
    kind = rng.random()
    if kind < 0.02:
        return x, 0
    low, high = (6, 50) if kind < 0.76 else (50, 97)
    if kind < 0.94:
        x = degrade.perhaps_jpeg(x, low, high, rng)
    else:
        low, high = 60, 98
        x = degrade.camera_noise(x, np.exp(rng.uniform(*np.log(degrade.SHOT))), rng)
    quality = rng.integers(low, high + 1)
    told = 0 if rng.random() < UNKNOWN else np.clip(quality + OFF * rng.standard_normal(), 1, 100)
    return degrade.jpeg(x, quality, rng.random() < 0.7), told


def sharpen(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For a network that sharpens: blur, then a little noise, and JPEG in a sixth; one in ten is sharp already."""
    if rng.random() > 0.1:
        x = degrade.some_blur(x, rng)
    if rng.random() < 0.75:
        x = degrade.white_noise(x, rng.uniform(0, 5), rng)
    return degrade.some_jpeg(x, 60, 98, rng) if rng.random() < 1 / 6 else x


def photo(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a small picture has been through, for enlarging it: JPEG, noise of any origin, or both; one in seven nothing."""
    kind = rng.random()
    if kind < 0.15:
        return x
    noisy = kind > 0.55
    if noisy:
        x = x + noise_of(eight_bits(x).astype(np.float32), rng, 15)[1]
    if kind < 0.75:
        x = degrade.some_jpeg(x, *((50, 97) if noisy else (20, 70) if rng.random() < 0.5 else (70, 97)), rng)
    return x


RECIPES: dict[str, Recipe] = {recipe.__name__: recipe for recipe in (clean, noise, jpeg, heavy_jpeg, sharpen, photo)}

REDUCTIONS = ["bicubic"] * 6 + ["camera", "camera", "area", "lanczos", "bilinear", "nearest"]
"""How pictures were made smaller, each as often as it stands here."""


class Damaged:
    """Pairs (damaged, truth) in 0 … 1: places, turns and damages at random, by PyTorch's default generator."""

    def __init__(self, paths: list, recipe: str, scale: int, patch: int, shrink: tuple[float, ...], grid: bool = False,
                 grey: bool = False):
        """`recipe`: one of RECIPES, `told_jpeg`, or `fill`. `patch`: side of the damaged patch in pixels, a `scale`-th of the truth's.

        With `scale` 1 the pairs are `[n, 3, p, p]`, for `fill` with the mask as a fourth plane of the damaged; above it luma `[n, 1, …]`.
        `grey`: whether they are luma with scale 1, too.
        `grid`: whether the damaged have four more planes that tell where JPEG blocks begin; in one of seven patches they are wrong.
        With `told_jpeg` one more tells the quality.
        """
        if recipe not in ("fill", "told_jpeg", *RECIPES):
            raise ValueError(f"no damage {recipe!r}; there are fill, told_jpeg, {', '.join(RECIPES)}")
        self.recipe, self.scale, self.patch, self.grid, self.grey = recipe, scale, patch, grid, grey or scale > 1
        side = scale * (patch + MARGIN)
        self.pictures = reduced(paths, shrink, side)
        area = np.cumsum([p.shape[0] * p.shape[1] for p in self.pictures])
        self.share = area / area[-1]

    def _pair(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Damaged and true patch `[h, w, n]` in levels."""
        picture = self.pictures[np.searchsorted(self.share, rng.random())]
        side = self.scale * (self.patch + MARGIN)
        top, left = (rng.integers(0, n - side + 1) for n in picture.shape[:2])
        truth = picture[top:top + side, left:left + side]
        truth = np.rot90(truth, rng.integers(4))
        truth = np.ascontiguousarray(truth[:, ::-1] if rng.random() < 0.5 else truth, np.float32)
        if self.recipe == "fill":
            return self._filled(truth[MARGIN:, MARGIN:], rng)
        small = truth if self.scale == 1 else degrade.reduced(truth, self.scale, REDUCTIONS[rng.integers(len(REDUCTIONS))])
        small, told = told_jpeg(small, rng) if self.recipe == "told_jpeg" else (RECIPES[self.recipe](small, rng), None)
        small = eight_bits(small).astype(np.float32)
        down, across = rng.integers(0, MARGIN + 1, 2)
        small = small[down:down + self.patch, across:across + self.patch]
        if self.grid:
            begins = rng.integers(0, 8, 2) if rng.random() < 1 / 7 else (-down, -across)
            planes = grid_planes(np.arange(self.patch), np.arange(self.patch), begins)
            small = np.concatenate([small, 255 * planes.transpose(1, 2, 0)], -1)
        if told is not None:
            small = np.concatenate([small, np.full((*small.shape[:2], 1), 255 * told / 100, np.float32)], -1)
        down, across, side = self.scale * down, self.scale * across, self.scale * self.patch
        truth = truth[down:down + side, across:across + side]
        return ((small @ LUMA)[..., None], (truth @ LUMA)[..., None]) if self.grey else (small, truth)

    @staticmethod
    def _filled(truth: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        mask = degrade.holes(*truth.shape[:2], rng)
        planes = smooth(truth.transpose(2, 0, 1) / np.float32(255), ~mask)
        return np.concatenate([255 * planes.transpose(1, 2, 0), 255 * mask[..., None].astype(np.float32)], -1), truth

    def batch(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` pairs, `[count, n, p, p]` and `[count, n, s·p, s·p]` float32."""
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        pairs = [self._pair(rng) for _ in range(count)]
        small, large = (torch.from_numpy(np.stack(part)).permute(0, 3, 1, 2).contiguous() / 255 for part in zip(*pairs, strict=True))
        return small, large
