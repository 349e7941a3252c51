"""`smssr upscale IN OUT`"""

from __future__ import annotations

import argparse

from .arguments import Commands, add_input_and_output
from .opening import run_recipe
from .recipe_options import USUAL_SCALE, add_enlarging, add_painting, add_restoring, add_saving, recipe_of


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("upscale", help="enlarge a picture",
                                 description="Enlarge a picture, restored before and painted on after if wanted. Profile, EXIF, 16-bit "
                                             "depth and transparency are kept; the resolution is scaled, so that it prints at the same "
                                             "size.")
    add_input_and_output(parser)
    add_enlarging(parser)
    side = parser.add_mutually_exclusive_group()
    for name in ("width", "height"):
        side.add_argument(f"--{name}", type=int, metavar="PIXELS", help=f"the result's {name}, instead of --scale; proportions stay")
    add_restoring(parser)
    add_painting(parser)
    add_saving(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Enlarge one file into another."""
    if arguments.scale is None and arguments.width is None and arguments.height is None:
        arguments.scale = USUAL_SCALE
    run_recipe(arguments, recipe_of(arguments), "enlarged")
