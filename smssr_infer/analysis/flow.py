"""The way that a texture lies: an angle, an array of angles, or along the picture's own flow.

Angles are degrees, counter-clockwise. Of most textures they are those of lines: half a turn is no turn, and they are held as cos 2θ and
sin 2θ, which can be averaged. A texture that has a head and a tail takes cos θ and sin θ. So a field has `times` · θ, 2 or 1.
"""

from __future__ import annotations

import functools
from typing import Any, Protocol

import numpy as np

from ..arrays import numbers, tiling
from ..arrays.node import Source
from ..arrays.scale_space import gaussian, radius, separable
from . import cell_sums

FOLLOW = "follow"

SIGMA = 1.5
"""Gradients are taken of luma through a Gaussian of so many pixels: above the grain of most textures and noise."""

SPREADS = (32.0, 16.0, 8.0, 4.0, 2.0)
"""Gaussians, in cells, over which neighbours agree, from the coarsest on; a finer one counts as far as it is sure."""

AT_LARGE = (32.0, 16.0, 6.0)
"""The same for a texture of long straight lines: within 100 pixels it does not bend after every scratch and reflection."""

SURE = 0.12
"""The coherence, 0 … 1, at which half of the flow is a place's own."""

MOST_SIDE = 256
"""Heads are agreed upon on a grid of so many cells to a side at most."""

FLAT = 0.004
"""Gradients below this, in 0 … 1 a pixel, tell nothing."""


