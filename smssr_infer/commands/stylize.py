"""`smssr stylize IN OUT --style NAME …`"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .arguments import Commands, add_input_and_output, number, progress_bar, refuse_itself


class StyleWish(NamedTuple):
    """A style as the command line names it."""

    name: str
    mask: Path | None
    strength: float | None


def style(text: str) -> StyleWish:
    """`NAME[=MASK][:STRENGTH]` taken apart."""
    parts = re.fullmatch(r"([^=:]+)(?:=(.+?))?(?::(-?[0-9]*\.?[0-9]+))?", text)
    if not parts:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME, NAME:STRENGTH, NAME=MASK.png or NAME=MASK.png:STRENGTH")
    name, mask, strength = parts.groups()
    return StyleWish(name, Path(mask) if mask else None, float(strength) if strength else None)


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("stylize", help="paint texture into a picture",
                                 description="Paint the texture of one or several styles into a picture, enlarged first or as it is. "
                                             "Where a mask is black nothing changes.")
    add_input_and_output(parser)
    parser.add_argument("--style", type=style, action="append", required=True, metavar="NAME[=MASK.png][:STRENGTH]",
                        help="one of 'smssr models'; where the mask is white (default: everywhere), as strong as STRENGTH in 0 … 1 "
                             "(default: the style's own); may be given several times")
    parser.add_argument("--scale", type=number, metavar="S", help="enlarge first, as 'smssr upscale' does (default: no)")
    parser.add_argument("--model", metavar="NAME", help="the model to enlarge with")
    parser.add_argument("--seed", type=int, metavar="N", help="another number draws a different instance of the same texture")
    parser.set_defaults(run=run)


def betas(styles: list[StyleWish], shape: tuple[int, int]) -> dict[str, np.ndarray | float]:
    """β for every style that the command line names, for a picture of that shape. Raises ValueError for what is not there."""
    from ..disk.reading import read_mask
    from ..networks import manifest
    from ..networks.cards import StyleCard

    found: dict[str, np.ndarray | float] = {}
    for name, path, wanted in styles:
        card = manifest.find(name, StyleCard)
        if name in found:
            raise ValueError(f"the style {name} is given twice; combine its masks into one")
        strength = card.strength if wanted is None else wanted
        if not 0 <= strength <= 1:
            raise ValueError(f"the strength of {name} must lie in 0 … 1, not {strength:g}")
        found[name] = strength
        if path:
            if not path.exists() and ":" in path.name:
                raise ValueError(f"there is no mask {path}; what follows a colon must be a strength, a number in 0 … 1")
            mask = read_mask(path)
            if abs(mask.shape[0] * shape[1] / (mask.shape[1] * shape[0]) - 1) > 0.02:
                print(f"smssr: {path} ({mask.shape[1]}×{mask.shape[0]}) does not have the picture's proportions and is stretched to fit",
                      file=sys.stderr)
            found[name] = mask * np.float32(strength)
    return found


def run(arguments: argparse.Namespace) -> None:
    """Paint one file into another. Raises ValueError before any work is done where the answer could not be written."""
    from ..api import stylize, upscale
    from ..disk.reading import read
    from ..disk.writing import check, write, writer
    from ..stages.plan import check_scale, plan

    source, target = arguments.input, arguments.output
    refuse_itself(source, target)
    writer(target)
    picture = read(source)
    shape = picture.pixels.shape[:2]
    if arguments.scale is not None:
        shape = check_scale(arguments.scale, *shape)
        plan(arguments.scale, arguments.model)
    elif arguments.model:
        raise ValueError("--model only applies to enlarging; add --scale")
    check(target, picture, *shape)
    styles = betas(arguments.style, shape)
    if picture.frames > 1:
        print(f"smssr: {source} has {picture.frames} frames; only the first is used", file=sys.stderr)
    pixels = picture.pixels
    if arguments.scale is not None:
        with progress_bar(f"{source.name}, enlarging") as progress:
            pixels = upscale(pixels, arguments.scale, arguments.model, progress=progress)
    with progress_bar(f"{source.name}, painting") as progress:
        pixels = stylize(pixels, styles, progress, seed=arguments.seed)
    write(target, picture.with_pixels(pixels))
