"""`smssr gimp`: put the plug-in where GIMP 3 finds it, take it away, say how things stand."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .. import __version__, sentences
from ..networks import places
from ..networks.places import PACKAGE
from . import protocol
from .frames import read_frame, write_frame

NAME = "smssr"
"""GIMP wants a plug-in's folder to be called as its main file is."""

RECORD = "engine.json"
"""What `install` writes beside the plug-in: the command that starts the engine, and the version."""

PASSING = f".{NAME}-"
"""How the names of folders begin that a killed installation may leave."""

UMASK = 0o022
"""What nobody but the user may do to a program that GIMP runs, whatever the user's own umask."""

SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Home:
    """A user folder of some GIMP 3.x."""

    kind: str
    path: Path

    @property
    def plugin(self) -> Path:
        """Where the plug-in lies, or would."""
        return self.path / "plug-ins" / NAME

    @property
    def version(self) -> list[int]:
        """Its numbers: 3.10 is newer than 3.2."""
        return [int(number) for number in re.findall(r"\d+", self.path.name)]

    @property
    def settings(self) -> list[Path]:
        """What GIMP has stored of the plug-in's settings."""
        return sorted((self.path / "plug-in-settings").glob(f"*{NAME}*"))


def source() -> Path:
    """The plug-in that came with this package: beside it in a checkout, inside it once installed."""
    inside = PACKAGE / "plugin"
    return (inside if inside.is_dir() else PACKAGE.parent / "plugin") / NAME


def homes() -> list[Home]:
    """The user folders of every GIMP 3.x here: plain, Flatpak, Snap, macOS, Windows. Newest last."""
    user = places.user()
    if user is None:
        raise ValueError("there is no home folder in which GIMP could have its own; say with --dir where that is")
    found = [Home(kind, path) for kind, root in _roots(user).items() for path in (root / "GIMP").glob("3.*") if path.is_dir()]
    return sorted(found, key=lambda home: home.version)


def _roots(user: Path) -> dict[str, Path]:
    """Where each kind of GIMP has its `GIMP` folder."""
    return {
        "plain": Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config"),
        "Flatpak": user / ".var/app/org.gimp.GIMP/config",
        "Snap": user / "snap/gimp/current/.config",
        "macOS": user / "Library/Application Support",
        "Windows": Path(os.environ.get("APPDATA") or user / "AppData/Roaming"),
    }


ASKED = {"plain": ["gimp", "--version"], "Flatpak": ["flatpak", "info", "org.gimp.GIMP"]}
"""How a GIMP that has never been started says its version."""


def to_come(user: Path) -> list[Home]:
    """The user folders that an installed GIMP 3 makes when it is started for the first time, and that need nothing else in them.

    An older GIMP's settings are taken over only where there is no such folder yet, so that then there is none to be made here.
    """
    found = []
    for kind, words in ASKED.items():
        folder = _roots(user)[kind] / "GIMP"
        if shutil.which(words[0]) is None or (folder.is_dir() and any(folder.iterdir())):
            continue
        try:
            said = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=SECONDS).stdout
        except (OSError, subprocess.TimeoutExpired):
            continue
        if version := re.search(r"(?i)version:? +(3\.[0-9]+)", said):
            found.append(Home(kind, folder / version[1]))
    return found


def chosen(folder: Path | None, new: bool = False) -> list[Home]:
    """The user folders to work on: the one given, else all. Raises ValueError where there is none.

    `new`: also those that a GIMP will have that was never started.
    """
    if folder:
        if not folder.is_dir():
            raise ValueError(f"there is no folder {folder}; give GIMP's user folder, such as ~/.config/GIMP/3.0")
        return [Home("given", folder)]
    found = homes() or (to_come(user) if new and (user := places.user()) else [])
    if not found:
        raise ValueError("no user folder of GIMP 3 was found; start GIMP 3 once so that it creates one, or name it with --dir")
    return found


def command(kind: str) -> list[str]:
    """How a plug-in in such a GIMP starts the engine with this interpreter."""
    return [*(["flatpak-spawn", "--host"] if kind == "Flatpak" else []), sys.executable, "-m", "smssr_infer.engine"]


FOREIGN = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD")
"""What may be set for another program and the engine must not inherit; the plug-in's own list is in its `engine.py`."""


def ask(engine: list[str], seconds: float = SECONDS) -> dict[str, Any]:
    """Start an engine and have it say who it is. Raises ValueError, in one line, where it does not within `seconds`."""
    question = io.BytesIO()
    write_frame(question, {"id": 1, "do": "hello"})
    clean = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    user = places.user()
    try:
        done = subprocess.run(engine, input=question.getvalue(), capture_output=True, env=clean,
                              cwd=user if user and os.path.isdir(user) else None, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"the engine does not answer within {seconds:g} seconds") from error
    except OSError as error:
        raise ValueError(f"the engine does not start: {error}") from error
    answer, said = read_frame(io.BytesIO(done.stdout)), done.stderr.decode(errors="replace").strip().splitlines()
    if not answer or "version" not in answer[0]:
        reason = (answer and answer[0].get("error")) or (said[-1] if said else "it says nothing")
        raise ValueError(f"the engine does not answer: {reason}")
    return answer[0]


def check_ours(plugin: Path) -> None:
    """Raises ValueError where something lies at the plug-in's place that is not for us to replace or remove."""
    if plugin.is_symlink():
        raise ValueError(f"{plugin} is a link, to {os.readlink(plugin)}; it was left alone. Remove the link, and run this again")
    if plugin.exists() and not (plugin / "smssr_gimp").is_dir() and not (plugin.is_dir() and not any(plugin.iterdir())):
        raise ValueError(f"{plugin} is not smssr's plug-in; it was left alone. Move it away, and run this again")


