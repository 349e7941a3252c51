"""Patches with noise of every origin, with what they were without it, and how much there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import ndimage

from smssr_infer.arrays.pixels import LUMA

from . import camera, degrade
from .photographs import eight_bits, reduced

MARGIN = 16
"""Pixels around a patch that are made with it and cut off: filters' borders, and blocks of JPEG begin anywhere."""

REAL = 0.16
"""Share of pairs that a camera made."""

TOLD = 0.15, 0.08
"""By about so much of itself (σ of its logarithm) the noise of luma and of chroma that the network is told differs from what there is:
estimates do as well (measured on noise that has one σ: 0.06 to 0.16, and 0.02 to 0.09)."""

FAINT = 1.5
"""Levels of chroma's noise that an estimate sees, at most, where there is none (added as variances)."""

GREY = 1 / 6


def some(x: np.ndarray, rng: np.random.Generator) -> camera.Pair:
    """Noise of some kind and strength on a picture `[h, w, 3]`."""
    kind = rng.random()
    if kind < 0.05:
        return x, x
    if kind < 0.40:
        return degrade.white_noise(x, rng.uniform(1, 57), rng), x
    if kind < 0.50:
        return camera.correlated(x, rng.uniform(1, 40), rng.random() if rng.random() < 0.7 else 1.0, 0, rng), x
    if kind < 0.64:
        return camera.correlated(x, rng.uniform(1, 30), rng.random() if rng.random() < 0.6 else 1.0, rng.uniform(0.35, 2.4), rng), x
    if kind < 0.92:
        return camera.camera(x, rng)
    return camera.grain(x, rng) if kind < 0.97 else camera.scanner(x, rng)


NOISES = ("white", "shared", "camera", "camera", "camera", "grain", "scanner")
"""Kinds of noise, each as often as it stands here."""


def noise_of(x: np.ndarray, rng: np.random.Generator, most: float = 30.0, kinds: Sequence[str] = NOISES) -> tuple[str, np.ndarray]:
    """Noise that a picture `[h, w, 3]` may have, of a standard deviation of at most `most` levels, and its kind, one of `kinds`."""
    kind = kinds[rng.integers(len(kinds))]
    sigma = np.exp(rng.uniform(0, np.log(most)))
    if kind == "white":
        noisy, truth = degrade.white_noise(x, sigma, rng), x
    elif kind == "shared":
        width = 0 if rng.random() < 0.4 else rng.uniform(0.35, 2.4)
        noisy, truth = camera.correlated(x, sigma, rng.uniform(0.3, 1), width, rng), x
    else:
        noisy, truth = {"camera": camera.camera, "grain": camera.grain, "scanner": camera.scanner}[kind](x, rng)
    noise = noisy - truth
    return kind, noise * min(1.0, most / max(1e-6, float(noise.std())))


def resized(pair: camera.Pair, factor: float) -> camera.Pair:
    """Both pictures resampled by Pillow's bicubic, antialiased."""
    height, width = (round(n * factor) for n in pair[0].shape[:2])
    noisy, truth = (np.stack([np.asarray(Image.fromarray(p).resize((width, height), Image.Resampling.BICUBIC))
                              for p in x.transpose(2, 0, 1)], -1) for x in pair)
    return noisy, truth


