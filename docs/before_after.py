"""The demo: enlarge real pictures with the command line, and lay bicubic and the answer side by side.

    python docs/before_after.py FOLDER

Writes, for each picture, the input, the enlarged one, and a sheet of crops at 100 %: bicubic on the left, smssr on the right.
"""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

SCALE = 4
CROP = (110, 70)
"""Width and height of a crop, in pixels of the small picture."""

PICTURES = {"chelsea": (data.chelsea, (98, 72)), "astronaut": (data.astronaut, (165, 78))}
"""Which picture, and the left upper corner of its crop."""


def sheet(pairs: list[tuple[Image.Image, Image.Image]]) -> Image.Image:
    """Rows of two crops with a heading."""
    width, height = pairs[0][0].size
    heading, gap = 30, 6
    page = Image.new("RGB", (2 * width + gap, heading + len(pairs) * (height + gap) - gap), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(18)
    for i, title in enumerate((f"bicubic, {SCALE} times", f"smssr, {SCALE} times")):
        draw.text((i * (width + gap) + 4, 4), title, fill="black", font=font)
    for row, pair in enumerate(pairs):
        for i, crop in enumerate(pair):
            page.paste(crop, (i * (width + gap), heading + row * (height + gap)))
    return page


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    pairs = []
    for name, (load, (left, top)) in PICTURES.items():
        source, target = folder / f"{name}.png", folder / f"{name}-x{SCALE}.png"
        Image.fromarray(np.asarray(load())).save(source)
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "smssr_infer.cli", "upscale", str(source), str(target), "--scale", str(SCALE)], check=True)
        small, large = Image.open(source).convert("RGB"), Image.open(target).convert("RGB")
        print(f"{source} {small.width}×{small.height} → {target} {large.width}×{large.height} in {time.perf_counter() - began:.1f} s")
        box = tuple(SCALE * n for n in (left, top, left + CROP[0], top + CROP[1]))
        bicubic = small.resize(large.size, Image.Resampling.BICUBIC)
        pairs.append((bicubic.crop(box), large.crop(box)))
    page = folder / "before-after.jpg"
    sheet(pairs).save(page, quality=92, subsampling="4:4:4")
    print(f"look at {page}: bicubic on the left, smssr on the right")


if __name__ == "__main__":
    main()
