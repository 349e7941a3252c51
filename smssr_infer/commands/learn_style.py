"""`smssr learn-style PICTURE --name NAME`"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from .arguments import Commands, number, whole_numbers


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("learn-style", help="learn a style of your own from a picture",
                                 description="Learn a new style from a picture of a texture, or a part of one, in a few minutes. It goes "
                                             "to your own folder of styles, where every command finds it. Ctrl-C ends it early "
                                             "and keeps what was learnt. Needs PyTorch: pip install torch onnx.")
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="a picture of the texture, 184 pixels a side or more, or a painting")
    parser.add_argument("--name", required=True, metavar="NAME", help="a name for the style: letters, digits, - and _")
    parser.add_argument("--title", metavar="TEXT", help="what it paints, in words (default: the picture's name)")
    parser.add_argument("--crop", type=whole_numbers, metavar="LEFT,TOP,WIDTH,HEIGHT",
                        help="the part of the picture to learn from, in pixels")
    parser.add_argument("--reduce", type=number, metavar="R",
                        help="shrink the picture by this factor first: features up to some 20 pixels are learnt best (default: 1; of a "
                             "painting, so that it has 700 pixels on its longer side)")
    parser.add_argument("--coarse", action="store_true",
                        help="learn a coarse style, a painting's forms and colours, for 'smssr stylize --coarse NAME'")
    parser.add_argument("--minutes", type=number, default=8, metavar="M", help="at most this long (default 8)")
    parser.add_argument("--photos", type=Path, metavar="DIR",
                        help="a folder of photographs to practise on (default: pictures drawn by code)")
    parser.add_argument("--vgg-weights", type=Path, metavar="FILE.npz",
                        help="VGG-16's filters (default: torchvision's, where it is installed, or the file given last time)")
    parser.add_argument("--replace", action="store_true", help="replace a style of yours that has this name")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Learn it."""
    from ..textures.learning import Wish, learn_style

    fields = {field.name for field in dataclasses.fields(Wish)}
    learn_style(Wish(**{name: value for name, value in vars(arguments).items() if name in fields}))
