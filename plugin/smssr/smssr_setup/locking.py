"""One at a time: the lock that whoever sets up holds. The system lets go of it when the process ends, however it ends."""

import contextlib

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

try:
    import msvcrt
except ImportError:  # everywhere else
    msvcrt = None


@contextlib.contextmanager
def locked(path, waiting):
    """Hold the lock of a file; `waiting()` is called each time that another process has it, and returns or raises."""
    with open(path, "ab") as stream:
        while not _lock(stream):
            waiting()
        yield


def _lock(stream):
    """Whether it could be locked, or cannot be at all, as on some network file systems."""
    try:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt is not None:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
