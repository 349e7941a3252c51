"""What a batch would do, how long it would take, and how large its results would be: from their sizes, and one piece of a picture done."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from ..io import formats
from ..io.frames import chosen
from ..io.picture_file import PictureFile
from ..io.process import begin
from ..io.reading import frames_of, read_large, size_of
from ..io.save_options import SaveOptions
from ..io.writing import write
from ..recipe import Recipe
from ..runtime import Runtime
from ..steps import Enlarge

Size = tuple[int, int]

PIECE = 256
"""Pixels of a side of the piece that is done to see how long it takes."""


@dataclasses.dataclass(frozen=True)
class Forecast:
    """What would be made of one picture: how large both are, and seconds and bytes, as far as they can be told."""

    size: Size
    result_size: Size
    seconds: float
    nbytes: float

    def __str__(self) -> str:
        (height, width), (tall, wide) = self.size, self.result_size
        return f"{width}×{height} → {wide}×{tall}, about {duration(self.seconds)}, about {amount(self.nbytes)}"


class Forecaster:
    """Tells of one picture after the other; a piece is done of the first one of each format and the format of its result.

    How large a result's file is depends on the picture: for each pixel it is taken to be as much larger than the picture's own file as the
    piece's is than the piece saved as that file is.
    """

    def __init__(self, recipe: Recipe, options: SaveOptions):
        self._recipe, self._options = recipe, options
        self._paces: dict[tuple[str, str], tuple[float, float]] = {}
        """Seconds for each pixel of a result, and its bytes for each pixel against those of the picture, by both endings."""

    def tell(self, source: Path, target: Path) -> Forecast:
        """What would be made of a picture. Raises ValueError, in one line, for what cannot be."""
        size = size_of(source)
        result = self._recipe.size(size, 1 << 62)
        endings = source.suffix.lower(), target.suffix
        if endings not in self._paces:
            self._paces[endings] = self._pace(source, target, size, result)
        count = 1
        if (writer := formats.named(target.suffix)) and writer.frames and self._options.frames != "first":
            count = len(chosen(self._options.frames, frames_of(source)))
        pixels = count * result[0] * result[1]
        seconds, larger = self._paces[endings]
        return Forecast(size, result, seconds * pixels, larger * _density(source, size) * pixels)

    def _pace(self, source: Path, wanted: Path, size: Size, result: Size) -> tuple[float, float]:
        file = read_large(source)
        scale = Fraction(max(result), max(size))
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, f"piece{wanted.suffix}")
            for side in (PIECE // 4, PIECE):  # at first networks are loaded, which is done once
                began = time.monotonic()
                piece = _piece(file, side)
                longer = max(1, round(scale * max(piece.pixels.shape[:2])))
                steps = [dataclasses.replace(step, width=None, height=None, long_edge=longer, megapixels=None)
                         if isinstance(step, Enlarge) else step for step in self._recipe.steps]
                try:
                    output = begin(Recipe(*steps), piece, source, target, Runtime(), options=self._options)
                except ValueError as error:  # in its words the piece, of which nobody knows, is the result
                    raise ValueError(str(error).replace(str(target), str(wanted))) from error
                output.finish()
                seconds = time.monotonic() - began
            pixels = piece.pixels.shape[0] * piece.pixels.shape[1] * float(scale) ** 2
            saved = Path(folder, f"saved{source.suffix.lower()}")
            if not formats.writable(saved.suffix):
                return seconds / pixels, _nbytes(target) / pixels / _density(source, size)
            write(saved, piece, SaveOptions(quality=piece.jpeg))
            height, width = piece.pixels.shape[:2]
            return seconds / pixels, _nbytes(target) / pixels / (_nbytes(saved) / (height * width))


def _nbytes(path: Path) -> int:
    """Of a file, or of a folder with all that is in it."""
    return sum(one.stat().st_size for one in [path, *path.rglob("*")])


def _density(source: Path, size: Size) -> float:
    """A picture file's bytes for each pixel of all its frames."""
    return max(1, _nbytes(source)) / (size[0] * size[1] * frames_of(source))


def _piece(file: PictureFile, side: int) -> PictureFile:
    """The middle of a picture."""
    tops, lefts = (slice(max(0, n // 2 - side // 2), min(n, n // 2 + side - side // 2)) for n in file.pixels.shape[:2])
    return dataclasses.replace(file, frames=1, pixels=np.ascontiguousarray(file.pixels[tops, lefts]))


def duration(seconds: float) -> str:
    """`40 seconds`, `3 minutes`, `2.5 hours`."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.{0 if seconds >= 10 * length else 1}f} {unit}"
    return f"{max(1, round(seconds))} seconds"


def amount(nbytes: float) -> str:
    """`300 kB`, `4.2 MB`, `1.5 GB`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if nbytes >= size:
            return f"{nbytes / size:.1f} {unit}"
    return f"{max(1, round(nbytes / 1e3))} kB"


def told(recipe: Recipe, options: SaveOptions, pairs: Iterator[tuple[Path, Path]]) -> Iterator[tuple[Path, Path, Forecast | ValueError]]:
    """For each picture and result what would be, or why it cannot be."""
    forecaster = Forecaster(recipe, options)
    for source, target in pairs:
        try:
            yield source, target, forecaster.tell(source, target)
        except ValueError as error:
            yield source, target, error
