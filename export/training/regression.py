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


def fit_sigma(seen: np.ndarray, sigma: np.ndarray, offset: float) -> tuple[dict[str, np.ndarray], Callable[[np.ndarray], np.ndarray]]:
    """The layers of a perceptron that maps features `[count, n]` to log(σ + offset), σ `[count, m]`; and what σ it makes of features."""
    layers, predict = fit(seen, np.log(sigma + offset), beta=0.2)
    return layers, lambda features: np.exp(predict(features)) - offset


def fit(seen: np.ndarray, wanted: np.ndarray, beta: float, members: int = 1,
        steps: int = STEPS) -> tuple[dict[str, np.ndarray], Callable[[np.ndarray], np.ndarray]]:
    """The layers of a perceptron that maps features `[count, n]` to what is wanted `[count, m]`, NaN where that is not known; and what it
    makes of features.

    Errors above `beta` count by their size, those below by their square. `members`: so many, each learnt from a bootstrap sample, are made
    one whose answer is their mean (bagging).
    """
    torch.manual_seed(1)
    mean, deviation = seen.mean(0), seen.std(0) + 1e-6
    x, y = torch.from_numpy(np.float32((seen - mean) / deviation)), torch.from_numpy(wanted.astype(np.float32))
    networks = []
    for _ in range(members):
        drawn = torch.randint(len(x), (len(x),)) if members > 1 else torch.arange(len(x))
        networks.append(_one(x[drawn], y[drawn], beta, steps))
    firsts, seconds = ([network[i] for network in networks] for i in (0, 2))
    layers = {"mean": mean, "deviation": deviation, "first": _numpy(torch.cat([layer.weight for layer in firsts])),
              "first_bias": _numpy(torch.cat([layer.bias for layer in firsts])),
              "second": _numpy(torch.cat([layer.weight for layer in seconds], 1) / members),
              "second_bias": _numpy(torch.stack([layer.bias for layer in seconds]).mean(0))}

    def predict(features: np.ndarray) -> np.ndarray:
        hidden = np.maximum((features - mean) / deviation @ layers["first"].T + layers["first_bias"], 0)
        return hidden @ layers["second"].T + layers["second_bias"]

    return layers, predict


def _one(x: torch.Tensor, y: torch.Tensor, beta: float, steps: int) -> nn.Sequential:
    """One network, trained."""
    network = nn.Sequential(nn.Linear(x.shape[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, y.shape[1]))
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        chosen = torch.randint(len(x), (256,))
        optimiser.zero_grad()
        known = ~y[chosen].isnan()
        nn.functional.smooth_l1_loss(network(x[chosen])[known], y[chosen][known], beta=beta).backward()
        optimiser.step()
        schedule.step()
    return network


def _numpy(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().numpy()


def save(layers: dict[str, np.ndarray], path: Path) -> None:
    """The layers as the runtime reads them."""
    path.write_text(json.dumps({name: np.round(layer.astype(float), 5).tolist() for name, layer in layers.items()}) + "\n",
                    encoding="utf-8")
