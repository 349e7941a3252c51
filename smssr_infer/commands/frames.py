"""Frames that lie in numbered files, one after the other: what stands still between two of them is copied."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import progress_bar
from .recipe_options import save_options, save_recipe, say

if TYPE_CHECKING:
    from ..io.picture_file import PictureFile
    from ..recipe import Recipe


def numbered(arguments: argparse.Namespace) -> bool:
    """Whether a command's input or output stands for numbered files."""
    from ..io.numbered import is_numbered

    return is_numbered(arguments.input) or is_numbered(arguments.output)


def run_frames(arguments: argparse.Namespace, recipe: Recipe) -> None:
    """Run a recipe on numbered files, or into them. Raises ValueError, in one line, where that cannot be; what is done by then stays."""
    import numpy as np

    from ..batch import forecast
    from ..io import masks, targets
    from ..io.moving import Moving
    from ..io.numbered import is_numbered, named
    from ..io.process import check_target, finish
    from ..io.writing import Output, writer
    from ..runtime import Runtime

    options, source, out = save_options(arguments), arguments.input, arguments.output
    if options.cmyk == "keep":
        raise ValueError("--cmyk keep is for single pictures")
    todo = _sources(source, options.frames)
    if is_numbered(out):
        results = {number: named(out, number) for number in todo}
    elif out.is_dir() and is_numbered(source):
        results = {number: out / path.name for number, path in todo.items()}
    else:
        raise ValueError(f"frames in numbered files become numbered files, such as {out.stem}-%04d.png, or go into a folder; not {out}")
    options.check(writer(next(iter(results.values()))))
    if arguments.dry_run:
        pairs = ((path, results[number]) for number, path in todo.items())
        for path, target, told in forecast.told(recipe, dataclasses.replace(options, frames="first"), pairs):
            print(f"{path} → {target}: {told}")
        return
    moving: Moving | None = None
    with progress_bar(source.name) as progress:
        runtime = Runtime.of(progress=progress)
        for done, (number, file) in enumerate(_read(source, todo)):
            path, target = todo[number], results[number]
            height, width = check_target(recipe, file, path, target, options)
            targets.spare(target, [path, *todo.values()])
            if moving is None:
                shape = file.pixels.shape
                save_recipe(arguments, recipe, [path, target])
                read = masks.read_for(recipe, path, (shape[0], shape[1]), say)
                moving = Moving(read, runtime, file.jpeg, lively=options.lively)
            if file.pixels.shape != shape:
                tall, wide = file.pixels.shape[:2]
                raise ValueError(f"{path} has {wide}×{tall} pixels, or channels, unlike the frames before it")
            made = moving.next(np.asarray(file.pixels), runtime.share(done, len(todo)).progress)
            for words in (*file.remarks, *moving.remarks) if done == 0 else ():
                say(f"{path} {words}")
            output = Output(target, file, height, width, options=options)
            try:
                output.put(made)
                finish(output, path, options)
            except BaseException:
                output.discard()
                raise


def _sources(source: Path, wanted: str) -> dict[int, Path]:
    """The file of each frame that is wanted, by its number."""
    from ..io import numbered
    from ..io.frames import chosen
    from ..io.reading import frames_of

    if numbered.is_numbered(source):
        return numbered.chosen(wanted, numbered.found(source))
    return {number + 1: source for number in chosen(wanted, frames_of(source))}


def _read(source: Path, todo: dict[int, Path]) -> Iterator[tuple[int, PictureFile]]:
    """Each frame with its number."""
    from ..io import frames
    from ..io.reading import page, read

    if any(path != source for path in todo.values()):
        yield from ((number, read(path)) for number, path in todo.items())
        return
    file = read(source)
    if file.format == "TIFF":
        yield from ((number, page(source, number - 1)) for number in todo)
        return
    found = frames.animation(source).frames([number - 1 for number in todo])
    yield from ((number, frames.still(file, pixels)) for number, pixels in zip(todo, found, strict=True))
