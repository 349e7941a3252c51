"""How well pictures are cleaned by themselves: by the better network or not, and what a camera leaves of its noise.

    python -m export.evaluate_cleaning --photos DIR … --real-noise DIR --bench BENCH/BSD100/HR
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from smssr_infer.analysis.measurements import Measurements
from smssr_infer.analysis.noise import WINDOW
from smssr_infer.arrays.masks import Mask
from smssr_infer.arrays.pixels import Picture
from smssr_infer.io.reading import read
from smssr_infer.networks.cards import Purpose
from smssr_infer.nodes.restore import cleaned
from smssr_infer.runtime import Runtime

from .data.as_they_come import AsItCame
from .data.photographs import eight_bits
from .measure.quality import psnr
from .measure.restoration import TRIALS, pictures
from .measure.treatments import BACKEND, LEFT_OUT, cleaning_gain, cleaning_regret
from .train_cleaning import SEED, never_seen
from .train_treatment import tell

COUNT = 150
"""Windows of photographs as they come."""
EVERY = 16
"""Of the benchmark's pictures one in so many."""


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
    degradation = Measurements(Picture(some.pixels), Runtime(backend=BACKEND), some.jpeg).degradation
    return float(cleaning_regret(np.array(-1.0 if degradation.jpeg else 1.0), np.array(cleaning_gain(some, degradation)))[0])


def of_shots(folder: Path) -> dict[str, float]:
    """Mean PSNR of R, G and B over the files of LEFT_OUT: as they came, cleaned by the network that is chosen, and by each.

    Raises ValueError where there are none.
    """
    paths = sorted(folder.glob(f"{LEFT_OUT}*_real.JPG"))
    if not paths:
        raise ValueError(f"{folder} holds no pairs of {LEFT_OUT}")
    found: dict[str, list[float]] = {"as they came": [], "as chosen": [], "for noise": [], "for JPEG artefacts": []}
    for path in paths:
        file = read(path)
        source, truth = file.picture(), read(path.with_name(path.name.replace("_real", "_mean"))).pixels.astype(float)
        height, width = source.shape
        degradation = Measurements(source, Runtime(backend=BACKEND), file.jpeg).degradation
        everywhere = Mask(1.0, height, width, "clean")
        nodes = [cleaned(source, dataclasses.replace(degradation, jpeg=jpeg), everywhere, everywhere, BACKEND) for jpeg in (False, True)]
        by = [psnr(eight_bits(255 * node.read(0, height, 0, width).transpose(1, 2, 0)).astype(float), truth) for node in nodes]
        for name, value in zip(found, (psnr(file.pixels.astype(float), truth), by[degradation.jpeg], *by), strict=True):
            found[name].append(value)
    return {name: float(np.mean(values)) for name, values in found.items()}


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
    print(f"{LEFT_OUT}, of its files: " + ", ".join(f"{name} {value:.2f} dB" for name, value in of_shots(arguments.real_noise).items()))


if __name__ == "__main__":
    main()
