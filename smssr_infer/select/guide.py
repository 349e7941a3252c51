"""A picture that masks are asked of: what was measured of it is kept, so that a further stroke costs little."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.ndimage import binary_dilation, binary_fill_holes, label

from ..arrays import numbers, stopping
from ..arrays.large import in_memory
from . import features, likeness, spread
from .edges import Edges
from .strokes import Seeds, Strokes, seeds

PRIORS = 0.1, 0.6
"""How much a cell's own looks count, where they are sure, against a neighbour that looks the same: in the first round, which knows looks
from the strokes alone, and in the second, which knows them from what the first was sure of, too."""

PLACE = 2.0
"""What looks like what is meant, but lies where the first round found that nothing is meant, is in the second the less likely to be: its
odds are multiplied by that power of the first round's (measured: see docs/masks.md)."""

DOUBT_OF_LOOKS, DOUBT_OF_PLACE = 1e-3, 1e-2
"""Shares of doubt that are left of either."""

SURE = 0.01
"""What the first round gives no more than this away from 0 or 1 it is sure of …"""

SAMPLES = 400
"""… and so many of those cells, evenly, say in the second what is alike; there every cell that was unsure is looked at by itself."""

LEAN, LEAST = 1e-3, 1e-6
"""How much speaks against a cell that looks like nothing that was said of, as a flat colour without a stroke; and against every other."""

RIM = 0.3
"""How much a stroke counts where only its brush's rim was."""

STEEP = 4.0
"""How much steeper β is than what the random walker gives, which only leans to one side far from all seeds."""

UNLIKE = 0.3
"""What at the border is at least so far from all that was meant is taken for not meant, where nothing was said of it."""


FARTHEST = 0.45
"""A picture whose nearest cells are farther from an example than half a clear difference shows nothing of it."""

ALIKE, UNALIKE = 1.1, 2.0
"""A cell is surely like an example where it is hardly farther from it than the example's own cells are from each other, or than the
picture's nearest are, and surely unlike it beyond twice that (measured: collages of materials)."""

OWN, NEAREST = 0.9, 0.05
"""The quantiles of these."""

RIM_OF_LOOKS = 4
"""So many cells around what is alike look like neither: texture is measured across them, outlines among it."""

LEAST_OWN = 0.1
"""Flat colours are all the same; so far from an example a cell looks the same, too."""

FEWEST = 1e-3
"""The share of the cells of which there must be like ones."""


