"""`smssr doctor`"""

from __future__ import annotations

import argparse

from .arguments import Commands


def add(commands: Commands) -> None:
    """The command takes nothing."""
    commands.add_parser("doctor", help="check this installation",
                        description="Versions, backend, threads; verifies the weights and tries every model on a small picture."
                        ).set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Look at everything."""
    from ..checks.doctor import examine

    examine()
