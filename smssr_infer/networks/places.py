"""Where models lie: those that ship with the package, and those that the user has learnt."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def shipped() -> Path:
    """The folder of the weights that came with this package: beside it in a checkout, inside it once installed."""
    inside = PACKAGE / "weights"
    return inside if inside.is_dir() else PACKAGE.parent / "weights"


def home() -> Path:
    """The user's own folder: SMSSR_HOME, else `smssr` in the XDG data folder (on Windows: in %APPDATA%). It need not exist."""
    if own := os.environ.get("SMSSR_HOME"):
        return Path(own)
    if os.name == "nt":
        return Path(os.environ.get("APPDATA") or Path.home()) / "smssr"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "smssr"


def learnt() -> Path:
    """The folder of the styles that the user has learnt, with a `manifest.json` once there is one."""
    return home() / "styles"
