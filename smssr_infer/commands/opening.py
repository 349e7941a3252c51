"""What every command that makes one picture file of another does: the input read, the recipe run, the output written."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .arguments import progress_bar
from .recipe_options import save_recipe, say

if TYPE_CHECKING:
    from ..io.picture_file import PictureFile
    from ..recipe import Recipe


def opened(arguments: argparse.Namespace, done: str) -> PictureFile:
    """A command's input, read; where it is large, ready to be read. `done`: what is done to it.

    Raises ValueError where it cannot be read, nothing be written to the output, or the output is the input.
    """
    from ..io.reading import read_large
    from ..io.targets import spare
    from ..io.writing import writer

    source, target = arguments.input, arguments.output
    if not source.name:
        raise ValueError("the input's name is empty")
    writer(target)
    spare(target, [source])
    picture = read_large(source)
    if picture.frames > 1:
        say(f"{source} has {picture.frames} frames; only the first is {done}")
    if picture.unused:
        samples = f"{picture.unused} sample{'s' if picture.unused > 1 else ''} a pixel"
        say(f"{source} has {samples} that are neither colour nor transparency; they are left out")
    return picture


def run_recipe(arguments: argparse.Namespace, recipe: Recipe, done: str) -> None:
    """Run a recipe on a command's input into its output. Raises ValueError before any work is done where that could not be written."""
    from ..io.process import check_target, process
    from ..io.writing import left_out
    from ..runtime import Runtime

    file = opened(arguments, done)
    size = check_target(recipe, file, arguments.input, arguments.output)
    if words := left_out(arguments.output, file, *size):
        say(f"{arguments.output} cannot hold of the picture: {words}")
    save_recipe(arguments, recipe, [arguments.input, arguments.output])
    with progress_bar(arguments.input.name) as progress:
        process(recipe, file, arguments.input, arguments.output, Runtime.of(progress=progress), say)
