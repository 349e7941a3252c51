"""What an output may take the place of: a file, or a Zarr array and nothing else; never anything that is read."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from .. import files
from ..networks.places import learnt, shipped
from . import zarr_array


def check(path: Path, zarr: bool) -> None:
    """Raises ValueError, in one line, where nothing can be written under that name, or more would be lost than a picture."""
    if sys.platform == "win32" and files.reserved(path.name):
        raise ValueError(f"cannot write {path}: Windows reserves that name; choose another")
    try:
        real = Path(os.path.realpath(path))
        if what := files.irregular(path):
            raise ValueError(f"cannot write {path}: it is {what}, not a file")
        if os.path.lexists(real) and not real.exists():
            raise ValueError(f"cannot write {path}: it is a link that leads round in a circle")
        if real.is_dir():
            _check_folder(path, real, zarr)
        elif zarr and real.exists():
            raise ValueError(f"cannot write {path}: it is a file, where a Zarr array is a folder; choose another name")
        if not real.parent.is_dir():
            raise ValueError(f"cannot write {path}: there is no folder {real.parent if path.is_symlink() else path.parent}")
        if not os.access(real.parent, os.W_OK):
            raise ValueError(f"cannot write {path}: no permission to write in {path.parent}")
        for folder in real.parents:
            if zarr_array.is_array(folder):
                raise ValueError(f"cannot write {path}: {folder} is a Zarr array; choose a place outside it")
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror}") from error


def _check_folder(path: Path, real: Path, zarr: bool) -> None:
    if not zarr:
        raise ValueError(f"cannot write {path}: it is a folder")
    if not zarr_array.is_array(real):
        is_ = "a Zarr group" if any((real / name).exists() for name in ("zarr.json", ".zgroup")) else "a folder, and no Zarr array"
        raise ValueError(f"cannot write {path}: it is {is_}; choose another name")
    if not zarr_array.is_picture(real):
        raise ValueError(f"cannot write {path}: the Zarr array there is no picture, and would be lost; choose another name")
    if (other := next(zarr_array.foreign(real), None)) is not None:
        raise ValueError(f"cannot write {path}: the Zarr array there also holds {other.relative_to(real)}, which would be lost; "
                         "choose another name")


def spare(target: Path, read: Iterable[Path]) -> None:
    """Raises ValueError where the output is, or leads to, one of the paths that are read, the first of which is the input; or a model."""
    if not target.exists():
        return
    real = Path(os.path.realpath(target))
    for number, path in enumerate(read):
        if path.exists() and (target.samefile(path) or real in Path(os.path.realpath(path)).parents):
            what = "one of the files that are read" if number else "the input itself"
            raise ValueError(f"{target} is {what}; choose another name for the output")
    if identity(target) in _models():
        raise ValueError(f"{target} is one of smssr's own models or styles; choose another name for the output")


def identity(path: Path) -> tuple[int, int]:
    """What two names of one file have in common. Raises OSError."""
    state = os.stat(path)
    return state.st_dev, state.st_ino


def _models() -> set[tuple[int, int]]:
    found = set()
    for folder in (shipped(), learnt()):
        if folder:  # without a home none is learnt
            with contextlib.suppress(OSError):
                found |= {identity(path) for path in folder.iterdir() if path.exists()}
    return found
