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
class Place:
    """A part of a picture that has a material."""

    source: str
    """The name of a picture of scikit-image's, or a file among the photographs."""
    credit: str
    corner: tuple[float, float]
    """Of what is shown."""
    areas: tuple[Polygon, ...] = ()
    """What is painted; nothing: all of it."""
    spared: tuple[Circle, ...] = ()
    """Circles (right, down, radius) that are left out: eyes, noses, patches."""

    def picture(self, photos: Path | None) -> np.ndarray | None:
        """The picture before it is enlarged; None where it is not at hand."""
        if hasattr(data, self.source):
            return np.asarray(getattr(data, self.source)())
        path = photos / self.source if photos else None
        if path is None or not path.exists():
            return None
        with Image.open(path) as picture:
            size = SMALL, round(SMALL * picture.height / picture.width)
            return np.asarray(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS))

    def mask(self, height: int, width: int) -> np.ndarray:
        """Where the material is, H×W in 0 … 1."""
        mask = Image.new("L", (width, height), 0 if self.areas else 255)
        draw = ImageDraw.Draw(mask)
        for area in self.areas:
            draw.polygon([(width * x, width * y) for x, y in area], fill=255)
        for x, y, radius in self.spared:
            draw.ellipse([width * (x - radius), width * (y - radius), width * (x + radius), width * (y + radius)], fill=0)
        return np.asarray(mask.filter(ImageFilter.GaussianBlur(SOFT * width)), np.float32) / 255


@dataclasses.dataclass(frozen=True)
class Use:
    """A style where it belongs."""

    style: str
    words: str
    place: Place
    name: str = ""
    """Of its file, where a style has several."""
    scale: int = 2
    beta: float = 0.9
    direction: float | str | None = None
    size: float | None = None

    @property
    def file(self) -> str:
        """The picture's name without its ending."""
        return f"use-{self.style}{self.name and '-'}{self.name}"


CHELSEA = {"source": "chelsea", "credit": "Stéfan van der Walt's Chelsea, CC0"}
ASTRONAUT = {"source": "astronaut", "credit": "NASA, public domain"}
COFFEE = {"source": "coffee", "credit": "Rachel Michetti, CC0"}
KITTEN = {"source": "budgie__kitten-on-lawn.jpg", "credit": "Buddies of Budgie, CC0"}
SIGN = {"source": "popos__kait-herzog-8242.jpg", "credit": "Kait Herzog, CC0"}
COLOSSEUM = {"source": "budgie__roman-colosseum.jpg", "credit": "Buddies of Budgie, CC0"}
HALL = {"source": "budgie__orange-hallway.jpg", "credit": "Buddies of Budgie, CC0"}
COAST = {"source": "elementary__Rob_Bye.jpg", "credit": "Rob Bye, CC0"}
PEAK = {"source": "xubuntu__Mountainous_View_by_Sven_Scheuermeier.jpg", "credit": "Sven Scheuermeier, CC0"}
PANELS = {"source": "popos__samuel-zeller-337041.jpg", "credit": "Samuel Zeller, CC0"}

CAT = Place(**CHELSEA, corner=(0.15, 0.1))
COAT = Place(**CHELSEA, corner=(0.1, 0.05), spared=((0.38, 0.25, 0.09), (0.72, 0.3, 0.08), (0.585, 0.57, 0.08)), areas=((
    (0.06, 0.0), (0.5, 0.0), (0.8, 0.05), (0.92, 0.3), (0.9, 0.65), (0.3, 0.66), (0.08, 0.5)),))
KITTENS_COAT = Place(**KITTEN, corner=(0.44, 0.24), spared=((0.345, 0.325, 0.022), (0.43, 0.335, 0.024), (0.365, 0.37, 0.02)), areas=((
    (0.3, 0.2), (0.38, 0.26), (0.5, 0.23), (0.58, 0.26), (0.6, 0.36), (0.7, 0.41), (0.77, 0.5), (0.74, 0.55), (0.6, 0.47), (0.45, 0.43),
    (0.39, 0.44), (0.3, 0.36)),))
MEADOW = Place(**KITTEN, corner=(0.05, 0.48), spared=((0.228, 0.51, 0.05),), areas=((
    (0.0, 0.5), (0.2, 0.45), (0.3, 0.55), (0.45, 0.59), (0.75, 0.61), (1.0, 0.5), (1.0, 0.68), (0.0, 0.68)),))
OTTER = Place(source="budgie__oakland-zoo-otters.jpg", credit="Buddies of Budgie, CC0", corner=(0.45, 0.22), areas=((
    (0.32, 0.18), (0.42, 0.17), (0.5, 0.27), (0.62, 0.25), (0.75, 0.27), (0.85, 0.32), (0.92, 0.31), (0.84, 0.38), (0.7, 0.42),
    (0.55, 0.4), (0.48, 0.38), (0.4, 0.27)),))
