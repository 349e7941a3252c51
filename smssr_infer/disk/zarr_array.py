"""Zarr arrays as folders: which hold an array and nothing else, so that they may be replaced as a file may."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

METADATA = {"zarr.json", ".zarray", ".zattrs"}
CHUNK = re.compile(r"c|(c\.)?\d+(\.\d+)*")
"""Names of chunks and of their folders, in Zarr's formats 2 and 3."""


def is_array(path: Path) -> bool:
    """Whether a folder is a Zarr array, and no group."""
    try:
        metadata = json.loads((path / "zarr.json").read_bytes())
    except (OSError, ValueError):
        return (path / ".zarray").is_file() and not (path / ".zgroup").exists()
    return isinstance(metadata, dict) and metadata.get("node_type") == "array"


def foreign(path: Path) -> Iterator[Path]:
    """What lies in a folder and is no part of a Zarr array: other files, arrays within, links. Raises OSError."""
    yield from _foreign(path, METADATA)


def _foreign(folder: Path, metadata: set[str]) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            chunk = CHUNK.fullmatch(entry.name)
            if chunk and entry.is_dir(follow_symlinks=False):
                yield from _foreign(Path(entry.path), set())
            elif not (chunk or entry.name in metadata) or not entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
