"""How well pictures are cleaned by themselves: by the better network or not, and what a camera leaves of its noise.

    python -m export.evaluate_cleaning --photos DIR … --real-noise DIR --bench BENCH/BSD100/HR
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from smssr_infer.analysis.degradation import degradation_of
from smssr_infer.analysis.noise import WINDOW
from smssr_infer.arrays.pixels import Picture
from smssr_infer.networks.cards import Purpose

from .data.as_they_come import AsItCame
from .measure.restoration import TRIALS, ours, pictures, real_noise
from .measure.treatments import cleaning_gain, cleaning_regret
from .train_cleaning import SEED, never_seen
from .train_treatment import tell

COUNT = 150
"""Windows of photographs as they come."""
EVERY = 16
"""Of the benchmark's pictures one in so many."""
LEFT_OUT = "Nikon"
"""The camera that no training saw."""


def of_trials(bench: Path) -> Iterator[AsItCame]:
    """The middles of the benchmark's pictures, damaged as in the tables of `measure.restoration`."""
    for trial in TRIALS:
        if trial.purpose is Purpose.CLEAN and trial.name != "nothing":
            for name, picture in pictures(bench)[::EVERY]:
                truth = trial.truth(picture)
                damaged, _ = trial.case(truth, name)
                top, left = ((n - WINDOW) // 2 for n in truth.shape[:2])
                window = np.s_[top:top + WINDOW, left:left + WINDOW]
                yield AsItCame(np.ascontiguousarray(damaged[window]), np.ascontiguousarray(truth[window]), None, None, trial.name)


def lost(some: AsItCame) -> float:
    """How many dB a picture loses by the network that cleans it, against the better one."""
    degradation, _features = degradation_of(Picture(some.pixels), some.jpeg)
    return float(cleaning_regret(np.array(-1.0 if degradation.jpeg else 1.0), np.array(cleaning_gain(some, degradation)))[0])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_cleaning", description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    parser.add_argument("--real-noise", type=Path, required=True, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    parser.add_argument("--bench", type=Path, required=True, help="a benchmark's large pictures, PNG")
    arguments = parser.parse_args()
    unseen = never_seen(arguments.photos)
    for title, some in (("as they come", [unseen.some(np.random.default_rng([SEED, number])) for number in range(COUNT)]),
                        ("of the tables", list(of_trials(arguments.bench)))):
        tell(title, np.array([lost(one) for one in some]), [one.kind for one in some])
    for name in (None, "restore-noise-told"):
        found = real_noise(arguments.real_noise, LEFT_OUT, lambda case, trial, name=name: ours(case, trial, name))
        print(f"{LEFT_OUT}: {found['damaged']:.2f} → {found['model']:.2f} dB by {name or 'what is chosen'}")


if __name__ == "__main__":
    main()
