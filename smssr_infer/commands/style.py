"""`smssr style list|like|rename|remove|export|import …`"""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import Commands, whole_numbers


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("style", help="list, rename, remove, export or import styles of your own, or find the nearest material",
                                 description="List your own styles; rename or remove a style of your own, or hand it on in one file; or "
                                             "find the materials that look like a picture. 'smssr learn-style' makes a style.")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="list them", description="List the styles of your own.")
    like = actions.add_parser("like", help="list the materials that look like a picture",
                              description="List the five materials whose texture looks most like that of a picture, the nearest first, "
                                          "with how far each is: about 10 is the same stuff, beyond 30 is something else.")
    like.add_argument("picture", type=Path, metavar="PICTURE", help="a picture of the material, 64 pixels a side or more")
    like.add_argument("--crop", type=whole_numbers, metavar="LEFT,TOP,WIDTH,HEIGHT", help="the part of the picture to take, in pixels")
    rename = actions.add_parser("rename", help="call it otherwise", description="Call a style of your own otherwise.")
    rename.add_argument("name", metavar="NAME")
    rename.add_argument("new", metavar="NEW", help="its new name")
    remove = actions.add_parser("remove", help="remove it", description="Remove a style of your own.")
    remove.add_argument("name", metavar="NAME")
    export = actions.add_parser("export", help="write it into one file", description="Write a style of your own into one file, for others.")
    export.add_argument("name", metavar="NAME")
    export.add_argument("file", type=Path, metavar="FILE.smssr")
    take = actions.add_parser("import", help="take one in from a file", description="Take in a style that was exported.")
    take.add_argument("file", type=Path, metavar="FILE.smssr")
    take.add_argument("--replace", action="store_true", help="replace a style of yours that has its name")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Do it. Raises ValueError, in one line, for what cannot be."""
    from .. import api, own_styles
    from ..io.temporary_file import write_bytes
    from ..networks import manifest
    from .learn_style import part_of

    if arguments.action == "list":
        cards = manifest.own()
        print("\n".join(f"{card.name:24}{card.noun:12}{card.title}" for card in cards)
              or "you have no styles of your own; smssr learn-style makes one")
    elif arguments.action == "like":
        for card, apart in api.materials_like(part_of(arguments.picture, arguments.crop)):
            print(f"{card.name:24}{card.title:40}{apart:4.0f}")
    elif arguments.action == "rename":
        print(f"{arguments.name} is now {own_styles.rename(arguments.name, arguments.new).name}")
    elif arguments.action == "remove":
        own_styles.remove(arguments.name)
        print(f"{arguments.name} is removed")
    elif arguments.action == "export":
        if arguments.file.suffix != own_styles.SUFFIX:
            raise ValueError(f"a style's file ends in {own_styles.SUFFIX}, unlike {arguments.file}")
        write_bytes(arguments.file, own_styles.handed_on(arguments.name))
    else:
        print(f"{own_styles.take(own_styles.read(arguments.file), replace=arguments.replace).name} is among your styles")
