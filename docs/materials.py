"""Materials on a drawing of flat colours, before | after, and all of them side by side.

    python docs/materials.py FOLDER

Writes `drawing.jpg` and `materials.jpg`, which `materials.md` shows.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import distance_transform_edt, gaussian_filter

import smssr_infer as smssr

WIDTH, HEIGHT = 760, 520
FINE = 3
"""The drawing is made so many times as large, and reduced."""
SIDE = 150
COLOURS = (168, 128, 96), (126, 150, 104), (150, 150, 158)


def shapes() -> dict[str, tuple[tuple[int, int, int], list[tuple[str, tuple[int, ...]]]]]:
    """The drawing's parts from back to front: a colour each, and what it is made of."""
    return {
        "sky": ((150, 190, 222), [("rectangle", (0, 0, 760, 520))]),
        "meadow": ((104, 146, 74), [("rectangle", (0, 330, 760, 520))]),
        "wall": ((158, 142, 128), [("rectangle", (450, 90, 760, 400))]),
        "door": ((122, 80, 50), [("rectangle", (560, 210, 660, 400))]),
        "path": ((176, 166, 150), [("polygon", (575, 400, 645, 400, 760, 520, 500, 520))]),
        "trunk": ((112, 84, 60), [("polygon", (352, 360, 362, 180, 396, 180, 408, 360))]),
        "crown": ((84, 122, 62), [("ellipse", (290, 40, 470, 215))]),
        "bear": ((150, 104, 66), [("ellipse", (60, 220, 270, 480)), ("ellipse", (90, 110, 240, 270)), ("ellipse", (82, 98, 132, 148)),
                                  ("ellipse", (198, 98, 248, 148))]),
        "scarf": ((176, 56, 62), [("polygon", (96, 246, 236, 246, 248, 276, 84, 276)),
                                  ("polygon", (190, 262, 226, 262, 232, 356, 194, 356))]),
        "face": ((30, 24, 22), [("ellipse", (132, 168, 146, 182)), ("ellipse", (184, 168, 198, 182)), ("ellipse", (150, 198, 180, 218))]),
    }


def drawn() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The drawing, uint8, and where each part can be seen, 0 … 1."""
    picture = Image.new("RGB", (FINE * WIDTH, FINE * HEIGHT))
    seen: dict[str, Image.Image] = {}
    for part, (colour, forms) in shapes().items():
        for kind, place in forms:
            for canvas, fill in ((picture, colour), *((mask, 0) for mask in seen.values())):
                getattr(ImageDraw.Draw(canvas), kind)([FINE * n for n in place], fill=fill)
        mask = Image.new("L", picture.size)
        for kind, place in forms:
            getattr(ImageDraw.Draw(mask), kind)([FINE * n for n in place], fill=255)
        seen[part] = mask
    small = WIDTH, HEIGHT
    return (np.asarray(picture.resize(small, Image.Resampling.LANCZOS)),
            {part: np.asarray(mask.resize(small, Image.Resampling.LANCZOS)) / 255 for part, mask in seen.items()})


def away_from_the_rim(mask: np.ndarray) -> np.ndarray:
    """Degrees for every pixel: hairs that grow from the middle of a shape outwards, and down."""
    down, across = np.gradient(gaussian_filter(distance_transform_edt(mask > 0.5), 8))
    return np.degrees(np.arctan2(-(0.9 - down), -across))


def scene() -> Image.Image:
    """The drawing before | after."""
    drawing, seen = drawn()
    style = smssr.Style
    painted = smssr.stylize(drawing, {
        "long-fur": style(seen["bear"], direction=away_from_the_rim(seen["bear"])), "blades": style(seen["meadow"], direction=80),
        "cracked-rock": style(seen["wall"]), "worn-wood": style(seen["door"], direction=90), "slate-gravel": style(seen["path"]),
        "furrowed-bark": style(seen["trunk"]), "oak-leaves": style(seen["crown"], colour=0.5),
        "curly-wool": style(seen["scarf"], size=0.6), "watercolour-paper": style(0.5 * seen["sky"])})
    return Image.fromarray(np.hstack([drawing, np.full((HEIGHT, 6, 3), 255, np.uint8), painted]))


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
    scene().save(folder / "drawing.jpg", quality=88)
    sheet().save(folder / "materials.jpg", quality=88)


if __name__ == "__main__":
    main()
