"""Ours beside what other light networks' papers report at ×4: a table and a plot of quality against size.

    python -m export.published

Ours are the figures of the cards; the others' are those of `baselines/published.toml`, marked as published.
"""

from __future__ import annotations

import argparse
import dataclasses
import tomllib
from pathlib import Path

from smssr_infer import EnlargingCard
from smssr_infer.networks import manifest
from smssr_infer.networks.places import shipped

from .baselines.shallow import SCALE
from .measure.page import renew

PUBLISHED = Path(__file__).parent / "baselines" / "published.toml"
BENCHES = ("Set5", "Set14", "BSD100")
BEGIN, END = "<!-- published -->", "<!-- end published -->"


@dataclasses.dataclass(frozen=True)
class Known:
    """A network and how good it is."""

    name: str
    params: int
    psnr: tuple[float, ...]
    """In dB, on each of `BENCHES`."""
    paper: str = ""
    """Where that was published; empty for ours, which are measured."""


def published() -> list[Known]:
    """What papers report."""
    rows = tomllib.loads(PUBLISHED.read_text(encoding="utf-8"))
    return [Known(name, row["params"], tuple(row["psnr"]), row["paper"]) for name, row in rows.items()]


def ours() -> list[Known]:
    """The shipped ×4 models that are for undamaged pictures and were measured on every benchmark; copies in fewer bits left out."""
    names = [f"{bench} ×{SCALE}" for bench in BENCHES]
    return [Known(card.name, card.params, tuple(card.metrics[name]["model"]["psnr"] for name in names))
            for card in manifest.read(shipped())
            if isinstance(card, EnlargingCard) and set(names) == set(card.metrics) and not card.made_from]


def table(rows: list[Known]) -> list[str]:
    """The rows as Markdown, the smallest network first."""
    lines = [f"| network | parameters | {' / '.join(BENCHES)}, dB | |", "| --- | --- | --- | --- |"]
    for row in sorted(rows, key=lambda row: row.params):
        name, source = (row.name, f"published, {row.paper}") if row.paper else (f"**`{row.name}`**", "measured")
        lines.append(f"| {name} | {row.params:,} | {' / '.join(f'{psnr:.2f}' for psnr in row.psnr)} | {source} |")
    return lines


def plot(rows: list[Known], path: Path) -> None:
    """PSNR on the last benchmark against parameters; published ones hollow."""
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for row in rows:
        at = row.params / 1000, row.psnr[-1]
        colour = "#7f8c8d" if row.paper else "#c0392b"
        axes.scatter(*at, s=60, zorder=3, edgecolors=colour, facecolors="none" if row.paper else colour)
        left = any(1 < other.params / row.params < 1.5 and abs(other.psnr[-1] - row.psnr[-1]) < 0.05 for other in rows)
        axes.annotate(row.name, at, xytext=(-7 if left else 7, 0), textcoords="offset points", fontsize=8,
                      ha="right" if left else "left", va="center")
    axes.set_xscale("log")
    axes.set_xticks([20, 50, 100, 200, 500], ["20", "50", "100", "200", "500"])
    axes.minorticks_off()
    axes.margins(x=0.18, y=0.1)
    axes.set(xlabel="parameters, thousands", ylabel=f"PSNR on {BENCHES[-1]} ×{SCALE}, dB (hollow: as published)")
    axes.grid(alpha=0.3)
    figure.savefig(path)
    pyplot.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.published", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of comparison.md (whose second table is renewed) and plot")
    arguments = parser.parse_args()
    rows = published() + ours()
    lines = table(rows)
    print("\n".join(lines))
    renew(arguments.out / "comparison.md", BEGIN, END, lines)
    plot(rows, arguments.out / "published.svg")


if __name__ == "__main__":
    main()
