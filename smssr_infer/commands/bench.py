"""`smssr bench`"""

from __future__ import annotations

import argparse

from .arguments import Commands


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("bench", help="measure this machine",
                                 description="Speed of every model, of its bare graph and of a large matrix product; memory; cold start.")
    parser.add_argument("--quick", action="store_true", help="smaller pictures; do not quote these figures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    from ..checks.bench import run as measure

    measure(arguments.quick)
