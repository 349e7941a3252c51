"""Gaussian scale space as banded matrices.

A separable Gaussian on an H×W plane X is `A_H X A_Wᵀ`, where A_N is an N×N matrix with a narrow band around its diagonal and the
border rule in its first and last rows. A Difference of Gaussians (SMS-SR §2.1) is the difference of two such products.

Everything here is linear, works in pixels, and mirrors the picture at its edges (… c b a | a b c …), so a constant plane stays
constant and its DoG is zero.
"""

from __future__ import annotations

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

    @functools.lru_cache(maxsize=512)  # noqa: B019 - shared by all matrices; 32 kB each for a strip of 128 rows
    def blocks(self, lo: int, hi: int) -> list[tuple[int, int, int, int, np.ndarray]]:
        """Rows `lo … hi-1` cut into blocks: `(row, row_stop, column, column_stop, dense)`, rows counted from `lo`."""
        cuts = [*range(lo, hi, BLOCK), hi]
        return [(a - lo, b - lo, *self.span(a, b), self.dense(a, b)) for a, b in zip(cuts, cuts[1:], strict=False)]


def separable(x: np.ndarray, vertical: Banded, horizontal: Banded, rows: tuple[int, int], columns: tuple[int, int],
              origin: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Rows × columns of `vertical @ x @ horizontalᵀ`, for planes `x` (…, H, W); block products only, float32.

    `rows`, `columns`: the half-open ranges of the result that are wanted. `origin`: which row and column of the whole plane
    `x[…, 0, 0]` is; `x` must hold all that the wanted part reads.
    """
    top, left = origin
    tall = np.empty((*x.shape[:-2], rows[1] - rows[0], x.shape[-1]), np.float32)
    for a, b, c, d, block in vertical.blocks(*rows):
        np.matmul(block, x[..., c - top:d - top, :], out=tall[..., a:b, :])
    out = np.empty((*tall.shape[:-1], columns[1] - columns[0]), np.float32)
    for a, b, c, d, block in horizontal.blocks(*columns):
        np.matmul(tall[..., c - left:d - left], block.T, out=out[..., a:b])
    return out


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


def difference_of_gaussians(x: np.ndarray, fine: float, coarse: float, rows: tuple[int, int] | None = None,
                            columns: tuple[int, int] | None = None) -> np.ndarray:
    """`G(fine) x - G(coarse) x` for planes `x` (…, H, W) float32, σ in pixels, `fine` = 0 being the identity.

    `rows`, `columns` (half-open) ask for a part only, which costs only that part. Over a part further than `radius(coarse)`
    from the edges of `x` the answer does not depend on what lies outside `x`.
    """
    rows = rows or (0, x.shape[-2])
    columns = columns or (0, x.shape[-1])

    def blur(sigma: float) -> np.ndarray:
        if sigma == 0:
            return x[..., rows[0]:rows[1], columns[0]:columns[1]]
        return separable(x, gaussian(x.shape[-2], sigma), gaussian(x.shape[-1], sigma), rows, columns)

    return blur(fine) - blur(coarse)
