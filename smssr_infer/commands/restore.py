"""`smssr restore IN OUT --clean …`"""

from __future__ import annotations

import argparse

from .arguments import Commands, add_input_and_output
from .opening import run_recipe
from .recipe_options import add_dry_run, add_recipe, add_restoring, add_saving, recipe_of


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("restore", help="remove noise, JPEG artefacts, blur and scratches from a picture",
                                 description="Clean, sharpen and repair a picture at its size. Without any of --clean, --chroma, --sharpen "
                                             "and --fill it is cleaned. Where a mask is black nothing changes, bit for bit.")
    add_input_and_output(parser)
    add_restoring(parser)
    add_saving(parser)
    add_recipe(parser)
    add_dry_run(parser)
    parser.set_defaults(run=run, scale=None, model=None, picture="auto", bands=None, detail=None, best=False, style=[], coarse=[],
                        seed=None)


def run(arguments: argparse.Namespace) -> None:
    """Restore one file into another."""
    if all(getattr(arguments, name) is None for name in ("clean", "chroma", "sharpen", "fill", "blur", "match_grain")):
        arguments.clean = None, 1.0
    run_recipe(arguments, recipe_of(arguments))
