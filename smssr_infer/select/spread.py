"""From the seeds over the grid: the random walker with a prior (L. Grady, CVPR 2005), solved by conjugate gradients.

β minimises Σ w_ij (β_i − β_j)² + Σ c_i (β_i − p_i)², where w is small across edges, p is what a cell looks like and c how much that counts;
a seed's c is so large that it stays what it is.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg, splu

from ..arrays import stopping

LEAST = 1e-3
"""What is left of a connection across the strongest edge."""

HOLD = 100.0
"""c of a seed."""

BLOCK = 5
"""Cells to a side that are solved for together first."""

TOLERANCE = 1e-3
"""What may be left of the equations, as a share."""


def walls(looks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much neighbours, down and across, belong together, by their colours `[h, w, c]`: `[h-1, w]`, `[h, w-1]`, LEAST … 1."""
    down = (np.diff(looks, axis=0) ** 2).sum(-1)
    across = (np.diff(looks, axis=1) ** 2).sum(-1)
    usual = (down.sum() + across.sum()) / max(down.size + across.size, 1) + 1e-12
    return tuple(np.maximum(np.exp(-gap / (2 * usual)), LEAST) for gap in (down, across))


def laplacian(down: np.ndarray, across: np.ndarray) -> sparse.csr_matrix:
    """The graph's Laplacian, of the connections down `[h-1, w]` and across `[h, w-1]`."""
    height, width = across.shape[0], down.shape[1]
    at = np.arange(height * width).reshape(height, width)
    first = np.concatenate([at[:-1].ravel(), at[:, :-1].ravel()])
    second = np.concatenate([at[1:].ravel(), at[:, 1:].ravel()])
    weight = np.concatenate([down.ravel(), across.ravel()])
    size = height * width
    joined = sparse.coo_matrix((np.concatenate([weight, weight]), (np.concatenate([first, second]), np.concatenate([second, first]))),
                               (size, size)).tocsr()
    return sparse.diags(np.asarray(joined.sum(1)).ravel()).tocsr() - joined


def aggregates(height: int, width: int) -> sparse.csr_matrix:
    """Which block of BLOCK × BLOCK cells every cell lies in, as a matrix cells × blocks."""
    across = -(-width // BLOCK)
    block = (np.arange(height) // BLOCK * across)[:, None] + np.arange(width) // BLOCK
    return sparse.csr_matrix((np.ones(height * width), (np.arange(height * width), block.ravel())))


def spread(graph: sparse.csr_matrix, prior: np.ndarray, counts: np.ndarray, begun: np.ndarray | None = None) -> np.ndarray:
    """β over the grid, 0 … 1, from p and c, both `[h, w]`; `begun`: what it is thought to be.

    The gradients are conditioned on two levels: each cell by itself, and blocks of cells together, solved exactly (R. A. Nicolaides,
    *Deflation of Conjugate Gradients*, 1987), so that what is far away is known at once.
    """
    weight = counts.ravel().astype(np.float64)
    system = (graph + sparse.diags(weight)).tocsr()
    blocks = aggregates(*prior.shape)
    together = splu((blocks.T @ system @ blocks).tocsc())
    alone = 1 / system.diagonal()
    wanted = weight * prior.ravel()
    near = LinearOperator(system.shape, lambda rest: alone * rest.ravel() + blocks @ together.solve(blocks.T @ rest.ravel()), dtype=float)
    first = blocks @ together.solve(blocks.T @ wanted) if begun is None else begun.ravel()
    found, _ = cg(system, wanted, x0=first, rtol=TOLERANCE, maxiter=300, M=near, callback=lambda _: stopping.check())
    return np.clip(found, 0, 1).reshape(prior.shape)
