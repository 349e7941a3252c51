"""Drawn pages that no training sees, as benchmark folders for `export.evaluate`.

    python -m export.drawn_pages OUT --scale 4

Writes OUT/reduced, unsmoothed, covered and sharper, each with HR and LRx4: pages of lines, letters, shapes and stripes, and small ones:
reduced by bicubic as those of other benchmarks, drawn without smoothed edges, with a renderer's edges, with a sharper filter's.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from smssr_infer.arrays.resample import resize

from .data.pages import KINDS, page, rough
from .data.photographs import eight_bits

FIRST = 1000
"""Number of the first page: training has those from 0 on, and fewer than this."""

SIDE = 1020
"""Of a page, as much as is a multiple of 2, 3 and 4."""

EDGES = {"unsmoothed": Image.Resampling.NEAREST, "covered": Image.Resampling.BOX, "sharper": Image.Resampling.LANCZOS}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.drawn_pages", description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", type=int, default=4, choices=(2, 3, 4))
    parser.add_argument("--rounds", type=int, default=3, help=f"each has a page of all {len(KINDS)} kinds (default 3)")
    arguments = parser.parse_args()
    side = SIDE // arguments.scale
    for name in ("reduced", *EDGES):
        for folder in ("HR", f"LRx{arguments.scale}"):
            (arguments.out / name / folder).mkdir(parents=True, exist_ok=True)
        for number in range(FIRST, FIRST + arguments.rounds * len(KINDS)):
            if name in EDGES:
                small, large = rough(number, arguments.scale, EDGES[name])
            else:
                large = page(number)[:SIDE, :SIDE]
                small = eight_bits(resize(large.astype(np.float32), side, side))
            Image.fromarray(large[:SIDE, :SIDE]).save(arguments.out / name / "HR" / f"{number}.png")
            Image.fromarray(small[:side, :side]).save(arguments.out / name / f"LRx{arguments.scale}" / f"{number}.png")
    print(f"{arguments.out}: {', '.join(['reduced', *EDGES])}")


if __name__ == "__main__":
    main()
