"""`smssr gimp install | uninstall | status`"""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import Commands


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("gimp", help="install the GIMP 3 plug-in",
                                 description="Put the plug-in into the user folders of every GIMP 3 here, take it out again, or say "
                                             "where it is installed. It starts its engine with the Python that runs this command.")
    parser.add_argument("what", choices=("install", "uninstall", "status"), metavar="install|uninstall|status")
    parser.add_argument("--dir", type=Path, metavar="FOLDER", help="GIMP's user folder, such as ~/.config/GIMP/3.0 (default: all)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Do it, for one GIMP or all."""
    from ..engine import installing

    {"install": installing.install, "uninstall": installing.uninstall, "status": installing.status}[arguments.what](arguments.dir)
