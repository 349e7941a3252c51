"""The figures of every material, as a table in docs/materials.md.

    python -m export.evaluate_materials --vgg-weights FILE.npz [NAME …]

With names, they are compared with each other and printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

import smssr_infer as smssr

from .losses.vgg import VGG
from .measure import materials
from .measure.page import renew

PAGE = Path(__file__).parent.parent / "docs" / "materials.md"
BEGIN, END = "<!-- materials -->", "<!-- end materials -->"


def table(names: list[str], vgg: VGG) -> list[str]:
    """The figures of some materials, or of all, as Markdown. Raises ValueError for a name that is none's."""
    cards = [card for card in smssr.models() if isinstance(card, smssr.MaterialCard) and (not names or card.name in names)]
    if missing := set(names) - {card.name for card in cards}:
        raise ValueError(f"there is no material {sorted(missing)[0]!r}")
    found = materials.confusions(cards, vgg)
    lines = ["| material | evenness | histogram | repetition | right | Mpx/s |", "| --- | --- | --- | --- | --- | --- |"]
    for row, card in enumerate(cards):
        others = sorted(((count, other.name) for count, other in zip(found[row], cards, strict=True) if count and other is not card),
                        reverse=True)
        taken = "".join(f", {other} {count}" for count, other in others[:2])
        repeats = "exactly" if card.structured else f"{materials.repetition(card):.2f}"
        lines.append(f"| `{card.name}` | {materials.evenness(card):.2f} | {materials.histogram_distance(card):.3f} | {repeats} "
                     f"| {found[row, row] / found[row].sum():.0%}{taken} | {materials.speed(card):.1f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_materials", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="materials; without a name, all")
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    lines = table(arguments.names, VGG(arguments.vgg_weights, torch.float32))
    if arguments.names:
        print("\n".join(lines))
    else:
        renew(PAGE, BEGIN, END, lines)


if __name__ == "__main__":
    main()
