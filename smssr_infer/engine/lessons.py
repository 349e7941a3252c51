"""A style that is learnt for the plug-in: told of from the first second on, and kept where the lesson is broken off."""

from __future__ import annotations

import contextlib
import contextvars
import threading
import time
from collections.abc import Callable

from ..textures import learning

TELLING = 0.5
"""Seconds between two answers."""

KEEPING = 120.0
"""Seconds that a style which is broken off has to be written in."""


def learn(wish: learning.Wish, tell: Callable[[float], None], begun: Callable[[], None], stopped: Callable[[], bool]) -> None:
    """Learn a style. Raises ValueError, as `learning.learn_style`.

    `tell(share)`: called every TELLING seconds, with what is done or, as long as nothing is, with the share of `wish.minutes` that has
    passed. `begun()`: called once there is something to keep. `stopped()`: whether it is to end now; what was learnt is kept, as after
    Ctrl-C in a terminal.
    """
    began, over = time.monotonic(), threading.Event()
    prepared = done = 0.0

    def passed() -> float:
        return min(1.0, (time.monotonic() - began) / (60 * wish.minutes))

    def report() -> None:
        with contextlib.suppress(OSError):  # nobody listens any more
            while not over.wait(TELLING):
                tell(max(done, passed()))

    def progress(share: float) -> None:
        nonlocal prepared, done
        prepared = prepared or passed()
        done = prepared + (1 - prepared) * share
        begun()
        if stopped():
            raise KeyboardInterrupt

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:  # outside the scope that was stopped: nothing could be written in there
        contextvars.Context().run(learning.learn_style, wish, progress)
    finally:
        over.set()
        reporter.join()
