"""Measure styles on pictures that nobody trained on, by the runtime.

    python -m export.evaluate_styles --references DIR --photos DIR --vgg-weights FILE.npz [NAME | NAME=PICTURE …]

NAME=PICTURE is a style of one's own and the picture that it was learnt from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from smssr_infer import StyleCard
from smssr_infer.networks import manifest

from .losses.vgg import VGG
from .measure.styles import measure, misses, unseen_pictures
from .training.styles import StyleRow, styles


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_styles", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME[=PICTURE]", help="styles; without a name, all that ship")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    pictures, vgg = unseen_pictures(arguments.photos), VGG(arguments.vgg_weights, torch.float32)
    print(f"{'style':12} {'gram':>6} {'crop':>5} {'dB':>4} {'peak':>5} {'content':>7} {'mean':>7} {'spread':>6} {'alias':>6}")
    rows = styles()
    there = {card.name for card in manifest.models()}
    for wish in arguments.names or [name for name in rows if name in there]:
        name, _, own = wish.partition("=")
        row = StyleRow(title=name, picture=str(Path(own).resolve()), credit="") if own else rows.get(name)
        if row is None:
            raise SystemExit(f"no style {name!r} ships; there are {', '.join(rows)}")
        m = measure(manifest.find(name, StyleCard), row.reference(arguments.references), pictures, vgg)
        print(f"{name:12} {m['gram']:6.3f} {m['gram_other_crop']:5.2f} {m['spectrum_db']:4.1f} {m['spectrum_peak_db']:+5.1f} "
              f"{m['content_db']:7.1f} {m['mean']:7.5f} {m['spread']:6.3f} {m['alias']:6.4f} {' '.join(misses(m))}", flush=True)


if __name__ == "__main__":
    main()
