"""Requests that wait until the one under way is done: so many, and no more. Whoever has another one has to wait himself."""

from __future__ import annotations

import collections
import select
import threading
from typing import Any, BinaryIO

Frame = tuple[dict[str, Any], bytes]

MOST = 10_000
MOST_BYTES = 256 << 20
"""Of all of them; a single request may have more."""

PARSED = 8
"""Bytes of memory for each character of a header."""

LOOK = 0.2
"""Seconds between two looks whether anybody is still there."""


def hung_up(stream: BinaryIO) -> bool:
    """Whether nobody can write to a pipe any more, though it may not be empty yet. Windows cannot tell: False."""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()  # noqa: TID251 - asked for
    poll.register(stream, 0)  # a hang-up is told unasked
    return bool(poll.poll(0))


def _size(frame: Frame) -> int:
    return len(frame[1]) + PARSED * len(str(frame[0]))


class Waiting:
    """A queue from the thread that reads requests to the one that serves them."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES):
        self._most, self._most_bytes = most, most_bytes
        self._frames: collections.deque[Frame] = collections.deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, frame: Frame, source: BinaryIO) -> bool:
        """Add a request as soon as there is room. False, and it is not added, where `source` is hung up meanwhile."""
        size = _size(frame)
        with self._changed:
            while self._frames and (len(self._frames) >= self._most or self._bytes + size > self._most_bytes):
                if not self._changed.wait(LOOK) and hung_up(source):
                    return False
            self._frames.append(frame)
            self._bytes += size
            self._changed.notify_all()
        return True

    def close(self) -> None:
        """Nothing comes any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def get(self) -> Frame | None:
        """The next request, waited for; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._closed)
            if not self._frames:
                return None
            frame = self._frames.popleft()
            self._bytes -= _size(frame)
            self._changed.notify_all()
            return frame
