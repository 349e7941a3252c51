"""A finished run of a restoring network as a shipped model: ONNX file, row, card."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
from pathlib import Path

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import Purpose, RestoringCard

from ..measure.parity import check, colours
from ..measure.restoration import TRIALS, Restorer, Trial, measure, ours, pictures
from ..networks.build import multiply_adds
from ..packing.to_onnx import count, fold, to_onnx
from ..training.configuration import Configuration
from ..training.run import trained
from .networks import WEIGHTS


def card_of(config: Configuration, network, graph: bytes) -> RestoringCard:
    """The card of a trained network, as yet without metrics. Raises ValueError for a configuration that says nothing to people."""
    words = config.card
    if words is None or config.dog is None or words.purpose is None:
        raise ValueError(f"{config.name} has no [card], or none with a purpose; it is not meant to ship")
    return RestoringCard(
        name=config.name, file=f"{config.name}.onnx", sha256=hashlib.sha256(graph).hexdigest(), space=network.space, scale=1,
        dog=tuple(config.dog), params=count(graph), macs=round(multiply_adds(network)),
        receptive_field=2 * network.reach + 1, purpose=Purpose(words.purpose), grid=network.GRID,
        blocks=network.planes in (7, 8), told=network.planes in (5, 8),
        default=words.default, title=words.title, about=words.about, built=words.built, training_data=words.training_data, loss=words.loss,
        metrics={}, licence=words.licence, folder=WEIGHTS)


def publish(config: Configuration, run: Path, picture: Path, bench: Path, validation_set: Path) -> RestoringCard:
    """Ship a run. Nothing is written where its file's answers differ from PyTorch's on `picture` (ValueError)."""
    network = trained(config, run).network
    planes = network.planes
    graph = to_onnx(fold(copy.deepcopy(network)), planes)
    for backend, difference in check(network, graph, colours(picture, planes)).items():
        print(f"parity with PyTorch, {backend}: {difference:.1e}")
    card = card_of(config, network, graph)
    manifest.write(card, graph)
    return measured(card, config, bench, validation_set)


def measured(card: RestoringCard, config: Configuration, bench: Path, validation_set: Path) -> RestoringCard:
    """What ships, measured anew, with its row and card. `bench`: pictures to damage by noise; `validation_set`: those for other damage."""
    name = card.name if card.purpose is Purpose.CLEAN else None

    def restorers(trial: Trial) -> dict[str, Restorer]:
        told = {"told": lambda case, trial: ours(case, trial, name, told=True)} if card.told and trial.told else {}
        return {"model": lambda case, trial: ours(case, trial, name), **told}

    truths = {True: pictures(validation_set), False: pictures(bench)}
    metrics = {trial.name: {key: round(value, 2) for key, value in
                            measure(trial, truths[trial.photographs], restorers(trial)).items()}
               for trial in TRIALS if trial.purpose is card.purpose and trial.blocks in (None, card.blocks)}
    card = dataclasses.replace(card, metrics=metrics)
    manifest.write(card)
    card.path.with_suffix(".md").write_text(markdown(card, config), encoding="utf-8")
    return card


def markdown(card: RestoringCard, config: Configuration) -> str:
    """A model's card for people."""
    bands = ", ".join(f"G({a:g})" if b == float("inf") else f"G({a:g}) − G({b:g})" for a, b in card.dog)
    options = config.train
    starts = ", ".join(Path(path).parent.name if path.endswith(".pt") else path for path in options.start)
    lines = [f"# {card.name}", "", f"{card.title}. {card.about}", "", f"{card.built}.", "",
             "| | |", "| --- | --- |",
             f"| parameters | {card.params:,} |", f"| multiply-adds per pixel | {card.macs:,} |",
             f"| receptive field | {card.receptive_field} pixels |",
             f"| bands (σ in pixels) | {bands} |",
             f"| trained on | {card.training_data} |", f"| loss | {card.loss} |",
             f"| training | `python -m export.train export/configs/{config.name}.toml --photos DIR … --out DIR`: "
             f"{options.until or options.steps} steps of {options.batch} patches of {options.patch}², seed {options.seed}"
             f"{f', from {starts}' if starts else ''} |",
             f"| licence | {card.licence} |", f"| sha256 | `{card.sha256}` |", "",
             "PSNR in dB (noise: R, G, B of BSD100's pictures; else held-back photographs, Y for JPEG and blur, inside the holes), "
             "measured by `python -m export.publish_restoring`:", "",
             "| damage | damaged | this model | gain | told how much, gain |", "| --- | --- | --- | --- | --- |"]
    for name, m in card.metrics.items():
        clean = name == "nothing"
        told = format(m["told"] - m["damaged"], "+.2f") if "told" in m else ""
        lines.append(f"| {name} | {'' if clean else format(m['damaged'], '.2f')} | {m['model']:.2f} | "
                     f"{'' if clean else format(m['model'] - m['damaged'], '+.2f')} | {told} |")
    return "\n".join(lines) + "\n"
