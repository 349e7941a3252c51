"""How like two pictures look, measured in other ways than pixel by pixel: by deep features, gradients, and models of the eye.

Answer and truth are RGB uint8 `[H, W, 3]` of the same size.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import ndimage
from torch.nn import functional as F

from ..losses.vgg import VGG
from .quality import matlab_y

Measure = Callable[[np.ndarray, np.ndarray], float]

LAYERS = (2, 5, 9)
"""VGG-16's conv1_2, conv2_2 and conv3_3."""

GMSD_CONSTANT = 170.0
"""T of GMSD, for gradients of levels of 255 (Xue et al. 2014, §III)."""


class Features:
    """What VGG-16's features tell of two pictures. AlexNet's and LPIPS' own weights are not used, so these are named after VGG-16."""

    def __init__(self, weights: Path):
        self.vgg = VGG(weights, torch.float32)
        self._last: tuple[np.ndarray, np.ndarray, list[torch.Tensor]] | None = None

    @torch.no_grad()
    def _maps(self, answer: np.ndarray, truth: np.ndarray) -> list[torch.Tensor]:
        if self._last and self._last[0] is answer and self._last[1] is truth:  # one measure after the other looks at the same pictures
            return self._last[2]
        both = torch.from_numpy(np.stack([answer, truth]).transpose(0, 3, 1, 2).astype(np.float32) / 255)
        self._last = answer, truth, list(self.vgg(both, LAYERS).values())
        return self._last[2]

    def distance(self, answer: np.ndarray, truth: np.ndarray) -> float:
        """Squared distance of features of length 1 at each place, the mean over places, the sum over LAYERS: LPIPS (Zhang et al. 2018,
        eq. 1) without its learnt weights. 0: alike.
        """
        return sum(float((F.normalize(a, dim=0) - F.normalize(b, dim=0)).square().sum(0).mean()) for a, b in self._maps(answer, truth))

    def cosine(self, answer: np.ndarray, truth: np.ndarray) -> float:
        """The cosine between all features of the deepest layer, as vectors: what one of the seeds takes from AlexNet. 1: alike."""
        a, b = self._maps(answer, truth)[-1].flatten(1)
        return float(F.cosine_similarity(a, b, dim=0))


def gmsd(answer: np.ndarray, truth: np.ndarray) -> float:
    """Gradient magnitude similarity deviation of luma at half size (Xue et al. 2014, eq. 4 to 7). 0: alike."""
    def gradient(rgb: np.ndarray) -> np.ndarray:
        y = ndimage.uniform_filter(matlab_y(rgb), 2)[::2, ::2]
        return np.hypot(ndimage.prewitt(y, 0), ndimage.prewitt(y, 1)) / 3

    a, b = gradient(answer), gradient(truth)
    return float(((2 * a * b + GMSD_CONSTANT) / (a * a + b * b + GMSD_CONSTANT)).std())


def grid_peak(residual: np.ndarray, grid: int, side: int = 64) -> float:
    """By how many dB the power of residuals `[n, H, W]` stands out at the frequencies of a head's sub-pixels, multiples of 1/`grid` cycles
    a pixel, at the worst of them: against the median of the frequencies around.
    """
    window = np.outer(*[np.hanning(side + 1)[:-1]] * 2)
    power = np.zeros((side, side))
    for plane in residual:
        for top in range(0, plane.shape[0] - side + 1, side):
            for left in range(0, plane.shape[1] - side + 1, side):
                power += np.abs(np.fft.fft2(plane[top:top + side, left:left + side] * window)) ** 2
    step, peaks = side // grid, []
    for row, column in itertools.product(range(grid), repeat=2):
        if row or column:
            around = np.take(np.take(power, range(step * row - 4, step * row + 5), 0, mode="wrap"),
                             range(step * column - 4, step * column + 5), 1, mode="wrap")
            peaks.append(around[3:6, 3:6].max() / np.median(around))
    return float(10 * np.log10(max(peaks)))


def psnr_b(answer: np.ndarray, truth: np.ndarray, block: int = 8) -> float:
    """PSNR-B of Y, in dB (Yim and Bovik 2011, eq. 8 to 14): PSNR that counts steps at the edges of JPEG blocks, which begin at (0, 0)."""
    y, wanted = matlab_y(answer), matlab_y(truth)
    edges, inside = [], []
    for plane in (y, y.T):
        steps = np.square(np.diff(plane, axis=1))
        at_edges = np.arange(1, plane.shape[1]) % block == 0
        edges.append(steps[:, at_edges].ravel())
        inside.append(steps[:, ~at_edges].ravel())
    more = max(0.0, np.concatenate(edges).mean() - np.concatenate(inside).mean())
    effect = more * np.log2(block) / np.log2(min(y.shape))
    return float(10 * np.log10(255**2 / (np.mean((y - wanted) ** 2) + effect)))


def ssimulacra2(answer: np.ndarray, truth: np.ndarray) -> float:
    """SSIMULACRA 2, at most 100, by the package `ssimulacra2`. Raises ValueError where that is missing."""
    try:
        from ssimulacra2 import compute_ssimulacra2
    except ImportError as error:
        raise ValueError("SSIMULACRA 2 needs a package: pip install ssimulacra2") from error
    files = []
    for rgb in (truth, answer):
        Image.fromarray(rgb).save(file := io.BytesIO(), "PNG", compress_level=0)  # it takes nothing but files
        files.append(file)
    return float(compute_ssimulacra2(*files))


def flip(answer: np.ndarray, truth: np.ndarray) -> float:
    """The mean of ꟻLIP, 0 … 1, by the package `flip-evaluator`. 0: alike. Raises ValueError where that is missing."""
    try:
        import flip_evaluator
    except ImportError as error:
        raise ValueError("ꟻLIP needs a package: pip install flip-evaluator") from error
    _, mean, _ = flip_evaluator.evaluate(*(rgb.astype(np.float32) / 255 for rgb in (truth, answer)), "LDR", applyMagma=False)
    return float(mean)


def measures(vgg: Path) -> dict[str, Measure]:
    """All of them by the names that tables show; an arrow says which way is better."""
    features = Features(vgg)
    return {"VGG-16 distance ↓": features.distance, "VGG-16 cosine ↑": features.cosine, "GMSD ↓": gmsd, "SSIMULACRA 2 ↑": ssimulacra2,
            "ꟻLIP ↓": flip}


def interval(differences: np.ndarray, level: float = 0.95, draws: int = 2000, seed: int = 0) -> tuple[float, float]:
    """Where the mean of differences `[n]` lies with that probability: the bootstrap's percentiles over pictures (Efron 1979)."""
    rng = np.random.default_rng(seed)
    means = differences[rng.integers(len(differences), size=(draws, len(differences)))].mean(1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
