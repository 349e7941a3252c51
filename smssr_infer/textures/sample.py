"""A material's sample, made ready to be blended: Gaussian in every channel, with the way back (Heitz and Neyret 2018, §4.3).

A sum of Gaussian values, divided by the root of the sum of its squared weights, is Gaussian again. So three patches can be blended without
losing contrast, and what they are blended to gets the sample's own histogram back.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

MOST = 4.0
"""Gaussian values are held within so many standard deviations."""
ENTRIES = 2048
"""Entries of the table that leads from Gaussian values back."""


def _quantiles() -> np.ndarray:
    """The normal distribution at ENTRIES values over −MOST … MOST."""
    return np.array([0.5 * (1 + math.erf(g / 2**0.5)) for g in np.linspace(-MOST, MOST, ENTRIES)])


def _between(gaussian: np.ndarray) -> np.ndarray:
    """What linear interpolation at places spread evenly between pixels takes from each channel's standard deviation, as a factor."""
    across, down = ((a * b).mean((1, 2)) for a, b in ((gaussian[:, :, 1:], gaussian[:, :, :-1]), (gaussian[:, 1:], gaussian[:, :-1])))
    diagonal = ((gaussian[:, 1:, 1:] * gaussian[:, :-1, :-1] + gaussian[:, 1:, :-1] * gaussian[:, :-1, 1:]) / 2).mean((1, 2))
    return (1 / np.sqrt(4 / 9 + 2 / 9 * (across + down) + diagonal / 9)).astype(np.float32)


@dataclasses.dataclass(frozen=True, eq=False)
class Sample:
    """A picture's fine structure along its principal axes, each channel made Gaussian."""

    gaussian: np.ndarray
    """`[3, h, w]` float32, mean 0, standard deviation 1."""
    tables: np.ndarray
    """`[3, ENTRIES]` float32: the values along each axis at Gaussian values over −MOST … MOST."""
    axes: np.ndarray
    """`[3, 3]`: columns are the principal axes in RGB."""
    deviation: float
    """Standard deviation of luma."""
    between: np.ndarray
    """`[3]`: by what Gaussian values read between pixels are multiplied to have a standard deviation of 1 again."""

    @classmethod
    def of(cls, fine: np.ndarray, luma: np.ndarray) -> Sample:
        """The sample of a band-passed picture `[h, w, 3]` of mean 0, in 0 … 1; `luma`: weights of R, G and B."""
        flat = fine.reshape(-1, 3).astype(np.float64)
        flat -= flat.mean(0)
        axes = np.linalg.eigh(np.cov(flat.T))[1]
        along = flat @ axes
        normal = _quantiles()
        shares = (np.arange(len(flat)) + 0.5) / len(flat)
        values = np.interp(shares, normal, np.linspace(-MOST, MOST, ENTRIES)).astype(np.float32)
        gaussian = np.empty(along.shape, np.float32)
        tables = np.empty((3, ENTRIES), np.float32)
        for channel in range(3):
            order = np.argsort(along[:, channel], kind="stable")
            gaussian[order, channel] = values
            tables[channel] = np.interp(normal, shares, along[order, channel])
        gaussian = np.ascontiguousarray(gaussian.T).reshape(3, *fine.shape[:2])
        return cls(gaussian, tables, axes.astype(np.float32), float((flat @ luma).std()), _between(gaussian))

    def back(self, blended: np.ndarray) -> np.ndarray:
        """Gaussian values `[3, h, w]` with the sample's own histogram and colours: R, G, B `[3, h, w]`."""
        at = ((np.clip(blended, -MOST, MOST) + MOST) * ((ENTRIES - 1) / (2 * MOST)) + 0.5).astype(np.int32)
        along = np.stack([table.take(index) for table, index in zip(self.tables, at, strict=True)])
        return np.tensordot(self.axes, along, 1)
