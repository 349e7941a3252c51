"""The tables of quality in docs/results.md, from what the cards say of the shipped networks and styles.

    python -m export.results
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from smssr_infer import EnlargingCard, StyleCard
from smssr_infer.networks import manifest
from smssr_infer.networks.places import shipped

from .measure.page import renew
from .measure.quality import shown

END = "<!-- end -->"

Row = tuple[str, str, str, Callable[[float], str], Callable[[list[float]], float]]

STYLE_ROWS: list[Row] = [
    ("Gram distance to the patch with the reference's own texture, against the unstyled patch's", "≤ 0.25", "gram", "{:.3f}".format, max),
    ("the same, against another crop's of the reference", "≤ 1.5", "gram_other_crop", "{:.2f}".format, max),
    ("power spectrum against the reference's, mean, dB", "≤ 3", "spectrum_db", "{:.1f}".format, max),
    ("largest peak above the reference's, dB", "≤ 6", "spectrum_peak_db", "{:.1f}".format, max),
    ("content: PSNR after shrinking ×4, lowest of the crops, dB", "≥ 30", "content_db", "{:.1f}".format, min),
    ("mean of the residual, largest of the crops", "≤ 0.002", "mean", "{:.4f}".format, max),
    ("standard deviation against κ·σ_x, largest deviation", "≤ 15 %", "spread", "{:.1%}".format, max),
    ("power above 0.9 × Nyquist", "≤ 2 %", "alias", "{:.2%}".format, max),
]
"""What is measured, what is wanted, its key in a card, how it is written, which style is the worst."""


def networks(cards: list[EnlargingCard]) -> list[str]:
    """Every network on every benchmark, beside bicubic."""
    lines = ["| model | parameters | set | bicubic | model | gain |", "| --- | --- | --- | --- | --- | --- |"]
    for card in cards:
        for bench, m in card.metrics.items():
            lines.append(f"| `{card.name}` | {card.params:,} | {bench} | {shown(m['bicubic'])} | {shown(m['model'])} "
                         f"| {m['model']['psnr'] - m['bicubic']['psnr']:+.2f} dB |")
    return lines


def styles(cards: list[StyleCard]) -> list[str]:
    """Every figure of the styles: the median style's and the worst one's."""
    lines = ["| figure | wanted | median style | worst style |", "| --- | --- | --- | --- |"]
    for what, wanted, key, written, worst in STYLE_ROWS:
        values = [card.metrics[key] for card in cards]
        lines.append(f"| {what} | {wanted} | {written(float(np.median(values)))} | {written(worst(values))} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.results", description=__doc__.split("\n")[0])
    parser.add_argument("--page", type=Path, default=Path("docs/results.md"))
    arguments = parser.parse_args()
    cards = manifest.read(shipped())
    renew(arguments.page, "<!-- evaluation -->", END, networks([c for c in cards if isinstance(c, EnlargingCard) and not c.photo]))
    renew(arguments.page, "<!-- styles -->", END, styles([c for c in cards if isinstance(c, StyleCard)]))


if __name__ == "__main__":
    main()
