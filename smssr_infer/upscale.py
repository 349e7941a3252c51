"""Enlarging a picture: array in, array out."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np

from . import backends, foreign, manifest, tiling
from .network import Enlarged, Network, Source, Stage, strips
from .pixels import Picture
from .resample import bicubic
from .scalespace import separable

MOST_SCALE = 64
MOST_PIXELS = 1 << 30

TILE = {"lr": 1024, "hr": 512}
"""A tile has at most the square of this in pixels of the answer. Larger ones waste less on halos; these hold a thread near 100 MiB."""


class Resampled(Stage):
    """The source before it, resampled by (antialiased) bicubic to height × width."""

    def __init__(self, source: Source, height: int, width: int):
        self.source = source
        self.shape = (height, width)
        self.colours = source.colours
        self._vertical, self._horizontal = bicubic(source.shape[0], height), bicubic(source.shape[1], width)

    def strips(self, top: int, bottom: int, left: int, right: int) -> Iterator[np.ndarray]:
        """The resampled planes of a window."""
        (a, b), (c, d) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        planes = self.source.read(a, b, c, d)
        for strip in strips((top, bottom)):
            yield separable(planes, self._vertical, self._horizontal, strip, (left, right), (a, c))


@functools.lru_cache(maxsize=16)
def network(name: str, backend: str) -> Network:
    """The super-resolution network of that name, loaded once."""
    return (foreign.Foreign if foreign.is_file(name) else Network)(foreign.find(name), backend)


class Enlargement:
    """A picture at a new size, read window by window: networks, one after the other, and what is left bicubically."""

    def __init__(self, picture: Picture, height: int, width: int, model: str | None = None, bands: Sequence[float] | None = None,
                 backend: str | None = None):
        """height × width is what the answer will have. Raises ValueError, in one line, for what cannot be."""
        chosen = backends.choose(backend)
        self._picture, self._stage = picture, picture
        self.nets = [network(name, chosen) for name in plan(max(height / picture.shape[0], width / picture.shape[1]), model)]
        for net in self.nets:
            self._stage = Enlarged(self._stage, net, gains(bands, net))
        if self._stage.shape != (height, width):
            self._stage = Resampled(self._stage, height, width)
        self.shape = (height, width)
        self.colours = picture.colours
        last = self.nets[-1]
        self.largest_tile = TILE[last.card.space]
        self.margin = last.halo + last.reach * (last.scale if last.card.space == "lr" else 1)
        """How many pixels of the answer the last network reads around a tile."""

    def write(self, window: tiling.Tile, out: np.ndarray, row: int, column: int) -> None:
        """Compute a window and put it into `out`, an array of the picture's kind, from (row, column) on."""
        for planes in self._stage.strips(*window):
            self._picture.store(out, row, column, planes)
            row += planes.shape[1]

    def tiles(self, threads: int, tile: int | None = None) -> list[tiling.Tile]:
        """The whole in tiles of at most `tile` pixels a side, by default as `tiling.plan` finds best."""
        return tiling.tiles(*self.shape, tile) if tile else tiling.plan(*self.shape, self.largest_tile, self.margin, threads)

    def release(self) -> None:
        """Give the networks' memory back to the system."""
        for net in self.nets:
            net.graph.release()


def plan(scale: float, model: str | None = None) -> list[str]:
    """The models to run one after the other to reach at least `scale`.

    With `model`, that one as often as it takes. Without, the default model of the smallest scale that suffices; beyond the
    largest, the largest first and then what is left.
    """
    if model:
        card = foreign.find(model)
        return [model] * max(1, math.ceil(math.log(scale) / math.log(card.scale) - 1e-9))
    default = {card.scale: card.name for card in manifest.models() if card.task == "sr" and getattr(card, "default", False)}
    largest = max(default)
    if scale > largest:
        return [default[largest], *plan(scale / largest)]
    return [default[min(s for s in default if s >= scale)]]


def check_scale(scale: float, height: int, width: int) -> tuple[int, int]:
    """The enlarged size, round(scale·H) × round(scale·W). Raises ValueError for a scale that cannot be served."""
    if not isinstance(scale, (int, float, Fraction, np.integer, np.floating)) or not math.isfinite(scale) or not 1 < scale <= MOST_SCALE:
        raise ValueError(f"the scale must be above 1 and at most {MOST_SCALE}, not {scale}")
    size = round(scale * height), round(scale * width)
    if size[0] * size[1] > MOST_PIXELS:
        raise ValueError(f"{width}×{height} at scale {scale:g} would be {size[1]}×{size[0]}, over {MOST_PIXELS >> 20} Mpx; "
                         "take a smaller scale")
    return size


def gains(bands: Sequence[float] | None, net: Network) -> list[float]:
    """One gain for each of the network's maps, from the user's (fine, …, coarse). Raises ValueError if they do not fit."""
    count = len(net.dog)
    if bands is None:
        return [1.0] * count
    if not count:
        raise ValueError(f"{net.card.name} has no bands of detail to set")
    try:
        numbers = [float(gain) for gain in bands]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != count or not all(math.isfinite(gain) for gain in numbers):
        raise ValueError(f"{net.card.name} has {count} bands, from fine to coarse: give {count} finite numbers, not {bands!r}")
    return [numbers[net.card.bands.index(pair)] for pair in net.dog]


def upscale(image: np.ndarray, scale: float = 4, model: str | None = None, bands: Sequence[float] | None = None,
            progress: Callable[[float], None] | None = None, *, tile: int | None = None, threads: int | None = None,
            backend: str | None = None) -> np.ndarray:
    """Enlarge a picture.

    `image`: H×W or H×W×{1, 2, 3, 4} (grey, grey + alpha, RGB, RGBA); uint8, uint16, or float32 in 0 … 1.
    `scale`: above 1, at most 64; decimals too. `model`: a name from `models()`, by default the one that fits the scale; or the path of an
    ONNX file that enlarges luma or RGB (see `foreign`).
    `bands`: a gain for each frequency band's detail, from fine to coarse; 1 is as trained, 0 leaves the band bicubic.
    `progress`: called with the share done, 0 … 1; what it raises cancels the work.
    `tile` (pixels of the answer), `threads`, `backend` ("onnxruntime" or "numpy") change speed and memory, not the answer.

    Returns an array of the same kind, round(scale·H) × round(scale·W). Alpha is enlarged bicubically, and colours hidden under
    full transparency do not bleed into what can be seen. Raises ValueError, in one line, for anything that does not fit.
    """
    picture = Picture(image)
    height, width = check_scale(scale, *picture.shape)
    for name, value in (("tile", tile), ("threads", threads)):
        if value is not None and (not isinstance(value, int) or value < 1):
            raise ValueError(f"{name} must be a whole number, at least 1, not {value!r}")
    enlargement = Enlargement(picture, height, width, model, bands, backend)
    threads = threads or tiling.cores()
    out = picture.blank(height, width)

    def work(window: tiling.Tile) -> None:
        enlargement.write(window, out, window[0], window[2])

    try:
        tiling.run(work, enlargement.tiles(threads, tile), threads, progress)
    finally:
        enlargement.release()
    return out
