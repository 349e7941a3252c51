"""Ctrl-C and SIGTERM at the command line. Whenever they come, the command ends with one line at most and the right exit status.

While it starts nothing has been begun, so it leaves at once. While it works, an exception goes through the main thread, so that
half-written files are taken away; once it is done nothing can stop it any more.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from importlib.machinery import ExtensionFileLoader

TYPE_CHECKING = False
"""For type checkers it is true; see the package."""

if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)

PATIENCE = 3.0
"""Seconds in which a run ends in order, and further signals are ignored; one that comes later ends it where it is."""

AGAIN = 0.01
"""Seconds after which an exception that got lost, or had to wait, is raised once more, and again until the main thread has heard."""

CANCELLED = "cancelled; nothing was written"


class Stopped(BaseException):
    """SIGTERM has asked the run to end."""


class _Process:
    """What has been heard so far."""

    starting = over = own = False
    heard: int | None = None
    since = 0.0
    hook: Any = sys.__unraisablehook__
    """What was told before of what is raised where nobody can catch it."""


_process = _Process()


def _loads_native_code(frame: FrameType | None) -> bool:
    """Whether a module of C or C++ is being loaded. What is raised in Python that it calls then it loses, or ends the process for."""
    while frame:
        if frame.f_code.co_name == "_load_unlocked":
            spec = frame.f_locals.get("spec")
            if spec and isinstance(spec.loader, ExtensionFileLoader):
                return True
        frame = frame.f_back
    return False


def _handle(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _process.over:
        return
    if _process.starting or (_process.heard and now - _process.since > PATIENCE):
        if number == signal.SIGINT:
            os.write(2, f"smssr: {CANCELLED}\n".encode())  # not by way of `sys.stderr`, which may be what was interrupted
        os._exit(128 + number)
    if not _process.heard:
        _process.heard, _process.since = number, now
        if _loads_native_code(frame):
            _later()
            return
        raise KeyboardInterrupt if number == signal.SIGINT else Stopped


def _unraisable(told: Any) -> None:
    """Callbacks swallow what is raised in them, and Python prints it; the signal must not get lost, nor the user read of it."""
    if _process.heard and isinstance(told.exc_value, (KeyboardInterrupt, Stopped)):
        _later()
    else:
        _process.hook(told)


def _later() -> None:
    again = threading.Timer(AGAIN, _again)
    again.daemon = True
    again.start()


def _again() -> None:
    """Have the main thread hear the signal: one that comes just before it begins to wait, in C, does not wake it, but the next one does."""
    number, _process.heard = _process.heard, None
    given_up = time.monotonic() + PATIENCE
    while number and not _process.heard and not _process.over and time.monotonic() < given_up:
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident or 0, number)  # noqa: TID251 - asked for
        else:
            signal.raise_signal(number)
        time.sleep(AGAIN)


def listen(starting: bool) -> None:
    """Hear signals from now on. `starting`: a process of its own, in which nothing has been begun."""
    _process.starting, _process.own, _process.heard, _process.over = starting, starting, None, False
    signal.signal(signal.SIGTERM, _handle)
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:  # a shell has those in the background ignore it
        signal.signal(signal.SIGINT, _handle)
    if sys.unraisablehook is not _unraisable:
        _process.hook, sys.unraisablehook = sys.unraisablehook, _unraisable


def work() -> None:
    """From now on something may have been begun."""
    _process.starting = False


def over() -> None:
    """The work has ended, in whatever way: there is nothing left to be stopped."""
    _process.over = True
    if not _process.own:
        sys.unraisablehook = _process.hook


def ignore() -> None:
    """As `over`, also while the interpreter is taken down, when nothing of this is there to handle a signal."""
    _process.over = True
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def heard() -> int | None:
    """The signal that ended the run: a library that was being imported may have turned the exception into one of its own."""
    return _process.heard
