"""What every command that makes one picture file of another does: the input read, the recipe run, the output written."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import progress_bar
from .frames import numbered, run_frames
from .recipe_options import save_options, save_recipe, say
from .video import comes, run_video

if TYPE_CHECKING:
    from ..io.picture_file import PictureFile
    from ..recipe import Recipe


def opened(source: Path, target: Path) -> PictureFile:
    """A command's input, read; where it is large, ready to be read.

    Raises ValueError where it cannot be read, nothing be written to the output, or the output is the input.
    """
    from ..io.reading import read_large
    from ..io.targets import spare
    from ..io.writing import writer

    if not source.name:
        raise ValueError("the input's name is empty")
    writer(target)
    spare(target, [source])
    return read_large(source)


def goes_into_folder(target: Path) -> bool:
    """Whether an output is a folder that is there, into which a picture may go under a name of its own; a Zarr group is none."""
    from ..io import formats

    named_as_file = formats.writable(target.suffix)
    return target.is_dir() and not named_as_file and not any((target / name).exists() for name in ("zarr.json", ".zgroup", ".zarray"))


@contextlib.contextmanager
def through_pipes(arguments: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    """A command's input and output as files, where they are pipes for as long as this lasts. Raises ValueError as `opened`."""
    from ..io import formats, pipes
    from ..io.recognising import ending_of

    with pipes.as_file(arguments.input) as source:
        own = ending_of(source) if pipes.is_pipe(arguments.input) else source.suffix
        with pipes.to_file(arguments.output, own if formats.writable(own) else ".png") as target:
            yield source, target


def run_recipe(arguments: argparse.Namespace, recipe: Recipe) -> None:
    """Run a recipe on a command's input into its output.

    Raises ValueError before any work is done where that could not be written.
    """
    from ..batch.spec import BatchSpec, beside
    from ..io import pipes
    from ..io.process import check_target, process
    from ..io.save_options import SaveOptions
    from ..io.writing import left_out, writer
    from ..runtime import Runtime

    options = save_options(arguments)
    if video := comes(arguments):
        if options != SaveOptions() or arguments.dry_run:
            raise ValueError("a video goes on as it comes: options of saving, --frames, --print and --dry-run are for pictures")
        save_recipe(arguments, recipe, [])
        run_video(video, arguments, recipe)
        return
    if numbered(arguments):
        run_frames(arguments, recipe)
        return
    if goes_into_folder(arguments.output) and not pipes.is_pipe(arguments.input):
        arguments.output = beside(BatchSpec(source=arguments.input.parent, target=arguments.output, recipe=recipe), arguments.input)
    with through_pipes(arguments) as (source, target):
        options.check(writer(target))
        file = opened(source, target)
        size = check_target(recipe, file, source, target, options)
        if words := left_out(target, file, *size, options):
            say(f"{target} cannot hold of the picture: {words}")
        if arguments.dry_run:
            from ..batch.forecast import Forecaster

            print(f"{source} → {target}: {Forecaster(recipe, options).tell(source, target)}")
            return
        save_recipe(arguments, recipe, [source, target])
        with progress_bar(source.name) as progress:
            process(recipe, file, source, target, Runtime.of(progress=progress), say, options)
