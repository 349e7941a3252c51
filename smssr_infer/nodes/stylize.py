"""A picture painted anew by coarse styles, with the textures of one or several styles painted into it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np

from ..arrays import tiling
from ..arrays.masks import Beta, Mask
from ..arrays.node import Source
from ..arrays.pixels import Picture
from ..networks import backends, manifest
from ..networks.cards import TextureCard
from ..textures.random_fields import seed_of
from ..textures.style import Style, wanted
from .coarse import Repainted, coarse_styles
from .materials import painting
from .result import Result
from .style import TILE, Canvas


def mask_of(name: str, wish: Style, shape: tuple[int, int]) -> Mask:
    """β as a style is wanted, or its own strength everywhere. Raises ValueError, in one line, for what is no β or no style."""
    return Mask(manifest.find(name, TextureCard).strength if wish.beta is None else wish.beta, *shape, name)


class Painted(Result):
    """`c(x) + Σ_i β_i·residual_i` (SMS-SR §2.2), c being the coarse styles and the residuals those of c(x).

    Pixels where every β is 0, alpha, and hidden colours are the picture's own.
    """

    largest_tile = TILE

    def __init__(self, picture: Picture, styles: Mapping[str, Style | np.ndarray | float], seed: int | None = None,
                 backend: str | None = None, threads: int = 1, check: Callable[[], None] | None = None, *, canvas: Canvas | None = None,
                 betas: Mapping[str, Beta] | None = None, coarse: Mapping[str, Style | np.ndarray | float] | None = None):
        """The arguments are those of `api.stylize`; `check` is called while the picture is measured, and may raise to cancel.

        `canvas`: the picture, where it is measured already; `betas`: the β of styles whose own then does not
        count. Raises ValueError, in one line, for what does not fit.
        """
        if not isinstance(styles, Mapping):
            raise ValueError("styles must be a dictionary, such as {'grass': 0.5}")
        coarse = {} if coarse is None else coarse
        if not isinstance(coarse, Mapping):
            raise ValueError("coarse must be a dictionary, such as {'starry-night': 0.5}")
        chosen = backends.choose(backend)
        seed_of(seed, 0)
        self.picture, self.shape = picture, picture.shape
        wishes = {name: wanted(wish) for name, wish in styles.items()}
        given = betas or {}
        self._masks = [given[name] if name in given else mask_of(name, wish, picture.shape) for name, wish in wishes.items()]
        canvas = canvas or Canvas(picture, threads, check)
        self._source: Source = picture
        self._coarse = coarse_styles(canvas, coarse, seed, chosen)
        if self._coarse:
            self._source = Repainted(picture, self._coarse)
            canvas = Canvas(self._source, threads, check)
        self._paintings = [painting(name, wish if wish.seed is not None else dataclasses.replace(wish, seed=seed), canvas, chosen)
                           for name, wish in wishes.items()]
        self.margin = (max((texture.margin for texture in self._paintings), default=0)
                       + max((style.margin for style, _ in self._coarse), default=0))

    def write(self, window: tiling.Tile, out: np.ndarray, row: int, column: int) -> None:
        """Put the painted window into `out`, an array of the picture's kind, from (row, column) on."""
        top, bottom, left, right = window
        picture = self.picture
        target = out[row:row + bottom - top, column:column + right - left]
        target = target[..., None] if picture.flat else target
        target[...] = picture.window(*window)
        betas = [mask.read(*window) for mask in self._masks]
        touched = np.zeros((bottom - top, right - left), bool)
        for beta in betas + [mask.read(*window) for _, mask in self._coarse]:
            touched |= beta > 0
        if picture.alpha:
            touched &= target[..., -1] > 0
        if not touched.any():
            return
        planes = self._source.read(*window)[:picture.colours + picture.alpha]
        for texture, beta in zip(self._paintings, betas, strict=True):
            if beta.any():
                planes[:picture.colours] += beta * texture.residual(window)
        styled = picture.blank(bottom - top, right - left)
        picture.store(styled, 0, 0, planes)
        target[touched, :picture.colours] = (styled[..., None] if picture.flat else styled)[touched, :picture.colours]

    @property
    def weights(self) -> list[str]:
        """The fingerprints of its styles."""
        return [style.card.fingerprint for style, _ in self._coarse] + [texture.card.fingerprint for texture in self._paintings]

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for style, _ in self._coarse:
            style.network.graph.release()
        for texture in self._paintings:
            texture.release()
