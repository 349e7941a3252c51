"""Keeping C libraries from printing: libtiff says on standard error what Pillow then raises."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

STANDARD_ERROR = 2

_lock = threading.Lock()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Whatever the process writes to standard error within goes nowhere. One block at a time; others wait."""
    with _lock:
        try:
            kept = os.dup(STANDARD_ERROR)
        except OSError:  # there is none
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(kept, STANDARD_ERROR)
            os.close(kept)
            os.close(nowhere)
