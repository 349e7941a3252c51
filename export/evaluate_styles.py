"""Measure styles on pictures that nobody trained on, by the runtime.

    python -m export.evaluate_styles --references DIR --photos DIR --vgg-weights FILE.npz [NAME | NAME=PICTURE …]

NAME=PICTURE is a style of one's own and the picture that it was learnt from.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from smssr_infer import manifest
from smssr_infer.contrast import Contrast
from smssr_infer.pixels import Picture
from smssr_infer.resample import resize
from smssr_infer.stylize import style_residual

from .contents import photographed
from .data import photographs
from .learn import PATCH
from .texture import LAYERS, SHRINK, Reference, gram
from .train import HELD_BACK
from .train_styles import reference, styles
from .vgg import VGG

SIDE = 2 * PATCH
PICTURES = 24
CROPS = 4
BAND = (0.05, 0.45)
"""Cycles per pixel between which spectra are compared."""
RING = 0.02
NYQUIST = 0.5
LIMITS = {"gram": 0.25, "gram_other_crop": 1.5, "spectrum_db": 3.0, "spectrum_peak_db": 6.0, "mean": 0.002, "spread": 0.15, "alias": 0.02}
LEAST_CONTENT = 30.0


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


def measure(card: manifest.Card, style: Reference, pictures: np.ndarray, vgg: VGG) -> dict[str, float]:
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
        residual = style_residual(picture, card.name)
        strength = card.kappa * Contrast(Picture(picture), card.window, card.floor, card.ceiling).read(0, SIDE, 0, SIDE)
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
    found = [name for name, limit in LIMITS.items() if figures[name] > limit]
    return found + (["content_db"] if figures["content_db"] < LEAST_CONTENT else [])


def unseen(photos: Path) -> np.ndarray:
    """Crops of the held-back photographs, `[PICTURES, SIDE, SIDE, 3]` uint8, sharp and enlarged as users have them."""
    held = set(HELD_BACK.read_text().split())
    return photographed([p for p in photographs(photos) if p.name in held], PICTURES, SIDE, seed=2)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_styles", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME[=PICTURE]", help="styles; without a name, all that ship")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    pictures, vgg = unseen(arguments.photos), VGG(arguments.vgg_weights, torch.float32)
    print(f"{'style':12} {'gram':>6} {'crop':>5} {'dB':>4} {'peak':>5} {'content':>7} {'mean':>7} {'spread':>6} {'alias':>6}")
    rows = styles()
    for wish in arguments.names or rows:
        name, _, own = wish.partition("=")
        told = {"picture": Path(own).resolve()} if own else rows.get(name)
        if told is None:
            raise SystemExit(f"no style {name!r} ships; there are {', '.join(rows)}")
        m = measure(manifest.find(name, "style"), reference(told, arguments.references), pictures, vgg)
        print(f"{name:12} {m['gram']:6.3f} {m['gram_other_crop']:5.2f} {m['spectrum_db']:4.1f} {m['spectrum_peak_db']:+5.1f} "
              f"{m['content_db']:7.1f} {m['mean']:7.5f} {m['spread']:6.3f} {m['alias']:6.4f} {' '.join(misses(m))}", flush=True)


if __name__ == "__main__":
    main()
