"""A folder put in the place of an old one, so that whenever the process is killed one of the two is there, whole.

The old folder is moved, under its own name, into a temporary one. Where that is as far as the writer came, the next run moves it back.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import uuid
from pathlib import Path

from .. import files

PREFIX = ".smssr-"
"""What all temporary names begin with."""

REPLACED, REMOVED = ".replaced", ".removed"
"""Endings of a temporary folder that holds what is being replaced, and of one that is being removed."""


def mark(name: str) -> str:
    """A target's name in letters and digits, always of one length; it may hold bytes that are no UTF-8."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def replace(unfinished: Path, target: Path) -> None:
    """Give a folder the name `target`, whose old folder is removed; the writer holds the lock of its journal. Raises OSError."""
    aside = unfinished.with_suffix(REPLACED)
    if target.is_dir():
        aside.mkdir()
        target.replace(aside / target.name)
    try:
        unfinished.replace(target)
    except OSError:
        settle(unfinished)
        raise
    files.sync_path(target.parent)
    settle(unfinished)


def settle(unfinished: Path) -> None:
    """Finish a replacement that came to an end, or take it back: for whoever holds the lock of its journal."""
    aside = unfinished.with_suffix(REPLACED)
    if not files.is_own_folder(aside):
        return
    for old in aside.iterdir():
        target = aside.with_name(old.name)
        if aside.name == f"{PREFIX}{mark(old.name)}{REPLACED}" and not os.path.lexists(target):
            old.replace(target)
    removed = aside.with_name(f"{PREFIX}{uuid.uuid4().hex}{REMOVED}")
    aside.replace(removed)  # from here on nobody takes what is left of it for an array
    shutil.rmtree(removed, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what a dead process was removing, and settle replacements whose journal is gone. Raises OSError."""
    for path in folder.glob(f"{PREFIX}*{REMOVED}"):
        if files.is_own_folder(path):
            shutil.rmtree(path, ignore_errors=True)
    for aside in folder.glob(f"{PREFIX}*{REPLACED}"):
        unfinished = aside.with_suffix(".unfinished")
        if not os.path.lexists(f"{unfinished}.journal"):
            with contextlib.suppress(OSError):
                settle(unfinished)
