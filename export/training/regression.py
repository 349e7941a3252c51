"""Small regressions from what is measured of a picture to how degraded it is (`smssr_infer.analysis.perceptron`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

HIDDEN = 32
STEPS = 6000


def fit(seen: np.ndarray, sigma: np.ndarray, offset: float) -> tuple[dict[str, np.ndarray], Callable[[np.ndarray], np.ndarray]]:
    """The layers of a perceptron that maps features `[count, n]` to log(σ + offset), σ `[count, m]`; and what σ it makes of features."""
    torch.manual_seed(1)
    mean, deviation = seen.mean(0), seen.std(0) + 1e-6
    network = nn.Sequential(nn.Linear(seen.shape[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, sigma.shape[1]))
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    x, y = torch.from_numpy((seen - mean) / deviation), torch.from_numpy(np.log(sigma + offset).astype(np.float32))
    for _ in range(STEPS):
        chosen = torch.randint(len(x), (256,))
        optimiser.zero_grad()
        nn.functional.smooth_l1_loss(network(x[chosen]), y[chosen], beta=0.2).backward()
        optimiser.step()
        schedule.step()
    first, second = network[0], network[2]
    layers = {"mean": mean, "deviation": deviation, "first": first.weight, "first_bias": first.bias, "second": second.weight,
              "second_bias": second.bias}
    layers = {name: layer.detach().numpy() if isinstance(layer, torch.Tensor) else layer for name, layer in layers.items()}

    @torch.no_grad()
    def estimate(features: np.ndarray) -> np.ndarray:
        return np.exp(network(torch.from_numpy((features - mean) / deviation)).numpy()) - offset

    return layers, estimate


def save(layers: dict[str, np.ndarray], path: Path) -> None:
    """The layers as the runtime reads them."""
    path.write_text(json.dumps({name: np.round(layer.astype(float), 5).tolist() for name, layer in layers.items()}) + "\n",
                    encoding="utf-8")
