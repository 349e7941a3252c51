"""Coarse styles and textures, any with any: a table on three pictures, and whole pictures at full and at half strength.

    python docs/coarse.py FOLDER [PICTURE …]

Writes `gallery/coarse-PICTURE.jpg` and `gallery/coarse-whole-PICTURE.jpg`.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

import smssr_infer as smssr

TEXTURES = {"none": None, "van-gogh": 0.8, "canvas": 0.6, "hatching": 0.7, "dabs": 0.8}
SIDE, GAP, HEADING = 240, 4, 20
WIDE = 480
"""Width in which whole pictures are shown."""

PICTURES = {"astronaut": (lambda: smssr.upscale(data.astronaut(), 2), (300, 30)),
            "cat": (lambda: smssr.upscale(data.chelsea(), 2), (430, 180)),
            "coffee": (lambda: smssr.upscale(data.coffee(), 2), (330, 200))}
"""Each picture, enlarged first, and the left upper corner of the part that is shown."""


def coarse_names() -> list[str]:
    """All coarse styles that ship."""
    return [card.name for card in smssr.models() if isinstance(card, smssr.CoarseCard)]


def sheet(rows: list[list[tuple[str, np.ndarray]]]) -> Image.Image:
    """Titled pictures, all of one size, in rows."""
    height, width = rows[0][0][1].shape[:2]
    made = Image.new("RGB", (len(rows[0]) * (width + GAP) - GAP, len(rows) * (height + HEADING)), "white")
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(14)
    for y, row in enumerate(rows):
        for x, (title, pixels) in enumerate(row):
            draw.text((x * (width + GAP) + 2, y * (height + HEADING) + 2), title, fill="black", font=font)
            made.paste(Image.fromarray(pixels), (x * (width + GAP), y * (height + HEADING) + HEADING))
    return made


def table(picture: np.ndarray, corner: tuple[int, int]) -> Image.Image:
    """Coarse styles down, textures across, at 100 %."""
    left, top = corner
    rows = []
    for coarse in coarse_names():
        row = []
        for texture, strength in TEXTURES.items():
            styles = {} if strength is None else {texture: smssr.Style(beta=strength, size=1.5)}
            painted = smssr.stylize(picture, styles, coarse={coarse: 1.0})
            row.append((coarse if strength is None else f"{coarse} + {texture}", painted[top:top + SIDE, left:left + SIDE]))
        rows.append(row)
    return sheet(rows)


def whole(picture: np.ndarray) -> Image.Image:
    """The whole picture, reduced to be seen at once: as it is and, for every coarse style, at full and at half strength."""
    size = WIDE, round(picture.shape[0] * WIDE / picture.shape[1])

    def small(pixels: np.ndarray) -> np.ndarray:
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))

    return sheet([[("as it is", small(picture)), (coarse, small(smssr.stylize(picture, {}, coarse={coarse: 1.0}))),
                   (f"{coarse}:0.5", small(smssr.stylize(picture, {}, coarse={coarse: 0.5})))] for coarse in coarse_names()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="PICTURE", help=f"only these of {', '.join(PICTURES)}")
    arguments = parser.parse_args()
    folder = arguments.folder / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or PICTURES:
        make, corner = PICTURES[name]
        picture = make()
        table(picture, corner).save(folder / f"coarse-{name}.jpg", quality=85, optimize=True)
        whole(picture).save(folder / f"coarse-whole-{name}.jpg", quality=85, optimize=True)
    print(f"look at {folder}")


if __name__ == "__main__":
    main()
