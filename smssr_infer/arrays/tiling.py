"""Cutting a picture into tiles and working on them in parallel, with progress and cancel."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar

import numpy as np
from threadpoolctl import threadpool_limits

from . import numbers, processors, stopping

Tile = tuple[int, int, int, int]
"""`(top, bottom, left, right)`, half-open."""

Check = Callable[[], None]
"""Called now and then; may raise to cancel."""

MOST_THREADS = 8

LEAST_TILE = 32
MOST_TILES = 1 << 16

_shared: ContextVar[tuple[int, int] | None] = ContextVar("_shared", default=None)


@contextlib.contextmanager
def shared(planned: int, hands: int) -> Iterator[None]:
    """Within, in this thread, pictures are cut as for `planned` threads, but only `hands` work on them at once.

    For a process that shares a machine with others: a picture's last bits depend on its tiles, so it cuts them as the others do.
    """
    token = _shared.set((planned, hands))
    try:
        yield
    finally:
        _shared.reset(token)


def cores() -> int:
    """How many processors this process may use, 8 at most: each works on a tile of its own, and tiles take memory."""
    if given := _shared.get():
        return given[0]
    return min(processors.available(), MOST_THREADS)


def useful(threads: int) -> int:
    """So many of `threads` that more would not help: no more than there are processors, or than are used unasked."""
    return min(threads, max(MOST_THREADS, processors.available()))


def hands(threads: int) -> int:
    """How many of `threads` may work at once here."""
    given = _shared.get()
    return min(threads, given[1]) if given else useful(threads)


def check(tile: int | None, threads: int | None) -> tuple[int | None, int | None]:
    """Both as Python's own numbers. Raises ValueError for a tile's side or a number of threads that cannot be."""
    plain = [value if value is None else numbers.whole(value) or 0 for value in (tile, threads)]
    for name, value, given in zip(("tile", "threads"), plain, (tile, threads), strict=True):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be a whole number, at least 1, not {numbers.shown(given)}")
    return plain[0], plain[1]


def cut(n: int, most: int) -> list[tuple[int, int]]:
    """0 … n in the fewest nearly equal spans of at most `most`."""
    count = -(-n // most)
    edges = [n * i // count for i in range(count + 1)]
    return list(zip(edges, edges[1:], strict=False))


def tiles(height: int, width: int, most: int) -> list[Tile]:
    """Tiles of at most `most` pixels a side that cover height × width, row by row.

    No smaller than LEAST_TILE, and no more than MOST_TILES: each costs its margin, and its place in the plan.
    """
    most = max(most, LEAST_TILE)
    while -(-height // most) * -(-width // most) > MOST_TILES:
        most *= 2
    return [(a, b, c, d) for a, b in cut(height, most) for c, d in cut(width, most)]


def around(windows: Sequence[Tile]) -> Tile:
    """The smallest window that holds all of these."""
    tops, bottoms, lefts, rights = zip(*windows, strict=True)
    return min(tops), max(bottoms), min(lefts), max(rights)


def spread(height: int, width: int, side: int, most: int) -> list[Tile]:
    """Windows of `side`² pixels, or less where the picture is smaller, spread over it: at most `most` down and across."""
    spans = [[(int(at), min(n, int(at) + side)) for at in np.unique(np.linspace(0, max(0, n - side), min(most, -(-n // side))).astype(int))]
             for n in (height, width)]
    return [(top, bottom, left, right) for top, bottom in spans[0] for left, right in spans[1]]


def plan(height: int, width: int, most: int, margin: int, threads: int) -> list[Tile]:
    """Tiles of at most most² pixels that finish soonest, row by row.

    Every tile is computed with `margin` pixels around it, and `threads` tiles at a time. So few large tiles are best, as many as keep
    every thread busy to the end.
    """
    threads = useful(threads)

    def cost(rows: int, columns: int) -> float:  # the time, and a quarter of the work: a tiny picture is not worth all cores
        tall, wide = -(-height // rows), -(-width // columns)
        one = (tall + 2 * margin) * (wide + 2 * margin)
        count = rows * columns
        return (-(-count // threads) + count / threads / 4) * one if tall * wide <= most**2 else math.inf

    def counts(n: int) -> range:
        return range(max(1, n // (2 * most)), min(n, 2 * (n // most) + threads) + 1)

    rows, columns = min(((r, c) for r in counts(height) for c in counts(width)), key=lambda grid: cost(*grid))
    return [(a, b, c, d) for a, b in cut(height, -(-height // rows)) for c, d in cut(width, -(-width // columns))]


_blas_lock = threading.Lock()
_blas_users: list[threadpool_limits] = []


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Within, BLAS uses one thread; the last of several threads to leave gives it back what it had."""
    with _blas_lock:
        _blas_users.append(_blas_users[0] if _blas_users else threadpool_limits(1, user_api="blas"))
    try:
        yield
    finally:
        with _blas_lock:
            limits = _blas_users.pop()
            if not _blas_users:
                limits.restore_original_limits()


def run(work: Callable[[Tile], None], todo: list[Tile], threads: int, progress: Callable[[float], None] | None) -> None:
    """Call `work` on every tile, `threads` at a time; `progress(done)` is told the share of pixels done, in the caller's thread.

    Whatever `progress` or `work` raises, and Ctrl-C, ends the run: tiles under way are stopped where they are, no other is started, and
    the exception goes on to the caller. BLAS is held to one thread meanwhile, because the tiles already keep every core busy.
    """
    run_in_order(lambda _, tile: work(tile), [todo], threads, lambda _: None, progress)


def run_in_order(work: Callable[[int, Tile], None], bands: Sequence[list[Tile]], threads: int, finished: Callable[[int], None],
                 progress: Callable[[float], None] | None) -> None:
    """As `run`, band after band: `work(i, tile)` for the tiles of band i, and `finished(i)` once all of them are done.

    `finished` is called in the caller's thread, from the first band to the last, while the band that follows is under way; no other is.
    """
    total = sum((b - a) * (d - c) for band in bands for a, b, c, d in band)
    done = begun = ready = 0
    left: list[int] = []
    with one_blas_thread(), ThreadPoolExecutor(hands(threads)) as pool, stopping.Scope() as scope:
        waiting: dict[Future[None], tuple[int, Tile]] = {}
        if progress:
            progress(0.0)
        while ready < len(bands):
            for number in range(begun, min(ready + 2, len(bands))):
                waiting |= {pool.submit(scope.run, work, number, tile): (number, tile) for tile in bands[number]}
                left.append(len(bands[number]))
                begun += 1
            for future in stopping.first_done(waiting):
                number, (a, b, c, d) = waiting.pop(future)
                future.result()
                left[number] -= 1
                done += (b - a) * (d - c)
            while ready < begun and not left[ready]:
                finished(ready)
                ready += 1
            if progress:
                progress(done / total)
