"""What a program calls: array in, array out; nothing here knows of files or commands. All are the package's own names, too."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .analysis.measurements import Measurements
from .arrays import numbers
from .arrays.large import in_memory
from .networks import manifest
from .networks.cards import Card, MaterialCard
from .recipe import Recipe
from .runtime import Progress, Runtime
from .steps import Coarse, Enlarge, Fill, Grain, Restore, Stylize
from .textures.style import Style


def models() -> list[Card]:
    """The cards of all models and styles, shipped and learnt.

    Examples
    --------
    >>> "smssr-x4" in [card.name for card in models()]
    True
    """
    return manifest.models()


def upscale(image: np.ndarray, scale: float = 4, model: str | None = None, bands: Sequence[float] | None = None,
            progress: Progress | None = None, picture: str = "auto", *, best: bool = False, detail: float | None = None,
            tile: int | None = None, threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """Enlarge a picture (SMS-SR §2.1).

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        Grey, grey + alpha, RGB or RGBA; uint8, uint16, or float32 in 0 … 1. It is never written to.
    scale : float
        Above 1, at most 64; may be fractional.
    model : str, optional
        A name from `models()`, by default the one that fits the scale; or the path of an ONNX file that enlarges luma or RGB.
    bands : sequence of float, optional
        A gain for each frequency band, from fine to coarse; 1 is as trained, 0 leaves the band bicubic.
    progress : callable, optional
        Called with the share done, 0 … 1; what it raises cancels the work.
    picture : {"auto", "clean", "photo"}
        "clean": drawings, and pictures without noise or JPEG artefacts; "photo": all others; "auto": decided by the picture. Only without
        a `model`.
    best : bool
        Average the results of the picture turned and mirrored: a little nearer to the truth, in four times the time.
    detail : float, optional
        How much is shown of what a model invents, such as "smssr-x4-detail": 0 nothing, 1 (default) as trained, at most 2.
    tile, threads, backend : optional
        As of `Runtime`: they change speed and memory, not the result.

    Returns
    -------
    array
        Of the same kind, round(scale·H) × round(scale·W). Alpha is enlarged bicubically; colours hidden under full transparency do not
        bleed into what can be seen.

    Raises
    ------
    ValueError
        In one line, for anything that does not fit.

    Examples
    --------
    >>> upscale(np.zeros((20, 30, 3), np.uint8), 2.5).shape
    (50, 75, 3)
    """
    step = Enlarge(scale, model, bands, picture, best, detail=detail)
    return process(image, Recipe(step), progress, tile=tile, threads=threads, backend=backend)


def restore(image: np.ndarray, clean: np.ndarray | float = 0, chroma: np.ndarray | float | None = None,
            sharpen: np.ndarray | float = 0, fill: np.ndarray | None = None, progress: Progress | None = None, *,
            noise: str | float = "auto", blur: str | float = "auto", jpeg: str | float = "auto", model: str | None = None,
            tile: int | None = None, threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """Fill holes, then remove noise and JPEG artefacts, then blur; the size stays.

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        As of `upscale`.
    clean, chroma, sharpen : float or array H×W
        How much of it, 0 … 1. An array of another size is scaled to the picture; of uint8 or uint16 the full range counts. `chroma` is for
        colour noise, `clean` for that of lightness, and for both where `chroma` is None.
    fill : array H×W, optional
        At least 0.2 where the picture is to be in-painted; holes up to 30 pixels wide.
    progress : callable, optional
        As of `upscale`.
    noise : "auto" or float
        How much of what is cleaned counts as noise: σ of luma in levels of 255. More than there is makes the picture smooth, less leaves
        some of it. "auto" estimates it.
    blur : "auto" or float
        How wide the blur is that is sharpened: σ of a Gaussian in pixels. "auto" estimates it from what is sharpest in the picture.
    jpeg : "auto" or float
        Of what quality, 1 … 100, the JPEG was whose artefacts are cleaned. Less than it was makes the picture smooth. "auto" finds it in
        the pixels; a number has JPEG artefacts cleaned whether they are seen or not.
    model : str, optional
        The model to clean with, by default the one for the picture.
    tile, threads, backend : optional
        As of `Runtime`.

    Returns
    -------
    array
        Of the same kind and size. Pixels where every β and the mask are 0, alpha, and colours hidden under full transparency stay as they
        are, bit for bit.

    Raises
    ------
    ValueError
        In one line, for anything that does not fit.

    Examples
    --------
    >>> noisy = np.random.default_rng(0).normal(128, 15, (64, 64, 3)).clip(0, 255).astype(np.uint8)
    >>> bool(restore(noisy, clean=1).std() < 0.3 * noisy.std())
    True
    """
    wanted = Restore(clean=clean, chroma=chroma, sharpen=sharpen, noise=noise, blur=blur, jpeg=jpeg, model=model)
    steps = [wanted] if fill is None else [Fill(fill), wanted]
    return process(image, Recipe(*steps), progress, tile=tile, threads=threads, backend=backend)


def stylize(image: np.ndarray, styles: Mapping[str, Style | np.ndarray | float] | None = None, progress: Progress | None = None, *,
            coarse: Mapping[str, Style | np.ndarray | float] | None = None, seed: int | None = None, tile: int | None = None,
            threads: int | None = None, backend: str | None = None) -> np.ndarray:
    """Paint textures into a picture, on what paintings make of it, if any (SMS-SR §2.2).

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        As of `upscale`.
    styles : dict of str to float, array H×W or Style
        For each style's name its β, 0 … 1, everywhere or by place (of another size it is scaled to the picture); or a `Style`, which also
        says size, direction, sharpness, …
    progress : callable, optional
        As of `upscale`.
    coarse : dict, optional
        The same for paintings, in whose strokes and colours the picture is painted anew; textures lie on what they make of it. They have
        `detail` and `colour`, and no sharpness.
    seed : int, optional
        Another one gives another draw of the same textures.
    tile, threads, backend : optional
        As of `Runtime`.

    Returns
    -------
    array
        Of the same kind and size. Pixels where every β is 0, alpha, and colours hidden under full transparency stay as they are, bit for
        bit.

    Raises
    ------
    ValueError
        In one line, for anything that does not fit.

    Examples
    --------
    >>> stylize(np.full((64, 64, 3), 128, np.uint8), {"canvas": 0.5}).shape
    (64, 64, 3)
    """
    textures = Stylize({} if styles is None else styles, seed)
    steps = [textures] if coarse is None else [Coarse(coarse, seed), textures]
    return process(image, Recipe(*steps), progress, tile=tile, threads=threads, backend=backend)


def process(image: np.ndarray, recipe: Recipe, progress: Progress | None = None, *, tile: int | None = None, threads: int | None = None,
            backend: str | None = None) -> np.ndarray:
    """Do all steps of a recipe, one after the other.

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        As of `upscale`.
    recipe : Recipe
        Steps in any order; masks are scaled to the picture as it is at that step.
    progress : callable, optional
        As of `upscale`.
    tile, threads, backend : optional
        As of `Runtime`.

    Returns
    -------
    array
        Of the same kind. Beside it and the image, memory is bounded whatever their size.

    Raises
    ------
    ValueError
        In one line, for anything that does not fit, before any work is done.

    Examples
    --------
    >>> from smssr_infer import Enlarge, Recipe, Restore, Stylize
    >>> process(np.zeros((32, 32), np.uint8), Recipe(Restore(clean=0.6), Enlarge(scale=2), Stylize({"canvas": 0.3}))).shape
    (64, 64)
    """
    if not isinstance(recipe, Recipe):
        raise ValueError(f"recipe is a Recipe, such as Recipe(Enlarge(scale=4)), not {numbers.shown(recipe)}")
    runtime, picture = Runtime.of(backend=backend, threads=threads, tile=tile, progress=progress), in_memory(image)
    recipe.size(picture.shape)  # what comes of it has to fit into memory
    return recipe.run(picture, runtime)


def grain_of(image: np.ndarray) -> Grain:
    """The grain of a picture's flat places, as a step that lays such grain over another picture.

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        As of `upscale`.

    Returns
    -------
    Grain
        Its strength at every lightness, its size and its colour. As a step of a recipe it is laid over what the steps before it make.

    Raises
    ------
    ValueError
        In one line, for what is no picture.

    Examples
    --------
    >>> from smssr_infer import Enlarge, Recipe
    >>> grain = grain_of(np.random.default_rng(1).normal(128, 10, (256, 256)).clip(0, 255).astype(np.uint8))
    >>> grained = process(np.full((32, 32), 128, np.uint8), Recipe(Enlarge(scale=2), grain))
    >>> bool(grained.std() > 5)
    True
    """
    return Grain(**dataclasses.asdict(Measurements(in_memory(image), Runtime()).grain))


def materials_like(image: np.ndarray, count: int = 5) -> list[tuple[MaterialCard, float]]:
    """The materials whose texture looks most like that of a picture, whatever its strength, its tone and the way it lies.

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        A picture of a material, 64 pixels a side or more; else as of `upscale`. Its features should be as large as they are wanted.
    count : int
        How many materials are told.

    Returns
    -------
    list of (MaterialCard, float)
        The nearest first, your own among them, with how far each is: another piece of a material's own picture is at about 10, what
        looks like none of them beyond 30.

    Raises
    ------
    ValueError
        In one line, for anything that does not fit.

    Examples
    --------
    >>> checks = np.kron(np.indices((40, 40)).sum(0) % 2, np.ones((4, 4))).astype(np.uint8) * 255
    >>> [card.task for card, _ in materials_like(checks, 1)]
    ['material']
    """
    from .textures import likeness

    source = in_memory(image)
    height, width = source.shape
    planes = np.clip(source.read(0, height, 0, width)[:source.colours], 0, 1)
    return likeness.materials_like(np.broadcast_to(planes, (3, height, width)), count)


def mask_like(image: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The mask of what looks like another picture, by colour and texture.

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        As of `upscale`.
    reference : array, h×w or h×w×{1, 2, 3, 4}
        A picture of what is meant and of nothing else, its features as large as there.

    Returns
    -------
    array H×W, float32
        β, as of `mask`.

    Raises
    ------
    ValueError
        In one line, where nothing looks like it, and for anything that does not fit.

    Examples
    --------
    >>> picture = np.zeros((60, 80), np.uint8)
    >>> picture[20:40, 30:60] = 200
    >>> beta = mask_like(picture, np.full((16, 16), 200, np.uint8))
    >>> bool(beta[30, 45] > 0.9), bool(beta[5, 70] < 0.1)
    (True, True)
    """
    from .select.guide import Guide

    return Guide(image).like(reference)