class Field(Protocol):
    """An angle for every pixel."""

    def planes(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """(cos nθ, sin nθ) of those rows × columns of the picture, n being the field's `times`, `[2, h, w]` float32."""


def cosine_and_sine(degrees: np.ndarray | float, times: int) -> np.ndarray:
    """(cos nθ, sin nθ) with n = `times`, `[2, …]` float32."""
    angle = np.radians(times * np.asarray(degrees, np.float64))
    return np.stack([np.cos(angle), np.sin(angle)]).astype(np.float32)


def unit(planes: np.ndarray) -> np.ndarray:
    """Planes `[2, …]` as vectors of length one."""
    return planes / (np.hypot(planes[0], planes[1]) + np.float32(1e-9))


class Given:
    """Angles that the user gives: a number, or an array, which is scaled to the picture."""

    def __init__(self, direction: Any, height: int, width: int, name: str, times: int):
        """Raises ValueError, in one line, for what is no number or plane of finite numbers, and for a plane of other proportions."""
        degrees = numbers.array(direction)
        if degrees is None or degrees.ndim not in (0, 2) or degrees.size == 0:
            what = f"one of shape {degrees.shape}" if isinstance(degrees, np.ndarray) else numbers.shown(direction)
            raise ValueError(f"{name}: a direction is degrees, an array H×W of them, {FOLLOW!r} or Along lines, not {what}")
        with np.errstate(over="ignore"):
            degrees = degrees.astype(np.float32)
        if not np.isfinite(degrees).all():
            raise ValueError(f"{name}: a direction is finite, not NaN or infinite")
        if degrees.ndim:
            tall, wide = degrees.shape
            if abs(tall - wide * height / width) > max(1, 0.02 * tall):
                raise ValueError(f"{name}: angles of {wide}×{tall} do not have the proportions of a picture of {width}×{height}")
        self._field = cosine_and_sine(degrees, times)
        self._shape = height, width

    def planes(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Of those rows × columns, as of `Field`."""
        field = self._field
        if field.ndim == 1:
            return np.broadcast_to(field[:, None, None], (2, len(rows), len(columns)))
        at = [i * n // whole for i, n, whole in zip((rows, columns), field.shape[1:], self._shape, strict=True)]
        return field[:, at[0][:, None], at[1]]


class Lines:
    """A flow of lines on a grid of cells."""

    def __init__(self, doubled: np.ndarray):
        """`doubled`: (cos 2θ, sin 2θ), `[2, rows, columns]`."""
        self._grid = doubled

    def planes(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """(cos 2θ, sin 2θ) of those rows × columns of the picture; of unit length."""
        return unit(cell_sums.read(self._grid, rows, columns))


class Flow(Lines):
    """The picture's own flow: the way its hairs, blades and grain lie, by the structure tensor of luma; measured once, on a coarse grid.

    Where a place cannot say, its surroundings do, as far away as need be.
    """

    def __init__(self, source: Source, threads: int = 1, check: tiling.Check | None = None):
        """`check` is called between strips and may raise to cancel."""
        def tensor(y: np.ndarray) -> tuple[np.ndarray, ...]:
            rows, columns = y.shape
            soft = separable(y, gaussian(rows, SIGMA), gaussian(columns, SIGMA), (margin - 1, rows - margin + 1),
                             (margin - 1, columns - margin + 1))
            across, down = (soft[1:-1, 2:] - soft[1:-1, :-2]) / 2, (soft[2:, 1:-1] - soft[:-2, 1:-1]) / 2
            strength = np.hypot(across, down)
            # an edge counts by its length rather than by its contrast, so that an outline does not outvote the coat beside it
            weight = strength / (strength + np.float32(FLAT)) / np.maximum(strength, np.float32(1e-6))
            # lines lie across the gradient, and rows count downwards: cos 2θ = (down² − across²)/|g|², sin 2θ = 2·across·down/|g|²
            return (down**2 - across**2) * weight, 2 * across * down * weight, (across**2 + down**2) * weight

        margin = radius(SIGMA) + 1
        sums = cell_sums.sums(source, 3, tensor, margin, threads, check)
        self._sums = sums
        super().__init__(_agreed_upon(sums, SPREADS))

    @functools.cached_property
    def at_large(self) -> Lines:
        """The same without its finer bends; found once."""
        return Lines(_agreed_upon(self._sums, AT_LARGE))

    @functools.cached_property
    def headed(self) -> Headed:
        """The same with a head and a tail; found once."""
        return Headed(self._grid)


def _agreed_upon(sums: np.ndarray, spreads: tuple[float, ...]) -> np.ndarray:
    """(cos 2θ, sin 2θ) on a grid of cells from their structure tensors' sums `[3, rows, columns]`: where a cell is sure its own, elsewhere
    what its surroundings say."""
    grid = sums.shape[1:]
    flow = sums[:2].sum((1, 2))[:, None, None] + np.array([1e-6, 0], np.float32)[:, None, None]  # of the whole; level where nothing is
    flow = np.broadcast_to(flow / np.hypot(*flow), (2, *grid))
    for sigma in spreads:
        blurred = separable(sums, gaussian(grid[0], sigma), gaussian(grid[1], sigma), (0, grid[0]), (0, grid[1]))
        length = np.hypot(blurred[0], blurred[1])
        coherence = length / (blurred[2] + np.float32(1e-3))
        trust = coherence**2 / (coherence**2 + np.float32(SURE**2))
        flow = flow * (1 - trust) + trust * blurred[:2] / (length + np.float32(1e-9))
        flow = flow / (np.hypot(flow[0], flow[1]) + np.float32(1e-9))
    return flow.astype(np.float32)


class Headed:
    """A flow of which every line has a head: of its two ends the one to which its neighbours' heads point, and downwards on the whole.

    Where a flow runs in a ring round a point, or splits, somewhere neighbours cannot agree; there it turns round from one pixel to the
    next, so that the lines go on as they lie.
    """

    def __init__(self, doubled: np.ndarray):
        """`doubled`: (cos 2θ, sin 2θ) on a grid of cells, `[2, rows, columns]`."""
        step = -(-max(doubled.shape[1:]) // MOST_SIDE)
        starts = [np.arange(0, n, step) for n in doubled.shape[1:]]
        small = _halved(unit(np.add.reduceat(np.add.reduceat(doubled, starts[0], axis=1), starts[1], axis=2)))
        small *= agreed(small)
        if small[1].sum() > 0:
            small = -small
        near = [np.arange(n) // step for n in doubled.shape[1:]]
        self._grid = np.concatenate([doubled, _along(_halved(doubled), small[:, near[0][:, None], near[1]])])

    def planes(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """(cos θ, sin θ) of those rows × columns of the picture; of unit length."""
        between = cell_sums.read(self._grid, rows, columns)  # halfway from a head to its opposite lies a line across: it only tells the end
        return _along(_halved(unit(between[:2])), between[2:])


def _halved(doubled: np.ndarray) -> np.ndarray:
    """(cos θ, sin θ) of one end of lines of which (cos 2θ, sin 2θ), of unit length, is known: of the right one."""
    cosine, sine = (np.sqrt((1 + sign * doubled[0]).clip(0) / 2) for sign in (1, -1))
    return np.stack([cosine, np.copysign(sine, doubled[1])])


def _along(ways: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Vectors `[2, …]`, turned round where they point away from those of `heads`."""
    return ways * np.where((ways * heads).sum(0) < 0, np.float32(-1), np.float32(1))


def agreed(ways: np.ndarray) -> np.ndarray:
    """A sign, ±1, for each of the vectors `[2, rows, columns]`, by which neighbours point the same way: as far as they can, those first
    that are most alike (a spanning tree of the grid)."""
    from scipy.sparse import coo_array  # slow to import, and only for textures with a head
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    rows, columns = ways.shape[1:]
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)  # SciPy below 1.17.1 takes no others in a graph
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:])]
    first, second = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
    flat = ways.reshape(2, -1)
    alike = (flat[:, first] * flat[:, second]).sum(0)
    tree = minimum_spanning_tree(coo_array((1.001 - np.abs(alike), (first, second)), shape=(flat.shape[1],) * 2))
    order, before = breadth_first_order(tree, 0, directed=False)
    order = order[1:]
    turns = np.where((flat[:, order] * flat[:, before[order]]).sum(0) < 0, -1, 1)
    signs = [1] * flat.shape[1]
    for cell, parent, turn in zip(order.tolist(), before[order].tolist(), turns.tolist(), strict=True):
        signs[cell] = turn * signs[parent]
    return np.array(signs, np.float32).reshape(rows, columns)


class Turned:
    """A field of angles less a constant one."""

    def __init__(self, field: Field, degrees: float, times: int):
        self._field = field
        self._by = cosine_and_sine(degrees, times)

    def planes(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Of those rows × columns, as of `Field`, for θ less those degrees."""
        cosine, sine = self._field.planes(rows, columns)
        return np.stack([cosine * self._by[0] + sine * self._by[1], sine * self._by[0] - cosine * self._by[1]])
