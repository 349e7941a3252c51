"""Files opened with care: what is no regular file is never waited for, and what another user put there is never written to.

In a folder that others may write to, a temporary name of ours may be a link to a file of the user's, or a named pipe, which keeps whoever
opens it waiting for ever.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

try:
    import msvcrt
except ImportError:  # everywhere else
    msvcrt = None  # type: ignore[assignment]

CAREFULLY = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
LOCKED_AT = 0x7FFF_0000
"""Windows locks bytes, and nobody may read a locked one: so one is locked that few files have."""

KINDS = {stat.S_IFIFO: "a named pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket"}


class Foreign(OSError):
    """What has a temporary name of ours, but is a link, no regular file, or another user's."""


def said(error: Exception) -> str:
    """What an error says; one of the system's, which file and what is wrong with it, without its number."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def irregular(path: Path) -> str:
    """What a path, or what it links to, is where it is neither a file nor a folder, in words; empty where it is one of them or missing."""
    try:
        return KINDS.get(stat.S_IFMT(os.stat(path).st_mode), "")
    except (OSError, ValueError):
        return ""


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file. Raises OSError, at once for a named pipe."""
    if what := irregular(path):
        raise OSError(None, f"it is {what}, not a file", str(path))
    return path.read_bytes()


def create(path: Path, mode: int = 0o666) -> BinaryIO:
    """A new file, to be written and read. Raises FileExistsError where there is anything of that name."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | CAREFULLY, mode), "r+b")


def reopen(path: Path) -> BinaryIO:
    """A file that this user made before. Raises FileNotFoundError where there is none (any more), and `Foreign`."""
    try:
        handle = os.open(path, os.O_RDWR | CAREFULLY)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Foreign(error.errno, error.strerror, str(path)) from error
    state = os.fstat(handle)
    if state.st_nlink == 0:
        os.close(handle)
        raise FileNotFoundError
    if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1 or not own(state):
        os.close(handle)
        raise Foreign
    return os.fdopen(handle, "r+b")


def look(path: Path) -> BinaryIO:
    """A regular file, to be read and locked. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | CAREFULLY)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Foreign
    return os.fdopen(handle, "rb")


def take(path: Path, mode: int) -> BinaryIO:
    """A file that this user made before, or where there is none, a new one; what is `Foreign` is removed. Raises OSError."""
    while True:
        with contextlib.suppress(FileExistsError):
            return create(path, mode)
        try:
            return reopen(path)
        except FileNotFoundError:
            continue
        except Foreign:
            remove(path)


def own(state: os.stat_result) -> bool:
    """Whether what has that state belongs to the user, where the system says so."""
    return not hasattr(os, "geteuid") or state.st_uid == os.geteuid()


def is_own_folder(path: Path) -> bool:
    """Whether a path is a folder of the user's, and no link to one."""
    try:
        state = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and own(state)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def lock(stream: BinaryIO) -> bool | None:
    """Whether an open file could be locked, and is still the one of that name; None where files cannot be locked.

    The system lets go of the lock when the process ends, however it ends.
    """
    try:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt is not None:
            os.lseek(stream.fileno(), LOCKED_AT, os.SEEK_SET)
            try:
                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            finally:
                os.lseek(stream.fileno(), 0, os.SEEK_SET)
        else:
            return None
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # some network file systems
        return None
    return os.fstat(stream.fileno()).st_nlink > 0


PATIENCE = 2.0
"""Seconds in which Windows may let go of a file that an indexer or an antivirus program has just opened."""


def replace(path: Path, target: Path) -> None:
    """Give a file the name `target`, in place of what has it. Raises OSError; on Windows for a file that another program has open."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            path.replace(target)
            return
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > until:
                raise
            time.sleep(0.05)


RESERVED = re.compile(r"(?i:(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?)"
                      r"|.*[<>:\"|?*\x00-\x1f].*|.*[. ]", re.DOTALL)


def reserved(name: str) -> bool:
    """Whether Windows cannot give a file that name, or would take it for a device."""
    return RESERVED.fullmatch(name) is not None


def same_name(path: Path) -> str:
    """What two paths have in common that may be one file: on Windows and macOS those that differ in case, too."""
    return str(path).casefold() if sys.platform in ("win32", "darwin") else str(path)


def unlink_locked(path: Path, stream: BinaryIO) -> None:
    """Remove a locked file and close it: in this order, so that nobody locks what is about to go, but on Windows, which cannot."""
    if fcntl is None:
        stream.close()
        with contextlib.suppress(OSError):  # another process has opened it since
            path.unlink(missing_ok=True)
        return
    path.unlink(missing_ok=True)
    stream.close()


def sync(stream: BinaryIO) -> None:
    """Put a file's bytes onto the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_path(path: Path) -> None:
    """Put a file's bytes, or a folder's names, onto the disk, where the system can."""
    if fcntl is None:  # Windows syncs neither folders nor what is open for reading
        return
    handle = os.open(path, os.O_RDONLY | CAREFULLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reserve(stream: BinaryIO, size: int) -> None:
    """Take room on the disk for so many bytes: what is written through a memory map where there is none ends the process.

    Raises OSError where there is not enough.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(stream.fileno(), 0, size)
        return
    zeros = bytes(1 << 20)
    for done in range(0, size, len(zeros)):
        stream.write(zeros[:size - done])
    stream.flush()


def take_rights(path: Path, like: Path) -> None:
    """Give a file or folder of ours the mode and, where that may be, the owner of the one that it is to replace, if there is one."""
    with contextlib.suppress(OSError), _changing(path) as handle:
        state = os.stat(like)
        with contextlib.suppress(OSError):
            os.fchown(handle, state.st_uid, state.st_gid)
        os.fchmod(handle, stat.S_IMODE(state.st_mode) & 0o777)


def hide(path: Path, like: Path) -> None:
    """Let nobody else read a file or folder of ours before it takes the rights of the one that it is to replace, if there is one."""
    if like.exists():
        with contextlib.suppress(OSError), _changing(path) as handle:
            os.fchmod(handle, 0o700 if path.is_dir() else 0o600)


@contextlib.contextmanager
def _changing(path: Path) -> Iterator[int]:
    """A handle of what a path is, if that is no link. Raises OSError, also where the system knows no modes."""
    if not hasattr(os, "fchmod"):
        raise OSError
    handle = os.open(path, os.O_RDONLY | CAREFULLY)
    try:
        yield handle
    finally:
        os.close(handle)
