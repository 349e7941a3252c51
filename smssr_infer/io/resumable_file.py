"""A large file that is being written, and a journal of how far it came: killed and started again, the writing is resumed."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

from .. import files
from . import replacing
from .replacing import PREFIX
from .temporary_file import JOURNAL, UNFINISHED, sweep


class ResumableFile:
    """A file, or a folder where `folder` is true, under a temporary name that tells whose it is."""

    def __init__(self, target: Path, fingerprint: str, folder: bool):
        """`fingerprint`: of all that decides what the file will hold; what a run with another one left is begun anew.

        Raises OSError where nothing can be written there, and ValueError where another process is at it.
        """
        self.target = Path(os.path.realpath(target))
        self.path = self.target.with_name(f"{PREFIX}{replacing.mark(self.target.name)}{UNFINISHED}")
        self._journal_path = self.path.with_name(f"{self.path.name}{JOURNAL}")
        self._folder, self._fingerprint = folder, fingerprint
        sweep(self.target.parent)
        while True:
            self._journal = files.take(self._journal_path, 0o600)
            if files.lock(self._journal) is not False:
                break
            gone = os.fstat(self._journal.fileno()).st_nlink == 0  # another run has finished it, or swept it away, just now
            self._journal.close()
            if not gone:
                raise ValueError("another run is writing it at this moment")
        replacing.settle(self.path)
        self.stream: BinaryIO | None = None
        self.notes = self._read()
        """What was noted of what is done, note by note; empty for a beginning."""
        if not self.notes or not self._opened():
            self.begin_anew()

    def _read(self) -> list[dict[str, Any]]:
        """The notes of an earlier run with the same fingerprint. What is no note ends them, and is cut off."""
        notes: list[dict[str, Any]] = []
        length = 0
        self._journal.seek(0)
        for line in self._journal:
            try:
                note = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n") or not isinstance(note, dict):
                break  # what was being noted when the run ended
            notes.append(note)
            length += len(line)
        self._journal.truncate(length)
        return notes[1:] if notes and notes[0] == {"fingerprint": self._fingerprint} else []

    def _opened(self) -> bool:
        """Whether what an earlier run left could be opened."""
        if self._folder:
            return files.is_own_folder(self.path)
        try:
            self.stream = files.reopen(self.path)
        except OSError:
            return False
        return True

    def begin_anew(self) -> None:
        """Remove all of what an earlier run left. Raises OSError."""
        self._close()
        files.remove(self.path)
        self.notes = []
        self._journal.truncate(0)
        self._write({"fingerprint": self._fingerprint})
        if self._folder:
            self.path.mkdir()
        else:
            self.stream = files.create(self.path)
        files.hide(self.path, self.target)

    def note(self, **done: Any) -> None:
        """Note what is done, once it is on the disk; a sink's bytes are there after its `sync`."""
        self._write(done)
        self.notes.append(done)

    def _write(self, note: dict[str, Any]) -> None:
        self._journal.seek(0, os.SEEK_END)
        self._journal.write(json.dumps(note).encode() + b"\n")
        files.sync(self._journal)

    def finish(self) -> None:
        """Give it its name, once its bytes are on the disk."""
        files.take_rights(self.path, self.target)
        if self.stream:
            files.sync(self.stream)
            self.stream.close()
            files.replace(self.path, self.target)
            files.sync_path(self.target.parent)
        else:
            replacing.replace(self.path, self.target)
        files.unlink_locked(self._journal_path, self._journal)

    def leave(self) -> None:
        """Leave it for the next run; nothing stays of what was hardly begun."""
        self._close()
        if self.notes:
            self._journal.close()
        elif not self._journal.closed:
            with contextlib.suppress(OSError):
                files.remove(self.path)
            files.unlink_locked(self._journal_path, self._journal)

    def _close(self) -> None:
        if self.stream:
            with contextlib.suppress(OSError):
                self.stream.close()
            self.stream = None
