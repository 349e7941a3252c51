"""Restoring beside others, in one run: quality on damaged pictures, and seconds a megapixel.

    python -m export.compare_restore --bench BENCH/BSD100/HR --validation-set HELD/HR --out table.md [--pictures 30] \\
        [--show PICTURE --sheet docs/restoration.jpg]

HELD is what `python -m export.validation_set` makes. Needs the packages scikit-image and bm3d. Settings of the others that have any are
their best ones over all the pictures. `--show`: a picture whose middle is shown damaged, restored and as it was.
"""

from __future__ import annotations

import argparse
import functools
import time
from pathlib import Path

import numpy as np
from PIL import Image

from .measure.restoration import TRIALS, Case, Restorer, Trial, measure, ours, pictures
from .measure.restorers import baselines


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
    told = {"smssr, told": [lambda: functools.partial(ours, told=True)]} if trial.told else {}
    for name, makers in {**baselines(trial), "smssr": [lambda: ours], **told}.items():
        for make in makers:
            timed = Timed(make())
            figures = measure(trial, truths, {name: timed})
            better = (figures[name], timed.seconds / timed.pixels * 1e6)
            found[name] = max(found.get(name, better), better)
    rows = [f"| {trial.name} | as it came | {figures['damaged']:.2f} | |"]
    return rows + [f"| | {name} | {psnr:.2f} | {seconds:.2f} |" for name, (psnr, seconds) in found.items()]


SHOWN = ("noise σ = 25", "JPEG 20", "blur σ = 1.2, noise σ = 2", "letters and scratches")
WIDE, HIGH = 300, 220


def sheet(path: Path) -> Image.Image:
    """A row for each of SHOWN: the picture's middle as it came, restored, and as it was."""
    truth = np.asarray(Image.open(path).convert("RGB"))
    top, left = (truth.shape[0] - HIGH) // 2, (truth.shape[1] - WIDE) // 2
    inside = slice(top, top + HIGH), slice(left, left + WIDE)
    rows = []
    for trial in TRIALS:
        if trial.name in SHOWN:
            case = trial.case(truth, path.name)
            rows.append(np.hstack([picture[inside] for picture in (case[0], ours(case, trial), truth)]))
    return Image.fromarray(np.vstack(rows))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.compare_restore", description=__doc__.split("\n")[0])
    parser.add_argument("--bench", type=Path, required=True, help="folder of pictures to damage by noise")
    parser.add_argument("--validation-set", type=Path, required=True, help="folder of held-back photographs, to damage in the other ways")
    parser.add_argument("--pictures", type=int, help="the first so many of each (default: all)")
    parser.add_argument("--only", default="", help="only the trials whose names contain this, such as blur")
    parser.add_argument("--out", type=Path, required=True, help="the table, Markdown")
    parser.add_argument("--show", type=Path, help="a picture to show")
    parser.add_argument("--sheet", type=Path, help="where to show it")
    arguments = parser.parse_args()
    if arguments.show and arguments.sheet:
        sheet(arguments.show).save(arguments.sheet, quality=90)
    truths = {True: pictures(arguments.validation_set, arguments.pictures), False: pictures(arguments.bench, arguments.pictures)}
    lines = ["| damage | means | PSNR, dB | s/Mpx |", "| --- | --- | --- | --- |"]
    for trial in (trial for trial in TRIALS if arguments.only in trial.name):
        lines += table(trial, truths[trial.photographs])
        print("\n".join(lines[-8:]), flush=True)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
