"""`smssr restore IN OUT --clean …`"""

from __future__ import annotations

import argparse
import sys

from .arguments import Commands, add_input_and_output, add_restoring, progress_bar, refuse_itself, restoring


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("restore", help="take noise, JPEG's marks, blur and scratches out of a picture",
                                 description="Clean, sharpen and repair a picture at its size. Without any of --clean, --chroma, --sharpen "
                                             "and --fill it is cleaned. Where a mask is black nothing changes, bit for bit.")
    add_input_and_output(parser)
    add_restoring(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Restore one file into another. Raises ValueError before any work is done where the answer could not be written."""
    from ..api import restore
    from ..disk.reading import read
    from ..disk.wishes import Restoring, Strength
    from ..disk.writing import check, write, writer

    source, target = arguments.input, arguments.output
    refuse_itself(source, target)
    writer(target)
    wanted = restoring(arguments)
    if not wanted.anything:
        wanted = Restoring(clean=Strength())
    picture = read(source)
    check(target, picture, *picture.pixels.shape[:2])
    if picture.frames > 1:
        print(f"smssr: {source} has {picture.frames} frames; only the first is used", file=sys.stderr)
    with progress_bar(source.name) as progress:
        pixels = restore(picture.pixels, **wanted.arguments(source), progress=progress, model=arguments.cleaner)
    write(target, picture.with_pixels(pixels))
