"""A super-resolution network from elsewhere: an ONNX file that gives the enlarged picture itself, run through the same tiles.

What a card would say is found out by running the file on a few pixels: how many channels it takes (1: luma, 3: RGB), its scale, how far it
sees, and the sizes that it takes. A JSON file of the same name beside it says what cannot be found out:

    {"scale": 4}              a network that wants the bicubic enlargement gives no larger picture, so its scale has to be said
    {"range": 255}            its pixels lie in 0 … 255 instead of 0 … 1
    {"receptive_field": 71}   how many pixels of its input it sees; found out, too, unless it sees very many
    {"minimum": 64}           the least side of a picture that it takes; found out, too
    {"multiple_of": 8}        what the sides of a picture must be multiples of; found out, too
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .. import files
from ..arrays import colour_lines, numbers
from ..arrays.pixels import grey, luma
from . import backends, probing
from .cards import Pairs, Space
from .maps import maps
from .size_requirements import SizeRequirements

WHOLE = {"scale": (2, probing.MOST_SCALE), "receptive_field": (1, 2048), "minimum": (1, 1024), "multiple_of": (1, 256)}
RANGE = 1e-3, 1e6
"""Within what the whole numbers of the JSON file must lie, and its range."""


@dataclasses.dataclass(frozen=True)
class Sidecar:
    """What the JSON file beside a network says."""

    scale: int | None = None
    range: float = 1.0
    receptive_field: int | None = None
    minimum: int | None = None
    multiple_of: int | None = None


KEYS = tuple(field.name for field in dataclasses.fields(Sidecar))
"""What the JSON file may say."""


@dataclasses.dataclass(frozen=True)
class ExternalModel:
    """What is known of a network from elsewhere. `name` is the absolute path of the file."""

    name: str
    sha256: str
    space: Space
    scale: int
    range: float
    channels: int
    receptive_field: int
    needs: SizeRequirements

    @property
    def fingerprint(self) -> str:
        """What differs between any two networks whose results may differ; the same wherever the file lies."""
        return repr(dataclasses.replace(self, name=""))


def is_file(name: str) -> bool:
    """Whether a model's name is the path of an ONNX file."""
    return name.lower().endswith(".onnx")


def beside(model: Path) -> Path:
    """The JSON file that may say more of an ONNX file."""
    return model.with_suffix(".json")


def examine(name: str, backend: str | None = None) -> ExternalModel:
    """What is known of an ONNX file. Raises ValueError, in one line, where it cannot be used."""
    file = _resolved(name)
    said = beside(file)
    try:
        text = files.read_bytes(said).decode() if said.exists() else "{}"
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read {said} ({getattr(error, 'strerror', None) or error})") from error
    return _examine(file, hashlib.sha256(_bytes(file)).hexdigest(), text, backends.choose(backend))


def _resolved(name: str) -> Path:
    try:
        return Path(name).resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a null in the name, a link in a circle
        raise ValueError(f"cannot read the model {name!r:.200} ({error})") from error


def _bytes(file: Path) -> bytes:
    """A model's file. Raises ValueError where it cannot be read."""
    try:
        return files.read_bytes(file)
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read the model {file} ({getattr(error, 'strerror', None) or error})") from error


def _of_hash(file: Path, sha256: str) -> bytes:
    """A model's file as it was seen before. Raises ValueError where it cannot be read, or has changed."""
    model = _bytes(file)
    if hashlib.sha256(model).hexdigest() != sha256:
        raise ValueError(f"the model {file} changed while it was being read; try again")
    return model


