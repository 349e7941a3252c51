"""What a file was ordered to hold, in few bytes: so that only the same order goes on with what was begun."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .. import __version__
from ..networks.places import learnt, shipped


def stamp(*parts: object) -> str:
    """A hash of this version, its weights, and of `parts`: of a path, its size and when it was written; of all else, its words."""
    lists = (folder / "manifest.json" for folder in (shipped(), learnt()))
    words = [__version__, *(path.read_text() for path in lists if path.exists())]
    for part in parts:
        words.append(str(part))
        if isinstance(part, Path) and part.exists():
            state = part.stat()
            words += [str(part.resolve()), str(state.st_size), str(state.st_mtime_ns)]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()
