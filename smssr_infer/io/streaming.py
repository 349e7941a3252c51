"""From what a task computes into a file: rows are encoded and written while those below them are computed, in bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from .. import files
from ..arrays import tiling
from ..arrays.large import LargePicture, in_memory
from ..arrays.pixels import Picture
from ..nodes.result import Result
from .picture_file import PictureFile
from .writing import Output

BAND = 24 << 20
"""Bytes of the rows that are computed together, and then encoded; three such bands are in memory."""

LEAST_ROWS = 256
"""Fewer rows together would cost too much around their tiles."""

HELD = 1 << 29
"""What has more bytes than this is kept in a file while it is read again and again."""


def planned(answer: Result, rows: int) -> list[list[tiling.Tile]]:
    """The tiles of an answer in bands of nearly equal height, each of a multiple of `rows` rows but the last, from the top down."""
    height, width = answer.shape
    count = -(-height // max(LEAST_ROWS, BAND // answer.row_bytes))
    tall = -(-height // (count * rows)) * rows
    threads = tiling.cores()
    return [answer.tiles(threads, (top, min(height, top + tall), 0, width)) for top in range(0, height, tall)]


def stream(answer: Result, output: Output, progress: Callable[[float], None] | None = None) -> None:
    """Compute all of an answer that a file does not hold yet, and put it there; the file is left to be finished.

    What `progress` raises cancels the work.
    """
    bands = [tiles for tiles in planned(answer, output.rows) if tiles[0][0] >= output.done]
    made: dict[int, np.ndarray] = {}

    def work(number: int, tile: tiling.Tile) -> None:
        top, bottom = bands[number][0][0], bands[number][-1][1]
        out = made.setdefault(number, answer.picture.blank(bottom - top, answer.shape[1]))  # the first tile's; empty ones cost nothing
        answer.write(tile, out, tile[0] - top, tile[2])

    try:
        tiling.run_in_order(work, bands, tiling.cores(), lambda number: output.put(made.pop(number)), progress)
    finally:
        answer.release()


def held(answer: Result, folder: Path, progress: Callable[[float], None] | None = None) -> Picture:
    """All of an answer, to be read again and again: in memory, or what is too large for it in a file in `folder` that has no name.

    Raises ValueError, in one line, where there is no room for that file.
    """
    height, width = answer.shape
    if height * answer.row_bytes < HELD:
        return in_memory(answer.whole(progress=progress))
    blank = answer.picture.blank(0, width)
    size = height * answer.row_bytes
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".smssr-") as file:
            files.reserve(cast(BinaryIO, file), size)
            pixels = np.memmap(file, blank.dtype, "r+", shape=(height, *blank.shape[1:]))
    except OSError as error:
        raise ValueError(f"cannot keep the enlargement, {size / 1e6:.0f} MB, in {folder}: {error.strerror}") from error
    return LargePicture(answer.whole(progress=progress, out=pixels).reshape(height, width, -1))


def to_file(answer: Result, path: Path, picture: PictureFile, progress: Callable[[float], None] | None = None,
            fingerprint: str | None = None) -> None:
    """Compute all of an answer into a file with `picture`'s metadata. Raises ValueError, in one line, where it cannot be written.

    `fingerprint`: as `Output` has it.
    """
    output = Output(path, picture, *answer.shape, fingerprint)
    try:
        stream(answer, output, progress)
        output.finish()
    except BaseException as error:
        output.discard()
        if output.kept and isinstance(error, (KeyboardInterrupt, ValueError)):
            begun = "cancelled" if isinstance(error, KeyboardInterrupt) else str(error)
            raise type(error)(f"{begun}; what is done is kept, and the same command goes on with it") from error
        raise
