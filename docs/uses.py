"""Real uses of the styles: which picture, how much it is enlarged, and a mask drawn by hand as polygons.

Places are shares of the picture's width, (right, down).
"""

import dataclasses
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from skimage import data

Polygon = tuple[tuple[float, float], ...]
Circle = tuple[float, float, float]

SOFT = 0.008
"""σ of the masks' edges."""

SMALL = 800
"""Photographs are reduced to this width before they are enlarged: as one finds them in the web."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Use:
    """A style where it belongs."""

    file: str
    style: str
    words: str
    source: str
    """The name of a picture of scikit-image's, or a file among the photographs."""
    credit: str
    areas: tuple[Polygon, ...] = ()
    """What is painted; nothing: all of it."""
    spared: tuple[Circle, ...] = ()
    """Circles (right, down, radius) that are left out: eyes, noses, patches."""
    corner: tuple[float, float]
    scale: int = 2
    beta: float = 0.9
    direction: float | str | None = None
    size: float | None = None

    def picture(self, photos: Path | None) -> np.ndarray | None:
        """The picture before it is enlarged; None where it is not at hand."""
        if hasattr(data, self.source):
            return np.asarray(getattr(data, self.source)())
        path = photos / self.source if photos else None
        if path is None or not path.exists():
            return None
        with Image.open(path) as picture:
            return np.asarray(
                picture.convert("RGB").resize((SMALL, round(SMALL * picture.height / picture.width)), Image.Resampling.LANCZOS)
            )

    def mask(self, height: int, width: int) -> np.ndarray:
        """β, H×W."""
        mask = Image.new("L", (width, height), 0 if self.areas else 255)
        draw = ImageDraw.Draw(mask)
        for area in self.areas:
            draw.polygon([(width * x, width * y) for x, y in area], fill=255)
        for x, y, radius in self.spared:
            draw.ellipse([width * (x - radius), width * (y - radius), width * (x + radius), width * (y + radius)], fill=0)
        return np.asarray(mask.filter(ImageFilter.GaussianBlur(SOFT * width)), np.float32) / 255 * self.beta


CAT = "Stéfan van der Walt's Chelsea, CC0"
NASA = "NASA, public domain"
CAMERA = "Lav Varshney, CC0"
COFFEE = "Rachel Michetti, CC0"
BUDGIE = "Buddies of Budgie, CC0"

COAT: Polygon = ((0.06, 0.0), (0.5, 0.0), (0.8, 0.05), (0.92, 0.3), (0.9, 0.65), (0.3, 0.66), (0.08, 0.5))
LOCKS: Polygon = (
    (0.315, 0.15), (0.335, 0.095), (0.385, 0.05), (0.46, 0.04), (0.54, 0.05), (0.58, 0.11), (0.585, 0.2), (0.53, 0.25),
    (0.51, 0.19), (0.5, 0.13), (0.43, 0.11), (0.37, 0.14), (0.36, 0.2), (0.34, 0.25), (0.30, 0.2),
)
SUIT: Polygon = (
    (0.1, 0.52), (0.22, 0.44), (0.3, 0.56), (0.45, 0.58), (0.56, 0.56), (0.66, 0.6), (0.69, 0.75), (0.56, 0.85),
    (0.5, 0.98), (0.06, 0.98), (0.06, 0.7),
)
KITTEN: Polygon = (
    (0.3, 0.2), (0.38, 0.26), (0.5, 0.23), (0.58, 0.26), (0.6, 0.36), (0.7, 0.41), (0.77, 0.5), (0.74, 0.55),
    (0.6, 0.47), (0.45, 0.43), (0.39, 0.44), (0.3, 0.36),
)
MEADOW: Polygon = ((0.0, 0.5), (0.2, 0.45), (0.3, 0.55), (0.45, 0.59), (0.75, 0.61), (1.0, 0.5), (1.0, 0.68), (0.0, 0.68))
OTTER: Polygon = (
    (0.32, 0.18), (0.42, 0.17), (0.5, 0.27), (0.62, 0.25), (0.75, 0.27), (0.85, 0.32), (0.92, 0.31), (0.84, 0.38),
    (0.7, 0.42), (0.55, 0.4), (0.48, 0.38), (0.4, 0.27),
)
WALRUS: Polygon = (
    (0.52, 0.3), (0.72, 0.25), (0.78, 0.17), (0.88, 0.17), (0.93, 0.3), (0.98, 0.5), (0.9, 0.54), (0.6, 0.52),
    (0.25, 0.52), (0.3, 0.38), (0.45, 0.3),
)
BOARD: Polygon = ((0.165, 0.375), (0.38, 0.405), (0.38, 0.565), (0.165, 0.57))
GROUND: Polygon = ((0.0, 0.74), (1.0, 0.7), (1.0, 0.98), (0.0, 0.98))

