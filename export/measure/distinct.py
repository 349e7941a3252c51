"""Whether styles can be told apart: patches of each, given to the reference whose statistics are nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from smssr_infer import style_residual
from smssr_infer.analysis.contrast import Contrast
from smssr_infer.analysis.f_beta import f_beta
from smssr_infer.arrays.pixels import Picture
from smssr_infer.networks.cards import StyleCard

from ..losses.grams import Grams, grams
from ..losses.vgg import VGG
from ..training.reference import Reference
from ..training.style_trainer import PATCH
from .styles import SIDE, as_in_its_reference

PATCHES = 40
"""Of each style."""

CROPS = 48
"""Of each reference: of twelve the mean still moved enough to give a fifth of `van-gogh` to `dabs`."""

AMPLITUDE = 0.12
"""Textures are compared on grey 0.5, all with this standard deviation: by what they look like, not by how strong they are."""


def grams_of(vgg: VGG, textures: torch.Tensor) -> Grams:
    """Of unit textures `[N, 1, PATCH, PATCH]`."""
    with torch.no_grad():
        parts = [grams(vgg, (0.5 + AMPLITUDE * part).expand(-1, 3, -1, -1)) for part in textures.split(4)]
    return {key: torch.cat([part[key] for part in parts]) for key in parts[0]}


def patches(card: StyleCard, pictures: np.ndarray) -> torch.Tensor:
    """PATCHES residuals of a style on photographs `[N, SIDE, SIDE, 3]` uint8, at unit strength: `[PATCHES, 1, PATCH, PATCH]`."""
    found = []
    for number in range(PATCHES):
        picture = pictures[number % len(pictures)]
        strength = f_beta(1, 0, 1, card.kappa, Contrast(Picture(picture), *card.contrast).read(0, SIDE, 0, SIDE))
        unit = style_residual(picture, card.name, wish=as_in_its_reference(card), seed=number) / strength
        top, left = (SIDE - PATCH) * (number % 3) // 2, (SIDE - PATCH) * (number // 3 % 3) // 2
        part = unit[top:top + PATCH, left:left + PATCH]
        found.append((part - part.mean()) / part.std())
    return torch.from_numpy(np.stack(found))[:, None]


def confusions(cards: Mapping[str, StyleCard], references: Mapping[str, Reference], pictures: np.ndarray, vgg: VGG) -> np.ndarray:
    """How many of each style's patches (rows) went to each reference (columns), styles in the order of `cards`.

    Distances of Gram matrices, each layer's divided by how far the references are apart in it. No patch is held against a crop that it
    was made from: a branch's patches are its own, and no crop of a reference is in them.
    """
    generator = torch.Generator().manual_seed(3)
    means = [{key: g.mean(0) for key, g in grams_of(vgg, references[name].crops(CROPS, generator)).items()} for name in cards]
    return np.stack([nearest(grams_of(vgg, patches(card, pictures)), means) for card in cards.values()])


def nearest(mine: Grams, means: Sequence[Grams]) -> np.ndarray:
    """How many of some patches are nearest to each of several references, by their Gram matrices; those of a layer are divided by how far
    the references are apart in it."""
    distances: Any = 0
    for key, gram in mine.items():
        references = torch.stack([mean[key] for mean in means])
        apart = references.std(0, correction=0).norm()
        distances = distances + (torch.cdist(gram.flatten(1), references.flatten(1)) / apart) ** 2
    return np.bincount(distances.argmin(1).numpy(), minlength=len(means))
