"""Three drawings of flat colours, drawn by code: a scene, a portrait, a still life; and what each of their parts is made of.

    python docs/drawings.py FOLDER

Writes `gallery/drawing-NAME.jpg`, each before | after, which `gallery.md` shows.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt, gaussian_filter

import smssr_infer as smssr

FINE = 3
"""A drawing is made so many times as large, and reduced."""

Parts = dict[str, tuple[tuple[int, int, int], list[tuple[str, tuple[int, ...]]]]]
"""From back to front: a colour each, and the forms that it is made of."""

SCENE: Parts = {
    "sky": ((150, 190, 222), [("rectangle", (0, 0, 760, 520))]),
    "meadow": ((104, 146, 74), [("rectangle", (0, 330, 760, 520))]),
    "wall": ((158, 112, 92), [("rectangle", (450, 150, 760, 400))]),
    "roof": ((150, 84, 62), [("polygon", (430, 158, 500, 60, 760, 60, 760, 158))]),
    "door": ((122, 80, 50), [("rectangle", (560, 230, 660, 400))]),
    "path": ((176, 166, 150), [("polygon", (575, 400, 645, 400, 760, 520, 500, 520))]),
    "trunk": ((112, 84, 60), [("polygon", (352, 360, 362, 180, 396, 180, 408, 360))]),
    "crown": ((84, 122, 62), [("ellipse", (290, 40, 470, 215))]),
    "bear": ((150, 104, 66), [("ellipse", (60, 220, 270, 480)), ("ellipse", (90, 110, 240, 270)), ("ellipse", (82, 98, 132, 148)),
                              ("ellipse", (198, 98, 248, 148))]),
    "scarf": ((176, 56, 62), [("polygon", (96, 246, 236, 246, 248, 276, 84, 276)), ("polygon", (190, 262, 226, 262, 232, 356, 194, 356))]),
    "face": ((30, 24, 22), [("ellipse", (132, 168, 146, 182)), ("ellipse", (184, 168, 198, 182)), ("ellipse", (150, 198, 180, 218))])}

PORTRAIT: Parts = {
    "wall": ((96, 118, 128), [("rectangle", (0, 0, 560, 520))]),
    "behind": ((92, 58, 40), [("ellipse", (150, 60, 410, 400))]),
    "neck": ((214, 168, 138), [("polygon", (240, 300, 320, 300, 334, 400, 226, 400))]),
    "jumper": ((150, 66, 58), [("polygon", (40, 520, 100, 420, 226, 374, 334, 374, 460, 420, 520, 520))]),
    "face": ((224, 180, 150), [("ellipse", (196, 100, 364, 334))]),
    "fringe": ((104, 66, 46), [("polygon", (190, 216, 200, 120, 280, 74, 362, 122, 372, 216, 330, 150, 250, 148))]),
    "eyes": ((48, 42, 44), [("ellipse", (236, 204, 256, 218)), ("ellipse", (304, 204, 324, 218))]),
    "nose": ((200, 150, 122), [("polygon", (280, 216, 292, 262, 270, 262))]),
    "mouth": ((176, 84, 82), [("ellipse", (252, 284, 308, 302))])}

STILL_LIFE: Parts = {
    "wall": ((178, 170, 152), [("rectangle", (0, 0, 660, 520))]),
    "table": ((134, 92, 58), [("rectangle", (0, 330, 660, 520))]),
    "cloth": ((196, 190, 176), [("polygon", (60, 350, 470, 340, 560, 520, 20, 520))]),
    "jug": ((92, 116, 132), [("polygon", (470, 150, 570, 150, 600, 300, 560, 400, 480, 400, 440, 300)), ("ellipse", (470, 136, 570, 164))]),
    "pear": ((156, 160, 66), [("ellipse", (140, 190, 220, 300)), ("ellipse", (158, 140, 204, 230))]),
    "apple": ((178, 54, 48), [("ellipse", (214, 190, 310, 290))]),
    "orange": ((214, 130, 44), [("ellipse", (302, 206, 384, 290))]),
    "basket": ((158, 116, 68), [("polygon", (110, 280, 400, 280, 360, 430, 150, 430))]),
    "rim": ((134, 96, 54), [("rectangle", (104, 274, 406, 292))])}


def drawn(parts: Parts) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A drawing, uint8, and where each part can be seen, 0 … 1."""
    width, height = next(iter(parts.values()))[1][0][1][2:]
    picture = Image.new("RGB", (FINE * width, FINE * height))
    seen: dict[str, Image.Image] = {}
    for part, (colour, forms) in parts.items():
        for kind, place in forms:
            for canvas, fill in ((picture, colour), *((mask, 0) for mask in seen.values())):
                getattr(ImageDraw.Draw(canvas), kind)([FINE * n for n in place], fill=fill)
        mask = Image.new("L", picture.size)
        for kind, place in forms:
            getattr(ImageDraw.Draw(mask), kind)([FINE * n for n in place], fill=255)
        seen[part] = mask
    return (np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS)),
            {part: np.asarray(mask.resize((width, height), Image.Resampling.LANCZOS)) / 255 for part, mask in seen.items()})


