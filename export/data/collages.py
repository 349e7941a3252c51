"""Collages whose mask is known, and outlines drawn by hand: what proposing masks is measured on."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, label

OUTLINES = Path(__file__).with_name("outlines.toml")
SIZE = 720, 960
COUNT = 30


@dataclasses.dataclass(frozen=True)
class Example:
    """A picture, uint8 H×W×3, and what is meant in it, boolean H×W."""

    name: str
    picture: np.ndarray
    truth: np.ndarray


def colours(path: Path) -> np.ndarray:
    """A picture file as uint8 H×W×3."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def outlined(photos: Path) -> Iterator[Example]:
    """The photographs of `outlines.toml` and what is outlined there. Raises FileNotFoundError where one is not in the folder."""
    for name, row in tomllib.loads(OUTLINES.read_text()).items():
        picture = colours(photos / row["file"])
        truth = np.zeros(picture.shape[:2], bool)
        for polygon in row["polygons"]:
            plane = Image.new("1", picture.shape[1::-1])
            ImageDraw.Draw(plane).polygon(polygon, fill=1)
            truth ^= np.asarray(plane)
        yield Example(name, picture, truth)


def collages(references: Path) -> Iterator[Example]:
    """COUNT collages, always the same from the same folder: a smooth shape filled with one texture, on one or two others."""
    files = sorted(path for folder in ("textures", "textures2") for path in (references / folder).glob("*.*"))
    if len(files) < 3:
        raise FileNotFoundError(f"there are no reference textures in {references}/textures and textures2")
    for number in range(COUNT):
        draw = np.random.default_rng(number)
        chosen = [files[i] for i in draw.choice(len(files), 3, replace=False)]
        inside, ground, other = (laid(colours(path), draw) for path in chosen)
        truth = shape(draw)
        if number % 2:
            edge = SIZE[1] * draw.uniform(0.35, 0.65)
            ground = np.where((np.arange(SIZE[1]) < edge)[None, :, None], ground, other)
        name = "+".join(path.stem.split("_")[0] for path in chosen[:2 + number % 2])
        yield Example(name, np.where(truth[..., None], inside, ground), truth)


def laid(texture: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """A texture over SIZE: a random part of it, mirrored where it is too small."""
    height, width = SIZE
    top, left = (int(draw.integers(0, max(1, have - want + 1))) for have, want in zip(texture.shape, SIZE, strict=False))
    part = texture[top:top + height, left:left + width]
    return np.pad(part, ((0, height - part.shape[0]), (0, width - part.shape[1]), (0, 0)), "symmetric")


def shape(draw: np.random.Generator) -> np.ndarray:
    """The largest piece of noise, smoothed, above its 70th percentile, well inside the picture: boolean, SIZE."""
    height, width = SIZE
    y, x = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
    noise = gaussian_filter(draw.standard_normal(SIZE), 90)
    noise = noise / noise.std() - 2.5 * (x**2 + y**2)
    pieces, _ = label(noise > np.percentile(noise, 72))
    return pieces == 1 + np.argmax(np.bincount(pieces.ravel())[1:])
