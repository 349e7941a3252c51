"""A picture at a new size, read window by window: the chain of stages that makes it, and the tiles to make it in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..analysis.degradation import Degradation
from ..arrays import numbers, tiling
from ..arrays.masks import Mask
from ..arrays.node import Node, Source
from ..arrays.pixels import Picture
from ..arrays.resampled import Resampled
from ..networks import backends
from ..networks.cards import EnlargingCard, Space
from ..networks.network import Enlarger, RestoringNetwork
from .enlarge import Enlarged
from .model_choice import gains, network, plan
from .restoration import cleaned
from .restore import Restored
from .result import Result

BEFORE = 0.4
"""How much of the luma's JPEG marks is taken away before a model that enlarges JPEGs: it gains 0.07 dB at quality 50 and 0.13 at 30, and
costs 0.01 at 75. As much before a clean picture's model, where the marks are mild: 0.1 dB at quality 88, 0.06 at 92 (measured)."""


class Enlargement(Result):
    """A picture at a new size: networks, one after the other, and what is left bicubically."""

    def __init__(self, picture: Picture, height: int, width: int, model: str | None = None, bands: Sequence[float] | None = None,
                 backend: str | None = None, plain: bool = False, degradation: Degradation | None = None, best: bool = False):
        """height × width is what the answer will have; `plain`: by bicubic alone, to compare with. `best`: four answers of each network,
        as of `SelfEnsemble`.

        `degradation`: that of a photograph as it comes. It is enlarged by the models for JPEGs where its blocks show and its scale has one,
        after its colours were cleaned, since those models see luma alone, and its luma a little (BEFORE); where its marks are mild by the
        models for clean pictures, cleaned so, too; else all of it is cleaned first. Raises ValueError, in one line, for what cannot be.
        """
        chosen = backends.choose(backend)
        if not isinstance(best, (bool, np.bool_)):
            raise ValueError(f"best is True or False, not {numbers.shown(best)}")
        self.picture = picture
        stage: Source = picture
        scale = max(height / picture.shape[0], width / picture.shape[1])
        self.nets: list[Enlarger] = []
        self._cleaning: RestoringNetwork | None = None
        steps = [] if plain else plan(scale, model, chosen, photo=degradation is not None and degradation.jpeg and not degradation.mild)
        by_model = any(isinstance(step, EnlargingCard) and step.photo for step in steps)
        if degradation and steps:
            luma, chroma = (Mask(beta, *picture.shape, "clean") for beta in (BEFORE if by_model or degradation.mild else 1.0, 1.0))
            stage = cleaned(stage, degradation, luma, chroma, chosen)
            self._cleaning = stage.network
        for step in steps:
            self.nets.append(network(step, chosen, bool(best)))
            stage = Enlarged(stage, self.nets[-1], gains(bands, self.nets[-1]))
        if stage.shape != (height, width):
            stage = Resampled(stage, height, width)
        self._stage = stage if isinstance(stage, Node) else Resampled(stage, height, width)
        self.shape = (height, width)
        self.largest_tile = Space.SMALL.largest_tile
        for last in self.nets[-1:]:
            self.largest_tile = last.space.largest_tile
            self.margin = last.halo + last.reach * last.space.grid(last.scale)

    def reads(self, window: tiling.Tile) -> tiling.Tile:
        """The window of the picture that a window of the answer is computed from."""
        stage: Source = self._stage
        while isinstance(stage, (Resampled, Enlarged, Restored)):
            window = stage.reads(*window)
            stage = stage.source
        return window

    def write(self, window: tiling.Tile, out: np.ndarray, row: int, column: int) -> None:
        """Compute a window and put it into `out`, an array of the picture's kind, from (row, column) on."""
        for planes in self._stage.strips(*window):
            self.picture.store(out, row, column, planes)
            row += planes.shape[1]

    @property
    def weights(self) -> list[str]:
        """The fingerprints of its networks."""
        return [net.fingerprint for net in self.nets] + ([self._cleaning.fingerprint] if self._cleaning else [])

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for net in self.nets:
            net.graph.release()
        if self._cleaning:
            self._cleaning.graph.release()
