"""Gaussian scale space as banded matrices.

A separable Gaussian on an H×W plane X is `A_H X A_Wᵀ`, where A_N is an N×N matrix with a narrow band around its diagonal and the
border rule in its first and last rows. A Difference of Gaussians (SMS-SR §2.1) is the difference of two such products.

Everything here is linear, works in pixels, and mirrors the picture at its edges (… c b a | a b c …), so a constant plane stays
constant and its DoG is zero.
"""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

TRUNCATE = 3.0
"""A Gaussian is cut at this many standard deviations and normalised again."""

BLOCK = 32
"""Rows multiplied at once: large enough for BLAS, small enough that little of a block lies outside the band (measured)."""


def mirror(index: np.ndarray, n: int) -> np.ndarray:
    """Fold any integer indices into 0 … n-1, mirroring at the outer edges of the first and last sample."""
    index = np.mod(index, 2 * n)
    return np.where(index < n, index, 2 * n - 1 - index)


class Banded:
    """An M×N float32 matrix whose row i is zero outside columns `first[i]` … `first[i] + taps - 1`."""

    def __init__(self, first: np.ndarray, weights: np.ndarray):
        """`first`: int, length M, non-decreasing; `weights`: M×taps, with `first + taps <= N`."""
        self.first = first
        self.weights = weights.astype(np.float32)

    @property
    def rows(self) -> int:
        return len(self.first)

    def span(self, lo: int, hi: int) -> tuple[int, int]:
        """The columns `[start, stop)` that rows `lo … hi-1` read."""
        return int(self.first[lo]), int(self.first[hi - 1]) + self.weights.shape[1]

    def dense(self, lo: int = 0, hi: int | None = None) -> np.ndarray:
        """Rows `lo … hi-1` as a dense matrix over the columns of `span(lo, hi)`."""
        hi = self.rows if hi is None else hi
        start, stop = self.span(lo, hi)
        block = np.zeros((hi - lo, stop - start), np.float32)
        taps = self.weights.shape[1]
        at = (self.first[lo:hi] - start)[:, None] + np.arange(taps)
        np.put_along_axis(block, at, self.weights[lo:hi], axis=1)
        return block

    @functools.lru_cache(maxsize=512)  # noqa: B019 - shared by all matrices; some 10 kB each
    def runs(self, lo: int, hi: int) -> list[Run]:
        """Rows `lo … hi-1` cut into blocks of BLOCK rows, neighbours that repeat each other gathered."""
        runs: list[Run] = []
        for row in range(lo, hi, BLOCK):
            stop = min(row + BLOCK, hi)
            column, dense = self.span(row, stop)[0], self.dense(row, stop)
            if runs and np.array_equal(runs[-1].dense, dense):
                last = runs[-1]
                step = column - last.column - (last.count - 1) * last.step
                if last.count == 1 or step == last.step:
                    runs[-1] = dataclasses.replace(last, count=last.count + 1, step=step)
                    continue
            runs.append(Run(row - lo, 1, column, 1, dense))
        return runs


@dataclasses.dataclass(frozen=True)
class Run:
    """`count` blocks of a banded matrix, one below the other, that are the same `dense` matrix at columns `step` apart."""

    row: int
    count: int
    column: int
    step: int
    dense: np.ndarray

    def windows(self, x: np.ndarray, first: int) -> np.ndarray:
        """What the blocks read of `x` (…, n, m), which begins with column `first` of the matrix: (…, count, taps, m), a view."""
        x = x[..., self.column - first:, :]
        return np.lib.stride_tricks.as_strided(x, (*x.shape[:-2], self.count, self.dense.shape[1], x.shape[-1]),
                                               (*x.strides[:-2], self.step * x.strides[-2], *x.strides[-2:]), writeable=False)

    def places(self, out: np.ndarray) -> np.ndarray:
        """Where the blocks' products belong in `out` (…, n, m): (…, count, rows, m), a view."""
        rows = len(self.dense)
        return out[..., self.row:self.row + self.count * rows, :].reshape(*out.shape[:-2], self.count, rows, out.shape[-1])


