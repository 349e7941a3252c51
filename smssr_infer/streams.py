"""The command's standard streams, whatever they are: closed, full, without a reader, or in an encoding that lacks most characters."""

from __future__ import annotations

import io
import os
import sys


class Stream(io.TextIOWrapper):
    """Standard output or error that never stops the work: what it cannot take is dropped, and `trouble` says why."""

    trouble: OSError | None = None

    def write(self, text: str) -> int:
        """Characters that the encoding lacks become escapes, and so do bytes of file names that are no text."""
        try:
            return super().write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        """What cannot be written now never will be."""
        try:
            super().flush()
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError) -> None:
        """Let this, and what is still to come, go nowhere: at the end of the process it would fail once more, in more words."""
        self.trouble = self.trouble or error
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.fileno())
        os.close(null)


def _open_closed() -> None:
    """Point standard descriptors that are closed at nothing: the next file opened would take their place, and get what is printed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)


def take() -> None:
    """Make standard output and error such streams, before anything was printed."""
    _open_closed()
    for name, number in (("stdout", 1), ("stderr", 2)):
        old = getattr(sys, name)
        lines = number == 2 or (old is not None and (old.line_buffering or old.write_through))
        setattr(sys, name, Stream(open(number, "wb", closefd=False), encoding=old.encoding if old else "utf-8",  # noqa: SIM115 - to the end
                                  errors="backslashreplace", line_buffering=lines))
