"""The gallery: every style on three real pictures, at 100 %, as pages to look at.

    python docs/gallery.py FOLDER [STYLE …]

Writes, for each style, `gallery/STYLE.jpg` (rows: a cat, a cup, a suit; columns: β = 0, ½, 1, and a painted mask), and
`gallery.md`, which shows them.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from skimage import data

import smssr_infer as smssr

SIDE = 200
GAP = 4
HEADING = 24
PICTURES = {"chelsea": (data.chelsea, (150, 40)), "coffee": (data.coffee, (330, 30)), "astronaut": (data.astronaut, (60, 280))}
"""Which picture, and the left upper corner of the part that is shown; the whole is stylised."""

COLUMNS = ("0", "0.5", "1", "painted")


def stroke(height: int, width: int, left: int, top: int) -> np.ndarray:
    """β as one would paint it over the part that is shown: an S with a soft brush."""
    mask = Image.new("L", (width, height))
    way = ((0.85, 0.2), (0.5, 0.12), (0.22, 0.3), (0.5, 0.5), (0.78, 0.7), (0.5, 0.88), (0.15, 0.8))
    ImageDraw.Draw(mask).line([(left + SIDE * x, top + SIDE * y) for x, y in way], fill=255, width=46, joint="curve")
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(8)))


def page(style: str) -> Image.Image:
    """All pictures in all columns for one style."""
    step = SIDE + GAP
    sheet = Image.new("RGB", (len(COLUMNS) * step - GAP, HEADING + len(PICTURES) * step - GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for column, title in enumerate(COLUMNS):
        draw.text((column * step + 2, 3), f"{style} {title}", fill="black", font=font)
    for row, (load, (left, top)) in enumerate(PICTURES.values()):
        picture = np.asarray(load())
        for column, beta in enumerate((0.0, 0.5, 1.0, stroke(*picture.shape[:2], left, top))):
            styled = smssr.stylize(picture, {style: beta})
            sheet.paste(Image.fromarray(styled[top:top + SIDE, left:left + SIDE]), (column * step, HEADING + row * step))
    return sheet


def main() -> None:
    folder = Path(sys.argv[1])
    (folder / "gallery").mkdir(parents=True, exist_ok=True)
    cards = [card for card in smssr.models() if isinstance(card, smssr.StyleCard)]
    for card in cards:
        if len(sys.argv) == 2 or card.name in sys.argv[2:]:
            page(card.name).save(folder / "gallery" / f"{card.name}.jpg", quality=80, optimize=True)
    lines = ["# The styles", "", "Made by `make gallery`: each style on three pictures, at 100 %. From the left: without style, β = ½, "
             "β = 1, and β painted with a soft brush.", ""]
    for card in cards:
        lines += [f"## {card.name}", "", f"{card.title}. Default strength {card.strength:g}; [card](../weights/{card.name}.md).", "",
                  f"![{card.name}](gallery/{card.name}.jpg)", ""]
    (folder / "gallery.md").write_text("\n".join(lines), encoding="utf-8")
    print(f"look at {folder / 'gallery.md'} and {folder / 'gallery'}")


if __name__ == "__main__":
    main()
