"""A trained coarse style as files: ONNX graph, row of a manifest, card for people, thumbnail."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from smssr_infer import Style, stylize
from smssr_infer.arrays.scale_space import gaussian, separable
from smssr_infer.networks import manifest
from smssr_infer.networks.cards import CoarseCard

from ..networks.build import build
from ..networks.painter import PainterNetwork
from ..training.painting_trainer import CELL, DOG, GRID, NETWORK
from .to_onnx import count, to_onnx

SEED = 1
THUMBNAIL = 96
SHOWN = 8
"""The thumbnail is made so many times as large, and reduced: forms are large."""

LOSS = ("covariances of VGG-16's features within layers 2, 5, 7, 9 at two sizes against the painting's; layer 9 against the content, and "
        "the tone (Gaussian of 10 pixels of the grid)")


@dataclasses.dataclass(frozen=True)
class TrainedCoarse:
    """What training gives: the weights by name, and the painting's palette."""

    name: str
    state: dict[str, torch.Tensor]
    mean: list[float]
    covariance: list[list[float]]


def pack(style: TrainedCoarse, folder: Path, *, title: str, training_data: str, licence: str,
         file: str | None = None) -> CoarseCard:
    """Put a coarse style into a folder of models, its graph and its row, as yet without metrics. Returns its card.

    `file`: the graph's name, by default NAME.onnx.
    """
    network = build(NETWORK)
    assert isinstance(network, PainterNetwork)
    network.load_state_dict(style.state)
    graph = to_onnx(network.eval(), network.lift.in_channels)
    card = CoarseCard(
        name=style.name, file=file or f"{style.name}.onnx", sha256=hashlib.sha256(graph).hexdigest(), space=network.space, scale=1, dog=DOG,
        params=count(graph), receptive_field=2 * network.reach + 1, grid=GRID, cell=CELL, mean=tuple(round(m, 6) for m in style.mean),
        covariance=tuple(round(c, 8) for row in style.covariance for c in row), seed=SEED, title=title, training_data=training_data,
        loss=LOSS, metrics={}, licence=licence, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write(card, graph)
    return card


def thumbnail(name: str) -> Image.Image:
    """A landscape of hills below a sun, painted anew; 96×96."""
    side = THUMBNAIL * SHOWN
    down, across = np.mgrid[:side, :side].astype(np.float32) / side
    picture = np.stack([0.45 + 0.4 * down, 0.6 + 0.2 * down, 0.9 - 0.2 * down])
    sun = np.hypot(down - 0.25, across - 0.68) < 0.12
    picture[:, sun] = np.array([[1.0], [0.9], [0.5]])
    for far, (height, swing, turns, colour) in enumerate(((0.52, 0.10, 1.3, (0.35, 0.45, 0.55)), (0.68, 0.07, 2.1, (0.25, 0.42, 0.22)),
                                                          (0.85, 0.05, 3.2, (0.45, 0.35, 0.15)))):
        picture[:, down > height + swing * np.sin(2 * np.pi * turns * across + far)] = np.array(colour)[:, None]
    soft = gaussian(side, 2.0)
    picture = separable(picture.astype(np.float32), soft, soft, (0, side), (0, side)).transpose(1, 2, 0)
    painted = stylize(np.ascontiguousarray(picture), coarse={name: Style(1.0, size=1)})
    return Image.fromarray((255 * np.clip(painted, 0, 1) + 0.5).astype(np.uint8)).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)


def markdown(card: CoarseCard, how: str) -> str:
    """A coarse style's card for people; `how`: the command that trained it."""
    bands = ", ".join(f"{name} G({fine:g})" for name, (fine, _) in zip(("luma", "Cb", "Cr"), card.dog, strict=True))
    lines = [f"# {card.name}", "", f"![{card.name}]({card.path.stem}.png) {card.title}", "", "| | |", "| --- | --- |",
             f"| parameters | {card.params:,} |", f"| grid | the picture reduced {card.grid} times |",
             f"| receptive field | {card.receptive_field} pixels of the grid |", f"| bands (σ in pixels of the grid) | {bands} |",
             f"| palette (mean of R, G, B) | {', '.join(f'{m:.3f}' for m in card.mean)} |",
             f"| trained on | {card.training_data} |", f"| loss | {card.loss} |", f"| training | {how} |",
              f"| licence | {card.licence} |", f"| sha256 | `{card.sha256}` |"]
    if card.metrics:
        m = card.metrics
        lines += ["", "Measured by `python -m export.evaluate_coarse` on photographs of the validation set, at β = 1:", "",
                  "| | |", "| --- | --- |",
                  f"| distance of the features' covariances to the painting's, against that of the picture in its palette | "
                  f"{m['forms']:.2f} |",
                  f"| distance of the palette to the painting's (Wasserstein, of normal distributions), before and after | "
                  f"{m['palette_before']:.3f}, {m['palette']:.3f} |",
                  f"| chroma that changes from pixel to pixel of the grid, against the picture's in its palette | {m['chroma']:.2f} |",
                  f"| correlation of luma with the picture's at strength ½ | {m['kept']:.2f} |"]
    return "\n".join(lines) + "\n"
