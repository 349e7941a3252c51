"""`smssr upscale IN OUT`"""

from __future__ import annotations

import argparse

from .arguments import Commands, add_input_and_output
from .opening import run_recipe
from .recipe_options import add_dry_run, add_enlarging, add_painting, add_recipe, add_restoring, add_saving, recipe_of, use_usual_scale


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("upscale", help="enlarge a picture",
                                 description="Enlarge a picture, restored before and painted on after if wanted. Profile, EXIF, 16-bit "
                                             "depth and transparency are kept; the resolution is scaled, so that it prints at the same "
                                             "size.")
    add_input_and_output(parser)
    add_enlarging(parser)
    add_restoring(parser)
    add_painting(parser)
    add_saving(parser)
    add_recipe(parser)
    add_dry_run(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Enlarge one file into another."""
    use_usual_scale(arguments)
    recipe = recipe_of(arguments)
    if not recipe.steps:
        raise ValueError("--scale 1 leaves a picture as it is; a scale is above 1, and 'smssr restore' cleans at the picture's size")
    run_recipe(arguments, recipe)
