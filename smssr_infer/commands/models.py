"""`smssr models`"""

from __future__ import annotations

import argparse

from .arguments import Commands


def add(commands: Commands) -> None:
    """The command takes nothing."""
    commands.add_parser("models", help="list models and styles", description="List the models and styles.").set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """A list for each task. Raises ValueError for a broken list of the user's own styles, after what ships is listed."""
    from ..networks import manifest
    from ..networks.places import shipped
    from ..tasks import TASKS

    cards, trouble = manifest.read(shipped()), None
    try:
        cards += manifest.own()
    except ValueError as error:
        trouble = error
    for i, (kind, task) in enumerate(TASKS.items()):
        print(("\n" if i else "") + task.heading)
        for card in cards:
            if isinstance(card, kind):
                print("\n".join(task.lines(card)))
    if trouble:
        raise trouble
