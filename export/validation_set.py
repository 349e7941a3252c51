"""The photographs that no training sees, as a benchmark folder for `export.evaluate`.

    python -m export.validation_set PHOTOS OUT [--reduce 2]

Writes OUT/HR and OUT/LRx2, LRx3, LRx4: the middle 480 × 480 pixels of each photograph of `data/validation_set.txt` that PHOTOS holds,
reduced first, so that they are as sharp as the usual benchmarks' pictures.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from smssr_infer.arrays.resample import resize

from .data.photographs import eight_bits, unseen

SIDE = 480
"""Side of the crops, a multiple of 2, 3 and 4."""


def shrink(rgb: np.ndarray, height: int, width: int) -> np.ndarray:
    """An 8-bit RGB picture reduced by antialiased bicubic."""
    return eight_bits(resize(rgb.transpose(2, 0, 1).astype(np.float32), height, width)).transpose(1, 2, 0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.validation_set", description=__doc__.split("\n")[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reduce", type=float, default=2, help="how many times the photographs are reduced first (default 2)")
    arguments = parser.parse_args()
    for folder in ("HR", "LRx2", "LRx3", "LRx4"):
        (arguments.out / folder).mkdir(parents=True, exist_ok=True)
    for path in unseen(arguments.photos):
        with Image.open(path) as picture:
            rgb = np.asarray(picture.convert("RGB"))
        rgb = shrink(rgb, int(rgb.shape[0] / arguments.reduce), int(rgb.shape[1] / arguments.reduce))
        top, left = (max(0, n - SIDE) // 2 for n in rgb.shape[:2])
        crop = rgb[top:top + SIDE, left:left + SIDE]
        height, width = (n // 12 * 12 for n in crop.shape[:2])
        crop = crop[:height, :width]
        name = path.with_suffix(".png").name
        Image.fromarray(crop).save(arguments.out / "HR" / name)
        for scale in (2, 3, 4):
            Image.fromarray(shrink(crop, height // scale, width // scale)).save(arguments.out / f"LRx{scale}" / name)
    print(f"{arguments.out}: {len(list((arguments.out / 'HR').iterdir()))} pictures")


if __name__ == "__main__":
    main()
