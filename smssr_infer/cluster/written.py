"""What a Dask worker says that it has made, looked at: a worker may be out of memory, out of date or at another folder, and not know it."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from ..batch.spec import Job

SEEN_WITHIN = 60.0
"""Seconds within which a file that a worker has written is seen here: network file systems remember for a while that there was none."""


@dataclasses.dataclass(frozen=True)
class Written:
    """A worker has written a result of so many bytes."""

    size: int


def fault(path: Path, written: Written) -> str:
    """Why a file is not what a worker says that it has written, in one line; empty where it is."""
    try:
        with contextlib.suppress(OSError):
            os.listdir(path.parent)  # has a network file system look again
        size = path.stat().st_size
        if size != written.size:
            return f"a worker wrote {path} with {written.size} bytes, but here it has {size}; does it see the same folder?"
        with open(path, "rb") as stream:
            head = stream.read(64)
    except OSError as error:
        return f"a worker says that it wrote {path}, but here it cannot be read ({error.strerror}); does it see the same folder?"
    return "" if _begins(head, path.suffix) else f"a worker wrote {path}, but that is no such picture"


def looked_at(unseen: list[tuple[Job, Written]]) -> Iterator[tuple[Job, str]]:
    """The jobs whose files were not seen, each once it is, or once it is too late: with its `fault`."""
    end = time.monotonic() + SEEN_WITHIN
    while unseen:
        late = time.monotonic() >= end
        for job, written in list(unseen):
            why = fault(job.target, written)
            if late or not why:
                unseen.remove((job, written))
                yield job, why
        if unseen:
            time.sleep(1)


def check_bytes(data: object, path: Path) -> bytes:
    """The bytes of a picture file, for that name. Raises ValueError for what is none."""
    if not isinstance(data, bytes) or not data or not _begins(data[:64], path.suffix):
        raise ValueError(f"what a worker sent for {path} is no such picture")
    try:
        with contextlib.suppress(UnidentifiedImageError), Image.open(io.BytesIO(data)) as picture:  # of colours in floats knows nothing
            picture.verify()
    except Exception as error:  # Pillow's decoders raise SyntaxError, struct.error, zlib.error and more
        raise ValueError(f"what a worker sent for {path} is damaged ({' '.join(str(error).split())[:100]})") from error
    return data


def _begins(head: bytes, ending: str) -> bool:
    """Whether a file's first bytes are those of its format, where Pillow can tell."""
    Image.init()
    _, accept = Image.OPEN.get(Image.EXTENSION.get(ending.lower(), ""), (None, None))
    return bool(head) and (accept is None or bool(accept(head)))
