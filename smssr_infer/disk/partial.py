"""A file under a passing name: it gets its own when it is whole, and is swept away where its writer died.

A writer holds a lock on its partial file, which the system lets go of when the process ends, however it ends. So a partial file without
a lock is nobody's.
"""

from __future__ import annotations

import contextlib
import functools
import os
import uuid
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed: that is lock enough
    fcntl = None  # type: ignore[assignment]

PREFIX, ENDING = ".smssr-", ".partial"
UNFINISHED, JOURNAL = ".unfinished", ".journal"
"""Endings of what is gone on with (`unfinished.py`), and of its journal after that."""


def lock(stream: BinaryIO) -> bool | None:
    """Whether an open file could be locked, and is still the one of that name; None where files cannot be locked."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some network file systems
        return None
    return os.fstat(stream.fileno()).st_nlink > 0


@functools.lru_cache(maxsize=1024)
def sweep(folder: Path) -> None:
    """Remove the partial files of dead writers from a folder, and journals of what got its name; once for each folder."""
    with contextlib.suppress(OSError):
        journals = [path for path in folder.glob(f"{PREFIX}*{UNFINISHED}{JOURNAL}") if not path.with_suffix("").exists()]
        for path in [*folder.glob(f"{PREFIX}*{ENDING}"), *journals]:
            with contextlib.suppress(OSError):
                with open(path, "rb") as stream:
                    if lock(stream):
                        path.unlink()
                if fcntl is None:
                    path.unlink()


def sync_folder(folder: Path) -> None:
    """Put a folder's names onto the disk, where the system can."""
    if fcntl is None:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Partial:
    """A file that is being written beside its target."""

    def __init__(self, target: Path):
        """Raises OSError where nothing can be written there."""
        self.target = Path(os.path.realpath(target))  # a link stays a link
        sweep(self.target.parent)
        while True:
            self.path = self.target.with_name(f"{PREFIX}{uuid.uuid4().hex}{ENDING}")
            self.stream = open(self.path, "x+b")  # noqa: SIM115 - closed by `finish` or `leave`
            if lock(self.stream) is not False:
                break
            self.stream.close()  # swept away before it was locked

    def finish(self) -> None:
        """Give it its name, once its bytes are on the disk."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        if fcntl is None:
            self.stream.close()
        self.path.replace(self.target)
        self.stream.close()
        sync_folder(self.target.parent)

    def leave(self) -> None:
        """Take it away, if it has no name of its own yet."""
        with contextlib.suppress(OSError):
            self.stream.close()
        self.path.unlink(missing_ok=True)
