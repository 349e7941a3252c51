"""Enlarging photographs as they come: small pictures damaged in known ways, enlarged as clean ones, as photographs, and by `auto`."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import smssr_infer
from smssr_infer.analysis.degradation import degradation_of
from smssr_infer.arrays.pixels import Picture

from ..data import degrade
from ..data.photographs import eight_bits
from .quality import bicubic_picture, matlab_y, psnr

Damage = Callable[[np.ndarray, np.random.Generator], np.ndarray]

DAMAGES: dict[str, Damage] = {
    "clean": lambda x, rng: x,
    **{f"JPEG {quality}": lambda x, rng, quality=quality: degrade.jpeg(x, quality, True) for quality in (95, 90, 85, 75, 50, 30)},
    **{f"noise {sigma}": lambda x, rng, sigma=sigma: degrade.white_noise(x, sigma, rng) for sigma in (2, 5, 15)}}
"""What is done to the small pictures, float32 RGB in levels."""

KINDS = ("clean", "photo", "auto")


def gains(folder: Path, scale: int, damage: Damage) -> dict[str, float]:
    """Mean gain in Y-PSNR over bicubic, for each of KINDS, and the share of pictures that `auto` took for photographs as `share`."""
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
        a_photo = degradation_of(Picture(small)).photo
        found.append((clean, photo, photo if a_photo else clean, a_photo))
    return dict(zip((*KINDS, "share"), np.mean(found, axis=0).tolist(), strict=True))
