"""The options that make a recipe: which every command that makes pictures of pictures has in common."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..translations import said
from .arguments import colour, number, number_or_auto, numbers, printed
from .style_options import CoarseWish, StyleWish, coarse_style, style

if TYPE_CHECKING:
    from ..io.masks import MaskFile
    from ..io.save_options import SaveOptions
    from ..recipe import Recipe
    from ..steps import Step

USUAL_SCALE = 4
OWN = Path("-")
"""Stands for the picture itself where grain is to match."""


def add_enlarging(parser: argparse.ArgumentParser, default: float | None = USUAL_SCALE) -> None:
    """How to enlarge. `default`: the scale where none is given; None for no enlarging."""
    parser.add_argument("--scale", type=number, metavar="S",
                        help=f"above 1, at most 64; may be fractional (default {default})" if default else
                             "above 1, at most 64; may be fractional (default: it is not enlarged)")
    parser.add_argument("--width", type=int, metavar="PIXELS", help="the result's width, instead of --scale; proportions stay")
    parser.add_argument("--height", type=int, metavar="PIXELS", help="the result's height, instead of --scale; proportions stay")
    parser.add_argument("--long-edge", type=int, metavar="PIXELS", help="the result's longer side, instead of --scale")
    parser.add_argument("--megapixels", type=number, metavar="M", help="how many millions of pixels the result has, instead of --scale")
    parser.add_argument("--print", dest="printed", type=printed, metavar="30cm@300",
                        help="instead of --scale: the longer side is printed so long (cm, mm or in) at so many dots per inch, which "
                             "becomes the result's resolution")
    parser.add_argument("--model", metavar="NAME", help="one of 'smssr models', or an ONNX file (default: by scale and picture)")
    parser.add_argument("--picture", choices=("auto", "clean", "photo"), default="auto",
                        help="clean: drawings, pictures without noise or JPEG artefacts; photo: all others; auto: detect (default)")
    parser.add_argument("--bands", type=numbers, metavar="FINE,…,COARSE",
                        help="a gain for each band of detail (three; paper-x4 has six): 1 is as trained, more has more bite, "
                             "0 leaves it bicubic")
    parser.add_argument("--detail", type=number, metavar="D",
                        help="how much is shown of the detail that a model such as smssr-x4-detail invents: 0 nothing, 1 as trained "
                             "(default), at most 2")
    parser.add_argument("--best", action="store_true",
                        help="average the results of the picture turned and mirrored: 0.05 to 0.15 dB better, four times the time")


def strength(text: str) -> tuple[Path | None, float]:
    """`[MASK][:STRENGTH]`, or a number alone, taken apart."""
    with contextlib.suppress(ValueError):
        return None, float(text.removeprefix(":"))
    mask, colon, value = text.rpartition(":")
    with contextlib.suppress(ValueError):
        if colon:
            return Path(mask), float(value)
    return Path(text), 1.0


def add_restoring(parser: argparse.ArgumentParser) -> None:
    """What to restore."""
    form = "[MASK][:S]"
    parser.add_argument("--clean", type=strength, nargs="?", const=(None, 1.0), metavar=form,
                        help="remove noise and JPEG artefacts, everywhere, or where a mask is white; strength S from 0 to 1 (default 1). "
                             "Place this option after IN and OUT")
    parser.add_argument("--noise", type=number_or_auto, metavar="auto|S",
                        help="how much noise there is for --clean to remove: the standard deviation of lightness, 0 … 100 levels of "
                             "255 (default: auto, estimated from the picture). Higher is smoother; give it where a noisy JPEG stays noisy")
    parser.add_argument("--jpeg", type=number_or_auto, metavar="auto|Q",
                        help="of what quality, 1 … 100, the JPEG was whose artefacts --clean removes (default: auto, from the file or the "
                             "pixels). Lower is smoother; give it where blocks stay")
    parser.add_argument("--chroma", type=number, metavar="S", help="how strongly colour noise is removed (default: as --clean)")
    parser.add_argument("--sharpen", type=strength, nargs="?", const=(None, 1.0), metavar=form, help="remove blur, in the same way")
    parser.add_argument("--blur", type=number_or_auto, metavar="auto|S",
                        help="how wide the blur is for --sharpen to remove: the standard deviation of a Gaussian, 0 … 4 pixels "
                             "(default: auto, estimated from what is sharpest in the picture). Higher is harder")
    parser.add_argument("--fill", type=Path, metavar="MASK",
                        help="in-paint what a mask marks white, up to 30 pixels wide: scratches, dust, letters")
    parser.add_argument("--cleaner", metavar="NAME", help="the model to clean with, one of 'smssr models'")
    parser.add_argument("--match-grain", type=Path, nargs="?", const=OWN, metavar="FROM",
                        help="lay grain over what was filled, cleaned or enlarged, so that it does not stand out: as the picture FROM has "
                             "it in its flat places, or, without FROM, as the picture itself. Place this option after IN and OUT")


def add_painting(parser: argparse.ArgumentParser) -> None:
    """What to paint."""
    parser.add_argument("--style", type=style, action="append", default=[], metavar="NAME[=MASK.png][:STRENGTH][,…]",
                        help="a style of 'smssr models'; everywhere, or where a mask is white; a STRENGTH in 0 … 1 (default: the style's "
                             "own, as 'smssr models' says); may be given several times. After it: ,size=S: features 0.5 … 8 times as large "
                             "(default: by the picture's size); ,direction=DEG: turned counter-clockwise from how it lies by itself (as "
                             "'smssr models' says), or ,direction=follow: along the picture (default, where a style can be turned); "
                             ",sharpness=off: do not soften the texture in out-of-focus areas; ,contrast=even: as strong everywhere, "
                             "=picture: as strong as the picture is there; ,colour=C: 0 … 1 of a material's own colours; ,seed=N")
    parser.add_argument("--painting", "--coarse", dest="coarse", type=coarse_style, action="append", default=[],
                        metavar="NAME[=MASK.png][:STRENGTH][,…]",
                        help="paint the picture anew in the strokes and colours of a painting of 'smssr models', on which textures then "
                             "lie; in the same way, 1 where no STRENGTH is given. After it: ,size=S: strokes 0.5 … 8 times as large; "
                             ",detail=D: how much of the picture's detail finer strokes keep, 0 … 1 (default 0.5); ,colour=C: how far "
                             "the painting's colours go, 0 … 1 (default 0.75); ,direction=DEG: strokes lie so (default: along the "
                             "picture's forms); ,seed=N. Where several overlap, the later covers the earlier")
    parser.add_argument("--seed", type=int, metavar="N", help="another number draws a different instance of the same texture")


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Keeping a recipe."""
    parser.add_argument("--save-recipe", type=Path, metavar="FILE.toml", help="keep these options as a recipe for 'smssr run', too")