WALRUS = Place(source="elementary__Jay_Ruzesky.jpg", credit="Jay Ruzesky, CC0", corner=(0.5, 0.26), spared=((0.82, 0.25, 0.05),), areas=((
    (0.52, 0.3), (0.72, 0.25), (0.78, 0.17), (0.88, 0.17), (0.93, 0.3), (0.98, 0.5), (0.9, 0.54), (0.6, 0.52), (0.25, 0.52),
    (0.3, 0.38), (0.45, 0.3)),))
LOCKS = Place(**ASTRONAUT, corner=(0.27, 0.0), areas=((
    (0.315, 0.15), (0.335, 0.095), (0.385, 0.05), (0.46, 0.04), (0.54, 0.05), (0.58, 0.11), (0.585, 0.2), (0.53, 0.25), (0.51, 0.19),
    (0.5, 0.13), (0.43, 0.11), (0.37, 0.14), (0.36, 0.2), (0.34, 0.25), (0.30, 0.2)),))
SUIT = Place(**ASTRONAUT, corner=(0.06, 0.55), spared=((0.33, 0.76, 0.085), (0.595, 0.69, 0.055)), areas=((
    (0.1, 0.52), (0.22, 0.44), (0.3, 0.56), (0.45, 0.58), (0.56, 0.56), (0.66, 0.6), (0.69, 0.75), (0.56, 0.85), (0.5, 0.98),
    (0.06, 0.98), (0.06, 0.7)),))
FACE = Place(**ASTRONAUT, corner=(0.2, 0.02))
TABLE = Place(**COFFEE, corner=(0.66, 0.1), spared=((0.46, 0.38, 0.36),), areas=(((0.0, 0.0), (1.0, 0.0), (1.0, 0.67), (0.0, 0.67)),))
CUP = Place(**COFFEE, corner=(0.2, 0.02))
BOARD = Place(**SIGN, corner=(0.13, 0.35), areas=(((0.165, 0.375), (0.38, 0.405), (0.38, 0.565), (0.165, 0.57)),))
ROADSIDE = Place(**SIGN, corner=(0.3, 0.76), areas=(((0.0, 0.74), (1.0, 0.7), (1.0, 0.98), (0.0, 0.98)),))
PHOTOGRAPH = Place(source="camera", credit="Lav Varshney, CC0", corner=(0.2, 0.1))
GARDEN = Place(**KITTEN, corner=(0.25, 0.2))
WALL = Place(**COLOSSEUM, corner=(0.3, 0.385), areas=((
    (0.0, 0.31), (0.12, 0.36), (0.3, 0.43), (0.66, 0.52), (0.67, 0.56), (0.0, 0.56)),))
PATH = Place(**HALL, corner=(0.37, 0.48), areas=(((0.495, 0.36), (0.515, 0.36), (0.575, 0.5), (0.63, 0.66), (0.34, 0.66), (0.43, 0.5)),))
LAKE = Place(source="budgie__lake-sherburne.jpg", credit="Buddies of Budgie, CC0", corner=(0.35, 0.395), areas=((
    (0.0, 0.428), (1.0, 0.428), (1.0, 0.56), (0.0, 0.56)),))
OSPREY = Place(source="budgie__perched-osprey.jpg", credit="Buddies of Budgie, CC0", corner=(0.25, 0.16), areas=((
    (0.34, 0.2), (0.37, 0.16), (0.43, 0.17), (0.455, 0.25), (0.42, 0.34), (0.37, 0.37), (0.34, 0.45), (0.31, 0.44), (0.3, 0.3)),))
TRUNK = Place(source="umate__hans-jurgen-mager-indri.jpg", credit="Hans-Jürgen Mager, CC0", corner=(0.42, 0.48), areas=((
    (0.38, 0.66), (0.55, 0.5), (0.7, 0.42), (0.8, 0.37), (0.82, 0.39), (0.72, 0.48), (0.58, 0.56), (0.47, 0.66)),))
DUNES = Place(source="popos__jared-evans-119758.jpg", credit="Jared Evans, CC0", corner=(0.35, 0.4), areas=((
    (0.0, 0.44), (0.28, 0.42), (0.5, 0.38), (1.0, 0.32), (1.0, 0.58), (0.0, 0.58)),))
SEA = Place(**COAST, corner=(0.6, 0.35), areas=(((0.33, 0.3), (0.45, 0.3), (1.0, 0.42), (1.0, 0.6), (0.85, 0.55), (0.6, 0.43)),))
BEACH = Place(**COAST, corner=(0.57, 0.44), areas=(((0.5, 0.42), (0.62, 0.46), (0.85, 0.58), (0.98, 0.68), (0.98, 0.74), (0.6, 0.6)),))
SUMMIT = Place(**PEAK, corner=(0.42, 0.15), areas=((
    (0.41, 0.28), (0.45, 0.17), (0.485, 0.13), (0.53, 0.18), (0.6, 0.24), (0.7, 0.31), (0.7, 0.45), (0.3, 0.45), (0.32, 0.34)),))
