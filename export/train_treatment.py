"""Learn how a picture is best enlarged as it comes: the regression of `smssr_infer.analysis.treatment` for enlarging.

    python -m export.train_treatment --photos DIR … --real-noise DIR --out weights/treatment.json

Some seventy minutes on one core. What it prints at the end is measured on photographs that no training sees.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from smssr_infer.analysis.degradation import Degradation, measured
from smssr_infer.analysis.noise import WINDOW
from smssr_infer.analysis.treatment import ENLARGING
from smssr_infer.analysis.trial_cleaning import tried
from smssr_infer.arrays.pixels import Picture

from .data.as_they_come import AsItCame, AsTheyCome
from .data.photographs import to_train_on, unseen
from .measure.treatments import BACKEND, CORE, SCALE, enlarging_gains, enlarging_regret
from .training.regression import fit, save

SIDE = WINDOW
NEAR = 0.3
"""dB that do not matter."""
MEMBERS = 16
"""Of the regression, whose mean it is: fewer would follow single pictures."""
STEPS = 12000
"""Of each of them: a camera's own noise and that which is made are told apart late."""
SHARED = ("shared", "shared", "grain", "scanner")
"""Kinds of noise that pictures of lines are most easily taken for, and so are shown more of."""
GREY: dict[str, Any] = {"drawn": 0, "noisy": 0.8, "grey": 1, "most": 40.0, "monochrome": True}
"""Grey photographs with grey noise, which would else be taken for drawings."""
MOST = 8.0
"""Gains beyond so many dB, either way, decide no more."""


def samples(pictures: AsTheyCome, numbers: range, seed: int, gains: Callable[[AsItCame, Degradation], list[float]] = enlarging_gains
            ) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Of pictures by their numbers: what the regressions see `[n, 50]`, what `gains` says in dB `[n, m]`, and the kinds of damage."""
    features, gained, kinds = [], [], []
    for number in tqdm(numbers, desc="pictures", disable=None):
        some = pictures.some(np.random.default_rng([seed, number]))
        found, seen = measured(Picture(some.pixels), some.jpeg)
        trial = np.median(tried(Picture(some.pixels), found.sigma, BACKEND), 0)
        features.append(np.concatenate([np.median(seen, 0), trial]))
        gained.append(gains(some, found))
        kinds.append(some.kind)
    return np.stack(features), np.float32(gained), kinds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_treatment", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--real-noise", type=Path, required=True, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    parser.add_argument("--out", type=Path, required=True, help=f"the regression's file, such as weights/{ENLARGING}")
    parser.add_argument("--pictures", type=int, default=6000)
    arguments = parser.parse_args()
    paths, count = to_train_on(arguments.photos), arguments.pictures
    reduced = functools.partial(AsTheyCome, paths, CORE, SIDE, SCALE)
    parts = [samples(reduced(), range(count), seed=1),
             samples(reduced(drawn=1, drawings=30), range(count // 12), seed=3),
             samples(reduced(drawn=0, noises=SHARED, noisy=1, grey=0.4, soft=0.7), range(count // 10), seed=4),
             samples(reduced(**GREY), range(count // 10), seed=7),
             samples(reduced(arguments.real_noise, shots=1), range(count // 10), seed=9)]
    seen, gained = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    layers, foresee = fit(seen, np.clip(gained, -MOST, MOST), beta=2.0, members=MEMBERS, steps=STEPS)
    save(layers, arguments.out)
    others = [path for folder in arguments.photos for path in unseen(folder)]
    seen, gained, kinds = samples(AsTheyCome(others, CORE, SIDE, SCALE), range(300), seed=2)
    tell("enlarged", enlarging_regret(foresee(seen), gained), kinds)
    seen, gained, kinds = samples(AsTheyCome(others, CORE, SIDE, SCALE, **GREY), range(100), seed=8)
    tell("grey, enlarged", enlarging_regret(foresee(seen), gained), kinds)


def tell(done: str, lost: np.ndarray, kinds: Sequence[str]) -> None:
    """Print how many dB the chosen treatment lost against the best, `[n]`, for each kind of damage and for all."""
    names = np.array(kinds)
    for name in [*sorted(set(kinds)), "all"]:
        part = lost if name == "all" else lost[names == name]
        print(f"{done}, {name} ({len(part)}): {part.mean():.2f} dB lost in the mean, {part.max():.2f} at most; {(part <= NEAR).mean():.0%} "
              f"are within {NEAR} dB of the best")


if __name__ == "__main__":
    main()
