"""`smssr mask IN OUT --here x,y … --not-here x,y …` or `--like PICTURE`"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from .arguments import Commands, add_input_and_output, number
from .opening import opened, through_pipes
from .recipe_options import say

Stroke = list[tuple[float, float]]

HERE = "a stroke on what is meant"
NOT_HERE = "a stroke on what is not meant"


def stroke(text: str) -> Stroke | Path:
    """`x,y,x,y…` as a stroke's points; anything else is a picture file whose white is the seed."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return Path(text)
    if len(numbers) % 2:
        raise argparse.ArgumentTypeError(f"{text!r} is no stroke: it takes two numbers a point, x,y[,x,y…]")
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("mask", help="make a mask from a few strokes, or of what looks like another picture",
                                 description="From a few strokes, 'here' and 'not here', make the mask of what is meant: a grey picture, "
                                             "white where it is, that every other command takes as a mask. Or make the mask of "
                                             "what looks like another picture.")
    add_input_and_output(parser)
    for name, what in (("--here", HERE), ("--not-here", NOT_HERE)):
        parser.add_argument(name, type=stroke, action="append", default=[], metavar="x,y[,x,y…]",
                            help=f"{what}: a point in pixels from the top left, or a line through several; or a picture file of the same "
                                 "size, white where the strokes are; may be given several times")
    parser.add_argument("--like", type=Path, metavar="PICTURE",
                        help="instead of strokes: a picture of what is meant, and of nothing else: it is found by colour and texture")
    parser.add_argument("--radius", type=number, metavar="R", help="of the brush, in pixels (default: a 150th of the longer side)")
    parser.add_argument("--everywhere", action="store_true",
                        help="also what looks like it without being connected with a stroke (default: connected only)")
    parser.set_defaults(run=run)


def seeds(strokes: list[Stroke | Path], shape: tuple[int, int], radius: float | None, name: str) -> Any:
    """What `api.mask` takes: strokes as they are; a plane of seeds where any of them is a file. Raises ValueError as `read_mask`."""
    from ..io.reading import read_mask
    from ..select.strokes import Strokes

    files = [part for part in strokes if isinstance(part, Path)]
    lines = [part for part in strokes if not isinstance(part, Path)]
    if not files:
        return lines
    plane = Strokes(lines, shape, radius, name).on(1)
    for path in files:
        drawn = read_mask(path)
        if drawn.shape != shape:
            raise ValueError(f"{path} has {drawn.shape[1]}×{drawn.shape[0]} pixels, the picture {shape[1]}×{shape[0]}")
        if not (drawn >= 0.5).any():
            raise ValueError(f"{path} is white nowhere, so it holds no stroke")
        plane |= drawn >= 0.5
    return plane


def run(arguments: argparse.Namespace) -> None:
    """Make one file's mask. Raises ValueError before any work is done where the result could not be written."""
    from ..api import mask, mask_like
    from ..io.picture_file import PictureFile
    from ..io.reading import read
    from ..io.targets import spare
    from ..io.writing import check, write

    if arguments.like and (arguments.here or arguments.not_here or arguments.radius is not None or arguments.everywhere):
        raise ValueError("--like says what the mask is to hold, and so do strokes; leave out one of the two")
    if not arguments.here and not arguments.like:
        raise ValueError("say with --here x,y what the mask is to hold, or with --like PICTURE what it looks like")
    if arguments.radius is not None and all(isinstance(drawn, Path) for drawn in (*arguments.here, *arguments.not_here)):
        raise ValueError("--radius is the brush's for strokes x,y, and there are only files of strokes")
    files = [part for part in (*arguments.here, *arguments.not_here, arguments.like) if isinstance(part, Path)]
    spare(arguments.output, [arguments.input, *files])
    with through_pipes(arguments) as (source, target):
        file = opened(source, target)
        if file.frames > 1:
            say(f"{source} has {file.frames} frames; only the first is used")
        for words in file.remarks:
            say(f"{source} {words}")
        shape = file.pixels.shape[0], file.pixels.shape[1]
        blank = PictureFile(np.zeros(shape, np.uint8), dpi=file.dpi)
        check(target, blank, *shape)
        if arguments.like:
            beta = mask_like(file.pixels[:, :], read(arguments.like).pixels[:, :])
        else:
            here, not_here = (seeds(strokes, shape, arguments.radius, name)
                              for strokes, name in ((arguments.here, "--here"), (arguments.not_here, "--not-here")))
            beta = mask(file.pixels[:, :], here, not_here, arguments.radius, not arguments.everywhere)
        write(target, blank.with_pixels(np.rint(beta * 255).astype(np.uint8)))
