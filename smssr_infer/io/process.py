"""One picture file into another by a recipe: the one way that a command, a folder and a cluster take."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from ..analysis.measurements import Measurements
from ..networks import external
from ..recipe import Recipe
from ..runtime import Runtime
from . import formats, frames, inks, masks, sequences, sidecar
from .fingerprint import stamp
from .picture_file import NUMBERLESS, PictureFile
from .profiles import SRGB_OF_CMYK
from .save_options import SaveOptions
from .sequences import Sequence
from .streaming import stream
from .targets import spare
from .writing import USUAL, Output, check, most_pixels


def check_target(recipe: Recipe, file: PictureFile, source: Path, target: Path, options: SaveOptions = USUAL) -> tuple[int, int]:
    """Height and width of what will be written. Raises ValueError, in one line, where that cannot be, or is a file that is read."""
    size = recipe.size((file.pixels.shape[0], file.pixels.shape[1]), most_pixels(target))
    check(target, file, *size, options)
    spare(target, [source, *reads(recipe, source)])
    return size


def reads(recipe: Recipe, source: Path | None = None) -> list[Path]:
    """The files that a recipe reads: masks (those for `source`), external models, and what is said of these beside."""
    graphs = [Path(name) for step in recipe.steps if (name := getattr(step, "model", None)) and external.is_file(str(name))]
    return [*(mask.file(source) if source else mask.path for mask in masks.files(recipe)),
            *(path for graph in graphs for path in (graph, external.beside(graph)))]


def begin(recipe: Recipe, file: PictureFile, source: Path, target: Path, runtime: Runtime,
          say: Callable[[str], None] = lambda words: None, options: SaveOptions = USUAL) -> Output | Sequence:
    """What a recipe makes of a picture, computed into a file that is left to be finished. `say`: told what a user should know.

    Raises ValueError, in one line, where that cannot be. What the runtime's progress raises cancels the work.
    """
    check_target(recipe, file, source, target, options)
    kept = options.cmyk == "keep" and SRGB_OF_CMYK in file.remarks
    if kept:
        file.remarks = tuple(words for words in file.remarks if words != SRGB_OF_CMYK)  # nor does a batch say so
    for words in file.remarks:
        say(f"{source} {words}")
    if options.sidecar and sidecar.damaged(source):
        say(f"{source}: {sidecar.DAMAGED}")
    if kept:
        return inks.begin(recipe, file, source, target, runtime, say, options)
    if file.frames > 1:
        numbers = frames.chosen(options.frames, file.frames)
        if len(numbers) > 1 and sequences.holds(file, target):
            return sequences.begin(recipe, file, source, target, runtime, say, options, numbers)
        if len(numbers) > 1:
            say(f"{source} {_first_alone(file, target)}")
        file = sequences.one(file, source, numbers[0])
        check_target(recipe, file, source, target, options)
    picture = file.picture()
    recipe = masks.read_for(recipe, source, picture.shape, say)
    runtime = dataclasses.replace(runtime, scratch=target.parent)
    first = Measurements(picture, runtime, file.jpeg)
    result = recipe.build(picture, runtime, first)
    for words in result.remarks:
        say(f"{source} {words}")
    output = Output(target, file, *result.shape,
                    fingerprint=stamp(recipe.fingerprint, *result.fingerprints, source, options), options=options)
    output.models = result.models
    try:
        stream(result, output)
    except BaseException as error:
        output.discard()
        if output.kept and isinstance(error, (KeyboardInterrupt, ValueError)):
            begun = "cancelled" if isinstance(error, KeyboardInterrupt) else str(error)
            raise type(error)(f"{begun}; what is done is kept, and the same command resumes it") from error
        raise
    if file.numberless and NUMBERLESS not in file.remarks:  # which of a large file is known only now
        say(f"{source} {NUMBERLESS}")
    return output


def _first_alone(file: PictureFile, target: Path) -> str:
    """What to say of a picture whose result holds its first frame only."""
    return f"has {file.frames} frames; {target} holds the first alone{_instead(file)}"


def _instead(file: PictureFile) -> str:
    """What to write for all frames, where anything holds them."""
    frames_as = formats.of(file.format).frames
    if frames_as == "animation":
        return ": write .gif, .png, .webp or .tif for all"
    return ": write .tif for all" if frames_as == "pages" else ""


def process(recipe: Recipe, file: PictureFile, source: Path, target: Path, runtime: Runtime, say: Callable[[str], None],
            options: SaveOptions = USUAL) -> None:
    """As `begin`, and the file is finished."""
    output = begin(recipe, file, source, target, runtime, say, options)
    try:
        finish(output, source, options)
    except BaseException:
        output.discard()
        raise


def finish(output: Output | Sequence, source: Path, options: SaveOptions) -> None:
    """Give a result its name, and where that is wanted the date of its picture. Raises ValueError where that cannot be."""
    output.finish()
    if options.sidecar:
        sidecar.copy(source, output.path)
    if options.keep_date:
        with contextlib.suppress(OSError):  # the picture may be gone by now, and its result is there
            state = source.stat()
            os.utime(output.path, ns=(state.st_atime_ns, state.st_mtime_ns))
