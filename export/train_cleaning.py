"""Learn which network cleans a picture better as it comes: the regression of `smssr_infer.analysis.treatment` for cleaning.

    python -m export.train_cleaning --photos DIR … --real-noise DIR --out weights/cleaning.json

Some fifteen minutes on one core. What it prints at the end is measured on photographs that no training sees.
"""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

import numpy as np

from smssr_infer.analysis.treatment import CLEANING

from .data.as_they_come import AsTheyCome
from .data.photographs import to_train_on, validation_set
from .measure.treatments import CORE, cleaning_regret
from .train_treatment import MEMBERS, MOST, SIDE, samples, tell
from .training.regression import fit, save

HARDLY_SEEN = 0.25
"""What a clean picture loses by being cleaned is at 40 dB and more, and counts so much."""
STRONG = 45.0
"""Levels of noise at most, in a part of the pictures."""
HEAVY = ("white", "shared", "shared", "grain")
"""Its kinds."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_cleaning", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--real-noise", type=Path, required=True, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    parser.add_argument("--out", type=Path, required=True, help=f"the regression's file, such as weights/{CLEANING}")
    parser.add_argument("--pictures", type=int, default=4000)
    arguments = parser.parse_args()
    paths, count = to_train_on(arguments.photos), arguments.pictures
    small = functools.partial(AsTheyCome, paths, CORE, SIDE, 1)
    parts = [samples(small(arguments.real_noise, noisy=0.6, grey=0.2), range(count), seed=11),
             samples(small(drawn=0, noises=HEAVY, noisy=0.9, grey=0.3, most=STRONG), range(count // 2), seed=12)]
    seen, gained, kinds = (np.concatenate([part[i] for part in parts]) for i in range(3))
    gained = gained[:, :1]
    gained[kinds == "clean"] *= HARDLY_SEEN
    layers, foresee = fit(seen, np.clip(gained, -MOST, MOST), beta=0.5, members=MEMBERS)
    save(layers, arguments.out)
    held = set(validation_set())
    others = sorted(path for folder in arguments.photos for path in folder.iterdir() if path.name in held)
    for name, options in (("as they come", {}), ("much noise", {"noises": HEAVY, "noisy": 0.9, "most": STRONG})):
        pictures = AsTheyCome(others, CORE, SIDE, 1, drawn=0, **{"noisy": 0.6, "grey": 0.2, **options})
        seen, gained, kinds = samples(pictures, range(150), seed=6)
        tell(f"cleaned, {name}", cleaning_regret(foresee(seen)[:, 0], gained[:, 0]), kinds)


if __name__ == "__main__":
    main()
