"""The maps that a graph gives, checked: as many as there must be, as large as they must be, and numbers all of them.

A graph may hold conditions, and divide by what it sees: what it gave for one picture says nothing of the next.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from .backends import Graph


def maps(name: str, graph: Graph, x: np.ndarray, counts: Collection[int], factor: int) -> np.ndarray:
    """What a graph makes of planes `[1, C, h, w]`: `[n, factor·h, factor·w]`, n being one of `counts`.

    Raises ValueError, in one line, where it makes anything else of them, and MemoryError where it runs out of memory.
    """
    height, width = x.shape[2:]
    try:
        found = graph(x)
    except Exception as error:
        if not type(error).__module__.startswith("onnxruntime"):
            raise
        words = " ".join(str(error).split())
        if "allocate" in words or "bad_alloc" in words:
            raise MemoryError(f"the model {name} takes more memory than there is") from error
        raise ValueError(f"the model {name} cannot be run on {width}×{height} pixels ({words:.300})") from error
    if found.ndim != 4 or found.shape[0] != 1 or found.shape[1] not in counts or found.shape[2:] != (factor * height, factor * width):
        raise ValueError(f"the model {name} gives {'×'.join(map(str, found.shape))} for {'×'.join(map(str, x.shape))}; expected was "
                         f"1×{' or '.join(map(str, counts))}×{factor * height}×{factor * width}")
    if not finite(found):
        raise ValueError(f"the model {name} gives NaN or infinite values for this picture")
    return found[0]


def finite(found: np.ndarray) -> bool:
    """Whether there is neither NaN nor infinity among the numbers."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(found.sum()) or np.isfinite(found).all())  # a sum is much faster than asking each, and makes no copy
