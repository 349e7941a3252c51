"""What others restore with: scikit-image's and GIMP's means, and BM3D; told what they need to know, or at their best settings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from skimage import restoration

from smssr_infer.networks.cards import Purpose

from ..data.degrade import gaussian_blur
from ..data.photographs import eight_bits
from .restoration import Case, Restorer, Trial


def _bytes(x: np.ndarray) -> np.ndarray:
    return eight_bits(255 * x)


def wavelet(sigma: float) -> Restorer:
    """Wavelet shrinkage (Chang et al. 2000) in YCbCr, told σ (levels)."""
    return lambda case, _trial: _bytes(restoration.denoise_wavelet(case[0] / 255, sigma / 255, convert2ycbcr=True, channel_axis=-1,
                                                                    rescale_sigma=True))


def non_local_means(sigma: float) -> Restorer:
    """Non-local means (Buades et al. 2005), told σ (levels), patches of 5 and a search of 13 pixels."""
    return lambda case, _trial: _bytes(restoration.denoise_nl_means(case[0] / 255, 5, 6, 0.8 * sigma / 255, sigma=sigma / 255,
                                                                    fast_mode=True, channel_axis=-1))


def total_variation(weight: float) -> Restorer:
    """Total variation (Chambolle 2004)."""
    return lambda case, _trial: _bytes(restoration.denoise_tv_chambolle(case[0] / 255, weight, channel_axis=-1))


def bm3d(sigma: float) -> Restorer:
    """CBM3D (Dabov et al. 2007) by the package bm3d, told σ (levels)."""
    from bm3d import bm3d_rgb

    return lambda case, _trial: _bytes(np.clip(bm3d_rgb(case[0] / 255, sigma / 255), 0, 1))


def richardson_lucy(sigma: float, steps: int) -> Restorer:
    """Richardson–Lucy with a Gaussian of σ pixels."""
    at = np.arange(-4, 5)
    row = np.exp(-0.5 * (at / sigma) ** 2)
    kernel = np.outer(row, row) / row.sum() ** 2

    def restore(case: Case, _trial: Trial) -> np.ndarray:
        padded = np.pad(case[0] / 255, ((8, 8), (8, 8), (0, 0)), mode="reflect")
        planes = [restoration.richardson_lucy(np.clip(plane, 1e-3, 1), kernel, steps) for plane in padded.transpose(2, 0, 1)]
        return _bytes(np.stack(planes, -1)[8:-8, 8:-8])
    return restore


def unsharp(radius: float, amount: float) -> Restorer:
    """An unsharp mask, as GIMP has it: the picture plus `amount` times its difference from a Gaussian of `radius` pixels."""
    def restore(case: Case, _trial: Trial) -> np.ndarray:
        x = case[0].astype(np.float32)
        return eight_bits(x + amount * (x - gaussian_blur(x, radius)))
    return restore


def biharmonic(case: Case, _trial: Trial) -> np.ndarray:
    """Biharmonic inpainting."""
    picture, mask = case
    return _bytes(restoration.inpaint_biharmonic(picture / 255, mask, split_into_regions=True, channel_axis=-1))


def baselines(trial: Trial) -> dict[str, list[Callable[[], Restorer]]]:
    """For a trial the others by name, each as makers of all settings to try: the best counts."""
    if trial.purpose is Purpose.FILL:
        return {"biharmonic": [lambda: biharmonic]}
    if trial.purpose is Purpose.SHARPEN:
        return {"unsharp mask": [lambda r=r, a=a: unsharp(r, a) for r in (1, 1.5, 2) for a in (0.5, 1, 1.5, 2.5)],
                "Richardson–Lucy": [lambda n=n: richardson_lucy(trial.told["blur"], n) for n in (5, 8, 12, 18, 25)]}
    if trial.name.startswith("noise"):
        sigma = float(trial.name.split("=")[1])
        return {"wavelet": [lambda: wavelet(sigma)], "non-local means": [lambda: non_local_means(sigma)],
                "total variation": [lambda w=w: total_variation(w * sigma / 15) for w in (0.04, 0.06, 0.09)],
                "CBM3D": [lambda: bm3d(sigma)]}
    if trial.name == "nothing":
        return {}
    return {"non-local means": [lambda s=s: non_local_means(s) for s in (3, 6, 10)],
            "total variation": [lambda w=w: total_variation(w) for w in (0.005, 0.01, 0.02, 0.04)]}
