"""The engine as a process of its own: requests on standard input, answers on standard output. It ends when its input does.

Exit status 0; 1, with one line on standard error, where what comes in cannot be understood any more.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading

from .frames import Unreadable, check_request, read_frame
from .handlers import Engine
from .request_queue import Waiting


class Listener(threading.Thread):
    """Reads requests to the end, and lets the engine know at once which ones are not wanted any more."""

    def __init__(self, engine: Engine, requests: Waiting):
        super().__init__(daemon=True)
        self._engine, self._requests = engine, requests
        self.status = 0
        """The process's exit status."""

    def run(self) -> None:
        """Whatever happens here, the engine ends afterwards."""
        try:
            while self._take():
                pass
        except BrokenPipeError:  # nobody wants to know what was wrong
            pass
        except Exception as error:
            self.status = 1
            with contextlib.suppress(OSError):
                print(f"smssr: the engine ends: {' '.join(str(error).split()) or type(error).__name__}", file=sys.stderr, flush=True)
        finally:
            ending = threading.Timer(self._engine.patience, os._exit, [self.status])
            ending.daemon = True
            ending.start()
            self._engine.cancel(sys.maxsize)
            self._requests.close()

    def _take(self) -> bool:
        """Take one frame; False at the end. Raises Broken, and MemoryError for one that does not fit."""
        try:
            frame = read_frame(sys.stdin.buffer)
            if frame is None:
                return False
            check_request(frame[0])
        except Unreadable as error:
            self._engine.answer(error.number, {"error": str(error)})
            return True
        if frame[0]["do"] == "cancel":
            self._engine.cancel(frame[0]["id"])
            return True
        return self._requests.put(frame, sys.stdin.buffer)


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in GIMP's terminal is for GIMP, which closes the input when it ends
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else prints must not get into the frames
    engine, requests = Engine(answers), Waiting()
    listener = Listener(engine, requests)
    listener.start()
    with contextlib.suppress(BrokenPipeError):
        while frame := requests.get():
            engine.serve(*frame)
    os._exit(listener.status)


if __name__ == "__main__":
    main()
