"""Paintings: one photograph in every hand, and three photographs before | after, at 100 %.

    python docs/paintings.py FOLDER

Writes `gallery/paintings.jpg` and `gallery/painted-PICTURE.jpg`.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

import smssr_infer as smssr

COLUMNS, GAP, HEADING = 4, 4, 20

PAINTED = {"astronaut": ("cypresses", lambda: data.astronaut()[:440, 20:460]), "cat": ("scream", data.chelsea),
           "coffee": ("starry-night", data.coffee)}
"""Each picture of scikit-image, and in whose hand it is painted."""


def all_hands(picture: np.ndarray) -> Image.Image:
    """A picture as it is, and in the hand of every painting."""
    names = ["as it is", *(card.name for card in smssr.models() if isinstance(card, smssr.PaintingCard))]
    height, width = picture.shape[:2]
    made = Image.new("RGB", (COLUMNS * (width + GAP) - GAP, -(-len(names) // COLUMNS) * (height + HEADING)), "white")
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(14)
    for number, name in enumerate(names):
        left, top = number % COLUMNS * (width + GAP), number // COLUMNS * (height + HEADING)
        draw.text((left + 2, top + 2), name, fill="black", font=font)
        pixels = picture if name == "as it is" else smssr.stylize(picture, coarse={name: 1.0})
        made.paste(Image.fromarray(pixels), (left, top + HEADING))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    all_hands(np.ascontiguousarray(data.chelsea()[:, 60:400])).save(folder / "paintings.jpg", quality=85, optimize=True)
    for name, (painting, picture) in PAINTED.items():
        before = smssr.upscale(np.ascontiguousarray(picture()), 1.5)
        after = smssr.stylize(before, coarse={painting: 1.0})
        Image.fromarray(np.hstack([before, np.full((len(before), GAP, 3), 255, np.uint8), after])).save(
            folder / f"painted-{name}.jpg", quality=85, optimize=True)
    print(f"look at {folder}")


if __name__ == "__main__":
    main()
