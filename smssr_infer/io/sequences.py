"""A file of several pictures into another: an animation frame after frame, the pages of a TIFF one after the other."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from ..analysis.measurements import Measurements
from ..recipe import Recipe
from ..runtime import Runtime
from . import formats, frames, gif_xmp, keeps, masks, metadata, writing
from .animation_sink import AnimationSink, ApngSink, GifSink, PillowAnimationSink
from .errors import reason
from .frames import Animation
from .moving import Moving
from .picture_file import PictureFile
from .reading import page
from .save_options import SaveOptions
from .streaming import stream
from .temporary_file import TemporaryFile

Say = Callable[[str], None]


class Sequence:
    """A file of several pictures that is written but for its name; it appears whole or not at all."""

    kept = False

    def __init__(self, path: Path, partial: TemporaryFile, models: list[str]):
        self.path, self._partial, self.models = path, partial, models

    def finish(self) -> None:
        """Give the file its name. Raises ValueError where that cannot be."""
        with saying(self.path):
            self._partial.finish()

    def discard(self) -> None:
        """Leave nothing of it."""
        self._partial.leave()


@contextlib.contextmanager
def saying(path: Path) -> Iterator[None]:
    """Turn what the system says of a file into a ValueError that names it."""
    try:
        yield
    except OSError as error:
        raise ValueError(f"cannot write {path}: {reason(error)}") from error


def holds(file: PictureFile, target: Path) -> bool:
    """Whether a target's format holds all pictures of a file: an animation goes into an animation or into pages, pages into pages."""
    into = writing.writer(target).frames
    return into == "pages" or (into == "animation" and formats.of(file.format).frames == "animation")


def one(file: PictureFile, source: Path, number: int) -> PictureFile:
    """A file with one of its frames or pages alone, from 0 on."""
    if number == 0:
        return dataclasses.replace(file, frames=1)
    if file.format == "TIFF":
        return dataclasses.replace(page(source, number), frames=1)
    if formats.of(file.format).frames != "animation":
        raise ValueError(f"of {formats.of(file.format).called} only the first picture is read")
    (pixels,) = frames.animation(source).frames([number])
    return frames.still(file, pixels)


def begin(recipe: Recipe, file: PictureFile, source: Path, target: Path, runtime: Runtime, say: Say, options: SaveOptions,
          numbers: list[int]) -> Sequence:
    """What a recipe makes of those frames or pages, in a file that is left to be finished. Raises ValueError as `process.begin`."""
    if file.format == "TIFF":
        return _pages(recipe, source, target, runtime, say, options, ((number, page(source, number)) for number in numbers), len(numbers))
    found = frames.animation(source)
    remarks = []
    if found.cut:
        remarks += ["has frames that reach beyond its screen, where they are cut off"]
    if file.pixels.dtype != np.uint8:
        remarks += ["has more than 8 bits; its frames are read in 8"]
    first = frames.still(file, np.zeros((*file.pixels.shape[:2], 4 if found.transparent else 3), np.uint8))
    paged = writing.writer(target).frames == "pages"
    if paged:
        remarks += [f"is an animation; {target} holds its frames as pages, without their durations"]
    for words in remarks:
        say(f"{source} {words}")
    if paged:
        each = ((number, frames.still(file, pixels)) for number, pixels in zip(numbers, found.frames(numbers), strict=True))
        return _pages(recipe, source, target, runtime, say, options, each, len(numbers))
    return _animation(recipe, first, found, source, target, runtime, say, options, numbers)


def _pages(recipe: Recipe, source: Path, target: Path, runtime: Runtime, say: Say, options: SaveOptions,
           pages: Iterator[tuple[int, PictureFile]], count: int) -> Sequence:
    paged: writing.PagedFile | None = None
    models: list[str] = []
    try:
        for done, (number, file) in enumerate(pages):
            picture, share = file.picture(), runtime.share(done, count)
            size = recipe.size(picture.shape, writing.most_pixels(target))
            writing.check(target, file, *size, options)
            lost = writing.left_out(target, file, *size, options)
            for words in (*file.remarks, *([writing.not_kept(lost)] if lost else [])):
                if number:  # those of the first were said before
                    say(f"{source} {_on_page(number, words)}")
            share = dataclasses.replace(share, scratch=target.parent)
            result = masks.read_for(recipe, source, picture.shape, say).build(picture, share, Measurements(picture, share, file.jpeg))
            if paged is None:
                paged = writing.PagedFile(target, count * size[0] * size[1] * 4 * np.dtype(file.pixels.dtype).itemsize)
            output = writing.Output(target, file, *result.shape, options=options, pages=paged)
            try:
                stream(result, output)
                output.finish()
            except BaseException:
                output.discard()
                raise
            models += [name for name in result.models if name not in models]
    except BaseException:
        if paged:
            paged.partial.leave()
        raise
    assert paged
    return Sequence(target, paged.partial, models)


def _on_page(number: int, words: str) -> str:
    """What is said of one page. `number`: its own, from 0 on."""
    return f"on page {number + 1}: {words}"


def _animation(recipe: Recipe, first: PictureFile, found: Animation, source: Path, target: Path, runtime: Runtime, say: Say,
               options: SaveOptions, numbers: list[int]) -> Sequence:
    height, width = recipe.size((first.pixels.shape[0], first.pixels.shape[1]), writing.most_pixels(target))
    moving = Moving(masks.read_for(recipe, source, (first.pixels.shape[0], first.pixels.shape[1]), say), runtime, lively=options.lively)
    with saying(target):
        partial = TemporaryFile(target)
    try:
        sink: AnimationSink | None = None
        for done, (number, pixels) in enumerate(zip(numbers, found.frames(numbers), strict=True)):
            share = runtime.share(done, len(numbers)).progress
            rows = writing.converted(moving.next(pixels, share), writing.writer(target), first.icc, options)
            if sink is None:
                for words in moving.remarks:
                    say(f"{source} {words}")
                sink = _sink(partial, first.sized(height, width), rows, target, found, options, len(numbers))
            with saying(target):
                sink.add(rows, found.durations[number])
        assert sink
        with saying(target):
            sink.finish()
    except BaseException:
        partial.leave()
        raise
    return Sequence(target, partial, moving.models)


def _sink(partial: TemporaryFile, file: PictureFile, rows: np.ndarray, target: Path, found: Animation, options: SaveOptions,
          count: int) -> AnimationSink:
    """The sink of an animation whose first frame is `rows`."""
    format_, shape = writing.writer(target), (rows.shape[0], rows.shape[1], rows.shape[2])
    if options.dpi is not None:
        file = dataclasses.replace(file, dpi=(options.dpi, options.dpi))
    file = keeps.fitted(file, format_, shape[2])[0]
    if format_.name == "GIF":
        return GifSink(partial.stream, shape, found.loop, file.comment, shape[2] in (2, 4), gif_xmp.block(file.xmp))
    if format_.name == "PNG":
        return ApngSink(partial.stream, shape, rows.dtype, count, found.loop, icc=file.icc, dpi=file.dpi, colour=file.colour,
                        exif=file.exif.exif() if file.exif else None, level=options.level,
                        text=metadata.texts(file.text, file.xmp, file.iptc, file.comment))
    return PillowAnimationSink(partial.stream, shape, format_.name, found.loop,
                               keeps.pillow_options(file, format_) | options.for_pillow(format_, None))
