"""A large picture's answer in bands of rows, each of which can be computed by itself.

The bands are made of the tiles that the whole would be computed in, so that they are the whole to the last bit.
"""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np

from ..disk.kinds import kind_of
from ..disk.picture_file import PictureFile
from ..disk.writing import check, write
from ..planes import tiling
from ..planes.pixels import Picture
from ..stages.condition import seen
from ..stages.enlargement import Enlargement
from ..stages.plan import check_scale
from ..stages.restoration import Restoration
from .jobs import Job, Order


@dataclasses.dataclass(frozen=True)
class Large:
    """What is known of a large picture's answer before it is computed."""

    answer: PictureFile
    """The answer without its pixels."""
    shape: tuple[int, ...]
    dtype: np.dtype
    kind: str
    """As what it is enlarged: `clean` or `photo`."""
    bands: tuple[tuple[tiling.Tile, ...], ...]
    """Its tiles, those of the same rows together."""


def _stage(pixels: np.ndarray, kind: str, order: Order, job: Job) -> Enlargement | Restoration:
    """What computes the answer's windows, as `api.upscale` and `api.restore` do."""
    picture = Picture(pixels)
    if order.enlarges:
        condition = seen(picture, kind) if order.model is None else None
        return Enlargement(picture, *check_scale(order.scale, *picture.shape), order.model, order.bands, condition=condition)
    return Restoration(picture, **order.restoring.arguments(job.source), model=order.cleaner)


def look(picture: PictureFile, job: Job, order: Order) -> Large:
    """What a picture's answer will be. Raises ValueError, in one line, where it cannot be."""
    size = picture.pixels.shape[:2]
    height, width = check_scale(order.scale, *size) if order.enlarges else size
    check(job.target, picture, height, width)
    kind = kind_of(picture, order.picture)
    if order.picture == "auto" and order.restoring.clean:
        kind = "clean"  # it is cleaned before
    stage = _stage(picture.pixels, kind, order, job)
    rows = [tuple(group) for _, group in itertools.groupby(stage.tiles(tiling.cores()), key=lambda tile: tile[0])]
    shape = (height, width, *picture.pixels.shape[2:])
    empty = np.broadcast_to(np.zeros((), picture.pixels.dtype), shape)  # of the answer's shape, without its memory
    answer = dataclasses.replace(picture.with_pixels(empty), pixels=np.empty(0, picture.pixels.dtype))
    return Large(answer, shape, picture.pixels.dtype, kind, tuple(rows))


def band(pixels: np.ndarray, kind: str, order: Order, job: Job, tiles: tuple[tiling.Tile, ...]) -> np.ndarray:
    """Tiles of the same rows, side by side over the whole width: `[rows, W]` or `[rows, W, C]` of the picture's kind."""
    stage = _stage(pixels, kind, order, job)
    top, bottom, left, right = *tiles[0][:2], tiles[0][2], tiles[-1][3]
    out = Picture(pixels).blank(bottom - top, right - left)

    def work(tile: tiling.Tile) -> None:
        stage.write(tile, out, tile[0] - top, tile[2] - left)

    try:
        tiling.run(work, list(tiles), tiling.cores(), None)
    finally:
        stage.release()
    return out


class Gathered:
    """A file of an answer whose rows come from the top down."""

    def __init__(self, path: Path, large: Large):
        self._path, self._answer = path, large.answer
        self._pixels = np.empty(large.shape, large.dtype)
        self._row = 0

    def put(self, rows: np.ndarray) -> None:
        """The next rows."""
        self._pixels[self._row:self._row + len(rows)] = rows
        self._row += len(rows)

    def finish(self) -> None:
        """The last row is there. Raises ValueError, in one line, where the file cannot be written."""
        write(self._path, dataclasses.replace(self._answer, pixels=self._pixels))
