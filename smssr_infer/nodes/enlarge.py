"""A picture at a new size: networks, one after the other, and what is left bicubically; a smaller one bicubically alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..analysis.degradation import Degradation
from ..analysis.treatment import Treatment
from ..arrays.masks import Mask
from ..arrays.node import Node, Source
from ..arrays.resampled import Resampled
from ..networks.cards import Space
from ..networks.loading import load
from .despeckle import Unsalted
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
                 bands: Sequence[float] | None = None, degradation: Degradation | None = None,
                 treatment: Treatment = Treatment.CLEAN, best: bool = False, plain: bool = False, detail: float | None = None,
                 salted: float = 0.0):
        """height × width: of the result; `plain`: by bicubic alone, to compare with. `best`: as `SelfEnsemble`; `bands`, `detail`: as
        of `gains`.

        `treatment`: of a picture that has that `degradation`. Before the models that enlarge JPEGs its colours are cleaned, since those
        models see luma alone, and its luma a little (BEFORE), and so they are where JPEG artefacts are mild; noise is cleaned away.
        `salted`: the share of its pixels that is salt or pepper, taken out before all else. Raises ValueError, in one line, for what
        cannot be.
        """
        super().__init__(source)
        self.treatment = treatment
        scale = max(height / source.shape[0], width / source.shape[1])
        models = [] if plain else plan(scale, model, backend, photo=treatment is Treatment.JPEG)
        node: Source = Unsalted(source, salted) if salted else source
        if degradation and treatment is not Treatment.CLEAN and models:
            noisy = treatment is Treatment.NOISE
            luma, chroma = (Mask(beta, *source.shape, "clean") for beta in (1.0 if noisy else BEFORE, 1.0))
            node = cleaning = cleaned(node, dataclasses.replace(degradation, jpeg=not noisy), luma, chroma, backend)
            self.networks.append(cleaning.network)
        nets = [load(step, backend, bool(best)) for step in models]
        for net in nets:
            node = EnlargedByNetwork(node, net, gains(bands, detail, net))
        self.networks[:0] = nets
        if node.shape != (height, width) or not isinstance(node, Node):
            node = Resampled(node, height, width)
        if (height, width) != source.shape and height * width <= source.shape[0] * source.shape[1]:
            self.remarks.append(f"was {source.shape[1]}×{source.shape[0]}, larger than that: reduced to {width}×{height}")
        self.last, self.shape = node, (height, width)
        for last in nets[-1:]:
            self.largest_tile = last.space.largest_tile
            self.margin = last.halo + last.reach * last.space.grid(last.scale)
