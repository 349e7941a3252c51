"""Photographs as patches: luma planes held in memory, and random crops of them cut out on the training device.

A small picture is its large one reduced by antialiased bicubic and rounded to 8 bits, as the benchmarks are made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from smssr_infer.arrays.resample import resize

from . import graphics, pages
from .photographs import eight_bits
from .teacher import Teacher


class PatchSource(Protocol):
    """Whatever draws pairs of patches to train on."""

    def batch(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` pairs of what a network is given and what it should make of it, float32 in 0 … 1."""
        ...


CELL = 8
"""Places of patches are weighed on a grid of so many small pixels, and drawn evenly within its cells."""


def chances(small: np.ndarray, large: np.ndarray, patch: int, power: float) -> np.ndarray:
    """How likely each patch is to be drawn: `[i, j]` for the one whose corner is at (CELL·i, CELL·j) of the small picture.

    Its mean bicubic error (levels, plus half of one, so that flat places are seen too) to the `power`. Much of a photograph is sky, from
    which a network learns little; 0 draws all places alike.
    """
    side = CELL * (large.shape[0] // small.shape[0])
    error = np.abs(resize(small.astype(np.float32), *large.shape) - large)
    rows, columns = (n // side for n in error.shape)
    cells = error[:rows * side, :columns * side].reshape(rows, side, columns, side).mean((1, 3))
    across = -(-patch // CELL)
    return (np.lib.stride_tricks.sliding_window_view(cells, (across, across)).mean((2, 3)) + 0.5) ** power


class Patches:
    """Pairs (small, large) of luma patches in 0 … 1, drawn at random: places by their `chances`, flips and rotations.

    All pictures lie in two flat 8-bit tensors on `device`; a batch is one gather from each, so a GPU never waits for the CPU.
    Each photograph is also kept reduced by every factor of `shrink`, which gives more detail per pixel.
    """

    def __init__(self, paths: list[Path], scale: int, patch: int, shrink: tuple[float, ...], device: torch.device, detail: float = 0.0,
                 from_pages: float = 0.0, teacher: Teacher | None = None, taught: float = 1.0, from_graphics: float = 0.0):
        """`patch`: side of the small patch in pixels. `detail`: how much likelier detailed places are, the power of `chances`.

        `from_pages`: the share of patches, 0 … 1, that comes from the pages of `pages.py` instead of the photographs. `teacher`: a
        network of this scale or a larger one whose results stand for the photographs' large patches, by the share `taught`, 0 … 1.
        `from_graphics`: the share that comes from `graphics.py`.
        """
        self.scale, self.patch, self.device = scale, patch, device
        small, large, corners = [], [], []

        def keep(pair: tuple[np.ndarray, np.ndarray], weights: list[np.ndarray]) -> None:
            chance = chances(*pair, patch, detail)
            which = np.broadcast_to(len(small), chance.shape)
            corners.append(np.stack([which, *np.indices(chance.shape) * CELL]).reshape(3, -1))
            weights.append(chance.ravel())
            small.append(pair[0])
            large.append(pair[1])

        def take(whole: np.ndarray, weights: list[np.ndarray]) -> None:
            for factor in shrink:
                h, w = (int(n / factor) // scale for n in whole.shape)
                if min(h, w) < patch + CELL:
                    continue
                y = whole if factor == 1 else resize(whole, int(whole.shape[0] / factor), int(whole.shape[1] / factor))
                y = eight_bits(y[:h * scale, :w * scale])
                reduced = eight_bits(resize(y.astype(np.float32), h, w))
                keep((reduced, y), weights)
                if teacher and weights is photographed:
                    large[-1] = eight_bits(taught * teacher(reduced, scale).astype(np.float32) + (1 - taught) * y)

        photographed, drawn, graphic = [], [], []
        for path in tqdm(paths, desc="photographs", unit="", disable=None):
            with Image.open(path) as picture:
                take(np.asarray(picture.convert("L"), np.float32), photographed)
        for number in range(pages.PAGES if from_pages else 0):
            take(pages.page(number).astype(np.float32), drawn)
        for number in range(pages.ROUGH_PAGES if from_pages and scale > 1 else 0):
            keep(pages.rough(number, scale), drawn)
        for name in graphics.TRAINED if from_graphics else ():
            for number in range(graphics.EACH):
                keep(graphics.graphic(name, number, scale), graphic)
        shares = []
        for weights, part in ((photographed, 1 - from_pages - from_graphics), (drawn, from_pages), (graphic, from_graphics)):
            if weights:
                chance = np.concatenate(weights)
                shares.append(chance / chance.sum() * part)
        sizes = torch.tensor([y.shape for y in small])
        area = sizes.prod(1)
        share = torch.from_numpy(np.concatenate(shares)).double().cumsum(0)
        self.small = torch.from_numpy(np.concatenate([y.ravel() for y in small])).to(device)
        self.large = torch.from_numpy(np.concatenate([y.ravel() for y in large])).to(device)
        self.start = (area.cumsum(0) - area).to(device)
        self.sizes = sizes.to(device)
        self.share = (share / share[-1]).to(device)
        self.corners = torch.from_numpy(np.concatenate(corners, axis=1)).to(device)
        """Rows: which picture, row, column."""

    def _cut(self, pixels: torch.Tensor, start, width, top, left, turn, side: int) -> torch.Tensor:
        """One patch of `side` pixels for every entry of the 1-D tensors `start`, `width`, `top`, `left`, `turn` (0 … 7)."""
        along = torch.arange(side, device=self.device)
        a, b = along[None, :, None], along[None, None, :]
        t = turn[:, None, None]
        a, b = torch.where(t >= 4, b, a), torch.where(t >= 4, a, b)
        a = torch.where(t % 2 == 1, side - 1 - a, a)
        b = torch.where(t // 2 % 2 == 1, side - 1 - b, b)
        at = start[:, None, None] + (top[:, None, None] + a) * width[:, None, None] + left[:, None, None] + b
        return pixels[at][:, None].float() / 255

    def batch(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` pairs: `[count, 1, p, p]` and `[count, 1, s·p, s·p]` float32, by PyTorch's default generator."""
        u = torch.rand(3, count, device=self.device)
        chosen = torch.searchsorted(self.share, torch.rand(count, device=self.device, dtype=torch.float64)).clamp_max(len(self.share) - 1)
        k, top, left = self.corners[:, chosen]
        h, w = self.sizes[k].unbind(1)
        top = torch.minimum(top + (u[0] * CELL).long(), h - self.patch)
        left = torch.minimum(left + (u[1] * CELL).long(), w - self.patch)
        turn = (u[2] * 8).long().clamp_max(7)
        s = self.scale
        small = self._cut(self.small, self.start[k], w, top, left, turn, self.patch)
        large = self._cut(self.large, self.start[k] * s * s, w * s, top * s, left * s, turn, self.patch * s)
        return small, large


def recontrast(small: torch.Tensor, large: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Half of the pairs with a tenth to all of their contrast, at any level that keeps them in 0 … 1.

    Photographs rarely are pale or bright all over; drawings and skies are, and a network must not leave a pattern in them.
    """
    u, v, chosen = torch.rand(3, len(small), 1, 1, 1, device=small.device)
    gain = torch.where(chosen < 0.5, 0.1 + 0.9 * u, 1.0)
    level = (1 - gain) * v
    return gain * small + level, gain * large + level
