"""Partings: where a field of heads and tails turns round, for it has to somewhere (`smssr_infer.analysis.flow.Headed`).

The lines of a texture go on there, only their heads point the other way. A network that never saw it draws a bright bar along it.
"""

from __future__ import annotations

import math

import torch

REACH = 16
"""How far to each side, in pixels, the mean of a residual is looked at."""


def seams(count: int, side: int) -> torch.Tensor:
    """Signed distances in pixels from a random straight line, `[count, 1, side, side]`; it crosses three patches of four."""
    way = 2 * math.pi * torch.rand(count, 1, 1, 1)
    across = torch.arange(side) - side / 2
    return across * way.cos() + across[:, None] * way.sin() + 0.8 * side * (2 * torch.rand(count, 1, 1, 1) - 1)


def along(planes: torch.Tensor, parting: torch.Tensor) -> torch.Tensor:
    """The mean of planes `[B, 1, H, W]` along their seams, at every two pixels of distance, `[B, REACH]`; 0 where there is none."""
    step = (parting / 2).floor().clamp(-REACH // 2 - 1, REACH // 2).long() + REACH // 2 + 1
    index = (step + (REACH + 2) * torch.arange(len(planes), device=planes.device)[:, None, None, None]).flatten()
    none = torch.zeros(len(planes) * (REACH + 2), device=planes.device)
    total, count = (none.index_add(0, index, values.flatten()) for values in (planes, torch.ones_like(planes)))
    return (total / count.clamp(min=1)).view(len(planes), REACH + 2)[:, 1:-1]
