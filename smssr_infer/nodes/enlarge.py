"""A picture at a new size: networks, one after the other, and what is left bicubically."""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis.degradation import Degradation
from ..arrays.masks import Mask
from ..arrays.node import Node, Source
from ..arrays.resampled import Resampled
from ..networks.cards import EnlargingCard, Space
from ..networks.loading import load
from .enlarge_by_network import EnlargedByNetwork
from .model_choice import gains, plan
from .restore import cleaned
from .task_node import TaskNode

BEFORE = 0.4
"""How much of the luma's JPEG artefacts is taken away before a model that enlarges JPEGs: it gains 0.07 dB at quality 50 and 0.13 at 30,
and costs 0.01 at 75. As much before a clean picture's model, where they are mild: 0.1 dB at quality 88, 0.06 at 92 (measured)."""


class EnlargeNode(TaskNode):
    """The source at a new size."""

    largest_tile = Space.SMALL.largest_tile

    def __init__(self, source: Source, height: int, width: int, backend: str, model: str | None = None,
                 bands: Sequence[float] | None = None, degradation: Degradation | None = None, best: bool = False, plain: bool = False):
        """height × width: of the result; `plain`: by bicubic alone, to compare with. `best`: as `SelfEnsemble`.

        `degradation`: that of a photograph as it comes. It is enlarged by the models for JPEGs where its blocks show and its scale has
        one, after its colours were cleaned, since those models see luma alone, and its luma a little (BEFORE); where its artefacts are
        mild by the models for clean pictures, cleaned so, too; else all of it is cleaned first. Raises ValueError, in one line, for what
        cannot be.
        """
        super().__init__(source)
        self.degradation = degradation
        scale = max(height / source.shape[0], width / source.shape[1])
        models = [] if plain else plan(scale, model, backend, photo=degradation is not None and degradation.jpeg and not degradation.mild)
        node = source
        if degradation and models:
            by_model = any(isinstance(step, EnlargingCard) and step.photo for step in models)
            luma, chroma = (Mask(beta, *source.shape, "clean") for beta in (BEFORE if by_model or degradation.mild else 1.0, 1.0))
            node = cleaning = cleaned(source, degradation, luma, chroma, backend)
            self.networks.append(cleaning.network)
        nets = [load(step, backend, bool(best)) for step in models]
        for net in nets:
            node = EnlargedByNetwork(node, net, gains(bands, net))
        self.networks[:0] = nets
        if node.shape != (height, width) or not isinstance(node, Node):
            node = Resampled(node, height, width)
        self.last, self.shape = node, (height, width)
        for last in nets[-1:]:
            self.largest_tile = last.space.largest_tile
            self.margin = last.halo + last.reach * last.space.grid(last.scale)
