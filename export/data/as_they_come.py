"""Small pictures as they come from cameras, scanners and the web, with what they were before, small and large."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from smssr_infer.arrays.pixels import LUMA
from smssr_infer.io.metadata import jpeg_quality

from . import degrade, graphics, pages
from .noisy import NOISES, noise_of, resized
from .photographs import eight_bits, reduced

Drawn = tuple[np.ndarray, np.ndarray]
"""A small picture and the large one that it should become, float32 `[h, w, 3]` in levels."""

REDUCTIONS = ("bicubic", "bicubic", "camera", "area", "lanczos")
"""How pictures were made smaller, each as often as it stands here."""

SOFT = 0.25
"""Share of photographs that are not as sharp as their pixels allow."""

DRAWN = 0.12
"""Share of pictures that are no photographs, where nobody says otherwise."""

SHOTS = 0.1
"""Share of pictures with a camera's own noise, where nobody says otherwise and there are any."""

TOLD = 0.5
"""Share of JPEGs whose file is at hand."""

SHRINK = (1.0, 1.5, 2.0)


@dataclasses.dataclass(frozen=True)
class AsItCame:
    """A picture, damaged or not."""

    pixels: np.ndarray
    """uint8 `[h, w, 3]`."""
    truth: np.ndarray
    """Without its damage, uint8 of the same shape."""
    large: np.ndarray | None
    """The truth enlarged, uint8; None where nobody knows."""
    jpeg: int | None
    """The quality of the JPEG file that it is read from."""
    kind: str
    """What happened to it, in a word."""


GRAPHICS = tuple(name for name in graphics.GRAPHICS if name not in ("ringing", "fringes"))
"""Those whose damage, if they have any, everyone sees as such, and which hide nothing."""

APART = 80
"""Levels, in some colour, between ink and paper."""


