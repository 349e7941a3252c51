"""Pictures through pipes: `-` stands for standard input and output, and an input may be a named pipe, such as a shell's `<(…)`.

What comes through a pipe is a file first, since decoders go back and forth in it; what goes into one is whole before it is sent.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import reason

STANDARD = "-"


def is_pipe(path: Path) -> bool:
    """Whether what is read comes through a pipe."""
    with contextlib.suppress(OSError):
        return str(path) == STANDARD or stat.S_ISFIFO(os.stat(path).st_mode)
    return False


def opened(path: Path) -> BinaryIO:
    """A pipe, to be read. Raises ValueError where standard input is closed, or a terminal, or the pipe cannot be opened."""
    if str(path) != STANDARD:
        try:
            return open(path, "rb")
        except OSError as error:
            raise ValueError(f"cannot read {path}: {reason(error)}") from error
    if sys.stdin is None or sys.stdin.isatty():
        raise ValueError("nothing comes through standard input; give it a picture: smssr … - OUT < IN")
    return sys.stdin.buffer


@contextlib.contextmanager
def as_file(path: Path) -> Iterator[Path]:
    """A file with what comes through a pipe; any other path as it is."""
    if not is_pipe(path):
        yield path
        return
    name = "standard input" if str(path) == STANDARD else path.name
    with tempfile.TemporaryDirectory(prefix="smssr-") as folder:
        copy = Path(folder, name)
        with opened(path) as stream, open(copy, "wb") as file:
            shutil.copyfileobj(stream, file, 1 << 20)
        if not copy.stat().st_size:
            raise ValueError(f"nothing came through {path if str(path) != STANDARD else name}")
        with _named(str(copy), name):
            yield copy


@contextlib.contextmanager
def to_file(path: Path, ending: str) -> Iterator[Path]:
    """A file whose bytes are sent to standard output once there is one, where `path` is `-` or `png:-`; any other path as it is.

    `ending`: of its format, where none is named. Raises ValueError where standard output is closed or a terminal.
    """
    format_, colon, rest = str(path).rpartition(":")
    if rest != STANDARD or (colon and not format_.isalnum()):
        yield path
        return
    if sys.stdout is None or sys.stdout.isatty():
        raise ValueError("standard output is a terminal; send the picture to a file or a pipe")
    with tempfile.TemporaryDirectory(prefix="smssr-") as folder:
        copy = Path(folder, f"standard output.{format_}" if format_ else f"standard output{ending}")
        with _named(str(copy), "standard output"):
            yield copy
        if not copy.exists():
            return
        with open(copy, "rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer, 1 << 20)
        sys.stdout.flush()


@contextlib.contextmanager
def _named(path: str, name: str) -> Iterator[None]:
    """Have errors say what a user knows a temporary file by."""
    try:
        yield
    except ValueError as error:
        raise ValueError(str(error).replace(path, name)) from error
