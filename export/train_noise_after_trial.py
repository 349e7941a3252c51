"""Learn how much noise a picture has once a part of it was cleaned on trial: the second regression of `smssr_infer.analysis.noise`.

    python -m export.train_noise_after_trial --photos DIR … --real-noise DIR --out weights/noise-after-trial.json

Some fifteen minutes on one core. What it prints at the end is measured on the validation set, before the trial and after it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from smssr_infer.analysis.noise import OFFSET, WINDOW, features, noise_of, seen_after_trial
from smssr_infer.analysis.trial_cleaning import tried
from smssr_infer.arrays.pixels import Picture
from smssr_infer.networks import backends

from .data.noisy import Noisy, squares
from .data.photographs import to_train_on, unseen
from .train_noise_estimate import tell
from .training.regression import fit, save

SHRINK = (1.0, 1.5, 2.2)
MEMBERS = 3


def samples(noisy: Noisy, count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is seen of windows with noise `[count, n]`, its σ of luma and chroma as first estimated `[count, 2]`, and the true ones."""
    rng = np.random.default_rng(seed)
    backend = backends.choose()
    found = []
    for _ in tqdm(range(count), desc="windows", disable=None):
        given, truth = noisy.pair(rng)
        window = features(given.transpose(2, 0, 1))
        first = noise_of(window[None], 3)
        trial, = tried(Picture(given.astype(np.uint8)), first, backend)
        found.append((seen_after_trial(window, first, trial), (first.luma, first.chroma), np.sqrt(squares(given, truth).mean((0, 1)))))
    seen, first_sigma, sigma = (np.array(part) for part in zip(*found, strict=True))
    return seen, first_sigma, sigma


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_noise_after_trial", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--real-noise", type=Path, required=True, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    parser.add_argument("--out", type=Path, required=True, help="the regression's file, JSON")
    parser.add_argument("--windows", type=int, default=6000)
    arguments = parser.parse_args()
    seen, first, sigma = samples(Noisy(to_train_on(arguments.photos), WINDOW, SHRINK, arguments.real_noise), arguments.windows, seed=1)
    layers, factor = fit(seen, np.log(sigma + OFFSET) - np.log(first + OFFSET), beta=0.2, members=MEMBERS)
    save(layers, arguments.out)
    others = [path for folder in arguments.photos for path in unseen(folder)]
    seen, first, sigma = samples(Noisy(others, WINDOW, SHRINK[:2]), 500, seed=2)
    for when, found in (("before the trial", first), ("after it", np.exp(factor(seen)) * (first + OFFSET) - OFFSET)):
        tell(when, found, sigma)


if __name__ == "__main__":
    main()
