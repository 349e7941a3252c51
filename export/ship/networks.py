"""A finished training run as a shipped model: ONNX file, row, card, measured by the runtime on the file that was written."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import EnlargingCard, Space

from ..measure.parity import check, given, middle
from ..measure.quality import BICUBIC, MEASURES, Figures, Looks, evaluate, shown
from ..networks.build import multiply_adds, parameters
from ..networks.detailed import DetailedNetwork
from ..networks.gated import GatedNetwork
from ..packing.to_onnx import fold, to_onnx
from ..training.adversarial import ADVERSARIAL
from ..training.configuration import Configuration
from ..training.run import trained

WEIGHTS = Path(__file__).parent.parent.parent / "weights"


def packed(config: Configuration, network) -> tuple[bytes, EnlargingCard]:
    """A trained network as an ONNX file, and its card, as yet without metrics.

    Raises ValueError for a configuration that says nothing to people.
    """
    if config.card is None or config.dog is None:
        raise ValueError(f"{config.name} has no [card], or no bands; it is not meant to ship")
    folded = fold(copy.deepcopy(network))
    runs = folded.filled() if isinstance(folded, GatedNetwork) else folded
    graph = to_onnx(runs, network.channels)
    return graph, EnlargingCard(
        name=config.name, file=f"{config.name}.onnx", sha256=hashlib.sha256(graph).hexdigest(), space=network.space, scale=network.scale,
        dog=config.dog, params=parameters(folded), macs=round(multiply_adds(runs)), receptive_field=2 * network.reach + 1,
        default=config.card.default, photo=config.card.photo, median=config.median, invents=isinstance(network, DetailedNetwork),
        title=config.card.title, about=config.card.about,
        built=config.card.built, training_data=config.card.training_data,
        loss=config.card.loss, metrics={}, licence=config.card.licence, folder=WEIGHTS)


def measured(figures: dict[str, Figures], name: str) -> dict[str, Figures]:
    """What a row says of one benchmark: the figures of bicubic and of the model of that name, from `evaluate`."""
    return {kind: {key: round(value, 4) for key, value in figures[of].items()} for kind, of in ((BICUBIC, BICUBIC), ("model", name))}


def publish(config: Configuration, run: Path, picture: Path, benches: Sequence[Path], looks: Looks | None = None) -> EnlargingCard:
    """Ship a run. Nothing is written where its file's answers differ from PyTorch's on `picture` (ValueError)."""
    network = trained(config, run).network
    graph, card = packed(config, network)
    for backend, difference in check(network, graph, given(network, middle(picture))).items():
        print(f"parity with PyTorch, {backend}: {difference:.1e}")
    manifest.write(card, graph)
    return measure(card, config, benches, looks)


def measure(card: EnlargingCard, config: Configuration, benches: Sequence[Path], looks: Looks | None = None) -> EnlargingCard:
    """Measure a model that lies in the folder of weights, and say so in its row and its card; `looks` as of `quality.measure`.

    Of benchmarks that are not among `benches` the row keeps what it says.
    """
    metrics = {f"{folder.name} ×{card.scale}": measured(evaluate(folder, card.scale, [card.name], looks=looks), card.name)
               for folder in benches}
    card = dataclasses.replace(card, metrics={**card.metrics, **metrics})
    manifest.write(card)
    card.path.with_suffix(".md").write_text(markdown(card, config), encoding="utf-8")
    return card


def markdown(card: EnlargingCard, config: Configuration) -> str:
    """A model's card for people."""
    space = {Space.SMALL: "on the small picture, sub-pixel heads", Space.LARGE: "on the bicubic enlargement, as published"}[card.space]
    bands = ", ".join(f"G({a:g}) − G({b:g})" for a, b in card.dog) + ("; the last of what is invented" if card.invents else "")
    options = config.train
    vgg = " --vgg-weights FILE" if options.loss in ("perceptual", ADVERSARIAL) else " --teacher FILE" if options.taught else ""
    starts = [Path(path).parent.name or path for path in options.start]
    start = f", from {'the mean of ' * (len(starts) > 1)}{', '.join(starts)}" if starts else ""
    lines = [f"# {card.name}", "", f"{card.title}. {card.about}", "", f"{card.built}.", "",
             "| | |", "| --- | --- |",
             f"| scale | ×{card.scale} |", f"| parameters | {card.params:,} |", f"| convolutions | {space} |",
             f"| multiply-adds per pixel of the answer | {card.macs:,} |",
             f"| receptive field | {card.receptive_field} pixels |", f"| bands (σ in enlarged pixels) | {bands} |",
             *(["| filter | 2 × 2 median, twice, on the residual, against checkerboards |"] if card.median else []),
             f"| trained on | {card.training_data} |", f"| loss | {card.loss} |",
             f"| training | `python -m export.train export/configs/{config.name}.toml --photos DIR --out DIR{vgg}`: {options.steps} steps "
             f"of {options.batch} patches of {options.patch}², seed {options.seed}{start} |",
             f"| licence | {card.licence} |", f"| sha256 | `{card.sha256}` |", "",
             "PSNR (dB) and SSIM on Y, measured by `python -m export.evaluate`:", "",
             "| set | bicubic | this model | gain |", "| --- | --- | --- | --- |"]
    for bench, m in card.metrics.items():
        lines.append(f"| {bench} | {shown(m['bicubic'])} | {shown(m['model'])} | {m['model']['psnr'] - m['bicubic']['psnr']:+.2f} |")
    looks = [(bench, name, m) for bench, m in card.metrics.items() for name in m["model"] if name not in MEASURES]
    if looks:
        lines += ["", "How it looks, beside the truth (an arrow says which way is better):", "",
                  "| set | measure | bicubic | this model |", "| --- | --- | --- | --- |",
                  *(f"| {bench} | {name} | {m['bicubic'][name]:.4g} | {m['model'][name]:.4g} |" for bench, name, m in looks)]
    return "\n".join(lines) + "\n"
