"""JPEG 2000 of more than 8 bits a channel, of whose colours Pillow reads 8: imagecodecs reads all."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

SIZES = b"\xff\x4f\xff\x51"
"""How the code begins: two bytes of its length follow, two of what it needs, eight sizes, the number of channels, and three of each."""

CUT = "has more than 8 bits a channel, of which 8 are read; pip install smssr[large] reads all"


def depth(path: Path) -> int:
    """Bits of its first channel; 8 where nothing says so. Raises OSError."""
    with open(path, "rb") as file:
        head = file.read(1 << 20)
    at = head.find(SIZES) + len(SIZES) + 38
    return (head[at] & 127) + 1 if SIZES in head and at < len(head) else 8


def deep(path: Path, seen: np.ndarray) -> np.ndarray | None:
    """All bits of colours of which 8 were `seen`, uint16 over the whole range; None where they cannot be had, or mean other colours."""
    if importlib.util.find_spec("imagecodecs") is None:
        return None
    import imagecodecs

    try:
        values = imagecodecs.jpeg2k_decode(path.read_bytes())
    except Exception:  # imagecodecs raises errors of its own; Pillow has read it
        return None
    if values.shape != seen.shape or values.dtype != np.uint16:
        return None
    values = np.minimum(values * (65535 / ((1 << depth(path)) - 1)) + 0.5, 65535).astype(np.uint16)
    return values if np.abs((values >> 8).astype(np.int16) - seen).max(initial=0) <= 1 else None