@functools.lru_cache(maxsize=8)
def _examine(file: Path, sha256: str, text: str, backend: str) -> ExternalModel:
    """By what the files hold, so that a file written anew is looked at anew."""
    said = _said(beside(file), text)
    model = _of_hash(file, sha256)
    try:
        graph = backends.graph(model, backend)
        if graph.channels not in (1, 3):
            raise ValueError(f"takes {graph.channels} channels, where 1 (luma) or 3 (RGB) was expected")
        given = SizeRequirements(said.minimum or 1, said.multiple_of or 1)
        needs = given if said.minimum or said.multiple_of else probing.size_requirements_of(graph, said.range)
        (_, height), (_, width) = needs.around((0, 16), (0, 16))
        scale = probing.tried(graph, height, width, said.range)[2]
        if scale == 1 and said.scale is None:
            raise ValueError("does not enlarge; if it wants the bicubic enlargement, give its scale in "
                             f'{file.stem}.json: {{"scale": 4}}')
        if scale > 1 and said.scale not in (None, scale):
            raise ValueError(f"enlarges {scale} times, but {file.stem}.json says {said.scale}")
        field = said.receptive_field or probing.receptive_field(graph, needs, said.range)
    except ImportError as error:
        raise ValueError(f"running {file} needs onnxruntime") from error
    except MemoryError as error:
        raise ValueError(f"the model {file} takes more memory than there is") from error
    except Exception as error:  # onnxruntime has no common class for what a file may be
        words = " ".join(str(error).split())[:300]
        raise ValueError(f"{file} is not an ONNX file" if "INVALID_PROTOBUF" in words else f"the model {file} {words}") from error
    return ExternalModel(name=str(file), sha256=sha256, space=Space.SMALL if scale > 1 else Space.LARGE, scale=said.scale or scale,
                     range=said.range, channels=graph.channels, receptive_field=field, needs=needs)


def _said(path: Path, text: str) -> Sidecar:
    """The JSON file's words. Raises ValueError where they cannot be."""
    try:
        words = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"cannot read {path} ({error})") from error
    if not isinstance(words, dict) or set(words) - set(KEYS):
        raise ValueError(f"{path} may only contain {', '.join(KEYS)}")
    for key, (least, most) in WHOLE.items():
        if key in words and not least <= (numbers.whole(words[key]) or 0) <= most:
            raise ValueError(f"{path}: {key} is a whole number, at least {least} and at most {most}, not {words[key]!r:.40}")
    if not RANGE[0] <= numbers.real(words.get("range", 1)) <= RANGE[1]:
        raise ValueError(f"{path}: range is a number above 0, at least {RANGE[0]:g} and at most {RANGE[1]:g}, not {words['range']!r:.40}")
    return Sidecar(**words)


class ExternalNetwork:
    """Such a network, ready to run: an `Enlarger`."""

    dog: Pairs = ()
    halo = 0
    macs_per_pixel = 0
    invents = False

    def __init__(self, known: ExternalModel, backend: str | None = None):
        """Raises ValueError where the file has changed since it was looked at, or is gone."""
        self.fingerprint = known.fingerprint
        self.name, self.scale, self.space, self.needs = known.name, known.scale, known.space, known.needs
        self.reach = known.receptive_field // 2
        self._range, self._channels = np.float32(known.range), known.channels
        self._factor = known.scale if known.space is Space.SMALL else 1
        self.graph: backends.Graph = backends.graph(_of_hash(Path(known.name), known.sha256), backend)
        self.graph.least = self.needs.around((0, 16), (0, 16))[0][1]

    def maps(self, x: np.ndarray) -> np.ndarray:
        """What the graph makes of planes `[C, h, w]`: `[1 or 3, h', w']`. Raises ValueError as `maps.maps`."""
        return maps(self.name, self.graph, np.ascontiguousarray(x)[None], (1, 3), self._factor)

    def input(self, colours: np.ndarray) -> np.ndarray:
        """Colour planes `[1 or 3, h, w]` in 0 … 1 → what the graph takes, `[C, h, w]`."""
        if self._channels == 1:
            return luma(colours)[None] * self._range
        return np.clip(np.broadcast_to(colours, (3, *colours.shape[1:])), 0, 1) * self._range

    def add(self, colours: np.ndarray, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], gains: Sequence[float],
            steep: np.ndarray | None) -> None:
        """Put the result in place of the bicubically enlarged `colours`: of a luma network the luma, of a colour network everything."""
        result = maps[:, rows[0]:rows[1], columns[0]:columns[1]] / self._range
        if len(result) == 1:
            colour_lines.add(colours, result[0] - grey(colours), steep)
        else:
            colours[:] = result if len(colours) == 3 else grey(result)
