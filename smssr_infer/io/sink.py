"""Where the rows of a picture go, from its top down: into a file that grows with them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

import numpy as np

from ..arrays import tiling

T = TypeVar("T")


class Sink(ABC):
    """A picture file that is being written. From one thread."""

    rows = 1
    """Every `put` but the last gets a multiple of so many rows."""

    @abstractmethod
    def put(self, rows: np.ndarray) -> None:
        """The next rows, `[n, W, C]`; they are the sink's from now on. Waits until those before are encoded, so that memory is bounded."""

    @abstractmethod
    def finish(self) -> None:
        """Wait for the last rows, and write what follows them."""

    def abandon(self) -> None:  # noqa: B027 - most have nothing to give up
        """Give up, with what is under way finished."""


class Notes(ValueError):
    """What an earlier run noted does not fit the file that it left."""


class ResumableSink(Sink):
    """A sink that resumes what an earlier run left: it is given that run's notes, and raises `Notes` where they are not true."""

    done = 0
    """How many rows are in the file."""

    @abstractmethod
    def note(self) -> dict[str, Any]:
        """What has come into the file since the last note, once all of that is on the disk: for the journal."""


def rows_of(note: dict[str, Any], before: int, step: int, height: int) -> int:
    """To which row a note says that the file is filled, `before` being what the one before says. Raises `Notes` where it cannot be."""
    rows = note.get("rows")
    if type(rows) is not int or not before < rows <= height or (rows % step and rows != height):
        raise Notes
    return rows


class InOrder(Generic[T]):
    """Work done in threads, whose results are taken one after the other in the order in which it was given."""

    def __init__(self, take: Callable[[T], None]):
        self._take = take
        self._pool = ThreadPoolExecutor(tiling.hands(tiling.cores()))
        self._waiting: list[Future[T]] = []

    def put(self, work: Iterable[Callable[[], T]]) -> None:
        """Take the results of what was put before, once they are there; then begin with this."""
        self.drain()
        self._waiting = [self._pool.submit(part) for part in work]

    def drain(self) -> None:
        """Take all results."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            self._take(future.result())

    def close(self) -> None:
        """Take all results, and end the threads."""
        try:
            self.drain()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def abandon(self) -> None:
        """End the threads; what is left is not taken."""
        self._waiting = []
        self._pool.shutdown(cancel_futures=True)
