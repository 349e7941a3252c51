"""A large file that is being written, and a journal of how far it came: killed and begun again, it is gone on with."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, BinaryIO

from .partial import JOURNAL, PREFIX, UNFINISHED, lock, sweep, sync_folder


class Unfinished:
    """A file, or a folder where `folder` is true, under a passing name that tells whose it is."""

    def __init__(self, target: Path, order: str, folder: bool):
        """`order`: all that decides what the file will hold; what another order left is begun anew.

        Raises OSError where nothing can be written there, and ValueError where another process is at it.
        """
        self.target = Path(os.path.realpath(target))
        name = hashlib.sha256(self.target.name.encode()).hexdigest()[:20]
        self.path = self.target.with_name(f"{PREFIX}{name}{UNFINISHED}")
        self._journal_path = self.path.with_name(f"{self.path.name}{JOURNAL}")
        self._folder = folder
        sweep(self.target.parent)
        while True:
            self._journal = open(self._journal_path, "a+b")  # noqa: SIM115 - closed by `finish` or `leave`
            if lock(self._journal) is not False:
                break
            gone = os.fstat(self._journal.fileno()).st_nlink == 0  # another run has finished it, or swept it away, just now
            self._journal.close()
            if not gone:
                raise ValueError("another run is writing it at this moment")
        self.notes = self._read(order)
        """What was noted of what is done, note by note; empty for a beginning."""
        if not self.notes:
            self.remove()
            self._journal.truncate(0)
            self._write({"order": order})
        self.stream: BinaryIO | None = None if folder else open(self.path, "r+b" if self.notes else "w+b")  # noqa: SIM115

    def _read(self, order: str) -> list[dict[str, Any]]:
        self._journal.seek(0)
        lines = self._journal.read().splitlines(keepends=True)
        notes = []
        for line in lines:
            if not line.endswith(b"\n"):
                break  # what was being noted when the run ended
            with contextlib.suppress(ValueError):
                notes.append(json.loads(line))
        return notes[1:] if notes and notes[0].get("order") == order and self.path.exists() else []

    def note(self, **done: Any) -> None:
        """Note what is done, once it is on the disk."""
        if self.stream:
            self.stream.flush()
            os.fsync(self.stream.fileno())
        self._write(done)
        self.notes.append(done)

    def _write(self, note: dict[str, Any]) -> None:
        self._journal.seek(0, os.SEEK_END)
        self._journal.write(json.dumps(note).encode() + b"\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())

    def finish(self) -> None:
        """Give it its name, once its bytes are on the disk."""
        if self.stream:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.stream.close()
        if self._folder and self.target.is_dir():
            shutil.rmtree(self.target)
        self.path.replace(self.target)
        self._journal_path.unlink()
        self._journal.close()
        sync_folder(self.target.parent)

    def remove(self) -> None:
        """Take away what there is of it, but for the journal."""
        if self.path.is_dir():
            shutil.rmtree(self.path)
        else:
            self.path.unlink(missing_ok=True)

    def leave(self) -> None:
        """Leave it for the next run; nothing stays of what was hardly begun."""
        if self.stream:
            with contextlib.suppress(OSError):
                self.stream.close()
        if not self.notes:
            self.remove()
            self._journal_path.unlink(missing_ok=True)
        self._journal.close()
