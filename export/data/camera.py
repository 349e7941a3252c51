"""Noise as cameras, films and scanners make it. Everything is drawn from a given generator.

Pictures are float32 `[h, w, 3]` in levels, 0 … 255. Each function returns (noisy, truth): a camera develops both from one mosaic, so that
they differ by noise alone.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy import ndimage

from smssr_infer.arrays.pixels import LUMA

from .degrade import SHOT

Pair = tuple[np.ndarray, np.ndarray]

GREEN_AT = np.array([[0, 0, -1, 0, 0], [0, 0, 2, 0, 0], [-1, 2, 4, 2, -1], [0, 0, 2, 0, 0], [0, 0, -1, 0, 0]], np.float32) / 8
"""Green at red and blue sites from the mosaic (Malvar, He and Cutler, ICASSP 2004, figure 2)."""
ALONG_ROWS = np.array([[0, 0, 0.5, 0, 0], [0, -1, 0, -1, 0], [-1, 4, 5, 4, -1], [0, -1, 0, -1, 0], [0, 0, 0.5, 0, 0]], np.float32) / 8
"""Red or blue at green sites whose neighbours of that colour stand in the same row."""
DIAGONAL = np.array([[0, 0, -1.5, 0, 0], [0, 2, 0, 2, 0], [-1.5, 0, 6, 0, -1.5], [0, 2, 0, 2, 0], [0, 0, -1.5, 0, 0]], np.float32) / 8
"""Red at blue sites, and blue at red ones."""
BILINEAR = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 4


def _sites(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Which pixels of an RGGB mosaic are red, and which blue."""
    rows, columns = np.indices(shape)
    return (rows % 2 == 0) & (columns % 2 == 0), (rows % 2 == 1) & (columns % 2 == 1)


def bilinear(mosaic: np.ndarray) -> np.ndarray:
    """An RGGB mosaic `[h, w]`, interpolated to `[h, w, 3]`."""
    red, blue = _sites(mosaic.shape)
    planes = []
    for sites in (red, ~(red | blue), blue):
        known = sites.astype(np.float32)
        planes.append(ndimage.convolve(mosaic * known, BILINEAR, mode="mirror") / ndimage.convolve(known, BILINEAR, mode="mirror"))
    return np.stack(planes, -1)


def gradient_corrected(mosaic: np.ndarray) -> np.ndarray:
    """An RGGB mosaic `[h, w]` → `[h, w, 3]` by the 5×5 filters of Malvar, He and Cutler (2004), as many converters do it."""
    red, blue = _sites(mosaic.shape)
    green, rows, columns, diagonal = (ndimage.convolve(mosaic, kernel, mode="mirror")
                                      for kernel in (GREEN_AT, ALONG_ROWS, ALONG_ROWS.T, DIAGONAL))
    of_red_rows = (np.arange(len(mosaic)) % 2 == 0)[:, None]
    return np.stack([np.where(red, mosaic, np.where(blue, diagonal, np.where(of_red_rows, rows, columns))),
                     np.where(red | blue, green, mosaic),
                     np.where(blue, mosaic, np.where(red, diagonal, np.where(of_red_rows, columns, rows)))], -1)