def mask(image: np.ndarray, here: Any, not_here: Any = (), radius: float | None = None,
         connected: bool = True) -> np.ndarray:
    """The mask of what a few strokes mean. For several rounds on one picture, keep a `Guide`.

    Parameters
    ----------
    image : array, H×W or H×W×{1, 2, 3, 4}
        As of `upscale`.
    here, not_here : sequence of points or lines, or bool array H×W
        Strokes on what the mask is to hold, and on what it is not: points (x, y), and lines, which are sequences of points; in pixels, x to
        the right, y down, (0, 0) the centre of the first pixel. Without `not_here`, border areas that look unlike `here` are not meant.
    radius : float, optional
        Of the brush, in pixels; by default a 150th of the picture's longer side.
    connected : bool
        Only what is connected with a stroke is meant; else everything that looks like it, too.

    Returns
    -------
    array H×W, float32
        β: 1 where it is meant, 0 where it is not and where the picture is fully transparent, between at soft edges. The same strokes give
        the same mask.

    Raises
    ------
    ValueError
        In one line, for anything that does not fit.

    Examples
    --------
    >>> picture = np.zeros((60, 80), np.uint8)
    >>> picture[20:40, 30:60] = 200
    >>> beta = mask(picture, here=[(45, 30)], not_here=[(5, 5)])
    >>> bool(beta[30, 45] > 0.9), bool(beta[5, 70] < 0.1)
    (True, True)
    """
    from .select.guide import Guide

    return Guide(image).mask(here, not_here, radius, connected)
