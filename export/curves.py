"""Learning curves of several runs, as a picture.

    python -m export.curves runs/smssr-x4-gated runs/smssr-x4-widened --in-a-row --out docs/curves.svg

Losses of runs that are drawn together must be of the same kind, on the same patches.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from .training.run import LOG

ROWS = 20
"""Of a run's log, whose mean is a point of its curve."""


def curve(run: Path) -> tuple[np.ndarray, np.ndarray]:
    """Steps, and the mean loss up to each of them, of a run's folder. Raises ValueError where its log has too few rows."""
    with open(run / LOG, encoding="utf-8", newline="") as file:
        rows = np.array([[float(step), float(loss)] for step, _seconds, loss, _rate in csv.reader(file)])
    if len(rows) < ROWS:
        raise ValueError(f"{run / LOG} has {len(rows)} rows; a point of a curve is the mean of {ROWS}")
    rows = rows[:len(rows) // ROWS * ROWS].reshape(-1, ROWS, 2)
    return rows[:, -1, 0], rows[:, :, 1].mean(1)


def curves(runs: Sequence[Path], in_a_row: bool) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The `curve` of each run; `in_a_row`: each begins where the one before it ended."""
    begins = 0.0
    for run in runs:
        steps, losses = curve(run)
        yield begins + steps, losses
        begins += steps[-1] * in_a_row


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.curves", description=__doc__.split("\n")[0])
    parser.add_argument("runs", type=Path, nargs="+", help="folders of runs")
    parser.add_argument("--in-a-row", action="store_true", help="each begins where the one before it ended")
    parser.add_argument("--out", type=Path, required=True, help="the picture, .svg or .png")
    arguments = parser.parse_args()
    import matplotlib
    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for run, (steps, losses) in zip(arguments.runs, curves(arguments.runs, arguments.in_a_row), strict=True):
        axes.plot(steps, losses, label=run.name)
    axes.set(xlabel="steps", ylabel="loss")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(arguments.out)


if __name__ == "__main__":
    main()