class Guide:
    """A picture, ready for strokes."""

    def __init__(self, image: np.ndarray):
        """`image`: as `api.upscale` takes it; it is never written to. Raises ValueError for an array that is no picture."""
        picture = in_memory(image)
        self.shape = picture.shape
        self.step = features.step_of(self.shape)
        """The side of a cell of its grid, in pixels."""
        rgb = features.eight_bits(picture)
        self._visible = picture.array[..., -1] > 0 if picture.alpha else None
        self._edges = Edges(rgb, self.step)
        stopping.check()
        colours = features.colours(rgb, self.step)
        stopping.check()
        self._looks = features.looks(colours, features.texture(rgb, self.step))
        self._graph = spread.laplacian(*spread.walls(colours))

    def mask(self, here: Any, not_here: Any = (), radius: float | None = None, connected: bool = True) -> np.ndarray:
        """As `api.mask`; the same strokes give the same result, whatever was asked before."""
        if not isinstance(connected, (bool, np.bool_)):
            raise ValueError(f"connected is True or False, not {numbers.shown(connected)}")
        wanted, unwanted = Strokes(here, self.shape, radius, "here"), Strokes(not_here, self.shape, radius, "not_here")
        if not wanted:
            raise ValueError("here: say with at least one stroke what the mask is to hold")
        return self.grown(seeds(wanted, unwanted, self.step), connected)

    def like(self, reference: np.ndarray) -> np.ndarray:
        """As `api.mask_like`."""
        example = in_memory(reference)
        height, width = example.shape
        if min(height, width) < (least := 2 * self.step):
            raise ValueError(f"a picture of what is meant needs at least {least} pixels a side here, not {width}×{height}")
        rgb = features.eight_bits(example)
        looks = features.looks(features.colours(rgb, self.step), features.texture(rgb, self.step)).reshape(-1, self._looks.shape[-1])
        stopping.check()
        away = likeness.distance(self._looks.reshape(-1, looks.shape[-1]), looks).reshape(self._looks.shape[:2])
        own = np.quantile(likeness.distance(looks[::2], looks[1::2]), OWN)
        near = max(float(own), min(float(np.quantile(away, NEAREST)), FARTHEST / ALIKE), LEAST_OWN)
        here = away < ALIKE * near
        not_here = (away > UNALIKE * near) & ~binary_dilation(here, iterations=RIM_OF_LOOKS)
        if np.count_nonzero(here) < FEWEST * here.size:
            raise ValueError("nothing in the picture looks like that; mark it with strokes, or give a mask")
        return self.grown(Seeds(here, not_here, here | not_here), connected=False)

    def grown(self, seeds: Seeds, connected: bool = True) -> np.ndarray:
        """The mask of what seeds on the grid mean, as `mask`."""
        here, not_here, sure = seeds.here, seeds.not_here, seeds.sure
        if not here.any():
            raise ValueError("here: every stroke of it is said to be not here, too")
        if not (here & sure).any():  # other strokes have left its rim alone
            sure = sure | here
        if not not_here.any():
            not_here = self._beyond(here)
            sure = sure | not_here
        beta = self._on_grid(here, not_here, sure) if not_here.any() else np.ones(here.shape, np.float32)
        if connected:
            pieces, _ = label(beta >= 0.5)
            beta = np.where((beta < 0.5) | np.isin(pieces, pieces[here & sure]), beta, 0)
        stopping.check()
        out = self._edges.to_pixels(beta)
        if self._visible is not None:
            out *= self._visible
        return out

    def _on_grid(self, here: np.ndarray, not_here: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        """β of every cell."""
        rim, rims = here & ~seeds, (here | not_here) & ~seeds
        inside, outside = here & seeds, not_here & seeds
        here, not_here, begun = inside, outside, None
        unsure = np.zeros(inside.shape, bool)
        for weight in PRIORS:
            stopping.check()
            prior, sure, strange = likeness.likeness(self._looks, here, not_here, unsure)
            if begun is not None:
                prior = _there(prior, begun)
                sure = np.abs(2 * prior - 1) * (1 - strange)
            said = weight * sure
            counts = said + np.maximum(LEAN * strange, LEAST) + RIM * rims
            prior = (said * prior + RIM * rim) / counts
            counts[inside | outside] = spread.HOLD
            prior[inside], prior[outside] = 1, 0
            begun = spread.spread(self._graph, prior, counts, begun)
            beta = np.clip(STEEP * (begun - 0.5) + 0.5, 0, 1)
            here, not_here = inside | _some(beta > 1 - SURE), outside | _some(beta < SURE)
            unsure = (beta >= SURE) & (beta <= 1 - SURE)
        return beta

    def _beyond(self, inside: np.ndarray) -> np.ndarray:
        """Seeds for what is not meant, where nothing was said of it: the half of the border that looks least like what is meant."""
        border = np.zeros(inside.shape, bool)
        border[[0, -1]] = border[:, [0, -1]] = True
        away = likeness.distance(self._looks[border], self._looks[inside])
        border[border] = away >= max(np.median(away), UNLIKE)
        return border & ~inside


def _there(alike: np.ndarray, there: np.ndarray) -> np.ndarray:
    """How likely cells are meant by what they look like, and by where they are as far as that speaks against it; all 0 … 1."""
    looks, place = ((share + doubt) / (1 - share + doubt) for share, doubt in ((alike, DOUBT_OF_LOOKS), (there, DOUBT_OF_PLACE)))
    odds = looks * np.minimum(place, 1) ** PLACE
    return odds / (1 + odds)


def without_holes(beta: np.ndarray) -> np.ndarray:
    """A mask whose holes, what is enclosed by it, are part of it."""
    inside = beta >= 0.5
    return np.where(binary_fill_holes(inside) & ~inside, np.float32(1), beta)


def _some(cells: np.ndarray) -> np.ndarray:
    """SAMPLES of the cells that are true, evenly."""
    at = np.flatnonzero(cells)
    some = np.zeros(cells.size, bool)
    if len(at):
        some[at[np.linspace(0, len(at) - 1, min(SAMPLES, len(at))).astype(int)]] = True
    return some.reshape(cells.shape)
