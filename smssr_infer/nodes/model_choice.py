"""Which models do a step: those that reach a scale, one after the other, and the size that comes of it; the one for a purpose."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from fractions import Fraction

from ..arrays import numbers
from ..arrays.large import MOST_SIDE
from ..networks import external, manifest
from ..networks.cards import EnlargingCard, Pairs
from ..networks.external import ExternalModel
from ..networks.network import Enlarger

MOST_SCALE = 64
MOST_PIXELS = 1 << 30

MOST_GAIN = 1e6
"""Of a band; a picture is black and white long before, and float32 overflows long after."""

MOST_DETAIL = 2.0
"""Of what a model invents."""

Model = EnlargingCard | ExternalModel


def find(name: str | os.PathLike[str], backend: str | None = None) -> Model:
    """What is known of an enlarging model: a card of the manifest's, or of an ONNX file what it shows. Raises ValueError."""
    if not isinstance(name, (str, os.PathLike)) or not os.fspath(name):
        raise ValueError(f"a model is a name or the path of an ONNX file, not {numbers.shown(name)}")
    name = os.fspath(name)
    return external.examine(name, backend) if external.is_file(name) else manifest.find(name, EnlargingCard)

NEARLY = 1.1
"""As far beyond the largest scale as this no other model runs: it would take ten times the time for 0.02 dB (twelve pictures of BSD100)."""


def plan(scale: float | Fraction, model: str | None = None, backend: str | None = None, photo: bool = False) -> list[Model]:
    """The models to run one after the other to reach at least `scale`.

    With `model`, that one as often as it takes. Without, the default model of the smallest scale that suffices; NEARLY to it, bicubic does
    what is left; beyond, the largest first and then one for what is left. With `photo` the first is one that takes JPEG artefacts away, if
    there is one that reaches as far.
    """
    if model is not None:
        found = find(model, backend)
        return [found] * max(1, math.ceil(math.log(scale) / math.log(found.scale) - 1e-9))
    default = manifest.defaults()
    if photo and any(s >= min(scale, max(default)) for s in manifest.defaults(photo=True)):
        default = manifest.defaults(photo=True)
    largest = max(default)
    if scale > NEARLY * largest:
        return [default[largest], *plan(scale / largest)]
    return [default[min((s for s in default if s >= scale), default=largest)]]


def check_scale(scale: float | Fraction, height: int, width: int, most: int = MOST_PIXELS) -> tuple[int, int]:
    """The enlarged size, round(scale·H) × round(scale·W). Raises ValueError for a scale that cannot be served, or over `most` pixels."""
    if not 1 < numbers.real(scale) <= MOST_SCALE:
        raise ValueError(f"the scale must be a number above 1 and at most {MOST_SCALE}, not "
                         f"{f'{float(scale):g}' if isinstance(scale, Fraction) else numbers.shown(scale)}")
    scale = scale if isinstance(scale, Fraction) else numbers.real(scale)
    size = round(scale * height), round(scale * width)
    if size[0] * size[1] > most:
        raise ValueError(f"{width}×{height} at scale {float(scale):g} would be {size[1]}×{size[0]}, over {most >> 20} Mpx; "
                         f"choose a smaller scale{' or a .tif' if most == MOST_PIXELS else ''}")
    if max(size) > MOST_SIDE:
        raise ValueError(f"{width}×{height} at scale {float(scale):g} would be {size[1]}×{size[0]}, over {MOST_SIDE} pixels to a side; "
                         "choose a smaller scale")
    return size


def gains(bands: Sequence[float] | None, detail: float | None, net: Enlarger) -> list[float]:
    """One gain for each of the network's maps, from the user's (fine, …, coarse), and of the detail that it invents, None for 1.

    Raises ValueError if they do not fit.
    """
    faithful = net.dog[:len(net.dog) - net.invents]
    if detail is None:
        invented = [1.0] * net.invents
    elif not net.invents:
        raise ValueError(f"{net.name} invents no detail; choose a model that does: {', '.join(inventive())}")
    elif not 0 <= numbers.real(detail) <= MOST_DETAIL:
        raise ValueError(f"detail is how much of what a model invents is shown, 0 … {MOST_DETAIL:g}, not {numbers.shown(detail)}")
    else:
        invented = [float(detail)]
    return [*_of_bands(bands, net.name, faithful), *invented]


def inventive() -> list[str]:
    """The names of the models that invent detail."""
    return [card.name for card in manifest.models() if isinstance(card, EnlargingCard) and card.invents]


def _of_bands(bands: Sequence[float] | None, name: str, dog: Pairs) -> list[float]:
    count = len(dog)
    if bands is None:
        return [1.0] * count
    if not count:
        raise ValueError(f"{name} has no bands of detail to set")
    given = [numbers.real(gain) for gain in numbers.parts(bands)]
    if len(given) != count or not all(abs(gain) <= MOST_GAIN for gain in given):  # false for NaN, too
        raise ValueError(f"{name} has {count} bands, from fine to coarse: give {count} numbers, each within ±{MOST_GAIN:g}, "
                         f"not {numbers.shown(bands)}")
    fine_to_coarse = sorted(dog)
    return [given[fine_to_coarse.index(pair)] for pair in dog]
