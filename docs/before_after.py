"""The demo: enlarge real pictures and paint texture into one, with the command line, and lay before and after side by side.

    python docs/before_after.py FOLDER

Writes, for each picture, the input and the answer, and two sheets of crops at 100 %: `before-after.jpg` has bicubic on the left and
smssr on the right, `styles.jpg` the enlarged picture on the left and the same with styles painted through masks on the right.
"""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from skimage import data

SCALE = 4
CROP = (110, 70)
"""Width and height of a crop, in pixels of the small picture."""

PICTURES = {"chelsea": (data.chelsea, (98, 72)), "astronaut": (data.astronaut, (165, 78))}
"""Which picture, and the left upper corner of its crop."""

PAINTED_SCALE = 2
PAINTED = {
    "chelsea": (data.chelsea, "fur", "", (20, -40, 420, 330), [(128, 72, 216, 156), (286, 98, 360, 176), (222, 216, 304, 300)], (95, 60)),
    "coffee": (data.coffee, "wood", ",direction=38", (-300, -300, 900, 700), [(62, 62, 492, 396), (160, 0, 440, 220), (380, 50, 440, 120)],
               (375, 90)),
}
"""Which picture, which style, its options (the table's grain is so faint that scratches would lead the wood astray), the ellipse that is
painted with a soft brush, those in it that are spared (eyes and nose; saucer, cup and spoon), and the left upper corner of the crop."""


def sheet(pairs: list[tuple[Image.Image, Image.Image]], titles: tuple[str, str]) -> Image.Image:
    """Rows of two crops with a heading."""
    width, height = pairs[0][0].size
    heading, gap = 30, 6
    page = Image.new("RGB", (2 * width + gap, heading + len(pairs) * (height + gap) - gap), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(18)
    for i, title in enumerate(titles):
        draw.text((i * (width + gap) + 4, 4), title, fill="black", font=font)
    for row, pair in enumerate(pairs):
        for i, crop in enumerate(pair):
            page.paste(crop, (i * (width + gap), heading + row * (height + gap)))
    return page


def smssr(*arguments: object) -> float:
    """Run the command; seconds that it took."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "smssr_infer.cli", *map(str, arguments)], check=True)
    return time.perf_counter() - began


def enlarge(folder: Path) -> list[tuple[Image.Image, Image.Image]]:
    """Bicubic and smssr, for each of PICTURES."""
    pairs = []
    for name, (load, (left, top)) in PICTURES.items():
        source, target = folder / f"{name}.png", folder / f"{name}-x{SCALE}.png"
        Image.fromarray(np.asarray(load())).save(source)
        seconds = smssr("upscale", source, target, "--scale", SCALE)
        small, large = Image.open(source).convert("RGB"), Image.open(target).convert("RGB")
        print(f"{source} {small.width}×{small.height} → {target} {large.width}×{large.height} in {seconds:.1f} s")
        box = tuple(SCALE * n for n in (left, top, left + CROP[0], top + CROP[1]))
        bicubic = small.resize(large.size, Image.Resampling.BICUBIC)
        pairs.append((bicubic.crop(box), large.crop(box)))
    return pairs


def paint(folder: Path) -> list[tuple[Image.Image, Image.Image]]:
    """Enlarged, and enlarged with a style painted in, for each of PAINTED."""
    pairs = []
    for name, (load, style, options, ellipse, spared, (left, top)) in PAINTED.items():
        source, mask, target = folder / f"{name}.png", folder / f"{name}-mask.png", folder / f"{name}-{style}.png"
        plain = folder / f"{name}-x{PAINTED_SCALE}.png"
        picture = Image.fromarray(np.asarray(load()))
        picture.save(source)
        brush = Image.new("L", picture.size)
        draw = ImageDraw.Draw(brush)
        draw.ellipse(ellipse, fill=255)
        for part in spared:
            draw.ellipse(part, fill=0)
        brush.filter(ImageFilter.GaussianBlur(4)).save(mask)
        smssr("upscale", source, plain, "--scale", PAINTED_SCALE)
        seconds = smssr("stylize", source, target, "--scale", PAINTED_SCALE, "--style", f"{style}={mask}:1{options}")
        print(f"{source} with {style} where {mask} is white → {target} in {seconds:.1f} s")
        box = (left * PAINTED_SCALE, top * PAINTED_SCALE, left * PAINTED_SCALE + CROP[0] * SCALE, top * PAINTED_SCALE + CROP[1] * SCALE)
        pairs.append((Image.open(plain).convert("RGB").crop(box), Image.open(target).convert("RGB").crop(box)))
    return pairs


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for page, pairs, titles in (
            ("before-after.jpg", enlarge(folder), (f"bicubic, {SCALE} times", f"smssr, {SCALE} times")),
            ("styles.jpg", paint(folder), (f"smssr, {PAINTED_SCALE} times", "with fur and wood painted in"))):
        sheet(pairs, titles).save(folder / page, quality=90, subsampling="4:4:4")
        print(f"look at {folder / page} (left: {titles[0]}; right: {titles[1]})")


if __name__ == "__main__":
    main()
