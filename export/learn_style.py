"""`smssr learn-style`: a new style from a user's own picture, in the user's own folder."""

from __future__ import annotations

import argparse
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from smssr_infer import files, manifest
from smssr_infer.pixels import Picture, luma
from smssr_infer.resample import resize
from smssr_infer.scalespace import radius

from .contents import drawn, photographed
from .data import photographs
from .learn import PATCH, SIDE, Lesson, Targets
from .style_card import branch, markdown, onnx_bytes, row, save, state_of, thumbnail
from .texture import Reference
from .train_styles import BAND
from .vgg import VGG

STEPS = 1000
CONTENTS = 64
LEAST_STEPS = 20
"""What is learnt in fewer is not worth keeping."""

VGG_FILE = "vgg16_to_conv3_3.npz"


def picture_of(arguments: argparse.Namespace) -> np.ndarray:
    """The luma of the part of the user's picture to learn from, reduced. Raises ValueError, in one line, where it does not fit."""
    picture = Picture(files.read(arguments.picture).pixels)
    height, width = picture.shape
    left, top, right, bottom = 0, 0, width, height
    if arguments.crop:
        crop = [int(n) for n in arguments.crop]
        if len(crop) != 4 or not (0 <= crop[0] < crop[0] + crop[2] <= width and 0 <= crop[1] < crop[1] + crop[3] <= height):
            raise ValueError(f"--crop is LEFT,TOP,WIDTH,HEIGHT inside the picture of {width}×{height}")
        left, top, right, bottom = crop[0], crop[1], crop[0] + crop[2], crop[1] + crop[3]
    if not 1 <= arguments.reduce <= 64:
        raise ValueError(f"--reduce must lie in 1 … 64, not {arguments.reduce:g}")
    y = luma(picture.read(top, bottom, left, right)[:picture.colours])
    size = [round(n / arguments.reduce) for n in y.shape]
    least = PATCH + 2 * radius(BAND[1])
    if min(size) < least:
        raise ValueError(f"{arguments.picture}: a style is learnt from {least} pixels a side or more, not {size[1]}×{size[0]}"
                         f"{'' if arguments.reduce == 1 else ' (after --reduce)'}")
    return y if arguments.reduce == 1 else resize(y, *size)


def eye(path: Path | None) -> VGG:
    """VGG-16 from the file given, which is kept in the user's folder for the next time, or from there, or from torchvision."""
    kept = manifest.home() / VGG_FILE
    if path is None:
        return VGG(kept if kept.exists() else None)
    vgg = VGG(path)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, kept)
    return vgg


def nearest(targets: Targets, vgg: VGG) -> dict:
    """The weights of the shipped style whose texture is nearest to the reference's: to start from it is what makes learning fast."""
    losses = {}
    for card in manifest.models():
        if card.task == "style" and not card.waves and card.folder == manifest.shipped():
            lesson = Lesson(targets, [], vgg, start=state_of(card))
            with torch.no_grad():
                losses[card.name] = lesson.loss(torch.arange(4)).item()
    name = min(losses, key=losses.get)
    print(f"starting from {name}")
    return state_of(manifest.find(name, "style"))


def learn(arguments: argparse.Namespace, progress: Callable[[float], None] | None = None) -> None:
    """Learn a style and put it into the user's folder. `progress` is told the share done; what it raises ends the work, nothing kept.

    Raises ValueError, in one line, for anything that does not fit.
    """
    name = arguments.name
    if not re.fullmatch(r"[\w-]{1,40}", name):
        raise ValueError(f"a style's name is made of letters, digits, - and _, not {name!r}")
    for card in manifest.models():
        if card.name == name and card.folder == manifest.shipped():
            raise ValueError(f"{name} is the name of a style or model that ships with smssr; take another")
        if card.name == name and not arguments.replace:
            raise ValueError(f"you have a style {name} already; take another name, or --replace it")
    if not arguments.minutes > 0:
        raise ValueError(f"--minutes must be above 0, not {arguments.minutes:g}")
    began = time.monotonic()
    reference = Reference(picture_of(arguments), BAND, PATCH)
    vgg = eye(arguments.vgg_weights)
    print("preparing …")
    paths = photographs(arguments.photos) if arguments.photos else []
    contents = photographed(paths, CONTENTS, SIDE, seed=1) if paths else drawn(CONTENTS, SIDE, seed=1)
    targets = Targets(contents, reference, vgg)
    lesson = Lesson(targets, [], vgg, start=nearest(targets, vgg))
    left = arguments.minutes - (time.monotonic() - began) / 60
    with tqdm(total=1.0, desc=f"learning {name}", bar_format="{desc} {percentage:3.0f}% |{bar}| {remaining} left{postfix}") as bar:
        def tell(part: float) -> None:
            bar.set_postfix_str(f", distance {lesson.figures['texture']:.3f}", refresh=False)
            bar.update(part - bar.n)
            if progress:
                progress(part)

        lesson.run(STEPS, max(left, 0.05), tell)
    if lesson.done < LEAST_STEPS:
        raise ValueError(f"stopped after {lesson.done} steps, before anything was learnt; nothing kept")
    publish(arguments, lesson)
    print(f"learnt {name} in {(time.monotonic() - began) / 60:.1f} minutes: Gram distance {lesson.figures['texture']:.3f} of that "
          f"without style (0.25 is good).\nTry it: smssr stylize IN OUT --style {name}")


def publish(arguments: argparse.Namespace, lesson: Lesson) -> None:
    """Write the style's files into the user's folder."""
    folder = manifest.learnt()
    mu, sigma, kappa = lesson.constants()
    network = branch(lesson.average.network.state_dict(), [])
    graph = onnx_bytes(network)
    card = row(arguments.name, network, graph, band=BAND, waves=[], mu=mu, sigma=sigma, kappa=kappa,
               title=arguments.title or f"learnt from {arguments.picture.name}",
               training_data=f"reference: {arguments.picture.name}, a user's picture; laid over "
                             f"{'photographs' if arguments.photos else 'drawn pictures'}", licence="yours")
    save(folder, card, graph)
    thumbnail(arguments.name).save(folder / f"{arguments.name}.png")
    how = f"`smssr learn-style`, {lesson.done} steps"
    (folder / f"{arguments.name}.md").write_text(markdown(card, how), encoding="utf-8")
