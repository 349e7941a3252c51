"""What a file was ordered to hold, in few bytes: so that only the same order goes on with what was begun."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .. import __version__


def stamp(*parts: object) -> str:
    """A hash of this version and of `parts`: of a path, its size and when it was written; of all else, its words."""
    words = [__version__]
    for part in parts:
        words.append(str(part))
        if isinstance(part, Path) and part.exists():
            state = part.stat()
            words += [str(part.resolve()), str(state.st_size), str(state.st_mtime_ns)]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()
