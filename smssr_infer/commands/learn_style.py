"""`smssr learn-style PICTURE --name NAME`"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import Commands, number, whole_numbers
from .recipe_options import say

if TYPE_CHECKING:
    import numpy as np

NETWORK_ALONE = ("minutes", "photos", "vgg_weights")
"""What only a network that learns is told."""


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("learn-style", help="make a style of your own from a picture",
                                 description="Make a material of your own from a picture of it, or a part of one, in a second: fur, bark, "
                                             "cloth. Or, from a painting, its strokes and colours. It goes to your own folder of styles, "
                                             "where every command and GIMP find it. With --network a network learns it in a few minutes "
                                             "instead, which follows what the picture shows; Ctrl-C ends that early and keeps what was "
                                             "learnt; it needs PyTorch: pip install torch onnx.")
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="a picture of the material, 64 pixels a side or more; or a painting")
    parser.add_argument("--name", required=True, metavar="NAME", help="what to call the style")
    parser.add_argument("--title", metavar="TEXT", help="what it paints, in words (default: its name)")
    parser.add_argument("--crop", type=whole_numbers, metavar="LEFT,TOP,WIDTH,HEIGHT", help="the part of the picture to take, in pixels")
    parser.add_argument("--reduce", type=number, metavar="R",
                        help="shrink the picture by this factor first (default: a large one so that 640 pixels are left, unless a part is "
                             "taken; for a network 1, of a painting so that 700 are left)")
    parser.add_argument("--painting", action="store_true", help="the picture is a painting, for 'smssr stylize --painting NAME'")
    parser.add_argument("--replace", action="store_true", help="replace a style of yours that has this name")
    parser.add_argument("--network", action="store_true", help="let a network learn it")
    parser.add_argument("--coarse", action="store_true", help="the same as --painting --network")
    parser.add_argument("--minutes", type=number, metavar="M", help="with --network: at most this long (default 8)")
    parser.add_argument("--photos", type=Path, metavar="DIR",
                        help="with --network: photographs to practise on (default: pictures drawn by code)")
    parser.add_argument("--vgg-weights", type=Path, metavar="FILE.npz",
                        help="with --network: VGG-16's filters (default: torchvision's, or the file given last time)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Make it. Raises ValueError for what cannot be."""
    if arguments.network or arguments.coarse:
        learn(arguments)
        return
    for name in NETWORK_ALONE:
        if getattr(arguments, name) is not None:
            raise ValueError(f"--{name.replace('_', '-')} is for a network that learns; add --network, or leave it out")
    from .. import own_styles

    name = own_styles.name_of(arguments.name)
    own_styles.check_name(name, arguments.replace)
    picture = part_of(arguments.picture, arguments.crop, arguments.reduce, large=arguments.painting)
    make = own_styles.painting if arguments.painting else own_styles.material
    card, data = make(picture, arguments.title or arguments.name, own_styles.folder(), name)
    if not arguments.painting and (warning := own_styles.small(picture)):
        say(warning)
    own_styles.keep(card, data, replace=arguments.replace)
    called = "" if name == arguments.name else f", as {name}"
    option = "painting" if arguments.painting else "style"
    print(f"{arguments.name} is among your styles{called}. Try it: smssr stylize IN OUT --{option} {name}")


def part_of(path: Path, crop: tuple[int, ...] | None, reduce: float | None = None, *, large: bool = False) -> np.ndarray:
    """The part of a picture's file to take, `[h, w, 3]` uint8; a whole one is reduced to LARGE unless it may be `large`.

    Raises ValueError, in one line, where it does not fit.
    """
    from ..arrays.resample import resize
    from ..io.reading import read
    from ..own_styles import as_sample

    picture = read(path).picture()
    height, width = picture.shape
    left, top, across, down = crop or (0, 0, width, height)
    if not (0 <= left < left + across <= width and 0 <= top < top + down <= height):
        raise ValueError(f"--crop is LEFT,TOP,WIDTH,HEIGHT inside the picture of {width}×{height}")
    if reduce is not None and not 1 <= reduce <= 64:
        raise ValueError(f"--reduce must lie in 1 … 64, not {reduce:g}")
    planes = picture.read(top, top + down, left, left + across)[:picture.colours]
    usual = 1.0 if crop or large else max(1.0, min(down, across) / LARGE)
    by = usual if reduce is None else reduce
    if by > 1:
        planes = resize(planes, max(1, round(down / by)), max(1, round(across / by)))
    return as_sample(planes)


LARGE = 640
"""Pixels of the shorter side to which a picture of a material is reduced; what it shows is finer than that of a drawing otherwise."""


def learn(arguments: argparse.Namespace) -> None:
    """Let a network learn it."""
    from ..textures.learning import Wish, learn_style

    fields = {field.name for field in dataclasses.fields(Wish)}
    told = {name: value for name, value in vars(arguments).items() if name in fields and value is not None}
    learn_style(Wish(**told | {"coarse": arguments.coarse or arguments.painting}))
