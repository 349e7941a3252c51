"""A super-resolution network from elsewhere: an ONNX file that gives the enlarged picture itself, run through the same tiles.

What a card would say is found out by running the file on a few pixels: how many channels it takes (1: luma, 3: RGB), its scale, and how
far it sees. A JSON file of the same name beside it says what cannot be found out:

    {"scale": 4}              a network that wants the bicubic enlargement gives no larger picture, so its scale has to be said
    {"range": 255}            its pixels lie in 0 … 255 instead of 0 … 1
    {"receptive_field": 71}   how many pixels of its input it sees; found out, too, unless it sees very many
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .. import files
from ..planes import colour_lines
from ..planes.pixels import grey, luma
from . import backends
from .cards import Pairs, Space

SIDES = (48, 96, 192, 384)
"""Sides of the pictures on which a network is tried, until what a change of one half does to the other ends before the border."""

TOLERANCE = 1e-7

KEYS = ("scale", "range", "receptive_field")
"""What the JSON file may say."""


@dataclasses.dataclass(frozen=True)
class Said:
    """What the JSON file beside a network says."""

    scale: int | None = None
    range: float = 1.0
    receptive_field: int | None = None


@dataclasses.dataclass(frozen=True)
class Elsewhere:
    """What is known of a network from elsewhere. `name` is the absolute path of the file."""

    name: str
    sha256: str
    space: Space
    scale: int
    range: float
    channels: int
    receptive_field: int

    @property
    def fingerprint(self) -> str:
        """What differs between any two networks whose answers may differ; the same wherever the file lies."""
        return repr(dataclasses.replace(self, name=""))


def is_file(name: str) -> bool:
    """Whether a model's name is the path of an ONNX file."""
    return name.lower().endswith(".onnx")


def beside(model: Path) -> Path:
    """The JSON file that may say more of an ONNX file."""
    return model.with_suffix(".json")


def examine(name: str, backend: str | None = None) -> Elsewhere:
    """What is known of an ONNX file. Raises ValueError, in one line, where it cannot be used."""
    file = Path(name).resolve()
    said = beside(file)
    try:
        model = files.read_bytes(file)
        text = files.read_bytes(said).decode() if said.exists() else "{}"
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read the model {file} ({getattr(error, 'strerror', None) or error})") from error
    return _examine(file, model, text, backends.choose(backend))


@functools.lru_cache(maxsize=8)
def _examine(file: Path, model: bytes, text: str, backend: str) -> Elsewhere:
    """By what the files hold, so that a file written anew is looked at anew."""
    said = _said(beside(file), text)
    try:
        graph = backends.graph(model, backend)
        channels = graph.channels
        if channels not in (1, 3):
            raise ValueError(f"takes {channels} channels, where 1 (luma) or 3 (RGB) was expected")
        if said.receptive_field and said.scale:
            scale, field = graph(np.zeros((1, channels, 48, 48), np.float32)).shape[2] // 48, said.receptive_field
        else:
            scale, field = _measure(graph, channels, said.range)
        if scale == 1 and said.scale is None:
            raise ValueError("does not enlarge; if it wants the bicubic enlargement, give its scale in "
                             f'{file.stem}.json: {{"scale": 4}}')
        if scale > 1 and said.scale not in (None, scale):
            raise ValueError(f"enlarges {scale} times, but {file.stem}.json says {said.scale}")
    except ImportError as error:
        raise ValueError(f"running {file} needs onnxruntime") from error
    except Exception as error:  # onnxruntime has no common class for what a file may be
        words = " ".join(str(error).split())[:300]
        raise ValueError(f"{file} is not an ONNX file" if "INVALID_PROTOBUF" in words else f"the model {file} {words}") from error
    return Elsewhere(name=str(file), sha256=hashlib.sha256(model).hexdigest(), space=Space.SMALL if scale > 1 else Space.LARGE,
                     scale=said.scale or scale, range=said.range, channels=channels, receptive_field=said.receptive_field or field)