def add_saving(parser: argparse.ArgumentParser) -> None:
    """How a result is saved."""
    parser.add_argument("--quality", type=int, metavar="Q", help="1 … 100 of JPEG, WebP, AVIF, HEIC and JPEG XL (default 95)")
    parser.add_argument("--subsampling", metavar="4:2:0", help="of a JPEG's colours: 4:4:4, 4:2:2 or 4:2:0 (default: the input's own, and "
                                                               "4:4:4 where it is no JPEG)")
    parser.add_argument("--lossless", action="store_true", help="WebP, HEIC and JPEG XL keep every pixel as it is")
    parser.add_argument("--frames", default="all", metavar="all|first|3-20",
                        help="which frames of an animation, or pages of a TIFF, counted from 1 (default all; a format that holds one "
                             "picture gets the first of them); of numbered files, IN or OUT such as frame_%%04d.png, their numbers")
    parser.add_argument("--lively", action="store_true", help="each frame of an animation or a video gets other instances of the textures, "
                                                              "as film has grain (default: textures stand still)")
    parser.add_argument("--compression", choices=("none", "fast", "normal", "best"),
                        help="how hard PNG and TIFF are packed (default normal)")
    parser.add_argument("--cmyk", choices=("convert", "keep"), default="convert",
                        help="CMYK becomes sRGB by its profile (default), or stays CMYK with its profile, in JPEG and TIFF")
    parser.add_argument("--keep-date", action="store_true", help="the result's file gets the date of the picture's")
    parser.add_argument("--sidecar", action="store_true", help="the picture's XMP file (a.xmp, a.jpg.xmp) goes beside the result, too, "
                                                               "what it says of the size scaled")
    parser.add_argument("--background", type=colour, metavar="COLOUR",
                        help="lay transparency on a colour, such as white or '#ffcc00' (default: it stays; a format without it is refused)")


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    """Telling what would be done."""
    parser.add_argument("--dry-run", action="store_true",
                        help="only say what would be done, how long it would take and how large it would be, after trying a small piece")