def away_from_the_rim(mask: np.ndarray) -> np.ndarray:
    """Degrees for every pixel: hairs that grow from the middle of a shape outwards, and down."""
    down, across = np.gradient(gaussian_filter(distance_transform_edt(mask > 0.5), 8))
    return np.degrees(np.arctan2(-(0.9 - down), -across))


def wishes(name: str, seen: dict[str, np.ndarray]) -> dict[str, smssr.Style]:
    """What each part of a drawing is made of."""
    style, along = smssr.Style, smssr.Along
    if name == "scene":
        return {"long-fur": style(seen["bear"], direction=away_from_the_rim(seen["bear"])), "blades": style(seen["meadow"], direction=80),
                "brick-wall": style(0.9 * seen["wall"], size=0.8), "roof-tiles": style(seen["roof"], size=0.7),
                "boards": style(seen["door"], direction=90, size=0.8), "slate-gravel": style(seen["path"]),
                "furrowed-bark": style(seen["trunk"]), "oak-leaves": style(seen["crown"], colour=0.5),
                "stockinette": style(seen["scarf"], size=0.8), "watercolour-paper": style(0.5 * seen["sky"])}
    if name == "portrait":
        parting = [[(280, 70), (190, 150), (160, 380)], [(280, 70), (372, 150), (402, 380)]]
        waist = [(x, 470 - 30 * ((x - 280) / 220) ** 2) for x in range(40, 521, 20)]
        return {"smooth-hair": style(np.maximum(seen["behind"], seen["fringe"]), direction=along(parting)),
                "stockinette": style(seen["jumper"], direction=along([waist])),
                "watercolour-paper": style(0.6 * np.maximum(seen["face"], seen["neck"])), "primed-canvas": style(0.7 * seen["wall"]),
                "pen-hatching": style(0.35 * seen["nose"], direction=60)}
    return {"cracked-plaster": style(0.8 * seen["wall"]), "herringbone": style(seen["table"], size=1.2, direction=20),
            "linen": style(seen["cloth"]), "basket-weave": style(np.maximum(seen["basket"], seen["rim"]), size=0.7),
            "board-concrete": style(0.8 * seen["jug"]), "granite": style(0.7 * seen["pear"], colour=0.4),
            "fine-grain": style(0.8 * seen["apple"]), "black-leather": style(0.8 * seen["orange"], size=0.6)}


DRAWINGS = {"scene": SCENE, "portrait": PORTRAIT, "still-life": STILL_LIFE}


def before_after(name: str) -> Image.Image:
    """A drawing as it is, and in its materials."""
    drawing, seen = drawn(DRAWINGS[name])
    painted = smssr.stylize(drawing, wishes(name, seen))
    return Image.fromarray(np.hstack([drawing, np.full((len(drawing), 6, 3), 255, np.uint8), painted]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    for name in DRAWINGS:
        before_after(name).save(folder / f"drawing-{name}.jpg", quality=88)


if __name__ == "__main__":
    main()
