"""`smssr gimp`: put the plug-in where GIMP 3 finds it, take it away, say how things stand."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from .. import __version__
from ..networks import places
from ..networks.places import PACKAGE
from .frames import read_frame, write_frame

NAME = "smssr"
"""GIMP wants a plug-in's folder to be called as its main file is."""

RECORD = "engine.json"
"""What `install` writes beside the plug-in: the command that starts the engine, and the version."""

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
    roots = {
        "plain": Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config"),
        "Flatpak": user / ".var/app/org.gimp.GIMP/config",
        "Snap": user / "snap/gimp/current/.config",
        "macOS": user / "Library/Application Support",
        "Windows": Path(os.environ.get("APPDATA") or user / "AppData/Roaming"),
    }
    return [Home(kind, path) for kind, root in roots.items() for path in sorted((root / "GIMP").glob("3.*")) if path.is_dir()]


def chosen(folder: Path | None) -> list[Home]:
    """The user folders to work on: the one given, else all. Raises ValueError where there is none."""
    if folder:
        if not folder.is_dir():
            raise ValueError(f"there is no folder {folder}; give GIMP's user folder, such as ~/.config/GIMP/3.0")
        return [Home("given", folder)]
    found = homes()
    if not found:
        raise ValueError("no user folder of GIMP 3 was found; start GIMP 3 once so that it creates one, or name it with --dir")
    return found


def command(kind: str) -> list[str]:
    """How a plug-in in such a GIMP starts the engine with this interpreter."""
    return [*(["flatpak-spawn", "--host"] if kind == "Flatpak" else []), sys.executable, "-m", "smssr_infer.engine"]


def ask(engine: list[str], seconds: float = SECONDS) -> dict[str, Any]:
    """Start an engine and have it say who it is. Raises ValueError, in one line, where it does not within `seconds`."""
    question = io.BytesIO()
    write_frame(question, {"id": 1, "do": "hello"})
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")}
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


def install(folder: Path | None) -> None:
    """Put the plug-in into GIMP's folders and check that the engine answers from there."""
    targets = chosen(folder)
    told = ask(command("plain"))  # before anything is written: a plug-in without its engine is of no use
    for home in targets:
        home.plugin.parent.mkdir(parents=True, exist_ok=True)
        fresh = home.plugin.with_name(f".{NAME}-{os.getpid()}")
        shutil.copytree(source(), fresh, ignore=shutil.ignore_patterns("__pycache__"))
        (fresh / RECORD).write_text(json.dumps({"command": command(home.kind), "version": __version__}, indent=1) + "\n", encoding="utf-8")
        main = fresh / f"{NAME}.py"
        main.chmod(main.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        if home.plugin.exists():
            shutil.rmtree(home.plugin)
        fresh.rename(home.plugin)
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
        if not home.plugin.exists():
            continue
        if not (home.plugin / RECORD).exists() and not (home.plugin / f"{NAME}.py").exists():
            raise ValueError(f"{home.plugin} is not smssr's plug-in; it was left alone")
        shutil.rmtree(home.plugin)
        for path in home.settings:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        print(f"removed from GIMP {home.path.name} ({home.kind}): {home.plugin}")
        count += 1
    nowhere = f"the plug-in is not installed {f'in {folder}' if folder else 'anywhere'}"
    print("Restart GIMP, and its menu entry is gone." if count else nowhere)


def status(folder: Path | None) -> None:
    """Say where the plug-in is installed and whether its engine answers. Raises ValueError where something is wrong."""
    wrong = []
    for home in chosen(folder):
        record = home.plugin / RECORD
        if not home.plugin.exists():
            print(f"GIMP {home.path.name} ({home.kind}): not installed; smssr gimp install{f' --dir {folder}' if folder else ''}")
            continue
        try:
            known = json.loads(record.read_text(encoding="utf-8"))
            told = ask([part for part in known["command"] if part not in ("flatpak-spawn", "--host")])
            if not os.access(home.plugin / f"{NAME}.py", os.X_OK):
                raise ValueError("it is not executable, so GIMP does not see it")
            older = f"; the plug-in is of {known['version']}: smssr gimp install" if known["version"] != told["version"] else ""
            print(f"GIMP {home.path.name} ({home.kind}): installed, the engine answers: smssr {told['version']}, "
                  f"{len(told['models'])} models and styles{older}")
        except (OSError, ValueError, KeyError) as error:
            print(f"GIMP {home.path.name} ({home.kind}): installed, but {error}")
            wrong.append(home)
    if wrong:
        raise ValueError("the plug-in does not work everywhere; 'smssr gimp install' repairs it")