@dataclasses.dataclass(frozen=True)
class Development:
    """How a camera makes a picture of what its sensor saw."""

    gains: np.ndarray
    """White balance: R, G, B."""
    matrix: np.ndarray
    """Camera RGB → linear RGB; its rows sum to 1."""
    gamma: float
    curve: float
    """Strength of the tone curve's S, 0 … 1."""
    smooth: float
    """σ of a Gaussian over everything, in pixels; 0: none."""
    smooth_chroma: float
    """σ of a Gaussian over what is not luma; 0: none."""
    sharpen: float
    """Amount of unsharp masking; 0: none."""
    sharpen_sigma: float
    corrected: bool
    """Whether the mosaic goes through `gradient_corrected`, else `bilinear`."""

    @classmethod
    def some(cls, rng: np.random.Generator) -> Development:
        """One at random: gains and matrices as those of raw converters (Brooks et al., CVPR 2019, Unprocessing Images, §3.2)."""
        matrix = -rng.uniform(0.0, 0.45, (3, 3))
        np.fill_diagonal(matrix, 0)
        np.fill_diagonal(matrix, 1 - matrix.sum(1))
        return cls(gains=np.array([rng.uniform(1.9, 2.4), 1.0, rng.uniform(1.5, 1.9)], np.float32), matrix=matrix.astype(np.float32),
                   gamma=rng.uniform(1.9, 2.4), curve=rng.uniform(0, 1), smooth=rng.uniform(0.3, 0.8) if rng.random() < 0.4 else 0,
                   smooth_chroma=rng.uniform(0.6, 2.5) if rng.random() < 0.5 else 0,
                   sharpen=rng.uniform(0.2, 1.5) if rng.random() < 0.6 else 0, sharpen_sigma=rng.uniform(0.6, 1.3),
                   corrected=rng.random() < 0.6)

    def _tone(self, linear: np.ndarray) -> np.ndarray:
        x = np.clip(linear, 0, 1) ** (1 / self.gamma)
        return x + self.curve * (x * x * (3 - 2 * x) - x)

    def sensor(self, x: np.ndarray) -> np.ndarray:
        """What a noiseless sensor would have seen of a picture: its mosaic `[h, w]`, white near 1. The tone curve's S is left out."""
        linear = (np.clip(x, 0, 255) / 255) ** self.gamma
        camera = np.clip(linear @ np.linalg.inv(self.matrix).T.astype(np.float32), 0, None) / self.gains
        red, blue = _sites(x.shape[:2])
        return np.where(red, camera[..., 0], np.where(blue, camera[..., 2], camera[..., 1]))

    def __call__(self, mosaic: np.ndarray) -> np.ndarray:
        """A mosaic as a picture."""
        colours = (gradient_corrected if self.corrected else bilinear)(mosaic) * self.gains
        x = self._tone(colours @ self.matrix.T)
        if self.smooth:
            x = ndimage.gaussian_filter(x, (self.smooth, self.smooth, 0))
        if self.smooth_chroma:
            luma = (x @ LUMA)[..., None]
            x = luma + ndimage.gaussian_filter(x - luma, (self.smooth_chroma, self.smooth_chroma, 0))
        if self.sharpen:
            luma = x @ LUMA
            x = x + self.sharpen * (luma - ndimage.gaussian_filter(luma, self.sharpen_sigma))[..., None]
        return 255 * np.clip(x, 0, 1).astype(np.float32)


def camera(x: np.ndarray, rng: np.random.Generator) -> Pair:
    """Poisson–Gaussian noise on a mosaic in linear light (Foi et al., 2008), developed.

    Its ranges of shot and read noise are those of Brooks et al. (2019, §3.1).
    """
    develop = Development.some(rng)
    mosaic = develop.sensor(x) * rng.uniform(0.6, 1.0)
    shot = np.exp(rng.uniform(*np.log(SHOT)))
    read = np.exp(2.18 * np.log(shot) + 1.2 + 0.26 * rng.standard_normal())
    noisy = mosaic + rng.standard_normal(mosaic.shape, np.float32) * np.sqrt(shot * mosaic + read)
    if rng.random() < 0.25:  # the black level was subtracted from unsigned numbers
        noisy = np.clip(noisy, 0, None)
    return develop(noisy), develop(mosaic)


def grain(x: np.ndarray, rng: np.random.Generator) -> Pair:
    """Film grain: two sizes mixed, strongest in the middle tones, mostly the same in all colours."""
    size, colour = rng.uniform(0.5, 2.4), rng.uniform(0, 0.25) * (rng.random() < 0.5)
    coarse, fine = (correlated(np.zeros_like(x), 1, 1 - colour, s, rng) for s in (size, size * rng.uniform(0.3, 0.7)))
    noise = coarse + rng.uniform(0, 1) * fine
    level, share = np.clip(x @ LUMA / 255, 0, 1)[..., None], rng.uniform(0.2, 1)
    return x + rng.uniform(2, 25) * noise / noise.std() * (share + (1 - share) * 4 * level * (1 - level)), x


def scanner(x: np.ndarray, rng: np.random.Generator) -> Pair:
    """A scanner's noise: more of it in the shadows, a little from line to line of its sensor."""
    level = np.clip(x / 255, 0, 1)
    noise = rng.uniform(1, 9) * rng.standard_normal(x.shape, np.float32) * (1.5 - level)
    lines = rng.uniform(0, 1.5) * rng.standard_normal((1, x.shape[1], 3), np.float32)
    return x + noise + lines, x


def correlated(x: np.ndarray, sigma: float, share: float, size: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise of `sigma` levels, correlated by `share` between the colours, `size` pixels wide (σ of a Gaussian; 0: white)."""
    planes = rng.standard_normal((*x.shape[:2], 4), np.float32)
    if size:
        planes = ndimage.gaussian_filter(planes, (size, size, 0))
        planes /= planes.std()
    return x + sigma * (np.sqrt(share) * planes[..., 3:] + np.sqrt(1 - share) * planes[..., :3])
