"""`smssr stylize IN OUT --style NAME …`"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .arguments import Commands, add_input_and_output, number, progress_bar
from .opening import fits, opened, parts

if TYPE_CHECKING:
    from ..textures.style import Style


class StyleWish(NamedTuple):
    """A style as the command line names it."""

    name: str
    mask: Path | None = None
    strength: float | None = None
    size: float | None = None
    direction: float | str | None = None
    seed: int | None = None
    sharpness: bool | None = None
    contrast: str = "auto"
    colour: float = 1.0


class CoarseWish(NamedTuple):
    """A coarse style as the command line names it."""

    name: str
    mask: Path | None = None
    strength: float | None = None
    size: float | None = None
    seed: int | None = None


def _direction(text: str) -> float | str:
    return text if text == "follow" else float(text)


def _switch(text: str) -> bool:
    return {"on": True, "off": False}[text]


OPTIONS: dict[str, tuple[Callable[[str], Any], str]] = {
    "size": (float, "a number in 0.5 … 8"), "direction": (_direction, "degrees or follow"), "seed": (int, "a whole number"),
    "sharpness": (_switch, "on or off"), "contrast": (str, "auto, picture or even"), "colour": (float, "a number in 0 … 1")}
"""How each is read, and what to say it is."""


def style(text: str) -> StyleWish:
    """`NAME[=MASK][:STRENGTH][,size=S][,direction=DEG|follow][,…]` taken apart."""
    return StyleWish(**taken_apart(text, "style", tuple(OPTIONS)))


def coarse_style(text: str) -> CoarseWish:
    """`NAME[=MASK][:STRENGTH][,size=S][,seed=N]` taken apart."""
    return CoarseWish(**taken_apart(text, "coarse style", ("size", "seed")))


def taken_apart(text: str, noun: str, allowed: tuple[str, ...]) -> dict[str, Any]:
    """The name, mask, strength and options of a style or a coarse style. Raises ArgumentTypeError for what is none."""
    options: dict[str, Any] = {}
    while parts := re.fullmatch(r"(.+),(\w+)=([^,=]*)", text):
        if parts[2] not in allowed:
            raise argparse.ArgumentTypeError(f"a {noun} has no option {parts[2]!r}; there are {', '.join(allowed)}")
        if parts[2] in options:
            raise argparse.ArgumentTypeError(f"{parts[2]} is given twice")
        text = parts[1]
        read, what = OPTIONS[parts[2]]
        try:
            options[parts[2]] = read(parts[3])
        except (ValueError, KeyError):
            raise argparse.ArgumentTypeError(f"{parts[2]} is {what}, not {parts[3]!r}") from None
    parts = re.fullmatch(r"([^=:,]+)(?:=(.+?))?(?::(-?[0-9]*\.?[0-9]+))?", text)
    if not parts:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME, NAME:STRENGTH, NAME=MASK.png or NAME=MASK.png:STRENGTH, "
                                         "with options such as ,size=2 after it")
    name, mask, strength = parts.groups()
    return {"name": name, "mask": Path(mask) if mask else None, "strength": float(strength) if strength else None, **options}


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("stylize", help="paint texture, or a painting's forms and colours, into a picture",
                                 description="Paint the texture of one or several styles into a picture, enlarged first or as it is; and "
                                             "before that the forms and colours of a painting. Where a mask is black nothing changes.")
    add_input_and_output(parser)
    parser.add_argument("--style", type=style, action="append", default=[], metavar="NAME[=MASK.png][:STRENGTH][,…]",
                        help="one of 'smssr models'; where the mask is white (default: everywhere), as strong as STRENGTH in 0 … 1 "
                             "(default: the style's own); may be given several times. After it ,size=S: features 0.5 … 8 times as large "
                             "(default: by the picture's size); ,direction=DEG: turned counter-clockwise from how it lies by itself (as "
                             "'smssr models' says), or ,direction=follow: along the picture (default, where a style can be turned); "
                             ",sharpness=off: as sharp where the picture is soft; ,contrast=even: as strong everywhere, =picture: as "
                             "strong as the picture is there; ,colour=C: 0 … 1 of a material's own colours; ,seed=N")
    parser.add_argument("--coarse", type=coarse_style, action="append", default=[], metavar="NAME[=MASK.png][:STRENGTH][,…]",
                        help="a coarse style of 'smssr models': forms and colours of a painting, on which the textures then lie; in the "
                             "same way, 1 where no STRENGTH is given; after it ,size=S (0.5 … 8) or ,seed=N. Where several overlap, the "
                             "later covers the earlier")
    parser.add_argument("--scale", type=number, metavar="S", help="enlarge first, as 'smssr upscale' does (default: no)")
    parser.add_argument("--model", metavar="NAME", help="the model to enlarge with")
    parser.add_argument("--best", action="store_true", help="enlarge as 'smssr upscale --best' does")
    parser.add_argument("--seed", type=int, metavar="N", help="another number draws a different instance of the same texture")
    parser.set_defaults(run=run)


def wishes(styles: Sequence[StyleWish | CoarseWish], shape: tuple[int, int]) -> dict[str, Style]:
    """What the command line wants of each style, for a picture of that shape. Raises ValueError for what is not there."""
    from ..io.reading import read_mask
    from ..networks import manifest
    from ..networks.cards import CoarseCard, TextureCard
    from ..textures.style import Style

    found: dict[str, Style] = {}
    for wish in styles:
        if isinstance(wish, CoarseWish):
            manifest.find(wish.name, CoarseCard)
            own = 1.0
        else:
            own = manifest.find(wish.name, TextureCard).strength
        if wish.name in found:
            raise ValueError(f"the style {wish.name} is given twice; combine its masks into one")
        strength = own if wish.strength is None else wish.strength
        if not 0 <= strength <= 1:
            raise ValueError(f"the strength of {wish.name} must lie in 0 … 1, not {strength:g}")
        beta: float | np.ndarray = strength
        if path := wish.mask:
            if not path.exists() and ":" in path.name:
                raise ValueError(f"there is no mask {path}; what follows a colon must be a strength, a number in 0 … 1")
            mask = read_mask(path)
            if abs(mask.shape[0] * shape[1] / (mask.shape[1] * shape[0]) - 1) > 0.02:
                print(f"smssr: {path} ({mask.shape[1]}×{mask.shape[0]}) does not have the picture's proportions and is stretched to fit",
                      file=sys.stderr)
            if not mask.any():
                print(f"smssr: {path} is black everywhere: it paints nothing", file=sys.stderr)
            beta = mask * np.float32(strength)
        options = {key: value for key, value in wish._asdict().items() if key not in ("name", "mask", "strength")}
        found[wish.name] = Style(beta, **options)
    return found


def run(arguments: argparse.Namespace) -> None:
    """Paint one file into another. Raises ValueError before any work is done where the answer could not be written."""
    from ..arrays import tiling
    from ..io.fingerprint import stamp
    from ..io.jpeg_degradation import degradation_of_file
    from ..io.streaming import held, to_file
    from ..io.writing import most_pixels
    from ..nodes.enlargement import Enlargement
    from ..nodes.model_choice import check_scale, plan
    from ..nodes.stylize import Painted

    source, target = arguments.input, arguments.output
    if not arguments.style and not arguments.coarse:
        raise ValueError("say what to paint: --style NAME or --coarse NAME (see 'smssr models')")
    if arguments.scale is None and (arguments.model or arguments.best):
        raise ValueError(f"{'--model' if arguments.model else '--best'} only applies to enlarging; add --scale")
    file = opened(arguments, "used")
    picture = file.picture()
    shape = picture.shape
    if arguments.scale is not None:
        shape = check_scale(arguments.scale, *shape, most_pixels(target))
        plan(arguments.scale, arguments.model)
    fits(arguments, file, *shape)
    styles, coarse = wishes(arguments.style, shape), wishes(arguments.coarse, shape)
    weights: list[str] = []
    if arguments.scale is not None:
        degradation = None if arguments.model else degradation_of_file(picture, file.jpeg, "auto")
        enlargement = Enlargement(picture, *shape, arguments.model, degradation=degradation, best=arguments.best)
        weights = enlargement.weights
        with progress_bar(f"{source.name}, enlarging") as progress:
            picture = held(enlargement, target.parent, progress)
    painted = Painted(picture, styles, arguments.seed, threads=tiling.cores(), coarse=coarse)
    with progress_bar(f"{source.name}, painting") as progress:
        to_file(painted, target, file, progress, stamp(*weights, *painted.weights, *parts(arguments)))
