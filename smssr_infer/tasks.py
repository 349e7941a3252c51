"""What there is of each task that users see: its list in `smssr models` and its test in `smssr doctor`. One entry of TASKS a task.

A new kind of model is a card class in `networks.cards`, its network in `networks.loading`, and an entry here.
"""

from __future__ import annotations

import dataclasses
import io
import time
from collections.abc import Callable
from typing import Any, assert_never

import numpy as np
from PIL import Image

from .api import restore, stylize, upscale
from .arrays.pixels import LUMA
from .arrays.scale_space import gaussian, separable
from .networks import manifest
from .networks.cards import (
    Card,
    CoarseCard,
    CoarseNetworkCard,
    EnlargingCard,
    MaterialCard,
    PaintingCard,
    Purpose,
    RestoringCard,
    StyleCard,
    TextureCard,
)
from .residuals import style_residual
from .textures.style import Style


@dataclasses.dataclass(frozen=True)
class Task:
    """A kind of model as users see it."""

    heading: str
    """The first line of its list."""
    lines: Callable[[Any], list[str]]
    """A card's lines in the list."""
    check: Callable[[Any, np.ndarray], str]
    """Given a card and a picture of rings, uint8 side×side×3: what to say of a sound model. Raises ValueError for one that is not."""


def _enlarging_lines(card: EnlargingCard) -> list[str]:
    figures = [f"{'':31} {bench}: {figure['model']['psnr']:.2f} dB, {figure['model']['psnr'] - figure['bicubic']['psnr']:+.2f} over bicubic"
               for bench, figure in card.metrics.items()]
    return [f"{card.name:15} {'×' + str(card.scale):>5} {card.params:8}  {card.title}", *figures]


def _check_enlarging(card: EnlargingCard, picture: np.ndarray) -> str:
    """Reduced again, the result is the picture; and what was made from another model gives nearly its result."""
    manifest.load(card)
    began = time.perf_counter()
    result = upscale(picture, card.scale, card.name)
    seconds = time.perf_counter() - began
    side, s = picture.shape[0], card.scale
    if card.made_from:
        error, most = np.abs(result - upscale(picture, s, card.made_from).astype(float)).mean(), 1
    else:
        error, most = np.abs(result.reshape(side, s, side, s, 3).mean(axis=(1, 3)) - picture).mean(), 4
    if error > most:
        raise ValueError(f"{card.name} gives a wrong picture on this machine ({error:.1f} levels off); try SMSSR_BACKEND=numpy")
    return f"{card.name:15} weights OK, {side}² → {side * s}² in {seconds:.2f} s, output OK"


def _restoring_lines(card: RestoringCard) -> list[str]:
    figures = []
    for damage, figure in card.metrics.items():
        gain = f", {figure['model'] - figure['damaged']:+.2f}" if damage != "nothing" else ""
        figures.append(f"{'':31} {damage}: {figure['model']:.2f} dB{gain}")
    return [f"{card.name:15} {card.purpose.value:>7} {card.params:6}  {card.title}", *figures]


def _check_restoring(card: RestoringCard, picture: np.ndarray) -> str:
    """Noise, blur or holes of the test picture become less."""
    manifest.load(card)
    rng = np.random.default_rng(0)
    if card.purpose is Purpose.CLEAN and not card.blocks:
        picture = picture[:len(picture) // 2, :len(picture) // 2]  # where the rings are wide: fine ones in one colour look like noise
    truth = picture.astype(np.float32)
    if card.purpose is Purpose.CLEAN:
        damaged = _through_jpeg(picture) if card.blocks else truth + 15 * rng.standard_normal(truth.shape, np.float32)
        result = restore(_levels(damaged), clean=1, model=card.name)
    elif card.purpose is Purpose.SHARPEN:
        rows, columns = ((0, n) for n in truth.shape[:2])
        blur = [gaussian(n, 1.2) for n in truth.shape[:2]]
        damaged = separable(np.ascontiguousarray(truth.transpose(2, 0, 1)), blur[0], blur[1], rows, columns).transpose(1, 2, 0)
        result = restore(_levels(damaged), sharpen=1, blur=1.2)
    elif card.purpose is Purpose.FILL:
        hole = np.zeros(truth.shape[:2], bool)
        hole[::16] = hole[:, ::16] = True
        damaged = np.where(hole[..., None], 255, truth)
        result = restore(_levels(damaged), fill=hole)
    else:
        assert_never(card.purpose)
    before, after = (float(np.square(x - truth).mean()) for x in (damaged, result.astype(np.float32)))
    if not after < before:
        raise ValueError(f"{card.name} gives a wrong picture on this machine; try SMSSR_BACKEND=numpy")
    return f"{card.name:15} weights OK, {10 * np.log10(before / after):.1f} dB better, output OK"


def _through_jpeg(picture: np.ndarray) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=20)
    with Image.open(stream) as damaged:
        return np.asarray(damaged, np.float32)


