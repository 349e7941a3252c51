"""How well a style keeps to its reference and to the picture, on pictures that nobody trained on, by the runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from smssr_infer import Style, style_residual
from smssr_infer.analysis.contrast import Contrast
from smssr_infer.analysis.f_beta import f_beta
from smssr_infer.arrays.pixels import Picture
from smssr_infer.arrays.resample import resize
from smssr_infer.networks.cards import StyleCard

from ..data.contents import photographed
from ..data.photographs import unseen
from ..losses.grams import LAYERS, gram
from ..losses.vgg import VGG
from ..training.reference import SHRINK, Reference
from ..training.style_trainer import PATCH

SIDE = 2 * PATCH
PICTURES = 24
CROPS = 4
BAND = (0.05, 0.45)
"""Cycles per pixel between which spectra are compared."""
RING = 0.02
NYQUIST = 0.5
LIMITS = {"gram": 0.25, "gram_other_crop": 1.5, "spectrum_db": 3.0, "spectrum_peak_db": 6.0, "mean": 0.002, "spread": 0.15, "alias": 0.02}
LEAST_CONTENT = 30.0
DIRECTION_LIMITS = {"direction_mean": 12.0, "direction_p90": 30.0, "follow_mean": 12.0, "follow_p90": 30.0}
"""Of styles that can be turned, in degrees."""


def _layer_distances(a: dict, b: dict) -> np.ndarray:
    return np.array([float((a[layer] - b[layer]).square().sum()) for layer in LAYERS])


def spectrum(residuals: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Radially averaged power in rings of RING cycles per pixel, and the ring's centres; every residual at unit variance."""
    side = residuals[0].shape[0]
    window = np.hanning(side + 2)[1:-1]
    window = window[:, None] * window
    power = np.mean([np.abs(np.fft.fft2(r / r.std() * window)) ** 2 for r in residuals], axis=0)
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side))
    ring = (frequency / RING).astype(int)
    sums = np.bincount(ring.ravel(), power.ravel()) / np.bincount(ring.ravel())
    return sums, (np.arange(len(sums)) + 0.5) * RING


def as_in_its_reference(card: StyleCard) -> Style:
    """The texture neither turned nor softened nor enlarged."""
    return Style(size=1, direction=0.0 if card.steerable else None, sharpness=False)


def measure(card: StyleCard, style: Reference, pictures: np.ndarray, vgg: VGG) -> dict[str, float]:
    """All figures of a style at β = 1. `pictures`: RGB `[N, SIDE, SIDE, 3]` uint8; `style`: its reference in its band."""
    generator = torch.Generator().manual_seed(5)
    middle = slice((SIDE - PATCH) // 2, (SIDE + PATCH) // 2)
    to_target = np.zeros((3, len(LAYERS)))
    means, spreads, contents, alias, residuals, crops = [], [], [], [], [], []
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE))

    def grams(rgb: np.ndarray) -> dict:
        with torch.no_grad():
            maps = vgg(torch.from_numpy(rgb[None, :, middle, middle]), LAYERS)
        return {layer: gram(x.float()) for layer, x in maps.items()}

    for picture in pictures:
        residual = style_residual(picture, card.name, wish=as_in_its_reference(card))
        strength = f_beta(1, 0, 1, card.kappa, Contrast(Picture(picture), *card.contrast).read(0, SIDE, 0, SIDE))
        means.append(abs(float(residual.mean())))
        spreads.append(abs(residual.std() / np.sqrt(np.mean(strength**2)) - 1))
        small = resize(residual, SIDE // SHRINK, SIDE // SHRINK)
        contents.append(-10 * np.log10(np.mean(small**2)))
        unit = residual / strength
        power = np.abs(np.fft.fft2(unit)) ** 2
        alias.append(power[frequency > 0.9 * NYQUIST].sum() / power.sum())
        residuals.append(unit)

        planes = picture.transpose(2, 0, 1).astype(np.float32) / 255
        plain, styled = grams(planes), grams(planes + residual)
        wide = torch.zeros(CROPS, SIDE, SIDE)
        wide[:, middle, middle] = style.crops(CROPS, generator)[:, 0]
        crops += [c[middle, middle].numpy() for c in wide]
        wanted = [grams(planes + strength * crop.numpy()) for crop in wide]
        for i, target in enumerate(wanted):
            to_target += [_layer_distances(styled, target), _layer_distances(plain, target),
                          _layer_distances(wanted[(i + 1) % CROPS], target)]

    power, centres = spectrum([r[middle, middle] for r in residuals])
    wanted_power, _ = spectrum(crops)
    inside = (centres > BAND[0]) & (centres < BAND[1])
    decibels = 10 * np.log10(power[inside] / wanted_power[inside])
    return {"gram": float((to_target[0] / to_target[1]).mean()), "gram_other_crop": float((to_target[0] / to_target[2]).mean()),
            "spectrum_db": float(np.abs(decibels).mean()), "spectrum_peak_db": float(decibels.max()),
            "content_db": float(min(contents)), "mean": max(means), "spread": float(max(spreads)), "alias": float(max(alias))}


def misses(figures: dict[str, float]) -> list[str]:
    """The figures that are not as good as they have to be."""
    limits = LIMITS | {name: limit for name, limit in DIRECTION_LIMITS.items() if name in figures}
    found = [name for name, limit in limits.items() if figures[name] > limit]
    return found + (["content_db"] if figures["content_db"] < LEAST_CONTENT else [])


def unseen_pictures(photos: Path) -> np.ndarray:
    """Crops of the held-back photographs, `[PICTURES, SIDE, SIDE, 3]` uint8, sharp and enlarged as users have them."""
    return photographed(unseen(photos), PICTURES, SIDE, seed=2)
