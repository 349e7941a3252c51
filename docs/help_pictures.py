"""The before | after pictures of the plug-in's help page.

    python docs/help_pictures.py        writes plugin/smssr/help/*.jpg
"""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from skimage import data

import smssr_infer

FOLDER = Path(__file__).parent.parent / "plugin" / "smssr" / "help"
SIZE = 640, 400


def save(name: str, before: Image.Image, after: Image.Image, corner: tuple[int, int]) -> None:
    """The same crop of both."""
    for which, picture in (("before", before), ("after", after)):
        picture.crop((*corner, corner[0] + SIZE[0], corner[1] + SIZE[1])).save(FOLDER / f"{name}-{which}.jpg", quality=88)


def twice(picture: np.ndarray) -> Image.Image:
    """Every pixel as four, so that marks are seen."""
    return Image.fromarray(picture).resize((2 * picture.shape[1], 2 * picture.shape[0]), Image.Resampling.NEAREST)


def main() -> None:
    cat, astronaut = np.asarray(data.chelsea()), np.asarray(data.astronaut())
    large = Image.fromarray(smssr_infer.upscale(cat, 4))
    save("upscale", Image.fromarray(cat).resize(large.size, Image.Resampling.BICUBIC), large, (420, 280))

    stream = io.BytesIO()
    Image.fromarray(astronaut).save(stream, "JPEG", quality=20)
    jpeg = np.asarray(Image.open(stream))
    save("clean", twice(jpeg), twice(smssr_infer.restore(jpeg, clean=1)), (200, 40))

    holes = Image.new("L", (512, 512))
    draw = ImageDraw.Draw(holes)
    for line in ([110, 40, 260, 210, 300, 330], [420, 10, 250, 120], [150, 200, 400, 190], [180, 20, 190, 240]):
        draw.line(line, fill=255, width=3)
    mask = np.asarray(holes) / 255
    scratched = np.where(mask[..., None] > 0, np.uint8(235), astronaut)
    save("fill", twice(scratched), twice(smssr_infer.restore(scratched, fill=mask)), (200, 40))

    coat = Image.new("L", (451, 300))
    draw = ImageDraw.Draw(coat)
    draw.ellipse((20, -40, 420, 330), fill=255)
    for spared in ((128, 72, 216, 156), (286, 98, 360, 176), (222, 216, 304, 300)):
        draw.ellipse(spared, fill=0)
    beta = np.asarray(coat.filter(ImageFilter.GaussianBlur(9))) / 255
    double = smssr_infer.upscale(cat, 2)
    painted = smssr_infer.stylize(smssr_infer.upscale(astronaut, 2), {"van-gogh": 0.7}, coarse={"starry-night": 0.8})
    save("repaint", Image.fromarray(smssr_infer.upscale(astronaut, 2)), Image.fromarray(painted), (240, 20))
    save("stylize", Image.fromarray(double), Image.fromarray(smssr_infer.stylize(double, {"fur": beta})), (60, 60))


if __name__ == "__main__":
    main()
