"""Ending work that is under way at once: after Ctrl-C, after a failure beside it, or when nobody wants its result any more.

Python hears signals in the main thread alone, and not while that thread is inside a library. So long calls run in other threads, in a
`Scope`, and say how they can be ended.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import ContextVar
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

HEARING = 0.5
"""A signal that comes just before the main thread begins to wait does not wake it; it is heard after so many seconds."""


class Stopped(BaseException):
    """The scope that this was done in has been stopped. As KeyboardInterrupt, it is no failure that may be caught and worked around."""


_current: ContextVar[Scope | None] = ContextVar("_current", default=None)


class Scope:
    """Work that can be stopped together, in whatever threads: what `run` runs, and the scopes opened within it.

    Use it as a context: what is raised in it stops what is still under way.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self._outer = contextlib.ExitStack()
        self.stopped = False

    def __enter__(self) -> Scope:
        self._outer.enter_context(ended_by(self.stop))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error:
            self.stop()
        self._outer.close()

    def stop(self) -> None:
        """End what is under way; what begins later raises Stopped. From any thread."""
        with self._lock:
            self.stopped = True
            ends = list(self._ends)
        for end in ends:
            end()

    def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """`work(*arguments)` in this scope, in the calling thread."""
        token = _current.set(self)
        try:
            check()
            return work(*arguments)
        finally:
            _current.reset(token)

    def add(self, end: Callable[[], None]) -> None:
        """Have `end` called when this is stopped. Raises Stopped where it is already."""
        with self._lock:
            if self.stopped:
                raise Stopped
            self._ends.append(end)

    def remove(self, end: Callable[[], None]) -> None:
        """The opposite of `add`."""
        with self._lock:
            self._ends.remove(end)


def check() -> None:
    """Raises Stopped where the scope around has been stopped."""
    scope = _current.get()
    if scope and scope.stopped:
        raise Stopped


@contextlib.contextmanager
def ended_by(end: Callable[[], None]) -> Iterator[None]:
    """Within, `end` is called, from another thread, when the scope around is stopped. Whatever is raised then becomes Stopped."""
    scope = _current.get()
    if not scope:
        yield
        return
    scope.add(end)
    try:
        yield
    except Exception as error:
        if scope.stopped:
            raise Stopped from error
        raise
    finally:
        scope.remove(end)


def interruptible(work: Callable[[], T]) -> T:
    """`work()`, which a signal can end although it is inside a library: the main thread leaves it to another one and waits."""
    if threading.current_thread() is not threading.main_thread():
        return work()
    with ThreadPoolExecutor(1) as pool, Scope() as scope:
        done, = first_done([pool.submit(scope.run, work)])
        return done.result()


def first_done(futures: Iterable[Future[T]]) -> set[Future[T]]:
    """Wait for the first of `futures`, however long it takes; those that are done. The main thread hears signals meanwhile."""
    while not (done := wait(futures, HEARING, FIRST_COMPLETED).done):
        pass
    return done
