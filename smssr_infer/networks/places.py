"""Where models lie: those that ship with the package, and those that the user has learnt."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).parent.parent


def shipped() -> Path:
    """The folder of the weights that came with this package: beside it in a checkout, inside it once installed."""
    inside = PACKAGE / "weights"
    return inside if inside.is_dir() else PACKAGE.parent / "weights"


def user() -> Path | None:
    """The user's home folder; it need not exist. None where there is none, as for a user that the system does not know."""
    path = Path(os.path.expanduser("~"))
    return path if path.is_absolute() else None


def home() -> Path | None:
    """The user's own folder: SMSSR_HOME, else `smssr` in the system's folder for users' data. It need not exist.

    None where the user has no home folder either.
    """
    if own := os.environ.get("SMSSR_HOME"):
        return Path(own)
    try:
        folder = platformdirs.user_data_path("smssr", appauthor=False, roaming=True)
    except RuntimeError:  # newer versions, where there is no home; older ones give a relative path
        return None
    if sys.platform == "darwin" and not folder.exists() and (of_0_2 := Path(os.path.expanduser("~/.local/share/smssr"))).exists():
        return of_0_2
    return folder if folder.is_absolute() else None


def learnt() -> Path | None:
    """The folder of the styles that the user has learnt, with a `manifest.json` once there is one; None as for `home`."""
    return folder / "styles" if (folder := home()) else None
