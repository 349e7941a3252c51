"""The gallery: every style on a ramp and on a soft photograph, and real uses, before | after, at 100 %.

    python docs/gallery.py FOLDER [--photos DIR] [STYLE …]

Writes `gallery/STYLE.jpg` (a ramp, a soft photograph, a painted mask), `gallery/use-….jpg` and `gallery.md`, which shows them. Real
uses on photographs that are not scikit-image's need a folder of them; without it those that are there are kept.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from skimage import data
from uses import USES, Use

import smssr_infer as smssr

SIDE = 200
GAP = 4
HEADING = 24
CORNER = 150, 40
"""Left upper corner of the part of scikit-image's cat that is shown; the whole is stylised."""

VIEW = 360, 260
"""What is shown of a real use, in pixels of the enlargement."""

WEAKEST = ("Weakest: `signac` and `seurat` read as grain; `marble`'s veins are short, as if crazed; `wood` and `hair` "
           "differ mostly in how long their lines are; `lawn`, `rust` and `rock` look alike on soft pictures; what follows the "
           "picture follows reflections and shadows, too (`water` may want an angle). By `python -m export.compare_styles` "
           "all patches are taken for the right one of 39 styles.")


DRAWN = {"scene": ("a scene", "smssr stylize in.png out.png --style long-fur=bear.png --style brick-wall=wall.png,size=0.8 …"),
         "portrait": ("a portrait", "smssr stylize in.png out.png --style smooth-hair=hair.png --style stockinette=jumper.png …"),
         "still-life": ("a still life", "smssr stylize in.png out.png --style basket-weave=basket.png,size=0.7 …")}
PAINTED = {"coffee": "starry-night", "cat": "scream", "astronaut": "cypresses"}
"""What `drawings.py` and `paintings.py` have made."""


def ramp() -> np.ndarray:
    """Grey from dark to light."""
    return np.repeat(np.linspace(30, 225, SIDE).astype(np.uint8)[None, :, None], SIDE, 0).repeat(3, 2)


def stroke(height: int, width: int, left: int, top: int) -> np.ndarray:
    """β as one would paint it over the part that is shown: an S with a soft brush."""
    mask = Image.new("L", (width, height))
    way = ((0.85, 0.2), (0.5, 0.12), (0.22, 0.3), (0.5, 0.5), (0.78, 0.7), (0.5, 0.88), (0.15, 0.8))
    ImageDraw.Draw(mask).line([(left + SIDE * x, top + SIDE * y) for x, y in way], fill=255, width=46, joint="curve")
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(8)))


def page(style: str) -> Image.Image:
    """A ramp, a soft photograph (the cat, enlarged), and the cat with a painted mask."""
    cat = np.asarray(data.chelsea())
    left, top = CORNER
    large = smssr.upscale(cat, 2)
    sharp = smssr.Style(beta=1.0, sharpness=False)
    part = np.s_[2 * top + 100:2 * top + 100 + SIDE, 2 * left - 60:2 * left - 60 + SIDE]
    parts = ((f"{style}: a ramp", smssr.stylize(ramp(), {style: sharp})),
             ("a soft photograph", smssr.stylize(large, {style: sharp})[part]),
             ("painted", smssr.stylize(cat, {style: stroke(*cat.shape[:2], left, top)})[top:top + SIDE, left:left + SIDE]))
    sheet = Image.new("RGB", (len(parts) * (SIDE + GAP) - GAP, HEADING + SIDE), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for column, (title, pixels) in enumerate(parts):
        draw.text((column * (SIDE + GAP) + 2, 3), title, fill="black", font=font)
        sheet.paste(Image.fromarray(pixels), (column * (SIDE + GAP), HEADING))
    return sheet


def use(what: Use, photos: Path | None) -> Image.Image | None:
    """Before | after of a real use; None where its picture is not at hand."""
    small = what.place.picture(photos)
    if small is None:
        return None
    large = smssr.upscale(small, what.scale)
    beta = what.beta * what.place.mask(*large.shape[:2])
    styled = smssr.stylize(large, {what.style: smssr.Style(beta=beta, direction=what.direction, size=what.size)})
    left, top = (round(part * large.shape[1]) for part in what.place.corner)
    sheet = Image.new("RGB", (2 * VIEW[0] + GAP, VIEW[1]), "white")
    for column, pixels in enumerate((large, styled)):
        pixels = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, 2)
        sheet.paste(Image.fromarray(pixels[top:top + VIEW[1], left:left + VIEW[0]]), (column * (VIEW[0] + GAP), 0))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="STYLE", help="only these")
    parser.add_argument("--photos", type=Path, help="folder of the photographs that docs/uses.py names")
    arguments = parser.parse_args()
    folder = arguments.folder / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    cards = {card.name: card for card in smssr.models() if isinstance(card, smssr.StyleCard)}
    wanted = [name for name in cards if name in (arguments.names or cards)]
    for name in wanted:
        page(name).save(folder / f"{name}.jpg", quality=85, optimize=True)
    for what in USES:
        if what.style in wanted and (sheet := use(what, arguments.photos)):
            sheet.save(folder / f"{what.file}.jpg", quality=85, optimize=True)
    lines = ["# The gallery", "", "Made by `make gallery`: drawings of flat colours, then photographs in painters' hands, then photographs "
             "enlarged whose texture was lost, each before | after, at 100 %; at last every style of a network.", "",
             "## Drawings of flat colours, in materials", ""]
    for name, (words, command) in DRAWN.items():
        lines += [f"![{words}](gallery/drawing-{name}.jpg)", "", f"`{command}` ([docs/drawings.py](drawings.py) has all of it)", ""]
    lines += ["## Photographs in painters' hands", ""]
    for name, painting in PAINTED.items():
        lines += [f"![painted anew](gallery/painted-{name}.jpg)", "", f"`smssr stylize in.png out.png --painting {painting}`", ""]
    lines += ["## Photographs enlarged whose texture was lost", "",
              "Each picture enlarged first, then painted through a hand-made mask.", ""]
    for what in USES:
        if (folder / f"{what.file}.jpg").exists() and what.style in cards:
            lines += [f"**{what.style}**: {what.words} ({what.place.credit}).", "", f"![{what.words}](gallery/{what.file}.jpg)", ""]
    lines += ["## Every style of a network", "", WEAKEST, ""]
    for card in cards.values():
        turns = " Follows the picture." if card.steerable else ""
        lines += [f"### {card.name}", "",
                  f"{card.title}.{turns} Default strength {card.strength:g}; [card](../weights/{card.name}.md).", "",
                  f"![{card.name}](gallery/{card.name}.jpg)", ""]
    (arguments.folder / "gallery.md").write_text("\n".join(lines), encoding="utf-8")
    print(f"look at {arguments.folder / 'gallery.md'} and {folder}")


if __name__ == "__main__":
    main()
