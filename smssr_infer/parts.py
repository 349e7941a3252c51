"""SciPy, which an installation may lack: the plug-in's Set Up fetches it only once masks, or the direction of a fur, need it."""

from __future__ import annotations

import importlib.util
import sys

PARTS = {"masks": "scipy"}
"""What the plug-in calls a part, and the package that it is."""


def missing() -> list[str]:
    """The parts that are not here."""
    return [part for part, package in PARTS.items() if importlib.util.find_spec(package) is None]


def lacked(error: BaseException) -> tuple[str, str] | None:
    """The part that an exception says is missing, and one line about it; None for any other exception."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    package = (error.name or "").partition(".")[0]
    return next(((part, f"this needs SciPy, which is not installed here: {sys.executable} -m pip install scipy")
                 for part, known in PARTS.items() if known == package), None)
