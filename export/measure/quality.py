"""How near enlarged pictures are to the truth, on benchmark folders, bicubic beside the models.

A folder holds `HR/` and `LRx2/`, `LRx3/`, `LRx4/` with files of the same names. Protocol: the small RGB picture is enlarged to an
8-bit RGB picture; Y is that of MATLAB's rgb2ycbcr (16 … 235); `scale` pixels are shaved off each border; figures are averages
over the pictures.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity
from tqdm import tqdm

import smssr_infer
from smssr_infer.arrays.resample import resize

from ..data.photographs import eight_bits

Figures = dict[str, float]
"""A picture's, or a folder's average, figure for each of MEASURES, and for how it looks where that is measured, too."""

Looks = Mapping[str, Callable[[np.ndarray, np.ndarray], float]]
"""Measures of how an 8-bit RGB answer looks beside the truth, by name: `perception.measures`."""

BICUBIC = "bicubic"


def shown(figures: Figures) -> str:
    """PSNR and SSIM as people read them: decibels to two places, shares to four."""
    values = [figures[name] for name in MEASURES if name in figures]
    return " / ".join(f"{value:.2f}" if value >= 10 else f"{value:.4f}" for value in values)


def matlab_y(rgb: np.ndarray) -> np.ndarray:
    """Y of MATLAB's rgb2ycbcr for RGB in 0 … 255: 16 … 235, as float64."""
    return 16 + rgb.astype(np.float64) @ np.array([65.481, 128.553, 24.966]) / 255


def psnr(answer: np.ndarray, truth: np.ndarray) -> float:
    """Peak signal to noise ratio of two arrays in 0 … 255, in dB."""
    return float(10 * np.log10(255**2 / np.mean((answer - truth) ** 2)))


def ssim(answer: np.ndarray, truth: np.ndarray) -> float:
    """Structural similarity (Wang et al. 2004) of two planes in 0 … 255."""
    return float(structural_similarity(answer, truth, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False))


MEASURES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {"psnr": psnr, "ssim": ssim}
"""What is measured, by name: functions of the answer's Y and the truth's, float64 `[H, W]`."""


def measure(answer: np.ndarray, truth: np.ndarray, shave: int, colour: bool = False, looks: Looks | None = None) -> Figures:
    """All measures of two 8-bit RGB pictures, `shave` pixels off each border; of red, green and blue together (`colour`) psnr alone."""
    answer, truth = (np.ascontiguousarray(rgb[shave:-shave, shave:-shave]) for rgb in (answer, truth))
    if colour:
        return {"psnr": psnr(answer.astype(np.float64), truth.astype(np.float64))}
    a, b = matlab_y(answer), matlab_y(truth)
    return {**{name: function(a, b) for name, function in MEASURES.items()},
            **{name: function(answer, truth) for name, function in (looks or {}).items()}}


def bicubic(rgb: np.ndarray, height: int, width: int) -> np.ndarray:
    """An 8-bit RGB picture in another size, by antialiased bicubic alone."""
    return eight_bits(resize(rgb.transpose(2, 0, 1).astype(np.float32), height, width)).transpose(1, 2, 0)


def bicubic_picture(rgb: np.ndarray, scale: int) -> np.ndarray:
    """The same, so many times as large."""
    return bicubic(rgb, rgb.shape[0] * scale, rgb.shape[1] * scale)


def evaluate(folder: Path, scale: int, models: Sequence[str], best: bool = False, colour: bool = False,
             looks: Looks | None = None) -> dict[str, Figures]:
    """Average figures of BICUBIC and of each model, `best` as of `smssr_infer.upscale`, `colour` and `looks` as of `measure`.

    Raises ValueError where there are no such pairs.
    """
    return averages(folder, scale, {name: functools.partial(smssr_infer.upscale, scale=scale, model=name, best=best) for name in models},
                    colour, looks)


def averages(folder: Path, scale: int, ways: Mapping[str, Callable[[np.ndarray], np.ndarray]], colour: bool = False,
             looks: Looks | None = None) -> dict[str, Figures]:
    """Average figures of BICUBIC and of each of `ways`, which take and give 8-bit RGB; `colour` and `looks` as of `measure`.

    Raises ValueError where there are no such pairs.
    """
    pairs = [(p, folder / "HR" / p.name) for p in sorted((folder / f"LRx{scale}").glob("*.*"))]
    if not pairs:
        raise ValueError(f"{folder} has no LRx{scale} pictures")
    all_ways = {BICUBIC: functools.partial(bicubic_picture, scale=scale), **ways}
    found: dict[str, list[Figures]] = {name: [] for name in all_ways}
    for small_path, large_path in tqdm(pairs, desc=f"{folder.name} ×{scale}", disable=None, leave=False):
        small, truth = (np.asarray(Image.open(p).convert("RGB")) for p in (small_path, large_path))
        truth = truth[:small.shape[0] * scale, :small.shape[1] * scale]
        for name, enlarge in all_ways.items():
            found[name].append(measure(enlarge(small), truth, scale, colour, looks))
    return {name: {key: float(np.mean([one[key] for one in several])) for key in several[0]} for name, several in found.items()}
