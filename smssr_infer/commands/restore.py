"""`smssr restore IN OUT --clean …`"""

from __future__ import annotations

import argparse
import dataclasses

from .arguments import Commands, add_input_and_output, add_restoring, progress_bar, restoring
from .opening import fits, opened, parts


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
    from ..io.fingerprint import stamp
    from ..io.restore_options import Strength
    from ..io.streaming import to_file
    from ..io.targets import spare
    from ..nodes.restoration import Restoration

    source, target = arguments.input, arguments.output
    wanted = restoring(arguments)
    if not wanted.anything:
        wanted = dataclasses.replace(wanted, clean=Strength())
    file = opened(arguments, "used")
    picture = file.picture()
    fits(arguments, file, *picture.shape)
    spare(target, [source, *wanted.masks(source).values()])
    restoration = Restoration(picture, **wanted.arguments(source), model=arguments.cleaner)
    with progress_bar(source.name) as progress:
        to_file(restoration, target, file, progress, stamp(*restoration.weights, *parts(arguments), *wanted.masks(source).values()))