def _product(matrix: Banded, x: np.ndarray, rows: tuple[int, int], first: int, out: np.ndarray) -> np.ndarray:
    """`rows` of `matrix @ x` into `out`, where `x` (…, n, m) begins with row `first` of the whole plane.

    Few and long calls of NumPy: between calls the threads that work on other tiles wait for each other.
    """
    for run in matrix.runs(*rows):
        np.matmul(run.dense, run.windows(x, first), out=run.places(out))
    return out


def _down(x: np.ndarray, matrix: Banded, rows: tuple[int, int], top: int) -> np.ndarray:
    """`rows` of `matrix @ x`, where `x` begins with row `top` of the whole plane."""
    return _product(matrix, x, rows, top, np.empty((*x.shape[:-2], rows[1] - rows[0], x.shape[-1]), np.float32))


def _across(x: np.ndarray, matrix: Banded, columns: tuple[int, int], left: int) -> np.ndarray:
    """`columns` of `x @ matrixᵀ`, where `x` begins with column `left` of the whole plane."""
    out = np.empty((*x.shape[:-1], columns[1] - columns[0]), np.float32)
    _product(matrix, x.swapaxes(-1, -2), columns, left, out.swapaxes(-1, -2))
    return out


def separable(x: np.ndarray, vertical: Banded, horizontal: Banded, rows: tuple[int, int], columns: tuple[int, int],
              origin: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Rows × columns of `vertical @ x @ horizontalᵀ`, for planes `x` (…, H, W); block products only, float32.

    `rows`, `columns`: the half-open ranges of the result that are wanted. `origin`: which row and column of the whole plane
    `x[…, 0, 0]` is; `x` must hold all that the wanted part reads.
    """
    top, left = origin
    start, stop = vertical.span(*rows)
    if stop - start < rows[1] - rows[0]:  # enlarging: across while there are few rows, since products across are the slower ones
        return _down(_across(x[..., start - top:stop - top, :], horizontal, columns, left), vertical, rows, start)
    return _across(_down(x, vertical, rows, top), horizontal, columns, left)


def radius(sigma: float) -> int:
    """How many pixels to each side a Gaussian of standard deviation `sigma` (pixels) reads."""
    return int(np.ceil(TRUNCATE * sigma))


@functools.lru_cache(maxsize=64)
def gaussian(n: int, sigma: float) -> Banded:
    """The n×n matrix of a Gaussian of standard deviation `sigma` > 0 pixels, mirrored at both ends; every row sums to 1."""
    r = radius(sigma)
    taps = np.arange(-r, r + 1)
    kernel = np.exp(-0.5 * (taps / sigma) ** 2)
    kernel /= kernel.sum()
    width = min(n, 2 * r + 1)
    row = np.arange(n)
    first = np.clip(row - r, 0, n - width)
    weights = np.zeros((n, width))
    column = mirror(row[:, None] + taps, n)
    np.add.at(weights, (row[:, None], column - first[:, None]), kernel)
    return Banded(first, weights)


def smooth(x: np.ndarray, sigma: float) -> np.ndarray:
    """Planes `x` (…, H, W) float32 through a Gaussian of `sigma` pixels, mirrored at their edges."""
    rows, columns = x.shape[-2:]
    return separable(x, gaussian(rows, sigma), gaussian(columns, sigma), (0, rows), (0, columns))


def difference_of_gaussians(x: np.ndarray, fine: float, coarse: float, rows: tuple[int, int] | None = None,
                            columns: tuple[int, int] | None = None) -> np.ndarray:
    """`G(fine) x - G(coarse) x` for planes `x` (…, H, W) float32, σ in pixels, `fine` = 0 being the identity, `coarse` = ∞ zero.

    `rows`, `columns` (half-open) ask for a part only, which costs only that part. Over a part further than `radius(coarse)`
    from the edges of `x` the result does not depend on what lies outside `x`.
    """
    rows = rows or (0, x.shape[-2])
    columns = columns or (0, x.shape[-1])

    def blur(sigma: float) -> np.ndarray:
        if sigma == 0:
            return x[..., rows[0]:rows[1], columns[0]:columns[1]]
        return separable(x, gaussian(x.shape[-2], sigma), gaussian(x.shape[-1], sigma), rows, columns)

    return blur(fine) if np.isinf(coarse) else blur(fine) - blur(coarse)
