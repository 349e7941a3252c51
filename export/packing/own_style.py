"""A style of a user's own: from their picture to their folder of styles."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from smssr_infer import files
from smssr_infer.analysis.palette import Palette
from smssr_infer.arrays.pixels import Picture, luma
from smssr_infer.arrays.resample import resize
from smssr_infer.arrays.scale_space import radius
from smssr_infer.io.reading import read
from smssr_infer.io.temporary_file import TemporaryFile
from smssr_infer.networks import manifest
from smssr_infer.networks.cards import Card, CoarseNetworkCard, StyleCard
from smssr_infer.networks.places import home, learnt, shipped
from smssr_infer.own_styles import check_name, file_name, thumbnail
from smssr_infer.textures.learning import VGG_FILE, Wish

from ..data.contents import dead_leaves, photographed, whole_and_cut
from ..data.photographs import photographs
from ..losses.vgg import VGG
from ..networks.shipped import tensors
from ..training import painting_trainer as painting
from ..training.painting_trainer import PaintingTrainer
from ..training.reference import Reference
from ..training.style_trainer import PATCH, SIDE, StyleTrainer, Targets
from ..training.styles import BAND
from . import coarse
from .style import TrainedStyle, markdown, pack

STEPS = 1000
CONTENTS = 64
LEAST_STEPS = 20
"""What is learnt in fewer is not worth keeping."""

PAINTING = 700
"""A painting is reduced to so many pixels on its longer side, if nothing else is asked for."""


def part_of(wish: Wish) -> np.ndarray:
    """The colours of the part of the user's picture to learn from, `[1 or 3, h, w]`.

    Raises ValueError, in one line, where it does not fit.
    """
    picture = Picture(read(wish.picture).pixels)
    height, width = picture.shape
    left, top, right, bottom = 0, 0, width, height
    if wish.crop is not None:
        crop = wish.crop
        if len(crop) != 4 or not (0 <= crop[0] < crop[0] + crop[2] <= width and 0 <= crop[1] < crop[1] + crop[3] <= height):
            raise ValueError(f"--crop is LEFT,TOP,WIDTH,HEIGHT inside the picture of {width}×{height}")
        left, top, right, bottom = crop[0], crop[1], crop[0] + crop[2], crop[1] + crop[3]
    if wish.reduce is not None and not 1 <= wish.reduce <= 64:
        raise ValueError(f"--reduce must lie in 1 … 64, not {wish.reduce:g}")
    return picture.read(top, bottom, left, right)[:picture.colours]


def reduced(planes: np.ndarray, by: float, least: int, wish: Wish) -> np.ndarray:
    """Planes `[…, H, W]` reduced. Raises ValueError where fewer than `least` pixels a side are left."""
    height, width = (round(n / by) for n in planes.shape[-2:])
    if min(height, width) < least:
        raise ValueError(f"{wish.picture}: a {'coarse ' * wish.coarse}style is learnt from {least} pixels a side or more, not "
                         f"{width}×{height}{'' if by == 1 else ' (after --reduce)'}")
    return planes if by == 1 else resize(planes, height, width)


def vgg_of(path: Path | None) -> VGG:
    """VGG-16 from the file given, which is kept in the user's folder for the next time, or from there, or from torchvision."""
    kept = home() / VGG_FILE
    if path is None:
        return VGG(kept if kept.exists() else None)
    if what := files.irregular(path):
        raise ValueError(f"cannot read {path}: it is {what}, not a file")
    vgg = VGG(path)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = TemporaryFile(kept)
        try:
            with open(path, "rb") as source:
                shutil.copyfileobj(source, partial.stream)
            partial.finish()
        finally:
            partial.leave()
    return vgg


def nearest(targets: Targets, vgg: VGG) -> dict:
    """The weights of the shipped style whose texture is nearest to the reference's: to start from it is what makes learning fast."""
    losses = {}
    for card in manifest.read(shipped()):
        if isinstance(card, StyleCard) and not card.waves:
            lesson = StyleTrainer(targets, (), vgg, start=tensors(manifest.load(card)))
            with torch.no_grad():
                losses[card.name] = lesson.loss(torch.arange(4)).item()
    name = min(losses, key=losses.__getitem__)
    print(f"starting from {name}")
    return tensors(manifest.load(manifest.find(name, StyleCard)))


