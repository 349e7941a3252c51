"""Figures of materials: how even, how true to the sample, how far from repeating, and whether they can be told apart."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch

import smssr_infer as smssr
from smssr_infer.arrays.pixels import LUMA
from smssr_infer.networks.cards import MaterialCard
from smssr_infer.nodes.material_layer import sample
from smssr_infer.textures.structure import Structure

from ..losses.vgg import VGG
from ..training.style_trainer import PATCH
from .distinct import grams_of, nearest

SQUARE, WINDOW = 600, 64
"""Sides, in pixels, of the flat square whose evenness is measured, and of its windows."""
FIELD = 1024
"""Side of the field that is searched for repeated landmarks."""
PATCHES, CROPS = 40, 48
LARGE = 1200
"""Side of the picture that is timed."""


def _flat(side: int) -> np.ndarray:
    return np.full((side, side, 3), 128, np.uint8)


def evenness(card: MaterialCard) -> float:
    """Standard deviation over WINDOW² windows of a flat square within another colour at β = 1: the smallest against the largest."""
    rim = WINDOW
    drawing = np.full((SQUARE + 2 * rim, SQUARE + 2 * rim, 3), (90, 140, 200), np.uint8)
    drawing[rim:-rim, rim:-rim] = 140, 120, 110
    residual = smssr.style_residual(drawing, card.name)[rim:-rim, rim:-rim]
    steps = range(0, SQUARE - WINDOW + 1, WINDOW)
    found = [residual[i:i + WINDOW, j:j + WINDOW].std() for i in steps for j in steps]
    return float(min(found) / max(found))


def histogram_distance(card: MaterialCard) -> float:
    """Kolmogorov and Smirnov's distance of the residual's R, G and B on flat grey from the sample's, the largest of the three."""
    residual = smssr.style_residual(_flat(SQUARE), card.name)
    own = sample(card)
    planes = own.planes[:, :-1, :-1] if isinstance(own, Structure) else own.back(own.gaussian)
    wanted = planes.reshape(3, -1).T * card.contrast / own.deviation
    distances = []
    for channel in range(3):
        values = np.linspace(wanted[:, channel].min(), wanted[:, channel].max(), 200)
        shares = [np.searchsorted(np.sort(x), values) / len(x) for x in (wanted[:, channel], residual[..., channel].ravel())]
        distances.append(np.abs(shares[0] - shares[1]).max())
    return float(max(distances))


def repetition(card: MaterialCard) -> float:
    """The highest autocorrelation of a FIELD² field at shifts above the lattice's cell."""
    luma = smssr.style_residual(_flat(FIELD), card.name) @ LUMA
    luma -= luma.mean()
    correlation = np.fft.irfft2(np.abs(np.fft.rfft2(luma)) ** 2)
    correlation /= correlation[0, 0]
    reach = int(card.cell) + 1
    for rows in (slice(None, reach), slice(-reach, None)):
        for columns in (slice(None, reach), slice(-reach, None)):
            correlation[rows, columns] = 0
    return float(np.abs(correlation).max())


def speed(card: MaterialCard) -> float:
    """Mpx in three colours per second of one core's own time, β everywhere, turned along the picture where it can be."""
    waves = 128 + 60 * np.sin(np.add.outer(np.arange(LARGE), np.arange(LARGE)) / 90)
    picture = np.repeat(waves.astype(np.uint8)[..., None], 3, 2)
    smssr.stylize(picture[:200, :200], {card.name: 1.0}, threads=1)
    begun = time.process_time()
    smssr.stylize(picture, {card.name: 1.0}, threads=1)
    return LARGE**2 / 1e6 / (time.process_time() - begun)


def _unit(planes: np.ndarray) -> np.ndarray:
    luma = np.tensordot(LUMA, planes, 1)
    return (luma - luma.mean()) / luma.std()


def patches(card: MaterialCard) -> torch.Tensor:
    """PATCHES of what it adds to flat grey, each another draw, at unit strength: `[PATCHES, 1, PATCH, PATCH]`."""
    wish = smssr.Style(size=1, direction=0 if card.steerable else None)
    drawn = [smssr.style_residual(_flat(PATCH), card.name, wish=wish, seed=seed) for seed in range(PATCHES)]
    return torch.from_numpy(np.stack([_unit(residual.transpose(2, 0, 1)) for residual in drawn]).astype(np.float32))[:, None]


def crops(card: MaterialCard) -> torch.Tensor:
    """CROPS of its sample, in the same form."""
    own, random = sample(card), np.random.default_rng(3)
    planes = np.tile(own.planes[:, :-1, :-1], (1, 2, 2)) if isinstance(own, Structure) else own.back(own.gaussian)
    found = []
    for _ in range(CROPS):
        top, left = (random.integers(0, n - PATCH + 1) for n in planes.shape[1:])
        found.append(_unit(planes[:, top:top + PATCH, left:left + PATCH]))
    return torch.from_numpy(np.stack(found).astype(np.float32))[:, None]


def confusions(cards: Sequence[MaterialCard], vgg: VGG) -> np.ndarray:
    """How many of each material's patches (rows) went to each sample (columns)."""
    means = [{key: gram.mean(0) for key, gram in grams_of(vgg, crops(card)).items()} for card in cards]
    return np.stack([nearest(grams_of(vgg, patches(card)), means) for card in cards])
