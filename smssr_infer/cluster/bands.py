"""A large picture's result in bands of rows, each of which can be computed by itself.

The bands are those in which one machine alone would compute it, so that they are the same to the last bit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..analysis.measurements import Measurements
from ..arrays import tiling
from ..arrays.pixels import RANGE, Picture
from ..batch.spec import BatchSpec, Job
from ..io import masks
from ..io.picture_file import PictureFile
from ..io.process import check_target
from ..io.save_options import SaveOptions
from ..io.streaming import planned
from ..io.writing import Output, rows_of
from ..nodes.result import Result
from ..recipe import Recipe
from ..runtime import Runtime
from ..steps import Enlarge, Fill, Grain, Origin, Restore


@dataclasses.dataclass(frozen=True)
class Large:
    """What is known of a large picture's result before it is computed."""

    metadata: PictureFile
    """The picture without its pixels, but for one."""
    size: tuple[int, int]
    """Height and width of the picture."""
    shape: tuple[int, int]
    """Height and width of the result."""
    found: Mapping[str, object]
    """What was found out of it, as far as that was asked for."""
    bands: tuple[tuple[tiling.Tile, ...], ...]
    """The result's tiles, those of a band together."""

    def output(self, path: Path, fingerprint: str, options: SaveOptions) -> Output:
        """The result's file, to be filled. Raises ValueError, in one line, where it cannot be written."""
        one = np.asarray(self.metadata.pixels)
        pixels = np.broadcast_to(one, (*self.size, *one.shape[2:]))  # of the picture's shape, without its memory
        return Output(path, dataclasses.replace(self.metadata, pixels=pixels), *self.shape, fingerprint, options)


def possible(recipe: Recipe) -> bool:
    """Whether the result can be computed in bands: what its last part needs of the whole picture is told to each, and the parts before keep
    the picture's size."""
    *before, last = recipe.parts()
    return (all(isinstance(step, (Fill, Restore, Enlarge, Grain)) for step in last.steps)
            and not any(isinstance(step, Enlarge) for part in before for step in part.steps))


def look(file: PictureFile, job: Job, spec: BatchSpec) -> Large:
    """What a picture's result will be. Raises ValueError, in one line, where it cannot be."""
    shape = check_target(spec.recipe, file, job.source, job.target, spec.options)
    picture = file.picture()
    result, measured = _last(spec.recipe, job, picture, file.jpeg, {})
    bands = tuple(tuple(tiles) for tiles in planned(result, rows_of(job.target)))
    height, width = file.pixels.shape[:2]
    opaque = np.full((1, 1, *file.pixels.shape[2:]), 0 if file.transparent else RANGE[file.pixels.dtype], file.pixels.dtype)
    return Large(dataclasses.replace(file, pixels=opaque), (height, width), shape, measured.found(), bands)


def _last(recipe: Recipe, job: Job, picture: Picture, jpeg: int | None, found: Mapping[str, object]) -> tuple[Result, Measurements]:
    """What the recipe's last part makes of what the parts before have made, and what was measured on the way."""
    runtime = Runtime()
    first = Measurements(picture, runtime, jpeg)
    first.take(found)
    *before, last = masks.read_for(recipe, job.source, picture.shape).resolved(first).parts()
    origin = Origin(first, cleaned=any(isinstance(step, Restore) and step.cleans for part in before for step in part.steps))
    return last.build(picture, runtime, None if before else first, origin), first


def band(spec: BatchSpec, job: Job, picture: Picture, plan: Large, tiles: tuple[tiling.Tile, ...]) -> np.ndarray:
    """A band of a result: `[rows, W]` or `[rows, W, C]` of the picture's kind. `picture`: what the parts before the last have made."""
    result, _ = _last(spec.recipe, job, picture, plan.metadata.jpeg, plan.found)
    top, bottom = tiles[0][0], tiles[-1][1]
    out = result.picture.blank(bottom - top, result.shape[1])
    try:
        tiling.run(lambda tile: result.write(tile, out, tile[0] - top, tile[2]), list(tiles), result.runtime.threads, None)
    finally:
        result.release()
    return out
