"""Trained styles as shipped ones: ONNX file, row of the manifest, thumbnail, card with measured figures."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import torch

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import StyleCard
from smssr_infer.own_styles import thumbnail

from ..losses.vgg import VGG
from ..measure.directions import astray, constant, deviations, lies, spreads
from ..measure.styles import measure
from ..packing.style import STRENGTH, TrainedStyle, markdown, pack
from ..training.styles import StyleRow
from .networks import WEIGHTS

DATA = ("reference: {credit}; laid over 192 patches of 122 photographs under CC0, CC BY, CC BY-SA, public-domain, Unsplash or Pexels "
        "licences (see training_data.md); loss by VGG-16 (Simonyan & Zisserman, Oxford VGG, CC BY 4.0)")
COMMAND = "`python -m export.train_styles --references DIR --photos DIR --vgg-weights FILE.npz --out DIR {name}`"
FURTHER = ", and then with `--further` into another folder"


def publish(name: str, row: StyleRow, run: Path, references: Path, pictures: np.ndarray, vgg: VGG) -> StyleCard:
    """Ship a trained style, measured on `pictures` `[N, H, W, 3]` uint8."""
    found = torch.load(run / f"{name}.pt", weights_only=True)
    reference = row.reference(references)
    style = TrainedStyle(name, found["network"], found["mu"], found["sigma"], row.kappa or found["kappa"], row.band, row.waves, row.turns,
                         row.head is not None, lies(reference.residual.numpy(), row.head) if row.turns else 0.0)
    card = pack(style, WEIGHTS, title=row.title, training_data=DATA.format(credit=row.credit),
                licence="CC-BY-SA-4.0" if "BY-SA" in row.credit else "GPL-3.0-or-later",
                strength=STRENGTH if row.strength is None else row.strength, straight=row.straight)
    figures: dict[str, float] = {}
    if card.steerable:
        turn = 360 if card.directed else 180
        bias = constant(deviations(name, card.reference_angle, turn))
        card = dataclasses.replace(card, angle_bias=round(bias, 2))
        manifest.write(card)
        card = dataclasses.replace(card, angle_gain=spreads(name, card.angle_bias, card.kappa * card.floor, turn))
        manifest.write(card)
        off = np.abs(deviations(name, card.reference_angle, turn))
        figures |= {"direction_mean": float(off.mean()), "direction_p90": float(np.quantile(off, 0.9))}
        off = astray(name, pictures)
        figures |= {"follow_mean": float(off.mean()), "follow_p90": float(np.quantile(off, 0.9))}
    thumbnail(card).save(card.path.with_suffix(".png"), optimize=True)
    figures |= measure(card, reference, pictures, vgg)
    card = dataclasses.replace(card, metrics={key: round(value, 4) for key, value in figures.items()})
    manifest.write(card)
    command = COMMAND.format(name=name) + (FURTHER if row.further else "")
    card.path.with_suffix(".md").write_text(markdown(card, command), encoding="utf-8")
    return card
