"""A picture that masks are asked of: what was measured of it is kept, so that a further stroke costs little."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..planes.pixels import Picture
from . import edges, features, likeness, spread
from .strokes import Strokes

PRIOR = 0.05
"""How much a cell's own looks count against its neighbours."""


class Guide:
    """A picture, ready for strokes."""

    def __init__(self, image: np.ndarray):
        """`image`: as `api.upscale` takes it. Raises ValueError for an array that is no picture."""
        picture = Picture(image)
        self.shape = picture.shape
        self._rgb = features.eight_bits(picture)
        self._visible = picture.array[..., -1] > 0 if picture.alpha else None
        self._step = features.step_of(self.shape)
        colours = features.colours(self._rgb, self._step)
        texture = features.texture(self._rgb, self._step)
        self._looks = np.concatenate([8 * colours, 0.25 * texture], -1)
        self._graph = spread.laplacian(*spread.walls(colours))

    def mask(self, here: Any, not_here: Any = (), radius: float | None = None) -> np.ndarray:
        """As `api.mask`; the same strokes give the same answer, whatever was asked before."""
        wanted = Strokes(here, self.shape, radius, "here")
        unwanted = Strokes(not_here, self.shape, radius, "not_here")
        if not wanted:
            raise ValueError("here: say with at least one stroke what the mask is to hold")
        inside, outside = wanted.on(self._step), unwanted.on(self._step)
        both = inside & outside
        inside, outside = inside & ~both, outside & ~both
        if not inside.any():
            raise ValueError("here: every stroke is also said to be not_here")
        if not outside.any():
            outside = self._beyond(inside)
        if not outside.any():
            beta = np.ones(inside.shape)
        else:
            prior = likeness.likeness(self._looks, inside, outside)
            counts = np.full(inside.shape, PRIOR)
            counts[inside | outside] = spread.HOLD
            prior[inside], prior[outside] = 1, 0
            beta = spread.spread(self._graph, prior, counts)
            beta = np.clip((beta - 0.5) * 4 + 0.5, 0, 1)
        out = edges.to_pixels(self._rgb, beta, self._step)
        if self._visible is not None:
            out *= self._visible
        return out

    def _beyond(self, inside: np.ndarray) -> np.ndarray:
        """Seeds for what is not meant, where nothing was said of it: the picture's border, where it looks unlike what is meant."""
        border = np.zeros(inside.shape, bool)
        border[[0, -1]] = border[:, [0, -1]] = True
        away = likeness.distance(self._looks[border], self._looks[inside])
        least = np.median(away)
        border[border] = away >= max(least, 0.3)
        return border & ~inside
