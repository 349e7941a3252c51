"""`smssr stylize IN OUT --style NAME …`, or `--like PICTURE`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from .arguments import Commands, add_input_and_output
from .learn_style import part_of
from .opening import run_recipe
from .recipe_options import add_dry_run, add_enlarging, add_painting, add_recipe, add_restoring, add_saving, recipe_of, say
from .style_options import StyleWish


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("stylize", help="paint texture, or a painting's forms and colours, into a picture",
                                 description="Paint the texture of one or several styles into a picture, restored and enlarged first or as "
                                             "it is; and before that the forms and colours of a painting. Where a mask is black nothing "
                                             "changes.")
    add_input_and_output(parser)
    add_painting(parser)
    parser.add_argument("--like", type=Path, metavar="PICTURE",
                        help="paint the texture of another picture, of the material alone, where this one looks like it; it becomes a "
                             "material among your own styles. For a place of your choice: smssr learn-style, then --style NAME=MASK.png")
    add_enlarging(parser, None)
    add_restoring(parser)
    add_saving(parser)
    add_recipe(parser)
    add_dry_run(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Paint one file into another."""
    if not arguments.style and not arguments.coarse and not arguments.like:
        raise ValueError("say what to paint: --style NAME or --painting NAME (see 'smssr models'), or --like PICTURE")
    if not arguments.like:
        run_recipe(arguments, recipe_of(arguments))
        return
    if arguments.save_recipe:
        raise ValueError("--like finds a place in this picture alone, so it is for no recipe; leave out --save-recipe")
    from .. import own_styles

    with tempfile.TemporaryDirectory(prefix="smssr-") as folder:
        wish, new = alike(arguments.input, arguments.like, Path(folder) / "mask.png")
        arguments.style = [*arguments.style, wish]
        try:
            run_recipe(arguments, recipe_of(arguments))
        finally:
            if arguments.dry_run and new:
                own_styles.remove(wish.name)


def alike(source: Path, example: Path, mask: Path) -> tuple[StyleWish, bool]:
    """The material of an example, which becomes one of the user's styles, where a picture looks like it; that is written as a mask.

    Returns also whether the style is new. Raises ValueError, in one line, where nothing looks like it.
    """
    import numpy as np
    from PIL import Image

    from .. import own_styles
    from ..api import mask_like
    from ..io.reading import read
    from ..networks import manifest

    sample = part_of(example, None)
    beta = mask_like(read(source).pixels[:, :], read(example).pixels[:, :])
    name = own_styles.name_of(example.stem)
    if any(card.name == name for card in manifest.read(own_styles.shipped())):
        name = f"{name}-like"
    card, data = own_styles.material(sample, example.stem, own_styles.folder(), name)
    before = next((old for old in manifest.own() if old.name == name), None)
    if before is None:
        own_styles.keep(card, data)
    elif before.sha256 != card.sha256:
        raise ValueError(f"you have a style {name} already, of another picture; rename {example}, or smssr style remove {name}")
    Image.fromarray(np.rint(255 * beta).astype(np.uint8)).save(mask)
    share = (beta >= 0.5).mean()
    say(f"{example} is the material {name} now, laid over {share:.0%} of {source}")
    return StyleWish(name, mask), before is None
