"""All materials, each on a flat colour.

    python docs/materials.py FOLDER

Writes `materials.jpg`, which `materials.md` shows; its drawing is made by `drawings.py`.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import smssr_infer as smssr

SIDE = 150
COLOURS = (168, 128, 96), (126, 150, 104), (150, 150, 158)


def sheet() -> Image.Image:
    """Every material on a flat colour, as strong as it is by itself."""
    cards = [card for card in smssr.models() if isinstance(card, smssr.MaterialCard)]
    columns = 9
    found = Image.new("RGB", (columns * SIDE, -(-len(cards) // columns) * (SIDE + 18)), "white")
    draw, font = ImageDraw.Draw(found), ImageFont.load_default(12)
    for number, card in enumerate(cards):
        left, top = number % columns * SIDE, number // columns * (SIDE + 18)
        flat = np.full((SIDE - 4, SIDE - 4, 3), COLOURS[number % 3], np.uint8)
        found.paste(Image.fromarray(smssr.stylize(flat, {card.name: 1.0})), (left, top + 16))
        draw.text((left + 2, top + 1), card.name, fill="black", font=font)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    sheet().save(folder / "materials.jpg", quality=88)


if __name__ == "__main__":
    main()
