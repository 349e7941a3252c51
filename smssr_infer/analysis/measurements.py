"""A picture, and what is measured of it: each once, when it is first asked for, for all steps and styles."""

from __future__ import annotations

import copy
import dataclasses
import functools
from collections.abc import Mapping

import numpy as np

from ..arrays.node import Source
from ..arrays.resampled import Resampled
from ..runtime import Runtime
from .blur import estimate_blur
from .contrast import Contrast, Headroom
from .degradation import Degradation, by_lightness, cleaned_as_jpeg, measured
from .dither import dithered
from .flow import Flow
from .gains import by_rules
from .grain import Look, look_of
from .noise import FEATURES, after_trial
from .palette import Palette
from .salt import salted
from .sharpness import Sharpness
from .treatment import Gains, foreseen
from .trial_cleaning import EVERY, tried

FOUND = ("degradation", "gains", "salted", "dithered", "blur")
"""What is measured of how degraded it is."""


class Measurements:
    """What is measured of a whole picture, so that whatever depends on it is the same in every tile and preview.

    `jpeg`: the quality, 1 … 100, of the JPEG file that the picture was read from, which tells more than its pixels; None of others.
    """

    def __init__(self, source: Source, runtime: Runtime, jpeg: int | None = None):
        self.source, self.runtime, self.jpeg = source, runtime, jpeg
        self._contrasts: dict[tuple[float, float, float], Contrast] = {}
        self._others: dict[tuple[int, int], Measurements] = {}

    def on(self, source: Source) -> Measurements:
        """The same picture read from another source, a part of it, say: what was measured is kept."""
        other = copy.copy(self)
        other.source = source
        other._others = {size: measured.on(Resampled(source, *size)) for size, measured in self._others.items()}
        return other

    def of_size(self, height: int, width: int) -> Measurements:
        """The same picture in another size."""
        if (height, width) == self.source.shape:
            return self
        if (height, width) not in self._others:
            resized = getattr(self.source, "of_size", functools.partial(Resampled, self.source))(height, width)
            self._others[height, width] = Measurements(resized, self.runtime)
        return self._others[height, width]

    def contrast(self, window: float, floor: float, ceiling: float) -> Contrast:
        """σ_x with that window, floor and ceiling (SMS-SR §2.2)."""
        key = window, floor, ceiling
        if key not in self._contrasts:
            self._contrasts[key] = Contrast(self.source, *key, self.runtime.threads, self.runtime.check)
        return self._contrasts[key]

    def found(self) -> dict[str, object]:
        """What was measured of how degraded it is, which `take` has another take over: a band of it, or the next frame."""
        return {name: value for name, value in vars(self).items() if name in FOUND}

    def take(self, found: Mapping[str, object]) -> None:
        """Take over what was `found` of another picture."""
        vars(self).update(found)

    @functools.cached_property
    def _measured(self) -> tuple[Degradation, np.ndarray]:
        return measured(self.source, self.jpeg)

    @functools.cached_property
    def _trials(self) -> np.ndarray:
        """As of `trial_cleaning.tried`. Raises ValueError where the weights of the network that cleans on trial are missing or damaged."""
        return tried(self.source, self._measured[0].sigma, self.runtime.backend)

    @functools.cached_property
    def _foreseen(self) -> tuple[float, Gains]:
        """As of `treatment.foreseen`. Raises ValueError as `_trials`."""
        found, windows = self._measured
        if not found.may_gain(self.jpeg):
            return 0.0, Gains()
        return foreseen(windows, self._trials)

    @functools.cached_property
    def degradation(self) -> Degradation:
        """Its noise and JPEG artefacts, and which network cleans it. Raises ValueError where one that is tried cannot be read."""
        found, windows = self._measured
        gain, enlarged = self._foreseen
        jpeg = cleaned_as_jpeg(found, gain, enlarged.denoised)
        sigma = found.sigma
        if found.may_gain(self.jpeg):
            sigma = after_trial(sigma, windows[::EVERY, :FEATURES], self._trials, self.source.colours)
        return dataclasses.replace(found, jpeg=jpeg, sigma=by_lightness(self.source, sigma))

    @functools.cached_property
    def gains(self) -> Gains:
        """What treatments gain where it is enlarged. Raises ValueError as `degradation`."""
        return by_rules(self._foreseen[1], self._measured[0])

    @functools.cached_property
    def salted(self) -> float:
        """The share of its pixels that is salt or pepper; 0 where it has none."""
        return salted(self.source)

    @functools.cached_property
    def dithered(self) -> float:
        """σ of the Gaussian that undoes its dither; 0 where it has none."""
        return dithered(self.source)

    @functools.cached_property
    def blur(self) -> float:
        """σ of its blur in pixels, of what is sharpest in it."""
        return estimate_blur(self.source)

    @functools.cached_property
    def grain(self) -> Look:
        """What its grain looks like."""
        return look_of(self.source, self._measured[0].sigma)

    @functools.cached_property
    def headroom(self) -> Headroom:
        """How far it is from black and white."""
        return Headroom(self.source, self.runtime.threads, self.runtime.check)

    @functools.cached_property
    def flow(self) -> Flow:
        """Which way its lines lie."""
        return Flow(self.source, self.runtime.threads, self.runtime.check)

    @functools.cached_property
    def sharpness(self) -> Sharpness:
        """How sharp it is from place to place."""
        return Sharpness(self.source, self.runtime.threads, self.runtime.check)

    @functools.cached_property
    def palette(self) -> Palette:
        """Mean and covariance of its colours."""
        return Palette.measured(self.source, self.runtime.threads, self.runtime.check)
