"""A trained style as files: ONNX graph, row of a manifest, card for people."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
from pathlib import Path

import torch

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import Pairs, StyleCard

from ..networks.build import build
from ..networks.style import StyleNetwork
from ..training.style_trainer import NETWORK, PATCH
from ..training.styling import CEILING, FLOOR
from .to_onnx import count, fold, to_onnx

SEED = 1
STRENGTH = 0.8
LOSS = ("VGG-16 Gram matrices of layers 2, 5, 7, 9 at two sizes (SMS-SR eq. 2); 0.02 × layer 7 against the content; "
        "0.1 × decibels of the power spectrum, in cells and in rings; evenness of the strength")
LOSS_OF_HEADS = LOSS + "; the mean along seams, where heads turn round"


@dataclasses.dataclass(frozen=True)
class TrainedStyle:
    """What training gives: the weights by name, the constants of f_β, and what the style was trained for."""

    name: str
    state: dict[str, torch.Tensor]
    mu: float
    sigma: float
    kappa: float
    band: tuple[float, float]
    waves: Pairs = ()
    turns: bool = False
    heads: bool = False
    lies: float = 0.0
    """Degrees, of a style that turns: as of its card."""

    def network(self) -> StyleNetwork:
        """The network, in evaluation mode."""
        network = build({**NETWORK, "waves": len(self.waves), "turns": self.turns})
        assert isinstance(network, StyleNetwork)
        network.load_state_dict(self.state)
        return network.eval()


def graph_of(network: StyleNetwork) -> bytes:
    """The network as an ONNX file."""
    return to_onnx(fold(copy.deepcopy(network)), network.lift.in_channels)


def pack(style: TrainedStyle, folder: Path, *, title: str, training_data: str, licence: str, strength: float = STRENGTH,
         straight: bool = False, file: str | None = None) -> StyleCard:
    """Put a style into a folder of models, its graph and its row, as yet without metrics. Returns its card.

    `file`: the graph's name, by default NAME.onnx.
    """
    network = style.network()
    graph = graph_of(network)
    card = StyleCard(
        name=style.name, file=file or f"{style.name}.onnx", sha256=hashlib.sha256(graph).hexdigest(), space=network.space, scale=1,
        dog=(style.band,), params=count(graph), receptive_field=2 * network.reach + 1, mu=style.mu, sigma=style.sigma, kappa=style.kappa,
        floor=FLOOR, ceiling=CEILING, window=PATCH, waves=style.waves, steerable=style.turns, directed=style.heads,
        large_scale_flow=straight,
        reference_angle=style.lies, seed=SEED, strength=strength, title=title, training_data=training_data,
        loss=LOSS_OF_HEADS if style.heads else LOSS, metrics={}, licence=licence, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write(card, graph)
    return card


def markdown(card: StyleCard, how: str) -> str:
    """A style's card for people; `how`: the command that trained it."""
    (fine, coarse), = card.dog
    lines = [f"# {card.name}", "", f"![{card.name}]({card.path.stem}.png) {card.title}", "", "| | |", "| --- | --- |",
             f"| parameters | {card.params:,} |", f"| receptive field | {card.receptive_field} pixels |",
             f"| band (σ in pixels) | G({fine:g}) − G({coarse:g}) |",
             f"| f_β | μ = {card.mu:.4f}, σ_S = {card.sigma:.4f}, κ = {card.kappa:.3f}; σ_x over {card.window} pixels, "
             f"√(variance + {card.floor:g}²), at most {card.ceiling:g}; a flat area gets a standard deviation of "
             f"{card.kappa * card.floor:.4f} |",
             f"| default strength | {card.strength:g} |"]
    if card.waves:
        lines.append("| waves (down, across; cycles per pixel) | " + ", ".join(f"({a:g}, {b:g})" for a, b in card.waves) + " |")
    if card.steerable:
        lies = "heads point to" if card.directed else "lines lie at"
        follows = "follows the picture at large" if card.large_scale_flow else "follows the picture"
        lines.append(f"| direction | {follows}, or as asked; in its reference the {lies} {card.reference_angle:.0f}°; a constant "
                     f"{card.angle_bias:+.1f}° is taken back |")
    lines += [f"| trained on | {card.training_data} |", f"| loss | {card.loss} |", f"| training | {how} |",
              f"| licence | {card.licence} |", f"| sha256 | `{card.sha256}` |"]
    if card.metrics:
        m = card.metrics
        lines += ["", "Measured by `python -m export.evaluate_styles` on photographs of the validation set, at β = 1:", "",
                  "| | |", "| --- | --- |",
                  f"| Gram distance against the unstyled patch's | {m['gram']:.3f} |",
                  f"| Gram distance against another crop's of the reference | {m['gram_other_crop']:.2f} |",
                  f"| power spectrum against the reference's, 0.05 – 0.45 cycles per pixel | {m['spectrum_db']:.1f} dB on average, "
                  f"{m['spectrum_peak_db']:+.1f} dB at most |",
                  f"| content: PSNR after shrinking ×4, lowest | {m['content_db']:.1f} dB |",
                  f"| mean of the residual, largest | {m['mean']:.4f} |",
                  f"| standard deviation against κ·σ_x, largest deviation | {100 * m['spread']:.0f} % |",
                  *([f"| direction on flat grey, 12 angles: off by | {m['direction_mean']:.1f}° on average, {m['direction_p90']:.1f}° in "
                     f"one place of ten |"] if "direction_mean" in m else []),
                  *([f"| following photographs, where they are coherent: off by | {m['follow_mean']:.1f}° on average, "
                     f"{m['follow_p90']:.1f}° in one place of ten |"] if "follow_mean" in m else []),
                  f"| power above 0.9 × Nyquist | {100 * m['alias']:.2f} % |"]
    return "\n".join(lines) + "\n"
