"""A trained coarse style as files: ONNX graph, row of a manifest, card for people, thumbnail."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import torch

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import CoarseNetworkCard

from ..networks.build import build
from ..networks.painter import PainterNetwork
from ..training.painting_trainer import CELL, DOG, GRID, NETWORK
from .to_onnx import count, to_onnx

SEED = 1
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
         file: str | None = None) -> CoarseNetworkCard:
    """Put a coarse style into a folder of models, its graph and its row, as yet without metrics. Returns its card.

    `file`: the graph's name, by default NAME.onnx.
    """
    network = build(NETWORK)
    assert isinstance(network, PainterNetwork)
    network.load_state_dict(style.state)
    graph = to_onnx(network.eval(), network.lift.in_channels)
    card = CoarseNetworkCard(
        name=style.name, file=file or f"{style.name}.onnx", sha256=hashlib.sha256(graph).hexdigest(), space=network.space, scale=1, dog=DOG,
        params=count(graph), receptive_field=2 * network.reach + 1, grid=GRID, cell=CELL, mean=tuple(round(m, 6) for m in style.mean),
        covariance=tuple(round(c, 8) for row in style.covariance for c in row), seed=SEED, title=title, training_data=training_data,
        loss=LOSS, metrics={}, licence=licence, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write(card, graph)
    return card


def markdown(card: CoarseNetworkCard, how: str) -> str:
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
