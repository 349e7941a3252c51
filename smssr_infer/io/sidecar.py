"""XMP in a file of its own beside a picture, as raw developers and archives keep it: `a.xmp`, or `a.jpg.xmp`."""

from __future__ import annotations

from pathlib import Path

from . import xmp
from .reading import orientation_of, size_of
from .temporary_file import write_bytes

MOST = 1 << 26
"""Bytes of a sidecar that is read."""

DAMAGED = "its sidecar is no XMP and stays behind"


def beside(path: Path) -> Path | None:
    """The sidecar of a picture; None where there is none."""
    for found in (path.with_name(f"{path.name}.xmp"), path.with_suffix(".xmp")):
        if found.is_file() and found.stat().st_size <= MOST:
            return found
    return None


def damaged(source: Path) -> bool:
    """Whether a picture has a sidecar that is no XMP."""
    found = beside(source)
    return found is not None and xmp.upright(found.read_bytes(), 1) is None


def copy(source: Path, target: Path) -> Path | None:
    """Write the sidecar of a picture's result, what it says of the size scaled. Returns its name; None where there is none.

    Raises ValueError where it cannot be written.
    """
    found = beside(source)
    if found is None:
        return None
    upright = xmp.upright(found.read_bytes(), orientation_of(source))
    if upright is None:
        return None
    (old_height, old_width), (height, width) = size_of(source), size_of(target)
    scaled = xmp.sized(upright, width / old_width, height / old_height, height, width)
    whole = found.name == f"{source.name}.xmp"
    name = target.with_name(f"{target.name}.xmp") if whole or target.with_suffix(".xmp") == found else target.with_suffix(".xmp")
    write_bytes(name, scaled or upright)
    return name
