"""Enlarging photographs as they come: small pictures damaged in known ways, enlarged as clean ones, as photographs, and by `auto`."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import smssr_infer
from smssr_infer.analysis.measurements import Measurements
from smssr_infer.analysis.treatment import Treatment
from smssr_infer.arrays.pixels import Picture
from smssr_infer.runtime import Runtime

from ..data import camera, degrade
from ..data.photographs import eight_bits
from .quality import bicubic_picture, matlab_y, psnr

Damage = Callable[[np.ndarray, np.random.Generator], np.ndarray]

DAMAGES: dict[str, Damage] = {
    "clean": lambda x, rng: x,
    **{f"JPEG {quality}": lambda x, rng, quality=quality: degrade.jpeg(x, quality, True) for quality in (95, 90, 85, 75, 50, 30)},
    **{f"noise {sigma}": lambda x, rng, sigma=sigma: degrade.white_noise(x, sigma, rng) for sigma in (2, 5, 15)},
    **{f"noise {sigma}, alike in all colours": lambda x, rng, sigma=sigma: camera.correlated(x, sigma, 1, 0, rng) for sigma in (5, 15)},
    "noise 8, a pixel wide": lambda x, rng: camera.correlated(x, 8, 0.7, 1, rng),
    "a camera's noise": lambda x, rng: x + np.subtract(*camera.camera(x, rng)),
    "film grain": lambda x, rng: camera.grain(x, rng)[0],
    **{f"noise 8, JPEG {quality}": lambda x, rng, quality=quality: degrade.jpeg(degrade.white_noise(x, 8, rng), quality, True)
       for quality in (95, 80)}}
"""What is done to the small pictures, float32 RGB in levels."""

KINDS = ("clean", "photo", "auto")


TREATED = "treated"


def gains(folder: Path, scale: int, damage: Damage) -> dict[str, np.ndarray]:
    """Gain in Y-PSNR over bicubic of each picture `[n]`, for each of KINDS; and as TREATED, whether `auto` treats it."""
    paths = sorted((folder / f"LRx{scale}").glob("*.png"))
    if not paths:
        raise ValueError(f"{folder} has no LRx{scale} pictures")
    found = []
    for path in paths:
        small, truth = (np.asarray(Image.open(p).convert("RGB")) for p in (path, folder / "HR" / path.name))
        truth = truth[:small.shape[0] * scale, :small.shape[1] * scale]
        small = eight_bits(damage(small.astype(np.float32), np.random.default_rng(zlib.crc32(path.name.encode()))))
        wanted = matlab_y(truth)[scale:-scale, scale:-scale]

        def near(picture: np.ndarray, wanted: np.ndarray = wanted) -> float:
            return psnr(matlab_y(picture)[scale:-scale, scale:-scale], wanted)

        plain = near(bicubic_picture(small, scale))
        clean, photo = (near(smssr_infer.upscale(small, scale, picture=kind)) - plain for kind in KINDS[:2])
        treated = Measurements(Picture(small), Runtime()).gains.best is not Treatment.CLEAN
        found.append((clean, photo, near(smssr_infer.upscale(small, scale)) - plain if treated else clean, treated))
    return dict(zip((*KINDS, TREATED), np.array(found, np.float64).T, strict=True))


def behind(found: dict[str, np.ndarray]) -> np.ndarray:
    """By how many dB `auto` is behind the better of clean and photo, for each picture of `gains`; below zero, ahead."""
    return np.maximum(found["clean"], found["photo"]) - found["auto"]