def _levels(x: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)


def _turns(card: TextureCard) -> str:
    if isinstance(card, MaterialCard) and card.structured:
        return "; repeats, can be turned as a whole"
    lies = "tips point to" if card.directed else "lines lie at"
    return f"; {lies} {card.reference_angle:.0f}°, follows the picture, can be turned" if card.steerable else ""


def _style_lines(card: StyleCard) -> list[str]:
    return [f"{card.name:15} {card.strength:8g} {card.params:8}  {card.title}{_turns(card)}"]


def _check_style(card: StyleCard, picture: np.ndarray) -> str:
    """The texture is about as strong as the card says."""
    manifest.load(card)
    spread = float(style_residual(picture, card.name).std())
    if not 0.1 < spread / card.kappa < 0.5:  # σ_x of the test picture is about 0.3
        raise ValueError(f"the style {card.name} gives a wrong texture on this machine "
                         f"(standard deviation {spread:.3f}); try SMSSR_BACKEND=numpy")
    return f"{card.name:15} weights OK, output OK"


def _material_lines(card: MaterialCard) -> list[str]:
    return [f"{card.name:17} {card.strength:8g}  {card.title}{_turns(card)}"]


def _check_material(card: MaterialCard, picture: np.ndarray) -> str:
    """The texture is as strong as the card says."""
    manifest.load(card)
    grey = np.full_like(picture, 128)
    spread = float((style_residual(grey, card.name) @ LUMA).std())
    if not 0.5 < spread / card.contrast < 1.5:
        raise ValueError(f"the material {card.name} gives a wrong texture on this machine (standard deviation {spread:.3f})")
    return f"{card.name:15} sample OK, output OK"


def _painting_lines(card: PaintingCard) -> list[str]:
    return [f"{card.name:26}  {card.title}"]


def _coarse_lines(card: CoarseNetworkCard) -> list[str]:
    return [f"{card.name:21} {card.params:11}  {card.title}"]


def _check_coarse(card: CoarseCard, picture: np.ndarray) -> str:
    """The picture's colours come near the painting's."""
    manifest.load(card)
    wish = Style(1.0, colour=1.0 if isinstance(card, PaintingCard) else None)
    before, after = (np.abs(x.mean((0, 1)) / 255 - card.mean).sum() for x in (picture, stylize(picture, {}, coarse={card.name: wish})))
    if not after < max(0.5 * before, 0.15):
        raise ValueError(f"the coarse style {card.name} gives wrong colours on this machine; try SMSSR_BACKEND=numpy")
    return f"{card.name:15} {'sample' if isinstance(card, PaintingCard) else 'weights'} OK, output OK"


TASKS: dict[type[Card], Task] = {
    EnlargingCard: Task(f"{'name':15} {'scale':>5} {'params':>8}  what it is", _enlarging_lines, _check_enlarging),
    RestoringCard: Task(f"{'name':15} {'for':>7} {'params':>6}  what it takes away", _restoring_lines, _check_restoring),
    PaintingCard: Task(f"{'painting':26}  in whose strokes and colours it paints (--painting)", _painting_lines, _check_coarse),
    CoarseNetworkCard: Task(f"{'painted by a network':21} {'params':>11}  whose forms and colours it paints (--painting)", _coarse_lines,
                            _check_coarse),
    MaterialCard: Task(f"{'material':17} {'strength':>8}  what it paints, in colour and as strong on flat colours", _material_lines,
                       _check_material),
    StyleCard: Task(f"{'style':15} {'strength':>8} {'params':>8}  what it paints", _style_lines, _check_style),
}
