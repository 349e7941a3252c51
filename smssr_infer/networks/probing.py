"""What a graph that nobody has described does, found out by running it on a few pixels: the sizes it takes, its scale, how far it sees."""

from __future__ import annotations

import numpy as np

from .backends import Graph
from .maps import finite
from .size_requirements import SizeRequirements

MOST_SCALE = 64

TRIED = (4, 8, 16, 32, 48, 56, 64, 96, 112, 128, 192, 224, 256, 384)
"""Sides of the pictures on which a network is tried until it takes one; from the smallest on, because it may make much of little."""

SIDES = (48, 96, 192, 384)
"""Sides of those on which it is looked how far it sees, until what a change of one half does to the other ends before the border."""

TOLERANCE = 1e-7


class TooLarge(ValueError):
    """A network that makes too much of a picture: of a larger one it would make more than there is memory for."""


def tried(graph: Graph, height: int, width: int, span: float) -> tuple[np.ndarray, np.ndarray, int]:
    """A picture of noise in 0 … `span`, what the graph makes of it, and how many times as large that is.

    Raises what the graph raises, and ValueError for what is no picture.
    """
    x = np.random.default_rng(0).random((1, graph.channels, height, width), np.float32) * np.float32(span)
    found = graph(x)
    scale = max(found.shape[2] // height, found.shape[3] // width) if found.ndim == 4 else 0
    if scale > MOST_SCALE:
        raise TooLarge(f"enlarges {scale} times; {MOST_SCALE} is the most")
    if scale < 1 or found.shape[:2] not in ((1, 1), (1, 3)) or found.shape[2:] != (scale * height, scale * width):
        raise ValueError(f"gives {'×'.join(map(str, found.shape))} for {'×'.join(map(str, x.shape))}, which is no enlarged picture")
    if not finite(found):
        raise ValueError("gives NaN or infinite values")
    return x, found, scale


def takes(graph: Graph, height: int, width: int, span: float) -> bool:
    """Whether it makes an enlarged picture of one of that size."""
    try:
        tried(graph, height, width, span)
    except (MemoryError, TooLarge):
        raise
    except Exception:  # onnxruntime has no common class for what a graph may refuse
        return False
    return True


def size_requirements_of(graph: Graph, span: float) -> SizeRequirements:
    """What sizes it takes. Raises what the graph raises, or ValueError, where it takes none of those that are tried."""
    side = next((side for side in TRIED if takes(graph, side, side, span)), None)
    if side is None:
        tried(graph, TRIED[-1], TRIED[-1], span)
        raise ValueError("takes none of the sizes that were tried; say in a JSON file beside it which: minimum and multiple_of")
    steps = (step for step in range(1, side + 1) if side % step == 0)
    step = next((step for step in steps if takes(graph, side + step, side + step, span)), None)
    if step is None:
        raise ValueError(f"takes pictures of {side}×{side} and none that are a little larger, where any size was expected")
    return SizeRequirements(side, step, square=not takes(graph, side, side + step, span))


def receptive_field(graph: Graph, needs: SizeRequirements, span: float) -> int:
    """How many pixels of its input it sees, to a side. Raises ValueError for a network that cannot be tiled."""
    for least in SIDES:
        side = needs.around((0, least), (0, least))[0][1]
        x, before, scale = tried(graph, side, side, span)
        middle, reach = side // 2, 0
        for half in np.s_[:middle, :], np.s_[middle:, :], np.s_[:, :middle], np.s_[:, middle:]:
            changed, other = x.copy(), np.ones((side, side), bool)
            changed[(..., *half)] = span - changed[(..., *half)]
            other[half] = False
            difference = np.abs(graph(changed) - before).max((0, 1)) > TOLERANCE * max(span, float(np.abs(before).max()))
            if not difference.any():
                raise ValueError("does not see its input")
            touched = difference & other.repeat(scale, 0).repeat(scale, 1)
            along = np.nonzero(touched.any(1 if half[1] == np.s_[:] else 0))[0] // scale
            if len(along):
                reach = max(reach, int(along.max()) - middle + 1 if along.min() >= middle else middle - int(along.min()))
        if reach < middle - 1:
            return 2 * reach + 1
    raise ValueError(f"sees more than {SIDES[-1]} pixels at once, so tiles would not agree; "
                     "to try anyway, put a smaller receptive_field into a JSON file beside it")