def _said(path: Path, text: str) -> Said:
    """The JSON file's words. Raises ValueError where they cannot be."""
    try:
        words = json.loads(text)
    except ValueError as error:
        raise ValueError(f"cannot read {path} ({error})") from error
    if not isinstance(words, dict) or set(words) - set(KEYS):
        raise ValueError(f"{path} may only contain {', '.join(KEYS)}")
    for key, least in (("scale", 2), ("receptive_field", 1)):
        if key in words and (isinstance(words[key], bool) or not isinstance(words[key], int) or words[key] < least):
            raise ValueError(f"{path}: {key} is a whole number, at least {least}, not {words[key]!r:.40}")
    span = words.get("range", 1)
    if isinstance(span, bool) or not isinstance(span, (int, float)) or not math.isfinite(span) or span <= 0:
        raise ValueError(f"{path}: range is a number above 0, not {span!r:.40}")
    return Said(**words)


def _measure(graph: backends.Graph, channels: int, span: float) -> tuple[int, int]:
    """(scale, receptive field in pixels of the input). Raises ValueError for a network that cannot be tiled."""
    for side in SIDES:
        x = np.random.default_rng(0).random((1, channels, side, side), np.float32) * np.float32(span)
        before = graph(x)
        scale = before.shape[2] // side
        if before.ndim != 4 or before.shape[1] not in (1, 3) or before.shape[2:] != (scale * side, scale * side) or scale < 1:
            raise ValueError(f"gives {'×'.join(map(str, before.shape))} for {'×'.join(map(str, x.shape))}, which is no enlarged picture")
        middle, reach = side // 2, 0
        for half in np.s_[:middle, :], np.s_[middle:, :], np.s_[:, :middle], np.s_[:, middle:]:
            changed, other = x.copy(), np.ones((side, side), bool)
            changed[(..., *half)] = span - changed[(..., *half)]
            other[half] = False
            difference = np.abs(graph(changed) - before).max((0, 1)) > TOLERANCE * max(span, float(np.abs(before).max()))
            if not difference.any():
                raise ValueError("does not see its input")
            touched = difference & other.repeat(scale, 0).repeat(scale, 1)
            along = np.nonzero(touched.any(1 if half[1] == np.s_[:] else 0))[0] // scale
            if len(along):
                reach = max(reach, int(along.max()) - middle + 1 if along.min() >= middle else middle - int(along.min()))
        if reach < middle - 1:
            return scale, 2 * reach + 1
    raise ValueError(f"sees more than {SIDES[-1]} pixels at once, so tiles would not agree; "
                     "to try anyway, put a smaller receptive_field into a JSON file beside it")


class ElsewhereNetwork:
    """Such a network, ready to run: an `Enlarger`."""

    dog: Pairs = ()
    halo = 0
    work = 0

    def __init__(self, known: Elsewhere, backend: str | None = None):
        """Raises ValueError where the file has changed since it was looked at, or is gone."""
        self.fingerprint = known.fingerprint
        self.name, self.scale, self.space = known.name, known.scale, known.space
        self.reach = known.receptive_field // 2
        self._range, self._channels = np.float32(known.range), known.channels
        try:
            model = files.read_bytes(Path(known.name))
        except OSError as error:
            raise ValueError(f"cannot read the model {known.name} ({error.strerror})") from error
        if hashlib.sha256(model).hexdigest() != known.sha256:
            raise ValueError(f"the model {known.name} changed while it was being read; try again")
        self.graph = backends.graph(model, backend)

    def input(self, colours: np.ndarray) -> np.ndarray:
        """Colour planes `[1 or 3, h, w]` in 0 … 1 → what the graph takes, `[C, h, w]`."""
        if self._channels == 1:
            return luma(colours)[None] * self._range
        return np.clip(np.broadcast_to(colours, (3, *colours.shape[1:])), 0, 1) * self._range

    def add(self, colours: np.ndarray, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], gains: Sequence[float],
            steep: np.ndarray | None) -> None:
        """Put the answer in place of the bicubically enlarged `colours`: of a luma network the luma, of a colour network everything."""
        answer = maps[:, rows[0]:rows[1], columns[0]:columns[1]] / self._range
        if len(answer) == 1:
            colour_lines.add(colours, answer[0] - grey(colours), steep)
        else:
            colours[:] = answer if len(colours) == 3 else grey(answer)
