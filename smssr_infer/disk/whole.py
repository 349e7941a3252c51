"""Files that appear whole or not at all, however many write beside them, and whatever kills the writer.

A file is written under a temporary name in its own folder, synced, and renamed. As long as its writer lives it is locked; so what a killed
writer left can be told from what is being written, and the next run takes it away.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where an open file can be neither renamed nor removed: it needs no lock
    fcntl = None  # type: ignore[assignment]

STALE = 3600.0
"""Seconds without a change after which a temporary file is taken away where the file system knows no locks."""


@contextlib.contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file `path` at the end; where anything is raised, nothing does. A link stays a link.

    Raises OSError where the file cannot be written.
    """
    target = Path(os.path.realpath(path))
    partial, stream = _begun(target.parent)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            if fcntl:
                partial.replace(target)  # while it is locked
        if not fcntl:
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _begun(folder: Path) -> tuple[Path, BinaryIO]:
    """A new temporary file, locked."""
    while True:
        partial = folder / f".smssr-{uuid.uuid4().hex}.partial"
        stream = open(partial, "xb")  # noqa: SIM115 - `whole` closes it
        if not fcntl:
            return partial, stream
        with contextlib.suppress(OSError):  # a file system without locks: see STALE
            fcntl.flock(stream, fcntl.LOCK_EX)
        if partial.exists():
            return partial, stream
        stream.close()  # somebody swept between the opening and the lock


def sweep(folders: Iterable[Path]) -> None:
    """Take away what killed writers left in these folders; what is being written stays."""
    for folder in folders:
        with contextlib.suppress(OSError):  # no folder yet, or one that cannot be read
            for partial in folder.glob(".smssr-*.partial"):
                with contextlib.suppress(OSError):  # gone meanwhile, or not ours to remove
                    _take_away(partial)


def _take_away(partial: Path) -> None:
    """Remove a temporary file whose writer is no more."""
    if not fcntl:
        partial.unlink(missing_ok=True)  # fails where it is open
        return
    with open(partial, "rb+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        except OSError:
            if time.time() - partial.stat().st_mtime < STALE:
                return
        partial.unlink(missing_ok=True)  # while it is locked, so that whoever has just made it sees that it is gone