def learn(wish: Wish, progress: Callable[[float], None] | None = None) -> None:
    """Learn a style and put it into the user's folder. `progress` is told the share done; what it raises ends the work, nothing kept.

    Raises ValueError, in one line, for anything that does not fit.
    """
    check_name(wish.name, wish.replace)
    if not wish.minutes > 0:
        raise ValueError(f"--minutes must be above 0, not {wish.minutes:g}")
    began = time.monotonic()
    lesson = (painting_lesson if wish.coarse else texture_lesson)(wish)
    left = wish.minutes - (time.monotonic() - began) / 60
    form = "{desc} {percentage:3.0f}% |{bar}| {remaining} left{postfix}"
    with tqdm(total=1.0, desc=f"learning {wish.name}", disable=None, bar_format=form) as bar:  # silent where nobody reads it
        def tell(part: float) -> None:
            bar.set_postfix_str(f", distance {lesson.figures['texture']:.3f}", refresh=False)
            bar.update(part - bar.n)
            if progress:
                progress(part)

        lesson.run(STEPS, max(left, 0.05), tell)
    if lesson.done < LEAST_STEPS:
        raise ValueError(f"stopped after {lesson.done} steps, before anything was learnt; nothing was kept")
    minutes = f"{(time.monotonic() - began) / 60:.1f} minutes"
    distance = lesson.figures["texture"]
    if isinstance(lesson, PaintingTrainer):
        keep_painting(wish, lesson)
        print(f"learnt {wish.name} in {minutes}: the forms are {distance:.2f} of their size away from the painting's (0.8 is good).\n"
              f"Try it: smssr stylize IN OUT --coarse {wish.name}")
    else:
        keep(wish, lesson)
        print(f"learnt {wish.name} in {minutes}: Gram distance {distance:.3f} of that without style (0.25 is good).\n"
              f"Try it: smssr stylize IN OUT --style {wish.name}")


def texture_lesson(wish: Wish) -> StyleTrainer:
    """The lesson of a texture, begun from the shipped style that is nearest. Raises ValueError for what does not fit."""
    reference = Reference(reduced(luma(part_of(wish)), wish.reduce or 1.0, PATCH + 2 * radius(BAND[1]), wish), BAND, PATCH)
    vgg = vgg_of(wish.vgg_weights)
    print("preparing …")
    paths = photographs(wish.photos) if wish.photos else []
    contents = photographed(paths, CONTENTS, SIDE, seed=1) if paths else dead_leaves(CONTENTS, SIDE, seed=1)
    targets = Targets(contents, reference, vgg)
    return StyleTrainer(targets, (), vgg, start=nearest(targets, vgg))


def painting_lesson(wish: Wish) -> PaintingTrainer:
    """The lesson of a coarse style, begun from the first that ships. Raises ValueError for what does not fit."""
    colours = np.clip(part_of(wish), 0, 1)
    planes = reduced(colours, wish.reduce or max(1.0, max(colours.shape[1:]) / PAINTING), painting.PATCH, wish)
    rgb = np.broadcast_to(np.clip(255 * planes + 0.5, 0, 255), (3, *planes.shape[1:])).transpose(1, 2, 0).astype(np.uint8)
    vgg = vgg_of(wish.vgg_weights)
    print("preparing …")
    if wish.photos:
        paths = photographs(wish.photos)
        contents = whole_and_cut(paths, -(-CONTENTS // len(paths)), painting.SIDE, painting.GRID, seed=1)
    else:
        drawn = dead_leaves(CONTENTS, painting.SIDE, seed=1)
        contents = drawn, [Palette.of(patch / np.float32(255)) for patch in drawn]
    first = next(card for card in manifest.read(shipped()) if isinstance(card, CoarseNetworkCard))
    return PaintingTrainer(*contents, rgb, vgg, start=tensors(manifest.load(first)))


def keep(wish: Wish, lesson: StyleTrainer) -> None:
    """Write the style's files into the user's folder."""
    mu, sigma, kappa = lesson.constants()
    style = TrainedStyle(wish.name, lesson.average.network.state_dict(), mu, sigma, kappa, BAND)
    card = pack(style, learnt(), title=wish.title or f"learnt from {wish.picture.name}", licence="yours",
                training_data=f"reference: {wish.picture.name}, a user's picture; laid over "
                              f"{'photographs' if wish.photos else 'drawn pictures'}", file=file_name(learnt(), wish.name, ".onnx"))
    shown(card, thumbnail(card), markdown(card, f"`smssr learn-style`, {lesson.done} steps"))


def keep_painting(wish: Wish, lesson: PaintingTrainer) -> None:
    """Write the coarse style's files into the user's folder."""
    style = coarse.TrainedCoarse(wish.name, lesson.average.network.state_dict(), lesson.palette.mean.tolist(),
                                 lesson.palette.covariance.tolist())
    card = coarse.pack(style, learnt(), title=wish.title or f"learnt from {wish.picture.name}", licence="yours",
                       training_data=f"painting: {wish.picture.name}, a user's picture; on "
                                     f"{'photographs' if wish.photos else 'drawn pictures'}", file=file_name(learnt(), wish.name, ".onnx"))
    shown(card, thumbnail(card), coarse.markdown(card, f"`smssr learn-style --coarse`, {lesson.done} steps"))


def shown(card: Card, picture: Image.Image, text: str) -> None:
    """Write a listed style's thumbnail and its card for people, and remove the files of the style that it replaces."""
    for path in card.folder.glob(f"{card.name}.*"):
        if re.fullmatch(r"(\.[0-9a-f]{12})?\.(onnx|png|md)", path.name.removeprefix(card.name)) and path.stem != card.path.stem:
            path.unlink(missing_ok=True)
    data = io.BytesIO()
    picture.save(data, "PNG")
    manifest.replace(card.path.with_suffix(".png"), data.getvalue())
    manifest.replace(card.path.with_suffix(".md"), text.encode("utf-8", "backslashreplace"))