USES = (
    Use(
        file="use-fur-cat",
        style="fur",
        words="fur on a cat, along its coat",
        source="chelsea",
        credit=CAT,
        areas=(COAT,),
        spared=((0.38, 0.25, 0.09), (0.72, 0.3, 0.08), (0.585, 0.57, 0.08)),
        corner=(0.1, 0.05),
    ),
    Use(
        file="use-fur-kitten",
        style="fur",
        words="fur on a kitten",
        source="budgie__kitten-on-lawn.jpg",
        credit=BUDGIE,
        areas=(KITTEN,),
        spared=((0.345, 0.325, 0.022), (0.43, 0.335, 0.024), (0.365, 0.37, 0.02)),
        corner=(0.44, 0.24),
    ),
    Use(
        file="use-fur-otter",
        style="fur",
        words="fur on an otter",
        source="budgie__oakland-zoo-otters.jpg",
        credit=BUDGIE,
        areas=(OTTER,),
        corner=(0.45, 0.22),
    ),
    Use(file="use-hair", style="hair", words="hair, along the hairdo", source="astronaut", credit=NASA, areas=(LOCKS,), corner=(0.27, 0.0)),
    Use(
        file="use-hide",
        style="hide",
        words="a walrus's hide",
        source="elementary__Jay_Ruzesky.jpg",
        credit="Jay Ruzesky, CC0",
        areas=(WALRUS,),
        spared=((0.82, 0.25, 0.05),),
        corner=(0.5, 0.26),
    ),
    Use(
        file="use-grass-kitten",
        style="grass",
        words="grass in a meadow",
        source="budgie__kitten-on-lawn.jpg",
        credit=BUDGIE,
        areas=(MEADOW,),
        direction=0.0,
        corner=(0.05, 0.48),
    ),
    Use(
        file="use-wood-table",
        style="wood",
        words="grain on a table, along its boards",
        source="coffee",
        credit=COFFEE,
        areas=(((0.0, 0.0), (1.0, 0.0), (1.0, 0.67), (0.0, 0.67)),),
        spared=((0.46, 0.38, 0.36),),
        corner=(0.66, 0.1),
    ),
    Use(
        file="use-wood-sign",
        style="wood",
        words="grain on a sign",
        source="popos__kait-herzog-8242.jpg",
        credit="Kait Herzog, CC0",
        areas=(BOARD,),
        corner=(0.13, 0.35),
    ),
    Use(
        file="use-sand",
        style="sand",
        words="sand beside the road",
        source="popos__kait-herzog-8242.jpg",
        credit="Kait Herzog, CC0",
        areas=(GROUND,),
        corner=(0.3, 0.76),
    ),
    Use(
        file="use-cloth",
        style="cloth",
        words="cloth on a space suit",
        source="astronaut",
        credit=NASA,
        areas=(SUIT,),
        spared=((0.33, 0.76, 0.085), (0.595, 0.69, 0.055)),
        corner=(0.06, 0.55),
    ),
    Use(
        file="use-denim",
        style="denim",
        words="the suit in denim",
        source="astronaut",
        credit=NASA,
        areas=(SUIT,),
        spared=((0.33, 0.76, 0.085), (0.595, 0.69, 0.055)),
        corner=(0.06, 0.55),
    ),
    Use(
        file="use-knit",
        style="knit",
        words="the suit, knitted",
        source="astronaut",
        credit=NASA,
        areas=(SUIT,),
        spared=((0.33, 0.76, 0.085), (0.595, 0.69, 0.055)),
        corner=(0.06, 0.55),
    ),
    Use(
        file="use-film-grain",
        style="film-grain",
        words="grain over a photograph",
        source="camera",
        credit=CAMERA,
        beta=0.4,
        corner=(0.2, 0.1),
    ),
    Use(file="use-hatching", style="hatching", words="hatched, along the forms", source="astronaut", credit=NASA, corner=(0.2, 0.02)),
    Use(file="use-stipple", style="stipple", words="stippled", source="chelsea", credit=CAT, corner=(0.15, 0.1)),
    Use(
        file="use-van-gogh",
        style="van-gogh",
        words="van Gogh's strokes",
        source="coffee",
        credit=COFFEE,
        corner=(0.2, 0.02),
    ),
    Use(file="use-dabs", style="dabs", words="dabs of oil paint", source="budgie__kitten-on-lawn.jpg", credit=BUDGIE, corner=(0.25, 0.2)),
    Use(file="use-bristles", style="bristles", words="a flat brush", source="astronaut", credit=NASA, size=1.5, corner=(0.15, 0.0)),
    Use(file="use-flecks", style="flecks", words="flecks of paint", source="budgie__kitten-on-lawn.jpg", credit=BUDGIE, corner=(0.25, 0.2)),
)
