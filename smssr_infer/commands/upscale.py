"""`smssr upscale IN OUT`"""

from __future__ import annotations

import argparse
import sys

from .arguments import Commands, add_input_and_output, add_scale_and_model, numbers, progress_bar
from .opening import opened, parts


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("upscale", help="enlarge a picture",
                                 description="Enlarge a picture. Profile, EXIF, 16-bit depth and transparency are kept; the "
                                             "resolution is scaled, so that it prints at the same size.")
    add_input_and_output(parser)
    add_scale_and_model(parser)
    parser.add_argument("--bands", type=numbers, metavar="FINE,…,COARSE",
                        help="a gain for each band of detail (three; paper-x4 has six): 1 is as trained, more has more bite, "
                             "0 leaves it bicubic")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Enlarge one file into another. Raises ValueError before any work is done where the answer could not be written."""
    from ..disk.kinds import condition_of
    from ..disk.orders import stamp
    from ..disk.stream import to_file
    from ..disk.writing import check, most_pixels
    from ..stages.enlargement import Enlargement
    from ..stages.plan import check_scale, plan

    source, target = arguments.input, arguments.output
    file = opened(arguments, "enlarged")
    picture = file.picture()
    size = check_scale(arguments.scale, *picture.shape, most_pixels(target))
    check(target, file, *size)
    plan(arguments.scale, arguments.model)
    condition = None if arguments.model else condition_of(picture, file.jpeg, arguments.picture)
    if condition and arguments.picture == "auto":
        found = "slight marks of JPEG: cleaned a little" if condition.slight else "noise or JPEG's marks: enlarged as a photograph"
        print(f"smssr: {source} has {found} (--picture clean leaves them)", file=sys.stderr)
    enlargement = Enlargement(picture, *size, arguments.model, arguments.bands, condition=condition, best=arguments.best)
    with progress_bar(source.name) as progress:
        to_file(enlargement, target, file, progress, stamp(*enlargement.weights, *parts(arguments)))
