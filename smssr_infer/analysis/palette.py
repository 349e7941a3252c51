"""The palette of a picture: mean and covariance of its colours, and how one palette is turned into another."""

from __future__ import annotations

import dataclasses

import numpy as np

from ..arrays import tiling
from ..arrays.node import Source

PART = 512
"""Pixels to a side of the parts whose sums are taken; so few that float32 holds them well."""

FAINT = 0.04
"""Standard deviation, of 0 … 1, that is added to a picture's colours before they are stretched: what is greyer than that stays grey,
and its noise stays small."""


@dataclasses.dataclass(frozen=True)
class Palette:
    """Mean `[3]` and covariance `[3, 3]` of a picture's R, G and B in 0 … 1."""

    mean: np.ndarray
    covariance: np.ndarray

    @classmethod
    def of_sums(cls, count: float, first: np.ndarray, second: np.ndarray) -> Palette:
        """Of so many pixels whose colours sum to `first` `[3]` and whose products to `second` `[3, 3]`."""
        mean = first / count
        return cls(mean, second / count - np.outer(mean, mean))

    @classmethod
    def of(cls, rgb: np.ndarray) -> Palette:
        """Of colours `[…, 3]` in 0 … 1."""
        colours = rgb.reshape(-1, 3).astype(np.float64)
        return cls.of_sums(len(colours), colours.sum(0), colours.T @ colours)

    @classmethod
    def measured(cls, source: Source, threads: int, check: tiling.Check | None) -> Palette:
        """Of a whole picture, part by part; of a grey one as if R, G and B were that grey. `check` may raise to cancel."""
        parts = tiling.tiles(*source.shape, PART)
        sums = np.zeros((len(parts), 4, 4))

        numbers = {part: number for number, part in enumerate(parts)}

        def work(part: tiling.Tile) -> None:
            colours = np.clip(source.read(*part)[:source.colours], 0, 1).reshape(source.colours, -1)
            ones = np.concatenate([np.ones((1, colours.shape[1]), np.float32), *([colours] * (3 // source.colours))])
            sums[numbers[part]] = ones @ ones.T

        tiling.run(work, parts, threads, check and (lambda _: check()))
        total = sums.sum(0)  # in the parts' order, so that threads change nothing
        return cls.of_sums(total[0, 0], total[0, 1:], total[1:, 1:])

    def towards(self, other: Palette) -> tuple[np.ndarray, np.ndarray]:
        """A matrix M `[3, 3]` and an offset b `[3]`, float32: colours M·x + b have the other palette, and are moved as little as can be.

        It is the optimal transport between two normal distributions (Pitié and Kokaram 2007, "The linear Monge-Kantorovitch linear colour
        mapping").
        """
        sqrt = root(self.covariance + FAINT**2 * np.eye(3))
        inverse = np.linalg.inv(sqrt)
        matrix = inverse @ root(sqrt @ other.covariance @ sqrt) @ inverse
        return matrix.astype(np.float32), (other.mean - matrix @ self.mean).astype(np.float32)


def root(matrix: np.ndarray) -> np.ndarray:
    """The square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
