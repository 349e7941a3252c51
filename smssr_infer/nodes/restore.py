"""A picture restored at its size: cleaned, then sharpened."""

from __future__ import annotations

import numpy as np

from ..analysis.degradation import Degradation
from ..analysis.measurements import Measurements
from ..analysis.noise import NONE, sigma_of
from ..arrays import tiling
from ..arrays.masks import Beta, Given, mask_of
from ..arrays.node import Source
from ..networks.cards import Purpose
from ..networks.loading import load
from ..networks.network import RestoringNetwork
from .model_choice import restorer
from .restore_by_network import RestoredByNetwork
from .task_node import TaskNode


def cleaned(source: Source, degradation: Degradation, beta: Beta, chroma: Beta, backend: str, name: str | None = None) -> RestoredByNetwork:
    """The source cleaned by the model of that name, or the one for its degradation. Raises ValueError as `restorer` does."""
    cleaning = load(restorer(Purpose.CLEAN, name, degradation.jpeg), backend)
    return RestoredByNetwork(source, cleaning, beta, chroma, degradation.jpeg_origin, degradation.sigma)


def told(degradation: Degradation, noise: str | float) -> Degradation:
    """The degradation of a picture of which a user says how much noise it has: `auto`, or σ of luma in levels. It is cleaned of that alone.

    Raises ValueError for anything else.
    """
    if noise == "auto":
        return degradation
    return Degradation(degradation.noise, 0.0, sigma=degradation.sigma.with_luma(sigma_of(noise)))


class RestoreNode(TaskNode):
    """The source cleaned, then sharpened."""

    largest_tile = 768  # with the halo that the networks read, a thread holds near 150 MiB

    def __init__(self, source: Source, measured: Measurements, backend: str, clean: Given = 0, chroma: Given | None = None,
                 sharpen: Given = 0, noise: str | float = "auto", model: str | None = None):
        """The arguments are those of `api.restore`. Raises ValueError, in one line, for what does not fit."""
        super().__init__(source)
        height, width = source.shape
        self._betas: list[Beta] = []
        self.noise = NONE
        """What is cleaned away, for a network that is told."""
        luma, of_chroma = mask_of(clean, height, width, "clean"), mask_of(clean if chroma is None else chroma, height, width, "chroma")
        if model is not None:
            restorer(Purpose.CLEAN, model)
        nets: list[RestoringNetwork] = []
        if luma.anything or of_chroma.anything:
            cleaning = cleaned(source, told(measured.degradation, noise), luma, of_chroma, backend, model)
            if noise != "auto" and not cleaning.network.told:
                raise ValueError(f"noise: {cleaning.network.name} is not told how much there is; choose another model, or leave it out")
            self.noise, self.last = cleaning.noise, cleaning
            nets.append(cleaning.network)
            self._betas += [luma, of_chroma] if source.colours == 3 else [luma]
        beta = mask_of(sharpen, height, width, "sharpen")
        if beta.anything:
            sharpening = RestoredByNetwork(self.last, load(restorer(Purpose.SHARPEN), backend), beta, beta)
            self.last = sharpening
            nets.append(sharpening.network)
            self._betas.append(beta)
        self.networks += nets
        self.margin = sum(net.reach + net.halo for net in nets)

    def touched(self, window: tiling.Tile) -> np.ndarray:
        """Which pixels of a window may change."""
        top, bottom, left, right = window
        touched = np.zeros((bottom - top, right - left), bool)
        for mask in self._betas:
            touched |= mask.read(*window) > 0
        return touched

    @property
    def fingerprints(self) -> list[str]:
        """The fingerprints of its networks, and what they are told."""
        return [*super().fingerprints, *([repr(self.noise)] if self.noise is not NONE else [])]
