"""Photographs as patches: luma planes held in memory, and random crops of them cut out on the training device.

A small picture is its large one reduced by antialiased bicubic and rounded to 8 bits, as the benchmarks are made.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from smssr_infer.resample import resize

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"}


def photographs(folder: Path) -> list[Path]:
    """The pictures of a folder, by name. Raises ValueError where there is none."""
    paths = sorted(p for p in Path(folder).iterdir() if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise ValueError(f"{folder} holds no pictures")
    return paths


def quantise(y: np.ndarray) -> np.ndarray:
    """Luma in 0 … 255 as 8 bits."""
    return np.clip(np.rint(y), 0, 255).astype(np.uint8)


class Patches:
    """Pairs (small, large) of luma patches in 0 … 1, drawn at random: pictures by area, then places, flips and rotations.

    All pictures lie in two flat 8-bit tensors on `device`; a batch is one gather from each, so a GPU never waits for the CPU.
    Each photograph is also kept reduced by every factor of `shrink`, which gives more detail per pixel.
    """

    def __init__(self, paths: list[Path], scale: int, patch: int, shrink: tuple[float, ...], device: torch.device):
        """`patch`: side of the small patch in pixels."""
        self.scale, self.patch, self.device = scale, patch, device
        small, large, widths = [], [], []
        for path in tqdm(paths, desc="photographs", unit="", disable=None):
            with Image.open(path) as picture:
                whole = np.asarray(picture.convert("L"), np.float32)
            for factor in shrink:
                h, w = (int(n / factor) // scale for n in whole.shape)
                if min(h, w) < patch:
                    continue
                y = whole if factor == 1 else resize(whole, int(whole.shape[0] / factor), int(whole.shape[1] / factor))
                y = quantise(y[:h * scale, :w * scale])
                large.append(y)
                small.append(quantise(resize(y.astype(np.float32), h, w)))
                widths.append((h, w))
        sizes = torch.tensor(widths)
        area = sizes.prod(1)
        self.small = torch.from_numpy(np.concatenate([y.ravel() for y in small])).to(device)
        self.large = torch.from_numpy(np.concatenate([y.ravel() for y in large])).to(device)
        self.start = (area.cumsum(0) - area).to(device)
        self.share = (area.cumsum(0) / area.sum()).float().to(device)
        self.sizes = sizes.to(device)

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
        u = torch.rand(4, count, device=self.device)
        k = torch.searchsorted(self.share, u[0]).clamp_max(len(self.share) - 1)
        h, w = self.sizes[k].unbind(1)
        top = (u[1] * (h - self.patch + 1)).long()
        left = (u[2] * (w - self.patch + 1)).long()
        turn = (u[3] * 8).long().clamp_max(7)
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
