"""Trained coarse styles as shipped ones: ONNX file, row of the manifest, thumbnail, card with measured figures."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import torch

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import CoarseNetworkCard
from smssr_infer.own_styles import thumbnail

from ..losses.vgg import VGG
from ..measure.coarse import measure
from ..packing.coarse import TrainedCoarse, markdown, pack
from ..training.coarse import CoarseRow
from .networks import WEIGHTS

DATA = ("painting: {credit}; on patches of 122 photographs under CC0, CC BY, CC BY-SA, public-domain, Unsplash or Pexels licences "
        "(see training_data.md); loss by VGG-16 (Simonyan & Zisserman, Oxford VGG, CC BY 4.0)")
COMMAND = "`python -m export.train_coarse --references DIR --photos DIR --vgg-weights FILE.npz --out DIR {name}`"


def publish(name: str, row: CoarseRow, run: Path, references: Path, pictures: list[np.ndarray], vgg: VGG) -> CoarseNetworkCard:
    """Ship a trained coarse style, measured on `pictures`, `[H, W, 3]` uint8."""
    found = torch.load(run / f"{name}.pt", weights_only=True)
    card = pack(TrainedCoarse(name, found["network"], found["mean"], found["covariance"]), WEIGHTS, title=row.title,
                training_data=DATA.format(credit=row.credit), licence="GPL-3.0-or-later")
    thumbnail(card).save(card.path.with_suffix(".png"), optimize=True)
    figures = measure(card, row.painting(references), pictures, vgg)
    card = dataclasses.replace(card, metrics={key: round(value, 4) for key, value in figures.items()})
    manifest.write(card)
    card.path.with_suffix(".md").write_text(markdown(card, COMMAND.format(name=name)), encoding="utf-8")
    return card
