"""A super-resolution network from elsewhere: an ONNX file that gives the enlarged picture itself, run through the same tiles.

What a card would say is found out by running the file on a few pixels: how many channels it takes (1: luma, 3: RGB), its scale, and how
far it sees. A JSON file of the same name beside it says what cannot be found out:

    {"scale": 4}              a network that wants the bicubic enlargement gives no larger picture, so its scale has to be said
    {"range": 255}            its pixels lie in 0 … 255 instead of 0 … 1
    {"receptive_field": 71}   how many pixels of its input it sees; found out, too, unless it sees very many
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

import numpy as np

from . import backends, manifest
from .pixels import grey, luma

SIDES = (48, 96, 192, 384)
"""Sides of the pictures on which a network is tried, until what a change of one half does to the other ends before the border."""

TOLERANCE = 1e-7

SAYINGS = ("scale", "range", "receptive_field")
"""What the JSON file may say."""


def is_file(name: str) -> bool:
    """Whether a model's name is the path of an ONNX file."""
    return name.lower().endswith(".onnx")


def find(name: str) -> manifest.Card:
    """The card of a super-resolution model: one of the manifest's, or that of an ONNX file. Raises ValueError."""
    return examine(str(Path(name).resolve())) if is_file(name) else manifest.find(name, "sr")


def _measure(graph: backends.Graph, channels: int, strength: float) -> tuple[int, int]:
    """(scale, receptive field in pixels of the input). Raises ValueError for a network that cannot be tiled."""
    for side in SIDES:
        x = np.random.default_rng(0).random((1, channels, side, side), np.float32) * np.float32(strength)
        before = graph(x)
        scale = before.shape[2] // side
        if before.ndim != 4 or before.shape[1] not in (1, 3) or before.shape[2:] != (scale * side, scale * side) or scale < 1:
            raise ValueError(f"gives {'×'.join(map(str, before.shape))} for {'×'.join(map(str, x.shape))}, which is no enlarged picture")
        middle, reach = side // 2, 0
        for half in np.s_[:middle, :], np.s_[middle:, :], np.s_[:, :middle], np.s_[:, middle:]:
            changed, other = x.copy(), np.ones((side, side), bool)
            changed[(..., *half)] = strength - changed[(..., *half)]
            other[half] = False
            difference = np.abs(graph(changed) - before).max((0, 1)) > TOLERANCE * max(strength, float(np.abs(before).max()))
            if not difference.any():
                raise ValueError("does not see its input")
            touched = difference & other.repeat(scale, 0).repeat(scale, 1)
            along = np.nonzero(touched.any(1 if half[1] == np.s_[:] else 0))[0] // scale
            if len(along):
                reach = max(reach, along.max() - middle + 1 if along.min() >= middle else middle - along.min())
        if reach < middle - 1:
            return scale, 2 * int(reach) + 1
    raise ValueError(f"sees more than {SIDES[-1]} pixels at once, so tiles would not agree; "
                     "say a smaller receptive_field in a JSON file beside it to try all the same")


@functools.lru_cache(maxsize=8)
def examine(path: str) -> manifest.Card:
    """The card of an ONNX file, by trying it out. Raises ValueError, in one line, where it cannot be used."""
    file = Path(path)
    beside = file.with_suffix(".json")
    try:
        model = file.read_bytes()
        said = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot read the model {file} ({error})") from error
    if not isinstance(said, dict) or set(said) - set(SAYINGS):
        raise ValueError(f"{beside} holds something else than {', '.join(SAYINGS)}, which is all that it may say")
    try:
        graph = backends.OnnxRuntimeGraph(model)
        channels = graph.channels
        if channels not in (1, 3):
            raise ValueError(f"takes {channels} channels, where 1 (luma) or 3 (RGB) was expected")
        strength = float(said.get("range", 1))
        scale, field = _measure(graph, channels, strength) if "receptive_field" not in said or "scale" not in said else (
            graph(np.zeros((1, channels, 48, 48), np.float32)).shape[2] // 48, int(said["receptive_field"]))
        space = "lr" if scale > 1 else "hr"
        if space == "hr" and "scale" not in said:
            raise ValueError(f'does not enlarge; if it wants the bicubic enlargement, write its scale into {beside.name}: {{"scale": 4}}')
        if space == "lr" and said.get("scale", scale) != scale:
            raise ValueError(f"enlarges {scale} times, but {beside.name} says {said['scale']}")
    except ImportError as error:
        raise ValueError(f"running {file} needs onnxruntime") from error
    except Exception as error:  # onnxruntime has no common class for what a file may be
        raise ValueError(f"the model {file} {' '.join(str(error).split())[:300]}") from error
    return manifest.Card(folder=file.parent, file=file.name, name=str(file), task="sr", space=space, dog=[],
                         scale=int(said.get("scale", scale)), sha256=hashlib.sha256(model).hexdigest(), range=strength, channels=channels,
                         params=0, receptive_field=int(said.get("receptive_field", field)))


class Foreign:
    """Such a network, ready to run: what `network.Network` is for ours."""

    dog: tuple = ()
    halo = 0

    def __init__(self, card: manifest.Card, backend: str | None = None):
        self.card, self.scale = card, card.scale
        self.reach = card.receptive_field // 2
        self.graph = backends.graph(manifest.load(card), backend)

    def input(self, colours: np.ndarray) -> np.ndarray:
        """Colour planes `[1 or 3, h, w]` in 0 … 1 → what the graph takes, `[C, h, w]`."""
        strength = np.float32(self.card.range)
        if self.card.channels == 1:
            return luma(colours)[None] * strength
        return np.clip(np.broadcast_to(colours, (3, *colours.shape[1:])), 0, 1) * strength

    def add(self, colours: np.ndarray, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], _gains) -> None:
        """Put the answer in place of the bicubically enlarged `colours`: of a luma network the luma, of a colour network everything."""
        answer = maps[:, rows[0]:rows[1], columns[0]:columns[1]] / np.float32(self.card.range)
        if len(answer) == 1:
            colours += answer[0] - grey(colours)
        else:
            colours[:] = answer if len(colours) == 3 else grey(answer)
