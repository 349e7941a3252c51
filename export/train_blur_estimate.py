"""Learn how the blur of a picture shows at its edges: the regression of `smssr_infer.analysis.blur`.

    python -m export.train_blur_estimate --photos DIR … --out weights/blur-estimate.json

Some ten minutes on one core. What it prints at the end is measured on photographs of the validation set, each whole, blurred by known σ.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from smssr_infer.analysis.blur import FILE, OFFSET, WINDOW, estimate_blur, features
from smssr_infer.arrays.pixels import LUMA, Picture

from .data import degrade
from .data.blurred import MARGIN, Blurred
from .data.photographs import eight_bits, reduced, to_train_on, unseen
from .training.regression import fit_sigma, save

SHRINK = (1.5, 2.0)
"""By how much photographs are reduced first, so that they are sharp."""

TRUE = (0.5, 0.8, 1.2, 1.8, 2.5)


def samples(blurred: Blurred, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features `[count, n]` of blurred windows that have edges, and σ of their blur `[count, 1]`."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in tqdm(range(count), desc="windows", disable=None):
        x, _, sigma = blurred.pair(rng)
        found.append((features((x[MARGIN:-MARGIN, MARGIN:-MARGIN] @ LUMA) / np.float32(255)), [sigma]))
    seen, sigmas = zip(*found, strict=True)
    return np.stack(seen), np.array(sigmas, np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_blur_estimate", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--out", type=Path, help=f"the regression's file, such as weights/{FILE}; without, the one there is is measured")
    parser.add_argument("--windows", type=int, default=6000)
    arguments = parser.parse_args()
    if arguments.out:
        layers, _ = fit_sigma(*samples(Blurred(to_train_on(arguments.photos), WINDOW, SHRINK), arguments.windows, seed=1), OFFSET)
        save(layers, arguments.out)
    rng = np.random.default_rng(2)
    for sigma in TRUE:
        found = []
        for truth in reduced([path for folder in arguments.photos for path in unseen(folder)], (2.0,), 64):
            x = degrade.white_noise(degrade.gaussian_blur(truth.astype(np.float32), sigma), 2, rng)
            found.append(estimate_blur(Picture(eight_bits(x))))
        within = np.mean(np.abs(np.array(found) / sigma - 1) <= 0.2)
        print(f"σ = {sigma}: {np.median(found):.2f} in the median, {within:.0%} of {len(found)} photographs within 20 %")


if __name__ == "__main__":
    main()
