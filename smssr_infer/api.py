"""What a program calls: array in, array out.

`upscale`, `restore`, `stylize`, `process`, `style_residual`, `mask` and `models` are the package's own names, too, as in
`smssr_infer.upscale(…)`. This file imports what is below it and knows nothing of files or commands.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .analysis.measurements import Measurements
from .arrays import numbers, tiling
from .arrays.large import in_memory
from .networks import manifest
from .networks.cards import Card
from .nodes.material_layer import layer_of
from .nodes.style_layer import TILE
from .recipe import Recipe
from .runtime import Runtime
from .steps import Coarse, Enlarge, Fill, Restore, Stylize
from .textures.style import Style

Progress = Callable[[float], None]


def models() -> list[Card]:
    """The cards of all models and styles, shipped and learnt."""
    return manifest.models()


def upscale(image: np.ndarray, scale: float = 4, model: str | None = None, bands: Sequence[float] | None = None,
            progress: Progress | None = None, picture: str = "auto", *, best: bool = False, tile: int | None = None,
            threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """Enlarge a picture.

    `image`: H×W or H×W×{1, 2, 3, 4} (grey, grey + alpha, RGB, RGBA); uint8, uint16, or float32 in 0 … 1. It is never written to.
    `scale`: above 1, at most 64; decimals too. `model`: a name from `models()`, by default the one that fits the scale; or the path of an
    ONNX file that enlarges luma or RGB (see `networks.elsewhere`).
    `bands`: a gain for each frequency band's detail, from fine to coarse; 1 is as trained, 0 leaves the band bicubic.
    `progress`: called with the share done, 0 … 1; what it raises cancels the work. `picture`: "clean" for drawings and pictures without
    noise or JPEG artefacts, "photo" for all others, "auto" to decide by the picture; a `model` and one of the other two exclude each other.
    `best`: average the results to the picture as it is, turned and mirrored: a little nearer to the truth, in four times the time.
    `tile` (pixels of the result, 32 or more; less counts as 32), `threads` (no more than help are used), `backend` ("onnxruntime" or
    "numpy") change speed and memory, not the result.

    Returns an array of the same kind, round(scale·H) × round(scale·W). Alpha is enlarged bicubically, and colours hidden under
    full transparency do not bleed into what can be seen. Raises ValueError, in one line, for anything that does not fit.
    """
    return process(image, Recipe(Enlarge(scale, model, bands, picture, best)), progress, tile=tile, threads=threads, backend=backend)


def restore(image: np.ndarray, clean: np.ndarray | float = 0, chroma: np.ndarray | float | None = None,
            sharpen: np.ndarray | float = 0, fill: np.ndarray | None = None, progress: Progress | None = None, *,
            noise: str | float = "auto", blur: str | float = "auto", model: str | None = None, tile: int | None = None,
            threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """Clean, sharpen and repair a picture at its size.

    `image`: H×W or H×W×{1, 2, 3, 4}; uint8, uint16, or float32 in 0 … 1. It is never written to. Holes are filled first, then noise and
    JPEG artefacts are removed, then blur. `clean`, `chroma`, `sharpen`: how much of it, a number in 0 … 1 or an array (of another size
    it is scaled to the picture; of uint8 or uint16 the full range counts). `chroma` is for colour noise, `clean` for that of lightness,
    and for both where `chroma` is None. `fill`: a mask, at least 0.2 where the picture is to be in-painted; holes up to 30 pixels wide.
    `noise`: how much of what is cleaned counts as noise, as σ of luma in levels of 255; "auto" estimates it from the picture. More than
    there is makes the picture smooth, less leaves some of it. `blur`: how wide the blur is that is sharpened, as σ of a Gaussian in
    pixels; "auto" estimates it from what is sharpest in the picture. `model`: the model to clean with, by default the one for
    photographs; `model` and `noise` only where `clean` or `chroma` is set, `blur` only with `sharpen`. `progress`: called with the share
    done, 0 … 1; what it raises cancels the work. `tile` (pixels), `threads`, `backend` change speed and memory, not the result.

    Returns an array of the same kind and size. Pixels where every β and the mask are 0, alpha, and colours hidden under full transparency
    stay as they are, bit for bit. Raises ValueError, in one line, for anything that does not fit.
    """
    wanted = Restore(clean, chroma, sharpen, noise, model, blur)
    steps = [wanted] if fill is None else [Fill(fill), wanted]
    return process(image, Recipe(*steps), progress, tile=tile, threads=threads, backend=backend)


def stylize(image: np.ndarray, styles: Mapping[str, Style | np.ndarray | float] | None = None, progress: Progress | None = None, *,
            coarse: Mapping[str, Style | np.ndarray | float] | None = None, seed: int | None = None, tile: int | None = None,
            threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """Paint the texture of one or several styles into a picture, and before that the forms and palette of a painting.

    `image`: H×W or H×W×{1, 2, 3, 4}; uint8, uint16, or float32 in 0 … 1. It is never written to. `styles`: for each style's name its β,
    in 0 … 1: a number, or an array (of another size it is scaled to the picture; of uint8 or uint16 the full range counts); or a `Style`
    with β, size, direction and sharpness. `coarse`: the same for coarse styles, which have neither direction nor sharpness;
    textures lie on what they make of the picture. `seed`: another one gives another draw of the same textures. `progress`: called with
    the share done, 0 … 1; what it raises cancels the work. `tile` (pixels), `threads`, `backend` change speed and memory, not the result.

    Returns an array of the same kind and size. Pixels where every β is 0, alpha, and colours hidden under full transparency stay as
    they are, bit for bit. Raises ValueError, in one line, for anything that does not fit.
    """
    textures = Stylize({} if styles is None else styles, seed)
    steps = [textures] if coarse is None else [Coarse(coarse, seed), textures]
    return process(image, Recipe(*steps), progress, tile=tile, threads=threads, backend=backend)


def process(image: np.ndarray, recipe: Recipe, progress: Progress | None = None, *, tile: int | None = None, threads: int | None = None,
            backend: str | None = None) -> np.ndarray:
    """Do all steps of a recipe, one after the other.

    `image`: H×W or H×W×{1, 2, 3, 4}; uint8, uint16, or float32 in 0 … 1. It is never written to. `recipe`: restoring, filling, enlarging
    and painting in any order, such as `Recipe(Restore(clean=0.6), Enlarge(scale=4), Stylize({"fur": mask}))`; masks are scaled to the
    picture as it is at that step. `progress`: called with the share done, 0 … 1; what it raises cancels the work. `tile` (pixels),
    `threads`, `backend` change speed and memory, not the result.

    Returns an array of the same kind. Beside it and the image, memory is bounded whatever their size. Raises ValueError, in one line, for
    anything that does not fit, before any work is done.
    """
    if not isinstance(recipe, Recipe):
        raise ValueError(f"recipe is a Recipe, such as Recipe(Enlarge(scale=4)), not {numbers.shown(recipe)}")
    return recipe.run(in_memory(image), Runtime.of(backend=backend, threads=threads, tile=tile, progress=progress))


def style_residual(image: np.ndarray, style: str, progress: Progress | None = None, *,
                   window: tiling.Tile | None = None, wish: Style | None = None, seed: int | None = None, tile: int | None = None,
                   threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """What a style adds to a picture at β = 1: H×W float32, the same for R, G and B; of a material in colour H×W×3.

    `window`: `(top, bottom, left, right)` asks for a part only, which costs only that part and equals that part of the whole. `wish`: its
    size, direction and sharpness; a β in it does not count. The other arguments are those of `stylize`.
    """
    picture = in_memory(image)
    runtime = Runtime.of(backend=backend, threads=threads, tile=tile, progress=progress)
    if not isinstance(wish, Style | None):
        raise ValueError(f"wish is a Style, not {numbers.shown(wish)}")
    height, width = picture.shape
    top, bottom, left, right = (0, height, 0, width) if window is None else _window(window, height, width)
    wish = wish or Style()
    layer = layer_of(style, wish if seed is None else dataclasses.replace(wish, seed=seed), Measurements(picture, runtime), runtime.backend)
    out = np.empty((bottom - top, right - left, *layer.channels), np.float32)

    def work(part: tiling.Tile) -> None:
        a, b, c, d = part
        out[a - top:b - top, c - left:d - left] = np.moveaxis(layer.residual(part), 0, -1) if layer.channels else layer.residual(part)

    size = bottom - top, right - left
    parts = tiling.tiles(*size, runtime.tile) if runtime.tile else tiling.plan(*size, TILE, layer.margin, runtime.threads)
    try:
        tiling.run(work, [(top + a, top + b, left + c, left + d) for a, b, c, d in parts], runtime.threads, progress)
    finally:
        layer.release()
    return out


def _window(window: Any, height: int, width: int) -> tiling.Tile:
    """A window of a picture as Python's own numbers. Raises ValueError for what is none."""
    edges = [numbers.whole(edge) for edge in numbers.parts(window)]
    top, bottom, left, right = edges if len(edges) == 4 else [None] * 4
    if top is None or bottom is None or left is None or right is None:
        raise ValueError(f"a window is (top, bottom, left, right) in whole pixels, not {numbers.shown(window)}")
    if not (0 <= top < bottom <= height and 0 <= left < right <= width):
        raise ValueError(f"the window {numbers.shown(window)} does not lie inside the picture of {width}×{height}")
    return top, bottom, left, right


def mask(image: np.ndarray, here: Any, not_here: Any = (), radius: float | None = None,
         connected: bool = True) -> np.ndarray:
    """The mask of what a few strokes mean.

    `image`: H×W or H×W×{1, 2, 3, 4}; uint8, uint16, or float32 in 0 … 1. It is never written to. `here`, `not_here`: strokes on what the
    mask is to hold, and on what it is not; each a sequence of points (x, y) and of lines, which are sequences of points, in pixels, x to
    the right, y down, (0, 0) the middle of the first pixel; or a boolean array H×W. Without `not_here` what lies at the picture's border
    and looks otherwise is not meant. `radius`: of the brush, in pixels, by default a 150th of the picture's longer side. `connected`: only
    what is connected with a stroke is meant; else everything that looks like it, too.

    Returns β, float32 H×W in 0 … 1: 1 where it is meant, 0 where it is not and where the picture is wholly transparent, between at soft
    edges. The same strokes give the same result. For several rounds on one picture, keep a `Guide`. Raises ValueError, in one line, for
    anything that does not fit.
    """
    from .select.guide import Guide

    return Guide(image).mask(here, not_here, radius, connected)