def save_options(arguments: argparse.Namespace) -> SaveOptions:
    """How the result is to be saved. Raises ValueError for what cannot be."""
    from ..io.save_options import SaveOptions

    size = getattr(arguments, "printed", None)
    return SaveOptions(arguments.quality, arguments.subsampling, arguments.lossless, arguments.compression, arguments.background,
                       arguments.frames, arguments.lively, arguments.keep_date, arguments.sidecar, arguments.cmyk, size and size[1])


def use_usual_scale(arguments: argparse.Namespace) -> None:
    """Enlarge by USUAL_SCALE where nothing says how much."""
    if all(getattr(arguments, name) is None for name in ("scale", "width", "height", "long_edge", "megapixels", "printed")):
        arguments.scale = USUAL_SCALE


def recipe_of(arguments: argparse.Namespace) -> Recipe:
    """What a command's options order: fill, restore, enlarge, coarse styles, styles, grain. Raises ValueError for what cannot be."""
    from ..recipe import Recipe

    steps = [*restoring(arguments), *enlarging(arguments), *painting(arguments)]
    return Recipe(*steps, *matching_grain(arguments, steps))


def save_recipe(arguments: argparse.Namespace, recipe: Recipe, others: Iterable[Path]) -> None:
    """Keep a recipe where --save-recipe says. Raises ValueError where that is one of the `others`, or where it cannot be written."""
    from ..io import process
    from ..io.recipe_file import save
    from ..io.targets import spare

    path = getattr(arguments, "save_recipe", None)
    if path is None:
        return
    if path.suffix != ".toml":
        raise ValueError(f"a recipe's file ends in .toml, unlike {path}")
    spare(path, [*others, *process.reads(recipe)])
    save(recipe, path)


def enlarging(arguments: argparse.Namespace) -> list[Step]:
    """The step that enlarges, if there is one. Raises ValueError for options that would change nothing."""
    from ..steps import Enlarge

    sizes = {name: value for name in ("scale", "width", "height", "long_edge", "megapixels", "printed")
             if (value := getattr(arguments, name, None)) is not None}
    options = {name: "--print" if name == "printed" else f"--{name.replace('_', '-')}" for name in sizes}
    if len(sizes) > 1:
        first, second, *_ = options.values()
        raise ValueError(f"{first} says how large the result is, and so does {second}; leave out one of the two")
    if not sizes or sizes.get("scale") == 1:
        unused = {"--model": arguments.model, "--bands": arguments.bands, "--detail": arguments.detail is not None,
                  "--best": arguments.best, "--picture": arguments.picture != "auto"}
        for name, value in unused.items():
            if value:
                raise ValueError(f"{name} only applies to enlarging{', not to --scale 1' if arguments.scale == 1 else '; add --scale'}")
        return []
    if arguments.model is not None and arguments.picture != "auto":
        raise ValueError("--picture only chooses the model, and --model names one; leave out one of the two")
    if "printed" in sizes:
        sizes = {"long_edge": arguments.printed[0]}
    return [Enlarge(model=arguments.model, bands=tuple(arguments.bands) if arguments.bands else None, picture=arguments.picture,
                    best=arguments.best, detail=arguments.detail, **sizes)]


def restoring(arguments: argparse.Namespace) -> list[Step]:
    """The steps that fill and restore, as far as they are ordered. Raises ValueError for what cannot be."""
    from ..io.masks import MaskFile
    from ..steps import Fill, Restore

    if arguments.cleaner is not None and arguments.clean is None and arguments.chroma is None:
        raise ValueError("--cleaner says what to clean with, but nothing is to be cleaned; add --clean or --chroma")
    if arguments.noise is not None and arguments.clean is None and arguments.chroma is None:
        raise ValueError("--noise says what to clean away, but nothing is to be cleaned; add --clean or --chroma")
    if arguments.jpeg is not None and arguments.clean is None and arguments.chroma is None:
        raise ValueError("--jpeg says what to clean away, but nothing is to be cleaned; add --clean or --chroma")
    if arguments.blur is not None and arguments.sharpen is None:
        raise ValueError("--blur says what to sharpen, but nothing is to be sharpened; add --sharpen")
    steps: list[Step] = [] if arguments.fill is None else [Fill(MaskFile(arguments.fill))]
    given = {name: getattr(arguments, name) for name in ("clean", "chroma", "sharpen")}
    if all(value is None for value in given.values()):
        return steps
    betas = {}
    for name, value in given.items():
        mask, share = value if isinstance(value, tuple) else (None, value)
        if share is not None and not 0 <= share <= 1:
            raise ValueError(f"the strength of {name} must lie in 0 … 1, not {share:g}")
        betas[name] = MaskFile(mask, share) if mask else share
    noise = "auto" if arguments.noise is None else arguments.noise
    blur = "auto" if arguments.blur is None else arguments.blur
    jpeg = "auto" if arguments.jpeg is None else arguments.jpeg
    return [*steps, Restore(clean=betas["clean"] or 0, chroma=betas["chroma"], sharpen=betas["sharpen"] or 0, noise=noise, blur=blur,
                            jpeg=jpeg, model=arguments.cleaner)]