CLOUD = Place(**PEAK, corner=(0.21, 0.03), areas=((
    (0.2, 0.08), (0.3, 0.05), (0.4, 0.02), (0.53, 0.02), (0.55, 0.1), (0.47, 0.11), (0.42, 0.19), (0.36, 0.25), (0.26, 0.26),
    (0.21, 0.16)),))
VIEWS = Place(**PEAK, corner=(0.36, 0.06))
FACADE = Place(**PANELS, corner=(0.02, 0.1), areas=(((0.0, 0.0), (0.35, 0.0), (0.45, 0.66), (0.0, 0.66)),))
FACETS = Place(**PANELS, corner=(0.62, 0.2), areas=(((0.5, 0.0), (1.0, 0.0), (1.0, 0.66), (0.6, 0.66), (0.52, 0.3)),))
TEA = Place(source="budgie__tea-gardens.jpg", credit="Buddies of Budgie, CC0", corner=(0.55, 0.46), areas=((
    (0.0, 0.45), (0.5, 0.4), (1.0, 0.38), (1.0, 0.66), (0.0, 0.66)),))
HIPPO = Place(source="umate__hu-chen-baby-hippo-with-mother.jpg", credit="Hu Chen, CC0", corner=(0.5, 0.15), areas=((
    (0.28, 0.29), (0.42, 0.19), (0.52, 0.135), (0.6, 0.15), (0.9, 0.19), (1.0, 0.26), (1.0, 0.4), (0.8, 0.35), (0.6, 0.35), (0.45, 0.31)),))

USES = (
    Use("fur", "fur on an otter", OTTER, "otter"),
    Use("fur", "fur on a kitten", KITTENS_COAT, "kitten"),
    Use("fur", "fur on a cat, along its coat", COAT, "cat"),
    Use("hair", "hair, along the hairdo", LOCKS),
    Use("feathers", "feathers on an osprey", OSPREY),
    Use("scales", "the suit as scale armour", SUIT),
    Use("hide", "a walrus's hide", WALRUS, "walrus"),
    Use("hide", "a hippopotamus's hide", HIPPO, "hippo"),
    Use("grass", "grass in a meadow", MEADOW, "kitten", direction=0.0),
    Use("lawn", "a lawn", MEADOW),
    Use("foliage", "leaves on tea bushes", TEA),
    Use("bark", "bark on a trunk", TRUNK),
    Use("wood", "grain on a table, turned by 38 degrees", TABLE, "table", direction=38.0),
    Use("wood", "grain on a sign, level", BOARD, "sign", direction=0.0),
    Use("marble", "a facade in marble", FACADE, size=2.0),
    Use("stone-wall", "stones in a wall", WALL),
    Use("brick", "the same wall in brick", WALL),
    Use("concrete", "concrete on a path", PATH, "path"),
    Use("concrete", "concrete on facets", FACETS, "facets"),
    Use("cobbles", "the path cobbled", PATH),
    Use("plaster", "plaster on a facade", FACADE),
    Use("rock", "rock on a mountain", SUMMIT),
    Use("gravel", "gravel beside the road", ROADSIDE),
    Use("pebbles", "pebbles on a beach", BEACH),
    Use("sand", "sand in the desert", DUNES),
    Use("rust", "a rusty sign", BOARD),
    Use("water", "ripples on a lake, level", LAKE, direction=0.0),
    Use("clouds", "heads in a cloud", CLOUD),
    Use("surf", "foam on the sea", SEA),
    Use("cloth", "cloth on a space suit", SUIT),
    Use("denim", "the suit in denim", SUIT),
    Use("knit", "the suit, knitted", SUIT),
    Use("leather", "the suit in leather", SUIT),
    Use("film-grain", "grain over a photograph", PHOTOGRAPH, beta=0.4),
    Use("paper", "on watercolour paper", CUP),
    Use("canvas", "on canvas", GARDEN),
    Use("hatching", "hatched, along the forms at large", FACE),
    Use("stipple", "stippled", CAT),
    Use("bristles", "a flat brush, along the forms", CUP),
    Use("van-gogh", "van Gogh's strokes", CUP),
    Use("munch", "Munch's strokes, along the forms", VIEWS),
    Use("dabs", "dabs of oil paint", GARDEN),
    Use("signac", "Signac's dabs", GARDEN),
    Use("seurat", "Seurat's points", GARDEN),
)
