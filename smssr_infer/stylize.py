"""Painting texture into a picture: array in, array out.

`ST(x) = x + Σ_i f_β(S_i(x))` with `f_β(S) = β · κ · σ_x · (S − μ) / σ_S` (SMS-SR §2.2). μ, σ_S and κ are constants of a style's card,
σ_x is `contrast.Contrast`, and β is the user's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np

from . import backends, manifest, tiling
from .contrast import Contrast
from .network import Network
from .noise import waves, white
from .pixels import RANGE, Picture, luma
from .resample import bicubic
from .scalespace import mirror, separable

TILE = 512
SEEDS = 1 << 32


@functools.lru_cache(maxsize=64)
def network(name: str, sha256: str, backend: str) -> Network:
    """The style branch of that name, loaded once; `sha256` because a user's style may be learnt anew."""
    return Network(manifest.find(name, "style"), backend)


class Mask:
    """β, read window by window: an array of any size, scaled to the picture, or one number for all of it."""

    def __init__(self, beta: np.ndarray | float, height: int, width: int, name: str):
        """Raises ValueError, in one line, for a β that is no number or plane in 0 … 1. Integers' full range counts as 0 … 1."""
        try:
            beta = np.asarray(beta)
            if beta.dtype in (np.uint8, np.uint16) and beta.ndim:
                self._range = RANGE[beta.dtype]
            else:
                beta = np.asarray(beta, np.float32)
                self._range = 1.0
        except (TypeError, ValueError):
            raise ValueError(f"{name}: β is a number or an array H×W, not {beta!r:.60}") from None
        if beta.ndim not in (0, 2) or beta.size == 0:
            raise ValueError(f"{name}: β is a number or an array H×W, not one of shape {beta.shape}")
        if not (beta.min() >= 0 and beta.max() <= self._range):  # false for NaN, too
            raise ValueError(f"{name}: β must lie in 0 … 1, not {beta.min():g} … {beta.max():g}")
        self._array = beta
        self._scaled = beta.ndim == 2 and beta.shape != (height, width)
        if self._scaled:
            self._vertical, self._horizontal = bicubic(beta.shape[0], height), bicubic(beta.shape[1], width)

    def read(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """β over a window, float32 in 0 … 1; `[h, w]`, or a scalar."""
        if not self._array.ndim:
            return self._array
        if not self._scaled:
            return self._array[top:bottom, left:right].astype(np.float32) / np.float32(self._range)
        (a, b), (c, d) = self._vertical.span(top, bottom), self._horizontal.span(left, right)
        part = self._array[a:b, c:d].astype(np.float32) / np.float32(self._range)
        return np.clip(separable(part, self._vertical, self._horizontal, (top, bottom), (left, right), (a, c)), 0, 1)


def margin(net: Network) -> int:
    """How many pixels a style's network and DoG read around a window."""
    return net.reach + net.halo


class Canvas:
    """A picture that styles are computed for. Every residual is a function of the whole picture, read where it is wanted."""

    def __init__(self, picture: Picture, threads: int, check: Callable[[], None] | None = None):
        self.picture = picture
        self._threads, self._check = threads, check
        self._contrasts: dict[tuple[float, float, float], Contrast] = {}

    def contrast(self, card: manifest.Card) -> Contrast:
        """σ_x with a style's window, floor and ceiling; computed once."""
        key = card.window, card.floor, card.ceiling
        if key not in self._contrasts:
            self._contrasts[key] = Contrast(self.picture, *key, self._threads, self._check)
        return self._contrasts[key]

    def residual(self, net: Network, window: tiling.Tile, seed: int) -> np.ndarray:
        """`κ·σ_x·(S − μ)/σ_S` over a window, `[h, w]` float32: the luma that the style adds at β = 1."""
        card, around = net.card, margin(net)
        top, bottom, left, right = window
        wide = top - around, bottom + around, left - around, right + around
        # Beyond its edges the picture is mirrored; the noise and the waves simply go on.
        at = [mirror(np.arange(lo, hi), n) for lo, hi, n in zip(wide[::2], wide[1::2], self.picture.shape, strict=True)]
        (a, b), (c, d) = ((int(i.min()), int(i.max()) + 1) for i in at)
        y = luma(self.picture.read(a, b, c, d)[:self.picture.colours])[np.ix_(at[0] - a, at[1] - c)]
        inputs = np.concatenate([y[None], white(*wide, seed)[None], waves(*wide, card.waves)])
        maps = net.graph(inputs[None])[0]
        rows, columns = (around, around + bottom - top), (around, around + right - left)
        raw = net.residual(maps, rows, columns, [1.0])
        raw -= np.float32(card.mu)
        raw *= np.float32(card.kappa / card.sigma)
        raw *= self.contrast(card).read(*window)
        return raw


def _prepare(image: np.ndarray, names: list[str], seed: int | None, threads: int | None, tile: int | None, backend: str | None):
    """Check what `stylize` and `style_residual` share: picture, networks, threads."""
    picture = Picture(image)
    for name, value in (("tile", tile), ("threads", threads)):
        if value is not None and (not isinstance(value, int) or value < 1):
            raise ValueError(f"{name} must be a whole number, at least 1, not {value!r}")
    if seed is not None and (not isinstance(seed, (int, np.integer)) or not 0 <= seed < SEEDS):
        raise ValueError(f"the seed must be a whole number from 0 to {SEEDS - 1}, not {seed!r}")
    chosen = backends.choose(backend)
    nets = [network(name, manifest.find(name, "style").sha256, chosen) for name in names]
    return picture, nets, threads or tiling.cores()


def stylize(image: np.ndarray, styles: Mapping[str, np.ndarray | float], progress: Callable[[float], None] | None = None, *,
            seed: int | None = None, tile: int | None = None, threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """Paint the texture of one or several styles into a picture.

    `image`: H×W or H×W×{1, 2, 3, 4}; uint8, uint16, or float32 in 0 … 1. `styles`: for each style's name its β, in 0 … 1: a number,
    or an array (of another size it is scaled to the picture; of uint8 or uint16 the full range counts). `seed`: another one gives another
    draw of the same textures. `progress`: called with the share done, 0 … 1; what it raises cancels the work.
    `tile` (pixels), `threads`, `backend` change speed and memory, not the answer.

    Returns an array of the same kind and size. Pixels where every β is 0, alpha, and colours hidden under full transparency stay as
    they are, bit for bit. Raises ValueError, in one line, for anything that does not fit.
    """
    if not isinstance(styles, Mapping):
        raise ValueError("styles must be a dictionary, such as {'grass': 0.5}")
    picture, nets, threads = _prepare(image, list(styles), seed, threads, tile, backend)
    height, width = picture.shape
    masks = [Mask(beta, height, width, name) for name, beta in styles.items()]
    canvas = Canvas(picture, threads, progress and (lambda: progress(0.0)))
    out = np.array(image, order="C")
    pixels = out[..., None] if picture.flat else out
    for net in nets:
        canvas.contrast(net.card)

    def work(window: tiling.Tile) -> None:
        top, bottom, left, right = window
        betas = [mask.read(*window) for mask in masks]
        touched = np.zeros((bottom - top, right - left), bool)
        for beta in betas:
            touched |= beta > 0
        if picture.alpha:
            touched &= picture.array[top:bottom, left:right, -1] > 0
        if not touched.any():
            return
        planes = picture.read(*window)[:picture.colours + picture.alpha]
        for net, beta in zip(nets, betas, strict=True):
            if beta.any():
                planes[:picture.colours] += beta * canvas.residual(net, window, net.card.seed if seed is None else seed)
        styled = picture.blank(bottom - top, right - left)
        picture.store(styled, 0, 0, planes)
        target = pixels[top:bottom, left:right, :picture.colours]
        target[touched] = (styled[..., None] if picture.flat else styled)[touched, :picture.colours]

    _run(work, (0, height, 0, width), tile, threads, progress, nets)
    return out


def style_residual(image: np.ndarray, style: str, progress: Callable[[float], None] | None = None, *,
                   window: tiling.Tile | None = None, seed: int | None = None, tile: int | None = None, threads: int | None = None,
                   backend: str | None = None) -> np.ndarray:
    """What a style adds to a picture's R, G and B (or grey) at β = 1, H×W float32.

    `window`: `(top, bottom, left, right)` asks for a part only, which costs only that part and equals that part of the whole. The other
    arguments are those of `stylize`.
    """
    picture, nets, threads = _prepare(image, [style], seed, threads, tile, backend)
    height, width = picture.shape
    window = window or (0, height, 0, width)
    top, bottom, left, right = window
    if not (0 <= top < bottom <= height and 0 <= left < right <= width):
        raise ValueError(f"the window {window} does not lie inside the picture of {width}×{height}")
    net, = nets
    canvas = Canvas(picture, threads, progress and (lambda: progress(0.0)))
    canvas.contrast(net.card)
    out = np.empty((bottom - top, right - left), np.float32)

    def work(part: tiling.Tile) -> None:
        a, b, c, d = part
        out[a - top:b - top, c - left:d - left] = canvas.residual(net, part, net.card.seed if seed is None else seed)

    _run(work, window, tile, threads, progress, nets)
    return out


def _run(work: Callable[[tiling.Tile], None], window: tiling.Tile, tile: int | None, threads: int,
         progress: Callable[[float], None] | None, nets: list[Network]) -> None:
    """`work` on every tile of a window."""
    top, bottom, left, right = window
    size = bottom - top, right - left
    todo = tiling.tiles(*size, tile) if tile else tiling.plan(*size, TILE, max(map(margin, nets), default=0), threads)
    try:
        tiling.run(work, [(top + a, top + b, left + c, left + d) for a, b, c, d in todo], threads, progress)
    finally:
        for net in nets:
            net.graph.release()
