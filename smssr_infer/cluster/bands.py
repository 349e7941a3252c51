"""A large picture's answer in bands of rows, each of which can be computed by itself.

The bands are those in which one machine alone would compute it, so that they are the same to the last bit.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from ..analysis.degradation import Degradation
from ..arrays import tiling
from ..arrays.pixels import RANGE
from ..batch.run import answer_of, check_job, degradation_for
from ..batch.spec import BatchSpec, Job
from ..io.picture_file import PictureFile
from ..io.streaming import planned
from ..io.writing import Output, rows_of
from ..nodes.result import Result


@dataclasses.dataclass(frozen=True)
class Large:
    """What is known of a large picture's answer before it is computed."""

    metadata: PictureFile
    """The picture without its pixels, but for one."""
    size: tuple[int, int]
    """Height and width of the picture."""
    shape: tuple[int, int]
    """Height and width of the answer."""
    degradation: Degradation | None
    """As what it is enlarged."""
    bands: tuple[tuple[tiling.Tile, ...], ...]
    """The answer's tiles, those of a band together."""

    def output(self, path: Path, fingerprint: str) -> Output:
        """The answer's file, to be filled. Raises ValueError, in one line, where it cannot be written."""
        one = np.asarray(self.metadata.pixels)
        pixels = np.broadcast_to(one, (*self.size, *one.shape[2:]))  # of the picture's shape, without its memory
        return Output(path, dataclasses.replace(self.metadata, pixels=pixels), *self.shape, fingerprint=fingerprint)


def look(file: PictureFile, job: Job, spec: BatchSpec) -> Large:
    """What a picture's answer will be. Raises ValueError, in one line, where it cannot be."""
    shape = check_job(file, job, spec)
    picture = file.picture()
    degradation = degradation_for(picture, file.jpeg, spec)
    answer = answer_of(picture, job, spec, degradation)
    bands = tuple(tuple(tiles) for tiles in planned(answer, rows_of(job.target)))
    height, width = file.pixels.shape[:2]
    opaque = np.full((1, 1, *file.pixels.shape[2:]), 0 if file.transparent else RANGE[file.pixels.dtype], file.pixels.dtype)
    return Large(dataclasses.replace(file, pixels=opaque), (height, width), shape, degradation, bands)


def band(answer: Result, tiles: tuple[tiling.Tile, ...]) -> np.ndarray:
    """A band of an answer: `[rows, W]` or `[rows, W, C]` of the picture's kind."""
    top, bottom = tiles[0][0], tiles[-1][1]
    out = answer.picture.blank(bottom - top, answer.shape[1])
    try:
        tiling.run(lambda tile: answer.write(tile, out, tile[0] - top, tile[2]), list(tiles), tiling.cores(), None)
    finally:
        answer.release()
    return out
