"""Which materials look like a picture: the nearest by statistics of their texture.

What is compared is fine structure alone, whatever its strength and whichever way it lies: energies of bands and how unequal they are,
coherence, autocorrelation along and across its lines, the histogram, and how colours go with luma. Differences count by how much crops of
one and the same material differ in them (linear discriminant analysis).
"""

from __future__ import annotations

import functools
import io

import numpy as np
from PIL import Image

from ..arrays.numbers import shown
from ..arrays.pixels import LUMA
from ..arrays.scale_space import smooth
from ..networks import manifest
from ..networks.cards import MaterialCard
from .preparing import LEAST, direction, evened

LIGHTING = 6.0
"""What is coarser than a Gaussian of so many pixels is lighting."""

BANDS = (0.0, 0.8, 1.6, 3.2, 6.0)
"""σ in pixels between which bands are taken."""

LAGS = (1, 2, 3, 4, 6, 8, 12, 16)

CROP = 128
"""Side of the crops whose statistics are taken."""

ACROSS = 3
"""So many crops, at most, down and across a sample."""

QUANTILES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)

SHRINKAGE = 0.1
"""Share of the covariance within materials that is taken from its diagonal."""


def statistics(picture: np.ndarray) -> np.ndarray:
    """What a texture looks like, float64 `[n]`; `picture` `[3, h, w]` float32 in 0 … 1, LEAST pixels a side or more."""
    fine = evened(picture - smooth(picture, LIGHTING))
    luma = np.tensordot(LUMA, fine, 1)
    luma = luma - luma.mean()
    deviation = float(luma.std()) + 1e-6
    luma /= deviation
    chroma = fine / deviation - luma
    found: list[float] = []
    blurred = [luma if sigma == 0 else smooth(luma, sigma) for sigma in BANDS]
    for finer, coarser in zip(blurred, blurred[1:], strict=False):
        band = finer - coarser
        power = float((band**2).mean()) + 1e-6
        spread = smooth(band**2, 4.0) / power
        found += [np.log(power), float((band**3).mean()) / power**1.5, np.log(float((band**4).mean()) / power**2),
                  float(np.log(spread + 0.05).std()), direction(band)[1]]
    found += list(np.quantile(luma, QUANTILES))
    found += list(_correlations(luma, direction(luma)[0]))
    root = np.sqrt((chroma**2).mean((1, 2)))
    found += list(np.log(root + 0.02)) + [float((plane * luma).mean()) for plane in chroma]
    found += [np.log(float((smooth(chroma[i], 2.0) ** 2).mean()) + 1e-3) for i in (0, 2)]
    return np.array(found)


def _correlations(luma: np.ndarray, angle: float) -> np.ndarray:
    """The autocorrelation of a plane at LAGS along the lines that lie at `angle` (degrees counter-clockwise from level), and across."""
    height, width = luma.shape
    spectrum = np.abs(np.fft.rfft2(luma, (2 * height, 2 * width))) ** 2
    plane = np.fft.irfft2(spectrum, (2 * height, 2 * width))
    plane /= plane[0, 0]
    turn = np.radians(angle)
    found = []
    for down, across in ((-np.sin(turn), np.cos(turn)), (np.cos(turn), np.sin(turn))):
        found += [plane[round(lag * down), round(lag * across)] for lag in LAGS]
    return np.array(found)


def crops(picture: np.ndarray) -> list[np.ndarray]:
    """Crops spread over a picture `[3, h, w]`, itself where it is small."""
    sides = [min(CROP, n) for n in picture.shape[1:]]
    starts = [np.unique(np.linspace(0, n - side, ACROSS).astype(int)) for n, side in zip(picture.shape[1:], sides, strict=True)]
    return [picture[:, top:top + sides[0], left:left + sides[1]] for top in starts[0] for left in starts[1]]


def _sample(card: MaterialCard) -> np.ndarray:
    """The sample of a material, `[3, h, w]` float32 in 0 … 1."""
    with Image.open(io.BytesIO(manifest.load(card))) as picture:
        return np.asarray(picture.convert("RGB"), np.float32).transpose(2, 0, 1) / 255


@functools.lru_cache(1)
def _shelf(cards: tuple[MaterialCard, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The means of materials' statistics `[m, n]`, and the matrix `[n, n]` after which differences are distances."""
    each = [np.stack([statistics(crop) for crop in crops(_sample(card))]) for card in cards]
    means = np.stack([some.mean(0) for some in each])
    within = np.concatenate([some - mean for some, mean in zip(each, means, strict=True)])
    covariance = within.T @ within / (len(within) - len(cards))
    covariance = (1 - SHRINKAGE) * covariance + np.diag(SHRINKAGE * np.diag(covariance) + 1e-6)
    return means, np.linalg.inv(np.linalg.cholesky(covariance))


def materials_like(picture: np.ndarray, count: int = 5) -> list[tuple[MaterialCard, float]]:
    """The `count` materials whose texture is nearest to that of a picture `[3, h, w]` float32 in 0 … 1, and how far each is.

    A distance of √n ≈ 7 is that of another crop of the same material. Raises ValueError, in one line, for a picture that is too small.
    """
    if min(picture.shape[1:]) < LEAST:
        height, width = picture.shape[1:]
        raise ValueError(f"a picture of a material needs at least {LEAST}×{LEAST} pixels, not {width}×{height}")
    if count < 1:
        raise ValueError(f"at least 1 material can be asked for, not {shown(count)}")
    cards = tuple(card for card in manifest.models() if isinstance(card, MaterialCard))
    means, whitening = _shelf(cards)
    mine = np.stack([statistics(crop) for crop in crops(picture)])
    apart = np.linalg.norm((mine[:, None] - means) @ whitening.T, axis=-1).mean(0)
    return [(cards[i], float(apart[i])) for i in np.argsort(apart, kind="stable")[:count]]
