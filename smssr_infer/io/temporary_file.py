"""A file under a temporary name: it gets its own when it is whole, and is swept away where its writer died.

A writer holds a lock on its partial file, which the system lets go of when the process ends, however it ends. So a partial file without
a lock is nobody's.
"""

from __future__ import annotations

import contextlib
import functools
import os
import uuid
from pathlib import Path

from .. import files
from . import replacing
from .replacing import PREFIX

ENDING = ".partial"
UNFINISHED, JOURNAL = ".unfinished", ".journal"
"""Endings of what is resumed (`resumable_file.py`), and of its journal after that."""


@functools.lru_cache(maxsize=1024)
def sweep(folder: Path) -> None:
    """Remove the partial files of dead writers from a folder, and journals of what got its name; once for each folder.

    An array that a dead writer was about to replace gets its name back.
    """
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{PREFIX}*{ENDING}"):
            with contextlib.suppress(OSError), files.look(path) as stream:
                if files.lock(stream):
                    files.unlink_locked(path, stream)
        for journal in folder.glob(f"{PREFIX}*{UNFINISHED}{JOURNAL}"):
            with contextlib.suppress(OSError), files.look(journal) as stream:
                if files.lock(stream):
                    unfinished = journal.with_suffix("")
                    replacing.settle(unfinished)
                    if not os.path.lexists(unfinished):
                        files.unlink_locked(journal, stream)
        replacing.sweep(folder)


class TemporaryFile:
    """A file that is being written beside its target."""

    def __init__(self, target: Path):
        """Raises OSError where nothing can be written there."""
        self.target = Path(os.path.realpath(target))  # a link stays a link
        sweep(self.target.parent)
        while True:
            self.path = self.target.with_name(f"{PREFIX}{uuid.uuid4().hex}{ENDING}")
            self.stream = files.create(self.path)
            if files.lock(self.stream) is not False:
                break
            self.stream.close()  # swept away before it was locked
        files.hide(self.path, self.target)

    def finish(self) -> None:
        """Give it its name, once its bytes are on the disk."""
        files.sync(self.stream)
        files.take_rights(self.path, self.target)
        if files.fcntl is None:
            self.stream.close()
        files.replace(self.path, self.target)
        self.stream.close()
        files.sync_path(self.target.parent)

    def leave(self) -> None:
        """Take it away, if it has no name of its own yet."""
        with contextlib.suppress(OSError):
            self.stream.close()
        self.path.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """A file's bytes, whole or not at all. Raises ValueError where they cannot be written."""
    try:
        file = TemporaryFile(path)
        try:
            file.stream.write(data)
            file.finish()
        finally:
            file.leave()
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror}") from error
