"""Can the shipped styles be told apart? Prints how many patches of each go to its own reference, and with what it is confused.

    python -m export.compare_styles --references DIR --photos DIR --vgg-weights FILE.npz [NAME …]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import StyleCard

from .losses.vgg import VGG
from .measure.distinct import confusions
from .measure.styles import unseen_pictures
from .training.styles import styles


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.compare_styles", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="styles; without a name, all that ship")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    rows = styles()
    there = {card.name for card in manifest.models()}
    names = arguments.names or [name for name in rows if name in there]
    cards = {name: manifest.find(name, StyleCard) for name in names}
    found = confusions(cards, {name: rows[name].reference(arguments.references) for name in names}, unseen_pictures(arguments.photos),
                       VGG(arguments.vgg_weights, torch.float32))
    print("| style | right | taken for |\n| --- | --- | --- |")
    for row, name in enumerate(names):
        others = sorted(((count, other) for count, other in zip(found[row], names, strict=True) if count and other != name), reverse=True)
        print(f"| {name} | {found[row, row] / found[row].sum():.0%} | {', '.join(f'{other} {count}' for count, other in others)} |")
    print(f"\nover all: {found.trace() / found.sum():.1%} of {found.sum()} patches")


if __name__ == "__main__":
    main()
