"""Which Python the engine is to have: one that is here already and that every package has a wheel for, else one that uv brings."""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from . import surroundings
from .places import PLUGIN, WHEELS
from .words import Fault

NEWEST, OLDEST = 14, 11
PACKAGES = PLUGIN / "packages.json"
SECONDS = 60
"""For a Python to answer in. On Windows the first start of a program may take that long, since the antivirus program reads it first."""

HIDDEN = {"creationflags": 0x08000000} if sys.platform == "win32" else {}
"""No black window on Windows."""


def pip():
    """pip's wheel, which came with the plug-in. Raises Fault."""
    found = sorted(WHEELS.glob("pip-*.whl"))
    if not found:
        raise Fault("bare")
    return found[-1]


def candidates():
    """Programs that may be a fitting Python, the likeliest first; not those that an update of GIMP takes away."""
    environ = surroundings.clean()
    gimp_s = surroundings.gimp_s_own()
    names = [f"python3.{minor}" for minor in range(NEWEST, OLDEST - 1, -1)]
    found = [sys.executable] if sys.platform not in ("win32", "darwin") else []
    if sys.platform == "win32":
        found += [shutil.which("py", path=environ.get("PATH"))]
        roots = [Path(environ.get("LOCALAPPDATA", "C:\\"), "Programs", "Python"), Path(environ.get("PROGRAMFILES", "C:\\Program Files"))]
        found += [root / f"Python3{minor}" / "python.exe" for minor in range(NEWEST, OLDEST - 1, -1) for root in roots]
    elif sys.platform == "darwin":  # /usr/bin/python3 would offer to install Apple's developer tools
        folders = [f"/Library/Frameworks/Python.framework/Versions/3.{minor}/bin" for minor in range(NEWEST, OLDEST - 1, -1)]
        found += [Path(folder, name) for folder in (*folders, "/opt/homebrew/bin", "/usr/local/bin") for name in names]
    else:
        found += [shutil.which(name, path=environ.get("PATH")) for name in ("python3", *names)]
        found += [Path(folder, name) for folder in ("/usr/bin", "/usr/local/bin") for name in ("python3", *names)]
    paths = dict.fromkeys(str(path) for path in found if path)
    return [path for path in paths if os.path.isfile(path)
            and not any(surroundings.inside(name, gimp_s) for name in (path, os.path.realpath(path)))]


def ask(python, *words):
    """What `choose.py` answers when it is run by a Python, and why not: (answer or None, words for the report)."""
    try:
        done = subprocess.run([python, "-I", PLUGIN / "smssr_setup" / "choose.py", pip(), PACKAGES, *words], capture_output=True,
                              timeout=SECONDS, env=surroundings.clean() if not words else None, stdin=subprocess.DEVNULL, **HIDDEN)
        if done.returncode:
            return None, f"{python}: {(done.stderr.decode(errors='replace').strip().splitlines() or ['it says nothing'])[-1]}"
        told = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return None, f"{python}: {error}"
    return told, f"{python}: {told['python']}, {told['system']}, no {', '.join(told['absent'])}" if told["absent"] else ""


def of_uv():
    """The Python that uv would bring: (its number, the system's tag where GIMP's own Python cannot say it)."""
    with open(PACKAGES, encoding="utf-8") as file:
        number = json.load(file)["python"]
    machine = platform.machine().lower()
    return [number, f"win_{'arm64' if machine == 'arm64' else 'amd64'}"] if sys.platform == "win32" else [number]


def choice():
    """What `choose.py` says of the Python that is to be used; its `path` is None where uv is to bring it.

    Raises Fault where there is no wheel of something for this system.
    """
    answers, tried = [], []
    for python, *words in [*([path] for path in candidates()), [sys.executable, *of_uv()]]:
        told, why = ask(python, *words)
        if told and not told["absent"]:
            return {**told, "path": None} if words else told
        answers += [told] if told else []
        tried.append(why)
    if answers:
        raise Fault("system", "\n".join(tried), package=answers[-1]["absent"][0], system=answers[-1]["system"])
    raise Fault("python", "\n".join(tried), reason="GIMP's own Python does not start")
