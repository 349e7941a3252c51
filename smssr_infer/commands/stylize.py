"""`smssr stylize IN OUT --style NAME …`"""

from __future__ import annotations

import argparse

from .arguments import Commands, add_input_and_output
from .opening import run_recipe
from .recipe_options import add_dry_run, add_enlarging, add_painting, add_recipe, add_restoring, add_saving, recipe_of


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("stylize", help="paint texture, or a painting's forms and colours, into a picture",
                                 description="Paint the texture of one or several styles into a picture, restored and enlarged first or as "
                                             "it is; and before that the forms and colours of a painting. Where a mask is black nothing "
                                             "changes.")
    add_input_and_output(parser)
    add_painting(parser)
    add_enlarging(parser, None)
    add_restoring(parser)
    add_saving(parser)
    add_recipe(parser)
    add_dry_run(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Paint one file into another."""
    if not arguments.style and not arguments.coarse:
        raise ValueError("say what to paint: --style NAME or --painting NAME (see 'smssr models')")
    run_recipe(arguments, recipe_of(arguments))
