"""Learn how the noise of a picture shows in its flattest places: the regression of `smssr_infer.analysis.noise`.

    python -m export.train_noise_estimate --photos DIR … --real-noise DIR --out weights/noise-estimate.json

Some ten minutes on one core. What it prints at the end is measured on held-back photographs and on the cameras that were left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from smssr_infer.analysis.noise import OFFSET, WINDOW, features

from .data.noisy import Noisy, squares
from .data.photographs import to_train_on, unseen

HIDDEN = 32
STEPS = 6000
SHRINK = (1.0, 1.5)


def samples(noisy: Noisy, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features `[count, n]` of windows with noise, and its σ of luma and chroma in levels `[count, 2]`."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in tqdm(range(count), desc="windows", disable=None):
        given, truth = noisy.pair(rng)
        found.append((features(given.transpose(2, 0, 1)), np.sqrt(squares(given, truth).mean((0, 1)))))
    seen, sigma = zip(*found, strict=True)
    return np.stack(seen), np.stack(sigma)


def fit(seen: np.ndarray, sigma: np.ndarray) -> tuple[dict[str, np.ndarray], Callable[[np.ndarray], np.ndarray]]:
    """The perceptron's layers, and what it makes of features: σ of luma and chroma."""
    torch.manual_seed(1)
    mean, deviation = seen.mean(0), seen.std(0) + 1e-6
    network = nn.Sequential(nn.Linear(seen.shape[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 2))
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    x, y = torch.from_numpy((seen - mean) / deviation), torch.from_numpy(np.log(sigma + OFFSET).astype(np.float32))
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
    def answer(features: np.ndarray) -> np.ndarray:
        return np.exp(network(torch.from_numpy((features - mean) / deviation)).numpy()) - OFFSET

    return layers, answer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_noise_estimate", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--real-noise", type=Path, required=True, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    parser.add_argument("--out", type=Path, required=True, help="the regression's file, JSON")
    parser.add_argument("--windows", type=int, default=6000)
    arguments = parser.parse_args()
    seen, sigma = samples(Noisy(to_train_on(arguments.photos), WINDOW, SHRINK, arguments.real_noise), arguments.windows, seed=1)
    layers, answer = fit(seen, sigma)
    arguments.out.write_text(json.dumps({name: np.round(layer.astype(float), 5).tolist() for name, layer in layers.items()}) + "\n",
                             encoding="utf-8")
    others = [path for folder in arguments.photos for path in unseen(folder)]
    seen, sigma = samples(Noisy(others, WINDOW, (1.0,)), 400, seed=2)
    errors = np.abs(np.log((answer(seen) + 1) / (sigma + 1)))
    for name, error in zip(("luma", "chroma"), errors.T, strict=True):
        median, most = np.exp(np.quantile(error, (0.5, 0.9))) - 1
        print(f"held-back photographs, σ + 1 level of {name}: off by {median:.0%} in the median, by {most:.0%} at most in nine of ten")


if __name__ == "__main__":
    main()
