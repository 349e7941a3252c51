"""The engine as a process of its own: requests on standard input, answers on standard output. It ends when its input does."""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import Any

from .frames import read_frame
from .jobs import Engine

PATIENCE = 3.0
"""Seconds that a job has to end in once nobody listens any more."""


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else prints must not get into the frames
    engine = Engine(answers)
    requests: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()

    def listen() -> None:
        while frame := read_frame(sys.stdin.buffer):
            if frame[0].get("do") == "cancel":
                engine.cancelled = frame[0]["id"]
            else:
                requests.put(frame)
        engine.cancelled = sys.maxsize
        requests.put(None)
        threading.Timer(PATIENCE, os._exit, [1]).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        while frame := requests.get():
            engine.serve(*frame)
    except BrokenPipeError:
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
