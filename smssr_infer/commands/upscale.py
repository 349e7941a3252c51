"""`smssr upscale IN OUT`"""

from __future__ import annotations

import argparse
import sys

from .arguments import Commands, add_input_and_output, add_scale_and_model, numbers, progress_bar, refuse_itself


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
    from ..api import upscale
    from ..disk.kinds import kind_of
    from ..disk.reading import read
    from ..disk.writing import check, write, writer
    from ..stages.plan import check_scale, plan

    source, target = arguments.input, arguments.output
    refuse_itself(source, target)
    writer(target)
    picture = read(source)
    check(target, picture, *check_scale(arguments.scale, *picture.pixels.shape[:2]))
    plan(arguments.scale, arguments.model)
    if picture.frames > 1:
        print(f"smssr: {source} has {picture.frames} frames; only the first is enlarged", file=sys.stderr)
    kind = "clean" if arguments.model else kind_of(picture, arguments.picture)
    if kind == "photo" and arguments.picture == "auto":
        print(f"smssr: {source} has noise or JPEG's marks: enlarged as a photograph (--picture clean leaves them)", file=sys.stderr)
    with progress_bar(source.name) as progress:
        pixels = upscale(picture.pixels, arguments.scale, arguments.model, arguments.bands, progress, kind)
    write(target, picture.with_pixels(pixels))
