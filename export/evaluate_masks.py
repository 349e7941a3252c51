"""How good the masks are that five strokes propose, on collages and outlined photographs, beside GrabCut with the same strokes.

    python -m export.evaluate_masks --references DIR --photos DIR [--pictures DIR] [--without-grabcut]

`references` holds the folders textures and textures2, `photos` the photographs that data/outlines.toml names. `--pictures`: where to draw
what was proposed, the strokes and the outline, to be looked at.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from .data.collages import collages, outlined
from .measure.masks import drawn, grabcut, ours, overlap, strokes, times


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_masks", description=__doc__.split("\n")[0])
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--without-grabcut", action="store_true", help="it takes some seconds a picture")
    arguments = parser.parse_args()
    print("| set | picture | smssr | GrabCut |\n| --- | --- | --- | --- |")
    for name, examples in (("collages", collages(arguments.references)), ("photographs", outlined(arguments.photos))):
        found: list[tuple[float, float]] = []
        for example in examples:
            here, not_here = strokes(example.truth)
            beta = ours(example.picture, here, not_here)
            baseline = np.nan if arguments.without_grabcut else overlap(grabcut(example.picture, here, not_here), example.truth)
            found.append((overlap(beta, example.truth), baseline))
            print(f"| {name} | {example.name} | {found[-1][0]:.3f} | {baseline:.3f} |", flush=True)
            if arguments.pictures:
                arguments.pictures.mkdir(parents=True, exist_ok=True)
                drawn(example, here, not_here, beta).save(arguments.pictures / f"{name}-{len(found):02}.png")
        print(f"| {name} | **mean of {len(found)}** | **{np.mean(found, 0)[0]:.3f}** | **{np.mean(found, 0)[1]:.3f}** |")
    first, further = times()
    print(f"\n4 Mpx: {first:.2f} s to the first mask, {further:.2f} s for a further stroke (median of five)")


if __name__ == "__main__":
    main()
