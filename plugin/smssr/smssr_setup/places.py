"""Where things lie: the plug-in with its wheels, the user's data folder, the engine in it."""

import json
import os
import re
import sys
from pathlib import Path

from .words import Fault

PLUGIN = Path(__file__).resolve().parent.parent
WHEELS = PLUGIN / "wheels"
"""What came with the plug-in: our own wheel, pip's and, in the zip with everything, all the others."""

PARTS = ("masks", "learning")
"""What the engine can do without, and what is added later: SciPy, and PyTorch with what it needs. Folders beside its environment."""

RECORD = "engine.json"
"""Says how the engine is started. It is written last of all, once the engine has answered: without it there is no engine."""


def wheel():
    """Our own wheel. Raises Fault where the plug-in came without."""
    found = sorted(WHEELS.glob("smssr-*.whl"))
    if not found:
        raise Fault("bare")
    return found[-1]


def version():
    """The version of the engine that came with the plug-in; None where none did."""
    try:
        return wheel().name.split("-")[1]
    except Fault:
        return None


def data_folder(environ=None, platform=None):
    """The folder of this user's data of smssr. It need not exist. Raises Fault where the user has no home."""
    environ, platform = os.environ if environ is None else environ, platform or sys.platform
    home = environ.get("USERPROFILE" if platform == "win32" else "HOME") or os.path.expanduser("~")
    if environ.get("SMSSR_HOME"):
        return Path(environ["SMSSR_HOME"])
    if not Path(home).is_absolute():
        raise Fault("nowhere")
    if platform == "win32":
        base = Path(environ.get("LOCALAPPDATA") or Path(home, "AppData", "Local"))
    elif platform == "darwin":
        base = Path(home, "Library", "Application Support")
    else:  # a snap's own data folder has another name after each update, and an environment cannot be moved
        base = Path(environ.get("SNAP_USER_COMMON") or environ.get("XDG_DATA_HOME") or Path(home, ".local", "share"))
    return base / "smssr"


def engine_folder():
    """The folder that everything set up lies in, and that *Remove* takes away. Raises Fault."""
    return data_folder() / "engine"


def record(of):
    """What is recorded of the engine of a version; None where it is not there, or not whole."""
    try:
        known = json.loads((engine_folder() / of / RECORD).read_text(encoding="utf-8"))
        return known if known["version"] == of and all(isinstance(word, str) for word in known["command"]) else None
    except (OSError, ValueError, KeyError, TypeError, Fault):
        return None


def parts(of):
    """The parts that were added to the engine of a version."""
    return sorted(path.name for path in (engine_folder() / of).iterdir() if path.name in PARTS) if of and record(of) else []


def numbers(of):
    """A version's numbers, to tell which is newer."""
    return [int(number) for number in re.findall(r"\d+", of)]


def others(of):
    """The versions set up here that are not `of`, oldest first."""
    try:
        found = [path.parent.name for path in engine_folder().glob(f"*/{RECORD}")]
    except Fault:
        return []
    return sorted((name for name in found if name != of), key=numbers)
