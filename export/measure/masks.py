"""How well a mask proposed from five strokes is what was meant, beside GrabCut with the same strokes."""

from __future__ import annotations

import time

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra
from skimage.morphology import medial_axis

import smssr_infer
from smssr_infer.select.strokes import Strokes, radius_of

from ..data.collages import Example

LONGEST = 1 / 4
"""Of a stroke, of the picture's longer side."""

COARSE = 4
"""Strokes are laid out on so many pixels."""

Line = list[tuple[float, float]]


def overlap(beta: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union of β ≥ ½ and what is true."""
    found = beta >= 0.5
    return float((found & truth).sum() / max(1, (found | truth).sum()))


def strokes(truth: np.ndarray) -> tuple[list[Line], list[Line]]:
    """Five strokes, as one would draw them: two on what is meant, three beside it; each along the middle of what it is drawn on.

    The first goes through the middle of the widest place; each further one through the place that is farthest from those there are.
    """
    return lines(truth, 2), lines(~truth, 3)


def lines(region: np.ndarray, count: int) -> list[Line]:
    """`count` strokes on a region, boolean H×W: along its medial axis, and across the middle where it is wide; none nearer to its edge than
    the brush is wide."""
    small = np.pad(region[::COARSE, ::COARSE], 1)
    axis, room = medial_axis(small, return_distance=True, rng=0)
    axis = (axis | (room >= room.max() / 2)) & (room * COARSE >= min(2 * radius_of(None, region.shape), room.max() * COARSE))
    nodes = np.argwhere(axis)
    graph = _graph(axis, nodes)
    found: list[Line] = []
    far = np.full(len(nodes), np.inf)
    for _ in range(count):
        points = nodes[_path(graph, int(np.argmax(np.minimum(far, 4 * room[axis]))), LONGEST * max(small.shape))]
        found.append([(float(x - 1) * COARSE, float(y - 1) * COARSE) for y, x in [*points[:-1:5], points[-1]]])
        beside = np.ones(small.shape, bool)
        beside[tuple(points.T)] = False
        far = np.minimum(far, distance_transform_edt(beside)[axis])
    return found


def _graph(axis: np.ndarray, nodes: np.ndarray) -> csr_matrix:
    """The axis' pixels, each joined to those beside it."""
    at = np.full(axis.shape, -1)
    at[axis] = np.arange(len(nodes))
    first, second, length = [], [], []
    for down, right in ((0, 1), (1, -1), (1, 0), (1, 1)):
        other = at[nodes[:, 0] + down, nodes[:, 1] + right]
        there = other >= 0
        first.append(np.flatnonzero(there))
        second.append(other[there])
        length.append(np.full(there.sum(), np.hypot(down, right)))
    return coo_matrix((np.concatenate(length), (np.concatenate(first), np.concatenate(second))), (len(nodes), len(nodes))).tocsr()


def _path(graph: csr_matrix, start: int, reach: float) -> list[int]:
    """A path of at most `reach` along the axis, by `start`: from the farthest place within half of it to the farthest from there."""
    near = dijkstra(graph, directed=False, indices=start, limit=reach / 2)
    ball = np.flatnonzero(np.isfinite(near))
    one = ball[np.argmax(near[ball])]
    far, before = dijkstra(graph, directed=False, indices=one, limit=reach, return_predecessors=True)
    inside = ball[np.isfinite(far[ball])]
    node = inside[np.argmax(far[inside])]
    path = [int(node)]
    while node != one:
        node = before[node]
        path.append(int(node))
    return path

def ours(picture: np.ndarray, here: list[Line], not_here: list[Line]) -> np.ndarray:
    """β that we propose."""
    return smssr_infer.mask(picture, here, not_here)


def grabcut(picture: np.ndarray, here: list[Line], not_here: list[Line]) -> np.ndarray:
    """What GrabCut (C. Rother et al., SIGGRAPH 2004; OpenCV's, five rounds) proposes: 0 or 1.

    What has no stroke begins as probably not meant: the other way round it does far worse (measured on the collages).
    """
    import cv2

    shape = picture.shape[:2]
    marks = np.full(shape, cv2.GC_PR_BGD, np.uint8)
    marks[Strokes(not_here, shape, None, "not_here").on(1)] = cv2.GC_BGD
    marks[Strokes(here, shape, None, "here").on(1)] = cv2.GC_FGD
    cv2.setRNGSeed(0)
    cv2.grabCut(np.ascontiguousarray(picture[..., ::-1]), marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
    return np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)


def times(rounds: int = 5) -> tuple[float, float]:
    """Seconds to the first mask of a picture of 4 Mpx, and for a further stroke: medians."""
    from skimage import data

    picture = np.asarray(Image.fromarray(data.chelsea()).resize((2448, 1632), Image.Resampling.BICUBIC))
    scale = 2448 / 451
    here, not_here = ([[(x * scale, y * scale) for x, y in line] for line in lines]
                      for lines in ([[(150, 60), (230, 220)], [(40, 200), (90, 260)]], [[(10, 30), (80, 20)], [(360, 30), (440, 120)]]))
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        guide = smssr_infer.Guide(picture)
        guide.mask(here, not_here)
        first = time.perf_counter()
        guide.mask(here, [*not_here, [(400 * scale, 250 * scale)]])
        taken.append((first - began, time.perf_counter() - first))
    first, further = np.median(taken, 0)
    return float(first), float(further)


def drawn(example: Example, here: list[Line], not_here: list[Line], beta: np.ndarray, width: int = 960) -> Image.Image:
    """The picture, dark where nothing is proposed, with the true outline in yellow, the strokes in green and red."""
    scale = width / example.picture.shape[1]
    size = width, round(example.picture.shape[0] * scale)
    share = np.asarray(Image.fromarray(beta.astype(np.float32), "F").resize(size, Image.Resampling.BILINEAR))
    shown = np.asarray(Image.fromarray(example.picture).resize(size)) * (0.3 + 0.7 * share[..., None])
    truth = np.asarray(Image.fromarray(example.truth).resize(size))
    edge = np.zeros_like(truth)
    edge[1:] |= truth[1:] != truth[:-1]
    edge[:, 1:] |= truth[:, 1:] != truth[:, :-1]
    shown[edge] = 255, 255, 0
    picture = Image.fromarray(np.clip(shown, 0, 255).astype(np.uint8))
    for strokes_, colour in ((here, "lime"), (not_here, "red")):
        for line in strokes_:
            ImageDraw.Draw(picture).line([(x * scale, y * scale) for x, y in line], fill=colour, width=5)
    return picture