def matching_grain(arguments: argparse.Namespace, before: Sequence[Step]) -> list[Step]:
    """The step that lays grain over what the steps `before` make. Raises ValueError for what cannot be."""
    if arguments.match_grain is None:
        return []
    import numpy as np

    from ..api import grain_of
    from ..io.reading import read
    from ..steps import Fill

    filled = before[0] if before and isinstance(before[0], Fill) else None
    if arguments.match_grain == OWN:
        return [_own_grain(filled.mask if filled else None, before[1:] if filled else before)]
    found = grain_of(np.asarray(read(arguments.match_grain).pixels))
    if not np.any(found.sigma):
        raise ValueError(f"{arguments.match_grain} has no grain to match")
    return [dataclasses.replace(found, beta=filled.mask) if filled and len(before) == 1 else found]


def _own_grain(holes: MaskFile | None, after: Sequence[Step]) -> Step:
    """The picture's own grain: over all of it where it is enlarged, else in its holes, as much as cleaning leaves around them."""
    from ..steps import Enlarge, Grain, Restore

    if any(isinstance(step, Enlarge) for step in after):
        return Grain()
    if holes is None and not any(isinstance(step, Restore) for step in after):
        raise ValueError("--match-grain lays grain over what was filled, cleaned or enlarged, but nothing is; add --fill or --clean, or "
                         "enlarge it")
    clean = next((step.clean for step in after if isinstance(step, Restore)), 0)
    left = 1 - clean if isinstance(clean, (int, float)) else 1.0
    if holes is None or left <= 0:
        raise ValueError("--match-grain would lay over the picture what --clean takes away from it; name the picture FROM to match")
    return Grain(beta=dataclasses.replace(holes, strength=left))


def painting(arguments: argparse.Namespace) -> list[Step]:
    """The steps that paint, as far as they are ordered. Raises ValueError for what cannot be."""
    from ..steps import Coarse, Stylize

    if arguments.seed is not None and not arguments.style and not arguments.coarse:
        raise ValueError("--seed only applies to styles; add --style or --painting")
    return [step(styles, arguments.seed) for step, wishes in ((Coarse, arguments.coarse), (Stylize, arguments.style))
            for styles in _styles(wishes or ())]


def _styles(wishes: Sequence[StyleWish | CoarseWish]) -> list[dict[str, Any]]:
    """What the command line wants of each style, step after step: one that is given again, with other settings, begins a new step."""
    from ..io.masks import MaskFile
    from ..networks import manifest
    from ..networks.cards import CoarseCard, TextureCard
    from ..textures.style import Style

    found: list[dict[str, Style]] = []
    for wish in wishes:
        if isinstance(wish, CoarseWish):
            manifest.find(wish.name, CoarseCard)
            own = 1.0
        else:
            own = manifest.find(wish.name, TextureCard).strength
        share = own if wish.strength is None else wish.strength
        if not 0 <= share <= 1:
            raise ValueError(f"the strength of {wish.name} must lie in 0 … 1, not {share:g}")
        options = {key: value for key, value in wish._asdict().items() if key not in ("name", "mask", "strength")}
        if not found or wish.name in found[-1]:
            found.append({})
        found[-1][wish.name] = Style(MaskFile(wish.mask, share) if wish.mask else share, **options)
    return found


def say(words: str) -> None:
    """Tell the user something on standard error."""
    print(f"smssr: {said(words)}", file=sys.stderr)
