"""A Dask array as a picture: windows of it as tasks of a graph, and what is measured of it where its blocks are."""

from __future__ import annotations

import bisect
import functools
import importlib.util
import itertools
import math
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ..analysis.cell_sums import CELL, Measure, of_window
from ..arrays import tiling
from ..arrays.node import within
from ..arrays.pixels import Picture
from ..arrays.resampled import Resampled

MEASURED = 128 * CELL
"""Pixels to a side of the windows in which a picture is measured."""

Window = tiling.Tile


class Part(Picture):
    """A window of a picture, read in the whole picture's coordinates."""

    def __init__(self, pixels: np.ndarray, corner: tuple[int, int], shape: tuple[int, int]):
        """`corner`: row and column of `pixels[0, 0]` in the whole, which has `shape`."""
        super().__init__(pixels)
        self.shape, self._corner = shape, corner
        if self.alpha and not (self.array[..., -1] > 0).any():  # the whole shows something elsewhere: hidden colours travel apart
            self._nearest = np.indices(self.array.shape[:2])

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes of a window, the caller's own to write to."""
        row, column = self._corner
        return super().read(top - row, bottom - row, left - column, right - column)

    def window(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The pixels of a window as they are."""
        row, column = self._corner
        return super().window(top - row, bottom - row, left - column, right - column)


class Blocks:
    """A Dask array as a picture: its shape and kind, and a source of what is measured of it when a graph is made."""

    def __init__(self, array: Any):
        """Raises ValueError, in one line, for what is no picture, or where dask is missing."""
        if importlib.util.find_spec("dask") is None:
            raise ValueError("lazy pictures need the package dask: pip install 'smssr[dask]'")
        import dask.array as da

        if not isinstance(array, da.Array):
            raise ValueError(f"smssr_infer.lazy takes a Dask array, not {type(array).__name__}: dask.array.from_array makes one of NumPy's")
        if any(math.isnan(n) for n in array.shape):
            raise ValueError("the array's chunks are of unknown size; call its compute_chunk_sizes() first")
        if not all(array.shape):
            raise ValueError(f"the picture is empty (shape {array.shape})")
        self.array = array.rechunk({2: -1}) if array.ndim == 3 else array
        sample = np.zeros((1, 1, *array.shape[2:]) if array.ndim in (2, 3) else array.shape[:0] or (1,), array.dtype)
        self.like = Part(sample, (0, 0), array.shape[:2])
        """A picture of its shape and kind, not to be read."""
        self.shape, self.colours = self.like.shape, self.like.colours

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes of a window, computed now."""
        return Part(self.array[top:bottom, left:right].compute(), (top, left), self.shape).read(top, bottom, left, right)

    def sums(self, measure: Measure, margin: int) -> np.ndarray:
        """What `analysis.cell_sums.sums` returns, computed now, where the blocks are."""
        return self.measured(measure, margin, self.shape)

    def of_size(self, height: int, width: int) -> ResizedBlocks:
        """The same picture resampled to another size."""
        return ResizedBlocks(self, height, width)

    def measured(self, measure: Measure, margin: int, size: tuple[int, int]) -> np.ndarray:
        """The sums of the picture resampled to `size`."""
        edges = [list(itertools.pairwise([*range(0, n, MEASURED), n])) for n in size]
        resampled = Resampled(self.like, *size)

        def tasks() -> Iterator[Task]:
            for (i, rows), (j, columns) in itertools.product(*map(enumerate, edges)):
                wide = within(size, (rows[0] - margin, rows[1] + margin), (columns[0] - margin, columns[1] + margin))
                need = wide if size == self.shape else resampled.reads(*wide)
                work = functools.partial(_measured, corner=need[::2], shape=self.shape, size=size, measure=measure, margin=margin,
                                         window=(*rows, *columns))
                yield (0, i, j), work, [(self.array, need)]

        planes = len(measure(np.zeros((2 * margin + 1, 2 * margin + 1), np.float32)))
        cells = [tuple(-(-(hi - lo) // CELL) for lo, hi in spans) for spans in edges]
        return assembled(f"smssr-sums-{uuid.uuid4().hex}", tasks(), ((planes,), *cells), np.dtype(np.float32)).compute()


class ResizedBlocks:
    """A Dask array as a picture that is measured in another size."""

    def __init__(self, blocks: Blocks, height: int, width: int):
        self._blocks, self.shape, self.colours = blocks, (height, width), blocks.colours

    def sums(self, measure: Measure, margin: int) -> np.ndarray:
        """What `analysis.cell_sums.sums` returns, computed now, where the blocks are."""
        return self._blocks.measured(measure, margin, self.shape)

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The planes of a window, computed now."""
        return Resampled(self._blocks, *self.shape).read(top, bottom, left, right)


def _measured(pieces: list[list[np.ndarray]], *, corner: tuple[int, int], shape: tuple[int, int], size: tuple[int, int], measure: Measure,
              margin: int, window: Window) -> np.ndarray:
    part = Part(joined(pieces), corner, shape)
    with tiling.one_blas_thread():
        return of_window(part if size == shape else Resampled(part, *size), measure, margin, window)


Task = tuple[tuple[int, ...], Callable[..., np.ndarray], list[tuple[Any, Window]]]
"""A block's index, what computes it, and of which arrays it is given which windows, in pieces."""


def assembled(name: str, tasks: Iterable[Task], chunks: tuple[tuple[int, ...], ...], dtype: np.dtype, common: Any = None) -> Any:
    """The Dask array of those blocks. `common`: something that every task is given last."""
    import dask.array as da
    from dask.highlevelgraph import HighLevelGraph

    graph: dict[Any, Any] = {}
    sources = {}
    if common is not None:
        graph[f"{name}-common"] = common
    for index, work, windows in tasks:
        pieces = []
        for number, (array, window) in enumerate(windows):
            sources[array.name] = array
            pieces.append(_pieces(graph, f"{name}-piece{number}", array, window))
        graph[name, *index] = (work, *pieces) if common is None else (work, *pieces, f"{name}-common")
    layers = HighLevelGraph.from_collections(name, graph, list(sources.values()))
    return da.Array(layers, name, chunks, meta=np.empty((0,) * len(chunks), dtype))


def _pieces(graph: dict[Any, Any], name: str, array: Any, window: Window) -> list[list[Any]]:
    """Keys of the pieces of chunks that make up a window, row by row; the tasks that cut them out go into `graph`."""
    found: list[list[Any]] = []
    for i, down in _overlapping(array.chunks[0], window[:2]):
        found.append([])
        for j, across in _overlapping(array.chunks[1], window[2:]):
            key = name, i, down.start, down.stop, j, across.start, across.stop
            graph[key] = (functools.partial(_cut, down=down, across=across), (array.name, i, j, *(0,) * (array.ndim - 2)))
            found[-1].append(key)
    return found


def _cut(chunk: np.ndarray, *, down: slice, across: slice) -> np.ndarray:
    return chunk[down, across]


def _overlapping(chunks: tuple[int, ...], span: tuple[int, int]) -> Iterator[tuple[int, slice]]:
    """The chunks that a span touches, and which part of each."""
    ends = _ends(chunks)
    for number in range(bisect.bisect_right(ends, span[0]), bisect.bisect_left(ends, span[1]) + 1):
        begin = ends[number] - chunks[number]
        yield number, slice(max(0, span[0] - begin), min(chunks[number], span[1] - begin))


@functools.lru_cache(maxsize=16)
def _ends(chunks: tuple[int, ...]) -> list[int]:
    """Where chunks end."""
    return list(itertools.accumulate(chunks))


def joined(pieces: list[list[np.ndarray]]) -> np.ndarray:
    """A window from its pieces."""
    return np.concatenate([np.concatenate(row, axis=1) for row in pieces])


def edges(chunks: tuple[int, ...]) -> list[tuple[int, int]]:
    """Where chunks begin and end."""
    return list(itertools.pairwise([0, *itertools.accumulate(chunks)]))
