"""A picture that styles are computed for: what a style adds at a place (SMS-SR §2.2).

`ST(x) = x + Σ_i f_β(S_i(x))` with `f_β(S) = β · κ · σ_x · (S − μ) / σ_S`. μ, σ_S and κ are constants of a style's card, σ_x is
`contrast.Contrast`, and β is the user's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from ..networks import manifest
from ..networks.cards import StyleCard
from ..networks.network import Network
from ..planes import tiling
from ..planes.pixels import Picture, luma
from ..planes.scalespace import mirror
from .contrast import Contrast
from .noise import waves, white

TILE = 512
SEEDS = 1 << 32


@functools.lru_cache(maxsize=64)
def network(card: StyleCard, backend: str) -> Network:
    """The branch of a style, loaded once; a style learnt anew has another card."""
    return Network(card, backend)


class Style:
    """A style ready to paint with: its card, its network and the seed of its noise."""

    def __init__(self, name: str, seed: int | None, backend: str):
        """`seed`: None takes the card's own. Raises ValueError for a style or seed that cannot be."""
        if seed is not None and (not isinstance(seed, (int, np.integer)) or not 0 <= seed < SEEDS):
            raise ValueError(f"the seed must be a whole number from 0 to {SEEDS - 1}, not {seed!r}")
        self.card = manifest.find(name, StyleCard)
        self.network = network(self.card, backend)
        self.seed = self.card.seed if seed is None else int(seed)
        self.margin = self.network.reach + self.network.halo
        """How many pixels network and DoG read around a window."""


class Canvas:
    """A picture, and what is measured of it once for all styles.

    Every residual is a function of the whole picture, read where it is wanted.
    """

    def __init__(self, picture: Picture, threads: int, check: Callable[[], None] | None = None):
        """`check` is called between strips while the picture is measured, and may raise to cancel."""
        self.picture = picture
        self._threads, self._check = threads, check
        self._contrasts: dict[tuple[float, float, float], Contrast] = {}

    def contrast(self, card: StyleCard) -> Contrast:
        """σ_x with a style's window, floor and ceiling; computed once."""
        key = card.window, card.floor, card.ceiling
        if key not in self._contrasts:
            self._contrasts[key] = Contrast(self.picture, *key, self._threads, self._check)
        return self._contrasts[key]

    def residual(self, style: Style, window: tiling.Tile) -> np.ndarray:
        """`κ·σ_x·(S − μ)/σ_S` over a window, `[h, w]` float32: the luma that the style adds at β = 1."""
        card, around = style.card, style.margin
        top, bottom, left, right = window
        wide = top - around, bottom + around, left - around, right + around
        # Beyond its edges the picture is mirrored; the noise and the waves simply go on.
        at = [mirror(np.arange(lo, hi), n) for lo, hi, n in zip(wide[::2], wide[1::2], self.picture.shape, strict=True)]
        (a, b), (c, d) = ((int(i.min()), int(i.max()) + 1) for i in at)
        y = luma(self.picture.read(a, b, c, d)[:self.picture.colours])[np.ix_(at[0] - a, at[1] - c)]
        inputs = np.concatenate([y[None], white(*wide, style.seed)[None], waves(*wide, card.waves)])
        maps = style.network.graph(inputs[None])[0]
        rows, columns = (around, around + bottom - top), (around, around + right - left)
        raw = style.network.residual(maps, rows, columns, [1.0])
        raw -= np.float32(card.mu)
        raw *= np.float32(card.kappa / card.sigma)
        raw *= self.contrast(card).read(*window)
        return raw
