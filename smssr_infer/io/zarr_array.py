"""Zarr arrays as folders: which hold an array and nothing else, so that they may be replaced as a file may."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import files

METADATA = {"zarr.json", ".zarray", ".zattrs"}
CHUNK = re.compile(r"c|(c\.)?\d+(\.\d+)*")
"""Names of chunks and of their folders, in Zarr's formats 2 and 3."""


KINDS = {"uint8", "uint16", "float32", "|u1", "<u2", ">u2", "<f4", ">f4"}
"""How the formats call the kinds of pixels that a picture may have."""


def _metadata(path: Path) -> dict[str, Any]:
    """What is said of the Zarr array that is a folder; nothing of what is none."""
    if (path / ".zgroup").exists():
        return {}
    for name in ("zarr.json", ".zarray"):
        try:
            metadata = json.loads(files.read_bytes(path / name))
        except (OSError, ValueError):
            continue
        return metadata if isinstance(metadata, dict) and metadata.get("node_type", "array") == "array" else {}
    return {}


def is_array(path: Path) -> bool:
    """Whether a folder is a Zarr array, and no group."""
    return bool(_metadata(path))


def is_picture(path: Path) -> bool:
    """Whether a folder is a Zarr array H×W or H×W×{1, 2, 3, 4} of uint8, uint16 or float32."""
    metadata = _metadata(path)
    shape = metadata.get("shape")
    return (isinstance(shape, list) and (len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 2, 3, 4)))
            and metadata.get("data_type", metadata.get("dtype")) in KINDS)


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
