"""`smssr upscale IN OUT`"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction

from .arguments import USUAL_SCALE, Commands, add_input_and_output, add_scale_and_model, check_picture, numbers, progress_bar
from .opening import fits, opened, parts


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("upscale", help="enlarge a picture",
                                 description="Enlarge a picture. Profile, EXIF, 16-bit depth and transparency are kept; the "
                                             "resolution is scaled, so that it prints at the same size.")
    add_input_and_output(parser)
    add_scale_and_model(parser)
    side = parser.add_mutually_exclusive_group()
    for name in ("width", "height"):
        side.add_argument(f"--{name}", type=int, metavar="PIXELS", help=f"the answer's {name}, instead of --scale; its proportions stay")
    parser.add_argument("--bands", type=numbers, metavar="FINE,…,COARSE",
                        help="a gain for each band of detail (three; paper-x4 has six): 1 is as trained, more has more bite, "
                             "0 leaves it bicubic")
    parser.set_defaults(run=run, scale=None)


def scale_of(arguments: argparse.Namespace, height: int, width: int) -> float | Fraction:
    """How many times as large a picture of height × width becomes. Raises ValueError for a scale and a side as well."""
    if arguments.width is None and arguments.height is None:
        return USUAL_SCALE if arguments.scale is None else arguments.scale
    if arguments.scale is not None:
        raise ValueError("--scale says how large already: leave out --width and --height, or --scale")
    wanted, given = (arguments.width, width) if arguments.height is None else (arguments.height, height)
    if wanted <= given:
        raise ValueError(f"the picture is {width}×{height} already; it only becomes larger")
    return Fraction(wanted, given)


def run(arguments: argparse.Namespace) -> None:
    """Enlarge one file into another. Raises ValueError before any work is done where the answer could not be written."""
    from ..io.fingerprint import stamp
    from ..io.jpeg_degradation import degradation_of_file
    from ..io.streaming import to_file
    from ..io.writing import most_pixels
    from ..nodes.enlargement import Enlargement
    from ..nodes.model_choice import check_scale, plan

    check_picture(arguments)
    source, target = arguments.input, arguments.output
    file = opened(arguments, "enlarged")
    picture = file.picture()
    scale = scale_of(arguments, *picture.shape)
    size = check_scale(scale, *picture.shape, most_pixels(target))
    fits(arguments, file, *size)
    plan(scale, arguments.model)
    degradation = None if arguments.model else degradation_of_file(picture, file.jpeg, arguments.picture)
    if degradation and arguments.picture == "auto":
        found = "mild marks of JPEG: cleaned a little" if degradation.mild else "noise or JPEG's marks: enlarged as a photograph"
        print(f"smssr: {source} has {found} (--picture clean leaves them)", file=sys.stderr)
    enlargement = Enlargement(picture, *size, arguments.model, arguments.bands, degradation=degradation, best=arguments.best)
    with progress_bar(source.name) as progress:
        to_file(enlargement, target, file, progress, stamp(*enlargement.weights, *parts(arguments)))