def squares(noisy: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The square of luma's noise, and the mean square of what the colours have beside it: `[h, w, 2]`."""
    noise = noisy - truth
    luma = noise @ LUMA
    return np.stack([luma**2, ((noise - luma[..., None]) ** 2).mean(-1)], -1)


def told(noisy: np.ndarray, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """σ of luma's noise and of what the colours have beside it, in levels: `[h, w, 2]`.

    Of one half of the patches the same everywhere, of the other a function of lightness, as an estimate of the whole picture would be.
    """
    noise = squares(noisy, truth)
    mean = noise.mean((0, 1))
    level = ndimage.gaussian_filter(noisy @ LUMA, 2.0)
    planes = np.broadcast_to(mean, noise.shape)
    if rng.random() < 0.5 and level.std() > 4:
        from_mean = level - level.mean()
        slope = np.tensordot(from_mean, noise - mean, ((0, 1), (0, 1))) / (from_mean**2).sum()
        planes = np.clip(mean + slope * from_mean[..., None], mean / 4, 4 * mean)
    faint = np.array([0, rng.uniform(0, FAINT) if mean.any() else 0]) ** 2
    return np.sqrt(planes + faint) * np.exp(np.array(TOLD) * rng.standard_normal(2))


class Noisy:
    """Batches of (R, G, B, σ of luma, σ of chroma) and the truth's R, G, B in 0 … 1: by PyTorch's default generator."""

    def __init__(self, paths: Sequence[Path], patch: int, shrink: tuple[float, ...], real: Path | None = None, without: str = "Nikon"):
        """`real`: folder of pairs `…_real.JPG` and `…_mean.JPG`, a shot and a mean of many; names that begin with `without` stay out."""
        self.patch = patch
        self.pictures = reduced(paths, shrink, 2 * (patch + MARGIN))
        area = np.cumsum([p.shape[0] * p.shape[1] for p in self.pictures])
        self.share = area / area[-1]
        self.real = [tuple(np.asarray(Image.open(path.with_name(path.name.replace("_real", kind)))) for kind in ("_real", "_mean"))
                     for path in sorted(real.glob("*_real.JPG")) if not path.name.startswith(without)] if real else []

    def _cut(self, pictures: Sequence[np.ndarray], side: int, rng: np.random.Generator) -> list[np.ndarray]:
        """The same square of pictures of one size, turned and mirrored alike."""
        top, left = (rng.integers(0, n - side + 1) for n in pictures[0].shape[:2])
        turns, mirrored = rng.integers(4), rng.random() < 0.5
        patches = [np.rot90(p[top:top + side, left:left + side], turns) for p in pictures]
        return [np.ascontiguousarray(p[:, ::-1] if mirrored else p, np.float32) for p in patches]

    def pair(self, rng: np.random.Generator) -> camera.Pair:
        """(noisy, truth), float32 `[p, p, 3]` in levels; the noisy one in whole levels."""
        noisy, truth = self._real(rng) if self.real and rng.random() < REAL else self._made(rng)
        top, left = (rng.integers(0, n - self.patch + 1) for n in noisy.shape[:2])
        window = np.s_[top:top + self.patch, left:left + self.patch]
        return eight_bits(noisy[window]).astype(np.float32), np.clip(truth[window], 0, 255)

    def _real(self, rng: np.random.Generator) -> camera.Pair:
        side = self.patch + MARGIN
        factor = rng.uniform(max(0.4, side / min(self.real[0][0].shape[:2])), 1) if rng.random() < 0.3 else 1.0
        noisy, truth = self._cut(self.real[rng.integers(len(self.real))], round(side / factor), rng)
        return (noisy, truth) if factor == 1 else resized((noisy, truth), factor)

    def _made(self, rng: np.random.Generator) -> camera.Pair:
        factor = 1.0
        if rng.random() < 0.25:
            factor = rng.uniform(0.5, 1) if rng.random() < 0.6 else rng.uniform(1, 2)
        side = round((self.patch + MARGIN) / factor)
        side += side % 2
        x, = self._cut([self.pictures[np.searchsorted(self.share, rng.random())]], side, rng)
        grey = rng.random() < GREY
        if grey:
            x = np.repeat((x @ LUMA)[..., None], 3, -1)
        pair = some(x, rng)
        if grey and rng.random() < 0.8:  # the picture is grey; else it is a grey subject in colour
            tint = np.array([rng.uniform(1, 1.1), 0.95, rng.uniform(0.7, 0.9)] if rng.random() < 0.2 else [1, 1, 1], np.float32)  # sepia
            pair = pair[0][..., 1:2] * tint, pair[1][..., 1:2] * tint
        white = factor == 1 and rng.random() < 0.7
        if factor != 1:
            pair = resized(pair, factor)
        if not white:
            noisy = pair[0]
            for _ in range(1 + (rng.random() < 0.15)):
                noisy = degrade.some_jpeg(noisy, 60, 98, rng)
            pair = noisy, pair[1]
        return pair

    def batch(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """`count` pairs, `[count, 5, p, p]` and `[count, 3, p, p]` float32."""
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        given, wanted = [], []
        for _ in range(count):
            noisy, truth = self.pair(rng)
            given.append(np.concatenate([noisy, told(noisy, truth, rng)], -1))
            wanted.append(truth)
        x, y = (torch.from_numpy(np.stack(part).astype(np.float32)).permute(0, 3, 1, 2).contiguous() / 255 for part in (given, wanted))
        return x, y
