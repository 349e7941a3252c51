"""Patches of photographs enlarged by any factor, another one for each batch."""

from __future__ import annotations

from pathlib import Path

import torch

from ..data.patches import Patches
from ..networks.matrices import resize

MARGIN = 10
"""Small pixels around a patch while it is reduced: its edges must not be those of the picture. A tenth of it is whole at every tenth."""


class AnyScalePatches:
    """Pairs (small, large) of luma patches in 0 … 1, all of a batch at one scale: a tenth between the two `scales`, both among them."""

    def __init__(self, paths: list[Path], scales: tuple[float, float], patch: int, shrink: tuple[float, ...], device: torch.device):
        """`patch`: side of the small patch in pixels, a multiple of 10 (else ValueError). `shrink`: as of `Patches`."""
        if patch % 10:
            raise ValueError(f"a patch of {patch} pixels is not whole at every tenth of a scale: a multiple of 10 is")
        self.patch = patch
        self.least, self.largest = (round(10 * scale) for scale in scales)
        self.pictures = Patches(paths, 1, self._side(self.largest), shrink, device)

    def _side(self, tenths: int) -> int:
        return tenths * (self.patch + 2 * MARGIN) // 10

    def batch(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` pairs: `[count, 1, p, p]` and `[count, 1, s·p, s·p]` float32, by PyTorch's default generator."""
        tenths = int(torch.randint(self.least, self.largest + 1, ()))
        side, edge = self._side(tenths), tenths * MARGIN // 10
        large = self.pictures.batch(count)[1][..., :side, :side]
        small = resize(large, self.patch + 2 * MARGIN, self.patch + 2 * MARGIN)
        small = (255 * small[..., MARGIN:-MARGIN, MARGIN:-MARGIN]).round().clamp(0, 255) / 255
        return small, large[..., edge:side - edge, edge:side - edge]