def _colours(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Of ink and paper, in levels: black on white, dark on light, or any two."""
    chosen = rng.random()
    if chosen < 0.3:
        return np.zeros(3, np.float32), np.full(3, 255, np.float32)
    while True:
        low, high = ((0, 120), (180, 255)) if chosen < 0.6 else ((0, 255), (0, 255))
        ink, paper = (rng.uniform(*ends, 3).astype(np.float32) for ends in (low, high))
        if np.abs(ink - paper).max() >= APART:
            return ink, paper


@functools.lru_cache(512)
def _drawn(name: str, number: int, scale: int) -> graphics.Pair:
    """A graphic of that kind, or a rough page."""
    return pages.rough(number, scale) if name == "rough" else graphics.graphic(name, number, scale)


class AsTheyCome:
    """Pictures drawn at random from a generator, of `least` to `side` pixels each way, and `scale` times as large: with 1 there are no
    large ones.
    """

    def __init__(self, paths: Sequence[Path], least: int, side: int, scale: int, real: Path | None = None, without: str = "Nikon",
                 drawn: float = DRAWN, drawings: int = 1 << 16, noises: Sequence[str] = NOISES, noisy: float = 0.45, grey: float = 0.1,
                 soft: float = SOFT, most: float = 30.0, monochrome: bool = False, shots: float = SHOTS,
                 only: str = ""):
        """`paths`: photographs. `real`, `without`: as of `noisy.Noisy`. `drawn`: the share of pictures that are no photographs, pieces of
        so many `drawings`. `noisy`: the share that has noise, of the kinds `noises` and of at most `most` levels; `grey`, `soft`: of
        photographs that are grey, and of those that are not as sharp as their pixels allow. `monochrome`: whether the noise of grey ones
        is grey, too. `shots`: the share that has a camera's own noise, where there is `real`; `only`: names of its files begin so, instead
        of not beginning as `without`.
        """
        self.side, self.scale, self.drawn, self.drawings = side, scale, drawn, drawings
        self.noises, self.noisy, self.grey, self.soft, self.most, self.monochrome = noises, noisy, grey, soft, most, monochrome
        self.pictures = reduced(paths, SHRINK, scale * least)
        self.shots = shots
        self.real = sorted(path for path in real.glob(f"{only}*_real.JPG") if only or not path.name.startswith(without)) if real else []

    def _photograph(self, rng: np.random.Generator) -> Drawn:
        picture = self.pictures[rng.integers(len(self.pictures))]
        side = self.scale * min(self.side, *(n // self.scale for n in picture.shape[:2]))
        top, left = (rng.integers(0, n - side + 1) for n in picture.shape[:2])
        large = np.rot90(picture[top:top + side, left:left + side], rng.integers(4))
        large = np.ascontiguousarray(large, np.float32)
        if rng.random() < self.grey:
            large = np.repeat((large @ LUMA)[..., None], 3, -1)
        small = degrade.reduced(large, self.scale, REDUCTIONS[rng.integers(len(REDUCTIONS))])
        return (degrade.gaussian_blur(small, rng.uniform(0.4, 1.3)) if rng.random() < self.soft else small), large

    def _drawing(self, rng: np.random.Generator) -> Drawn:
        """Some page or graphic, in any two colours."""
        number = int(rng.integers(self.drawings))
        name = "rough" if rng.random() < 0.5 else GRAPHICS[rng.integers(len(GRAPHICS))]
        pair = _drawn(name, number, self.scale)
        side = min(self.side, *pair[0].shape[:2])
        top, left = (rng.integers(0, n - side + 1) for n in pair[0].shape[:2])
        small, large = (x[n * top:n * (top + side), n * left:n * (left + side)].astype(np.float32)
                        for x, n in zip(pair, (1, self.scale), strict=True))
        if small.ndim == 3:
            order = rng.permutation(3)
            return small[..., order], large[..., order]
        ink, paper = _colours(rng)
        small, large = (ink + x[..., None] / 255 * (paper - ink) for x in (small, large))
        return small, large

    def _shot(self, rng: np.random.Generator) -> AsItCame:
        """A photograph with a camera's own noise, as its file has it or saved anew."""
        path = self.real[rng.integers(len(self.real))]
        with Image.open(path) as shot:
            noisy, jpeg = np.asarray(shot), jpeg_quality(shot)
        truth = np.asarray(Image.open(path.with_name(path.name.replace("_real", "_mean"))))
        factor = rng.uniform(0.5, 1) if rng.random() < 0.3 else 1.0
        side = min(round(self.side / factor), *noisy.shape[:2])
        top, left = (8 * rng.integers(0, (n - side) // 8 + 1) for n in noisy.shape[:2])
        pair = [x[top:top + side, left:left + side].astype(np.float32) for x in (noisy, truth)]
        if factor < 1:
            pair, jpeg = list(resized((pair[0], pair[1]), factor)), None
        if rng.random() < 0.4:
            jpeg = int(rng.integers(75, 99))
            pair[0] = degrade.jpeg(pair[0], jpeg, rng.random() < 0.7)
        return AsItCame(eight_bits(pair[0]), eight_bits(pair[1]), None, jpeg if rng.random() < TOLD else None, "shot")

    def some(self, rng: np.random.Generator) -> AsItCame:
        """One picture."""
        if self.real and rng.random() < self.shots:
            return self._shot(rng)
        small, large = self._drawing(rng) if rng.random() < self.drawn else self._photograph(rng)
        truth, kind, jpeg = small, "clean", None
        if (chosen := rng.random()) < self.noisy:
            kind, noise = noise_of(eight_bits(small).astype(np.float32), rng, self.most, self.noises)
            without_colour = self.monochrome and np.ptp(small, -1).max() < 0.01
            small = small + (np.repeat((noise @ LUMA)[..., None], 3, -1) if without_colour else noise)
        if 0.2 < chosen < 0.8:
            least = 55 if kind != "clean" else 20
            kind = "JPEG" if kind == "clean" else f"{kind}, JPEG"
            if rng.random() < 0.15:
                down, across = rng.integers(1, 8, 2)
                inner = degrade.jpeg(small[down:, across:], rng.integers(least, 98), rng.random() < 0.7)
                small = np.clip(small, 0, 255)
                small[down:, across:] = inner
            jpeg = int(rng.integers(least, 99))
            small = degrade.jpeg(small, jpeg, rng.random() < 0.7)
        large_too = eight_bits(large) if self.scale > 1 else None
        return AsItCame(eight_bits(small), eight_bits(truth), large_too, jpeg if rng.random() < TOLD else None, kind)
