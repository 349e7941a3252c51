"""The fingerprint of all that decides what a file holds, so that only the same command resumes what was begun."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from .. import __version__
from .block_reader import is_zarr


def stamp(*parts: object) -> str:
    """A hash of this version and of `parts`: of a path, the state of its file, or of all files of a Zarr array; of all else, its words."""
    words = [__version__]
    for part in parts:
        words.append(str(part))
        if isinstance(part, Path):
            words += _state(part)
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def _state(path: Path) -> Iterator[str]:
    """What changes with what a path holds, without reading it: size, times and number of each file."""
    if path.is_dir() and is_zarr(path):
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                file = Path(folder, name)
                yield str(file.relative_to(path))
                yield from _of_file(file)
    elif path.exists():
        yield str(path.resolve())
        yield from _of_file(path)


def _of_file(path: Path) -> Iterator[str]:
    state = path.stat()
    return map(str, (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino))
