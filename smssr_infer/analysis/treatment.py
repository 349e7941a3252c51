"""How a picture is best cleaned, and best enlarged, as it comes: by what each way gains in dB, which two small regressions foresee.

They have learnt it from pictures whose truth is known (`export.train_cleaning`, `export.train_treatment`): with noise of every origin, JPEG
artefacts, both, neither. A part of the picture is cleaned on trial, which tells noise from texture.
"""

from __future__ import annotations

import dataclasses
import enum

import numpy as np

from .perceptron import perceptron
from .trial_cleaning import EVERY

CLEANING, ENLARGING = "cleaning.json", "treatment.json"

SAME = 34
"""Of the features, that which says how much is flat."""

MARGIN = 0.1
"""So many dB a treatment must be foreseen to gain over leaving a picture as it is."""

LOSS = 0.5
"""So many dB it may be foreseen to lose where the picture surely is not clean: what stays of noise is seen."""

LEAST = 0.1
"""Levels that are added to a standard deviation before its logarithm is taken."""


class Treatment(enum.Enum):
    """What happens to a picture before it is enlarged, and which models enlarge it."""

    CLEAN = "clean"
    """Nothing; the models for clean pictures."""
    MILD = "mild"
    """Cleaned a little of JPEG artefacts; the models for clean pictures."""
    JPEG = "jpeg"
    """Cleaned a little of JPEG artefacts; the models for JPEGs."""
    NOISE = "noise"
    """Cleaned of noise; the models for clean pictures."""


TREATED = (Treatment.MILD, Treatment.JPEG, Treatment.NOISE)
"""Those of pictures that are not clean."""


@dataclasses.dataclass(frozen=True)
class Gains:
    """PSNR of R, G and B that treatments gain over `Treatment.CLEAN` where a picture is enlarged, in dB, as foreseen."""

    mild: float = 0.0
    """As `Treatment.MILD`."""
    jpeg: float = 0.0
    """As `Treatment.JPEG`."""
    denoised: float = 0.0
    """As `Treatment.NOISE`."""
    sure: bool = False
    """Whether the picture surely is not clean."""
    without: tuple[Treatment, ...] = ()
    """Treatments that are not chosen unless somebody says that the picture is not clean."""

    @property
    def best(self) -> Treatment:
        """The treatment that gains most."""
        choice = [treatment for treatment in TREATED if treatment not in self.without]
        treated = max(choice, key=self._of, default=None)
        return treated if treated and self._of(treated) > (-LOSS if self.sure else MARGIN) else Treatment.CLEAN

    @property
    def best_treated(self) -> Treatment:
        """The treatment that gains most, of a picture that is not clean."""
        return max(TREATED, key=self._of)

    def _of(self, treatment: Treatment) -> float:
        return {Treatment.MILD: self.mild, Treatment.JPEG: self.jpeg, Treatment.NOISE: self.denoised}[treatment]


def seen(windows: np.ndarray, noise: float, flat: float, blocks: float, jpeg: int | None, quality: float, same: float) -> np.ndarray:
    """What the regressions see: float32 `[n, 35]` of the features `[n, 27]` of a picture's windows (`noise.features`), its `Degradation`'s
    `noise`, `flat` and `blocks`, the quality of the JPEG file that it was read from, or None, the JPEG quality that its pixels show,
    0 where they show none, and its `Degradation`'s `same`."""
    whole = [np.log(noise + LEAST), np.log(flat + LEAST), blocks, 0.0 if jpeg is None else jpeg / 100, float(jpeg is not None),
             quality / 100, float(quality > 0), same]
    return np.concatenate([windows, np.broadcast_to(np.array(whole, np.float32), (len(windows), len(whole)))], 1)


def for_cleaning(features: np.ndarray) -> np.ndarray:
    """What of the features `[n, 50]` the regression for cleaning sees: not how much is flat, which tells drawings from photographs."""
    return np.delete(features, SAME, 1)


def foreseen(windows: np.ndarray, trials: np.ndarray) -> tuple[float, Gains]:
    """What cleaning by the network for noise gains over cleaning by the one for JPEG artefacts, in dB, and the gains where it is enlarged,
    of a picture of whose windows the regressions see `[n, 35]` (see `seen`), and `[m, 15]` of some of them (see `trial_cleaning`): the
    medians over these."""
    features = np.concatenate([windows[::EVERY], trials], 1)
    cleaning = [perceptron(CLEANING, row) for row in for_cleaning(features)]
    enlarging = [perceptron(ENLARGING, row) for row in features]
    return float(np.median(cleaning)), Gains(*np.median(enlarging, 0).tolist())
