"""Learn how the noise of a picture shows in its flattest places: the regression of `smssr_infer.analysis.noise`.

    python -m export.train_noise_estimate --photos DIR … --real-noise DIR --out weights/noise-estimate.json

Some ten minutes on one core. What it prints at the end is measured on the validation set and on the cameras that were left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from smssr_infer.analysis.noise import OFFSET, WINDOW, features

from .data.noisy import Noisy, squares
from .data.photographs import to_train_on, unseen
from .training.regression import fit_sigma, save

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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_noise_estimate", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--real-noise", type=Path, required=True, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    parser.add_argument("--out", type=Path, required=True, help="the regression's file, JSON")
    parser.add_argument("--windows", type=int, default=6000)
    arguments = parser.parse_args()
    seen, sigma = samples(Noisy(to_train_on(arguments.photos), WINDOW, SHRINK, arguments.real_noise), arguments.windows, seed=1)
    layers, estimate = fit_sigma(seen, sigma, OFFSET)
    save(layers, arguments.out)
    others = [path for folder in arguments.photos for path in unseen(folder)]
    seen, sigma = samples(Noisy(others, WINDOW, (1.0,)), 400, seed=2)
    tell("validation set", estimate(seen), sigma)


def tell(which: str, found: np.ndarray, sigma: np.ndarray) -> None:
    """Print how far estimates of σ of luma and chroma `[n, 2]`, in levels, are off."""
    errors = np.abs(np.log((found.clip(0) + 1) / (sigma + 1)))
    for name, error in zip(("luma", "chroma"), errors.T, strict=True):
        median, most = np.exp(np.quantile(error, (0.5, 0.9))) - 1
        print(f"{which}, σ + 1 level of {name}: off by {median:.0%} in the median, by {most:.0%} at most in nine of ten")


if __name__ == "__main__":
    main()