def umask() -> int:
    """The process's own umask."""
    mask = os.umask(UMASK)
    os.umask(mask)
    return mask


def copy_to(folder: Path) -> None:
    """The plug-in's files, with those that it has in common with the engine."""
    shutil.copytree(source(), folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for module in (protocol, sentences):
        shutil.copy(str(module.__file__), folder / "smssr_gimp")


def prepared(home: Home) -> Path:
    """The plug-in for a GIMP, whole, in a folder beside its place. Nobody but the user may write to it, whatever the umask."""
    fresh = Path(tempfile.mkdtemp(prefix=PASSING, dir=home.plugin.parent))
    copy_to(fresh)
    (fresh / RECORD).write_text(json.dumps({"command": command(home.kind), "version": __version__}, indent=1) + "\n", encoding="utf-8")
    allowed = ~(UMASK | umask())
    for path in (fresh, *fresh.rglob("*")):
        runs = path.is_dir() or path == fresh / f"{NAME}.py"
        path.chmod((0o777 if runs else 0o666) & allowed)
    return fresh


def sweep(folder: Path) -> None:
    """Take away what lies beside the plug-in under a temporary name."""
    for left in folder.glob(f"{PASSING}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)


def put_in(home: Home) -> None:
    """Put the plug-in into a GIMP's folder. At any moment either the old one is there or the new one, or the next run repairs it."""
    folder = home.plugin.parent
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o777 & ~UMASK & ~umask())
    sweep(folder)
    fresh = prepared(home)
    if home.plugin.exists():
        home.plugin.rename(fresh.with_name(f"{fresh.name}-old"))
    fresh.rename(home.plugin)
    sweep(folder)


def install(folder: Path | None) -> None:
    """Put the plug-in into GIMP's folders and check that the engine answers from there. Raises ValueError before anything is changed."""
    targets = chosen(folder, new=True)
    for home in targets:
        check_ours(home.plugin)
    told = ask(command("plain"))  # before anything is written: a plug-in without its engine is of no use
    for home in targets:
        put_in(home)
        print(f"installed for GIMP {home.path.name} ({home.kind}): {home.plugin}")
        if home.kind == "Flatpak":
            print("  GIMP's Flatpak may not start other programs; allow it once:\n"
                  "  flatpak override --user --talk-name=org.freedesktop.Flatpak org.gimp.GIMP")
    print(f"the engine answers: smssr {told['version']}, {len(told['models'])} models and styles\n"
          "Now restart GIMP. It is under Filters ▸ Super-Resolution.")


def uninstall(folder: Path | None) -> None:
    """Take the plug-in and its stored settings out of GIMP's folders."""
    count = 0
    for home in chosen(folder) if folder else homes():
        if not home.plugin.exists() and not home.plugin.is_symlink():
            continue
        check_ours(home.plugin)
        shutil.rmtree(home.plugin)
        for path in home.settings:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        print(f"removed from GIMP {home.path.name} ({home.kind}): {home.plugin}")
        count += 1
    nowhere = f"the plug-in is not installed {f'in {folder}' if folder else 'anywhere'}"
    print("Restart GIMP, and its menu entry is gone." if count else nowhere)


def recorded(home: Home) -> str:
    """The version that a GIMP's plug-in is of. Raises ValueError where it would not start this installation's engine.

    What the record names is compared, never run: whoever can write to it could have this run anything.
    """
    try:
        known = json.loads((home.plugin / RECORD).read_text(encoding="utf-8"))
        words, version = [str(word) for word in known["command"]], str(known["version"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"its {RECORD} cannot be read ({' '.join(str(error).split())})") from error
    mine = command(home.kind)
    at = len(mine) - len(command("plain"))
    if words[:at] + words[at + 1:] != mine[:at] + mine[at + 1:] or Path(words[at]).parent != Path(sys.executable).parent:
        raise ValueError(f"it starts another engine: {' '.join(words)}")
    return version


def standing() -> list[str]:
    """How GIMP stands, in lines: of each user folder whether the plug-in is there, and of which version."""
    try:
        found = homes()
    except ValueError:
        found = []
    lines = []
    for home in found:
        try:
            said = f"has the plug-in of smssr {recorded(home)}" if home.plugin.exists() else "has no plug-in; smssr gimp install"
        except ValueError as error:
            said = f"has the plug-in, but {error}; smssr gimp install"
        lines.append(f"GIMP {home.path.name} ({home.kind}) {said}")
    return lines or ["GIMP 3: no user folder was found; start GIMP 3 once, then smssr gimp install"]


def status(folder: Path | None) -> None:
    """Say where the plug-in is installed and whether its engine answers. Raises ValueError where something is wrong."""
    wrong = []
    for home in chosen(folder):
        if not home.plugin.exists():
            print(f"GIMP {home.path.name} ({home.kind}): not installed; smssr gimp install{f' --dir {folder}' if folder else ''}")
            continue
        try:
            version = recorded(home)
            told = ask(command("plain"))
            if not os.access(home.plugin / f"{NAME}.py", os.X_OK):
                raise ValueError("it is not executable, so GIMP does not see it")
            older = f"; the plug-in is of {version}: smssr gimp install" if version != told["version"] else ""
            print(f"GIMP {home.path.name} ({home.kind}): installed, the engine answers: smssr {told['version']}, "
                  f"{len(told['models'])} models and styles{older}")
        except (OSError, ValueError) as error:
            print(f"GIMP {home.path.name} ({home.kind}): installed, but {error}")
            wrong.append(home)
    if wrong:
        raise ValueError("the plug-in does not work everywhere; 'smssr gimp install' repairs it")
