"""`smssr run RECIPE.toml IN OUT`"""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import Commands
from .batch import add_folder, over_dask, run_batch
from .opening import run_recipe
from .recipe_options import add_saving


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("run", help="run a recipe on a picture, or on a folder of pictures",
                                 description="Do what a recipe says, a TOML file as --save-recipe writes it, to a picture or to every "
                                             "picture of a folder. Options are those of 'smssr batch'.")
    parser.add_argument("recipe", type=Path, metavar="RECIPE.toml")
    parser.add_argument("input", type=Path, metavar="IN", help="a picture, or a folder")
    parser.add_argument("output", type=Path, metavar="OUT", help="a picture, or where IN is one a folder")
    add_folder(parser)
    add_saving(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Run a recipe."""
    from ..io.block_reader import is_zarr
    from ..io.recipe_file import load

    recipe = load(arguments.recipe)
    if arguments.input.is_dir() and not is_zarr(arguments.input):
        run_batch(arguments, recipe)
        return
    given = {"--format": arguments.format, "--names": arguments.names, "--existing": arguments.existing != "skip",
             "--recursive": arguments.recursive, "--report": arguments.report, "--dask": arguments.dask,
             **{f"--{name}": True for name in over_dask(arguments)}}
    for name, value in given.items():
        if value:
            raise ValueError(f"{name} is for a folder, and {arguments.input} is none")
    run_recipe(arguments, recipe)
