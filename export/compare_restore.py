"""Restoring beside others, in one run: quality on damaged pictures, and seconds a megapixel.

    python -m export.compare_restore --bench BENCH/BSD100/HR --held-back HELD/HR --out docs/restoration-table.md [--pictures 30]

HELD is what `python -m export.held_back` makes. Needs the packages scikit-image and bm3d. Settings of the others that have any are their
best ones over all the pictures.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from .measure.restoration import TRIALS, Case, Restorer, Trial, measure, ours, pictures
from .measure.restorers import rivals


class Timed:
    """A restorer whose seconds and pixels are counted."""

    def __init__(self, restorer: Restorer):
        self.restorer, self.seconds, self.pixels = restorer, 0.0, 0

    def __call__(self, case: Case, trial: Trial):
        began = time.perf_counter()
        answer = self.restorer(case, trial)
        self.seconds += time.perf_counter() - began
        self.pixels += case[0].shape[0] * case[0].shape[1]
        return answer


def table(trial: Trial, truths: list) -> list[str]:
    """The rows of a trial."""
    found: dict[str, tuple[float, float]] = {}
    for name, makers in {**rivals(trial), "smssr": [lambda: ours]}.items():
        for make in makers:
            timed = Timed(make())
            figures = measure(trial, truths, {name: timed})
            better = (figures[name], timed.seconds / timed.pixels * 1e6)
            found[name] = max(found.get(name, better), better)
    rows = [f"| {trial.name} | as it came | {figures['damaged']:.2f} | |"]
    return rows + [f"| | {name} | {psnr:.2f} | {seconds:.2f} |" for name, (psnr, seconds) in found.items()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.compare_restore", description=__doc__.split("\n")[0])
    parser.add_argument("--bench", type=Path, required=True, help="folder of pictures to damage by noise")
    parser.add_argument("--held-back", type=Path, required=True, help="folder of held-back photographs, to damage in the other ways")
    parser.add_argument("--pictures", type=int, help="the first so many of each (default: all)")
    parser.add_argument("--out", type=Path, required=True, help="the table, Markdown")
    arguments = parser.parse_args()
    truths = {True: pictures(arguments.held_back, arguments.pictures), False: pictures(arguments.bench, arguments.pictures)}
    lines = ["| damage | means | PSNR, dB | s/Mpx |", "| --- | --- | --- | --- |"]
    for trial in TRIALS:
        lines += table(trial, truths[trial.photographs])
        print("\n".join(lines[-8:]), flush=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
