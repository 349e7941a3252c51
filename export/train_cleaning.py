"""Learn which network cleans a picture better as it comes: the regression of `smssr_infer.analysis.treatment` for cleaning.

    python -m export.train_cleaning --photos DIR … --real-noise DIR --out weights/cleaning.json

Some fifteen minutes on one core. What it prints at the end is measured on photographs that no training sees, by what is
foreseen alone; `export.evaluate_cleaning` measures what the runtime makes of it.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from smssr_infer.analysis.treatment import CLEANING, for_cleaning

from .data.as_they_come import AsTheyCome
from .data.photographs import to_train_on, unseen
from .measure.treatments import CORE, cleaning_gain, cleaning_regret
from .train_treatment import GREY, MOST, SIDE, samples, tell
from .training.regression import fit, save

HARDLY_SEEN = 0.25
"""What a clean picture loses by being cleaned is at 40 dB and more, and counts so much."""
MEMBERS, STEPS = 16, 9000
"""Of the regression, whose mean it is, and of each of them."""
REDUCED = (2, 4)
"""Photographs reduced so many times, too: small pictures are finer than large ones, and their detail most like noise."""
SHOTS = 0.25
"""Share of pictures with a camera's own noise."""
STRONG = 45.0
"""Levels of noise at most, in a part of the pictures."""
HEAVY = ("white", "shared", "shared", "grain")
"""Its kinds."""


SEED = 6
"""Of the pictures that are measured on."""


def never_seen(photos: Sequence[Path]) -> AsTheyCome:
    """Pictures of the validation set as they come, from folders of photographs."""
    return AsTheyCome([path for folder in photos for path in unseen(folder)], CORE, SIDE, 1, drawn=0, noisy=0.6, grey=0.2)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_cleaning", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--real-noise", type=Path, required=True, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    parser.add_argument("--out", type=Path, required=True, help=f"the regression's file, such as weights/{CLEANING}")
    parser.add_argument("--pictures", type=int, default=4000)
    arguments = parser.parse_args()
    paths, count = to_train_on(arguments.photos), arguments.pictures
    small = functools.partial(AsTheyCome, paths, CORE, SIDE, 1)
    parts = [samples(small(arguments.real_noise, noisy=0.6, grey=0.2, shots=SHOTS), range(count), 11, cleaning_gain),
             samples(small(drawn=0, noises=HEAVY, noisy=0.9, grey=0.3, most=STRONG), range(count // 2), 12, cleaning_gain),
             samples(small(**GREY), range(count // 4), 13, cleaning_gain),
             *(samples(AsTheyCome(paths, CORE, SIDE, scale, noisy=0.5, grey=0.2), range(count // 2), 12 + scale, cleaning_gain)
               for scale in REDUCED)]
    seen, gained, kinds = (np.concatenate([part[i] for part in parts]) for i in range(3))
    gained[kinds == "clean"] *= HARDLY_SEEN
    seen, gained = (np.concatenate([part, part[kinds == "shot"]]) for part in (seen, gained))  # made noise is not quite a camera's
    layers, foresee = fit(for_cleaning(seen), np.clip(gained, -MOST, MOST), beta=0.5, members=MEMBERS, steps=STEPS)
    save(layers, arguments.out)
    seen, gained, kinds = samples(never_seen(arguments.photos), range(150), SEED, cleaning_gain)
    tell("cleaned", cleaning_regret(foresee(for_cleaning(seen))[:, 0], gained[:, 0]), kinds)


if __name__ == "__main__":
    main()
