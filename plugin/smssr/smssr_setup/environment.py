"""The engine's own environment: made by a Python, filled by pip, asked whether it works."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from . import faults, surroundings
from .places import PARTS, RECORD
from .pythons import HIDDEN, pip
from .words import Fault

TICK = 0.2
SECONDS = 180
"""For the engine's first answer, which compiles what it imports; an antivirus program reads it all."""

PATHS = "smssr_parts.pth"
"""Lies among the packages, and names the folders of what is added later; those that do not exist are passed over."""

def longest_path():
    """How many characters the path of a file may have; None where the system has no limit that we could meet."""
    if sys.platform != "win32":
        return None
    import winreg  # noqa: TID251 - not elsewhere

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            return None if winreg.QueryValueEx(key, "LongPathsEnabled")[0] else 259
    except OSError:
        return 259


LONGEST = longest_path()


def python_of(environment):
    """An environment's interpreter."""
    return Path(environment, "Scripts", "python.exe") if sys.platform == "win32" else Path(environment, "bin", "python")


def packages_of(environment):
    """The folder of an environment's packages."""
    if sys.platform == "win32":
        return Path(environment, "Lib", "site-packages")
    return next(Path(environment, "lib").glob("python3*/site-packages"))


def run(command, kind, tick=lambda: None, scratch=None, **fields):
    """Run a program that is not GIMP's to its end; `tick` is called meanwhile. Returns what it printed. Raises Fault.

    `scratch`: the folder for its temporary files, where that of the system may be too small.
    """
    environ = {name: value for name, value in surroundings.clean().items() if not name.startswith("PIP_")}
    environ |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)) if scratch else {}
    with tempfile.TemporaryFile() as said:
        try:
            child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                                     env=environ, **HIDDEN)
        except FileNotFoundError as error:
            raise Fault("taken", str(error), file=os.path.basename(str(command[0]))) from error
        except OSError as error:
            raise faults.of_disk(error) or Fault(kind, str(error), reason=error.strerror, **fields) from error
        try:
            while child.poll() is None:
                tick()
                time.sleep(TICK)
        finally:
            if child.poll() is None:
                child.kill()
        said.seek(0)
        words = said.read().decode(errors="replace")
    if child.returncode:
        raise faults.of_words(f"{words}\n", kind, **fields)
    return words


def make(python, environment):
    """A new environment without pip, which needs nothing but the standard library. Raises Fault."""
    run([python, "-I", "-m", "venv", "--without-pip", environment], "environment")
    lines = "".join(f"{Path('..') / os.path.relpath(Path(environment).parent / part, packages_of(environment).parent)}\n" for part in PARTS)
    (packages_of(environment) / PATHS).write_text(lines, encoding="utf-8")


def install(environment, wheels, share, target=None, scratch=None):
    """Put wheels, (path, sha256) each, into an environment, or for it into a folder. `share` is told how much is there. Raises Fault.

    pip fills a folder by way of its temporary ones, in `scratch`.
    """
    entries = [entry for path, _sum in wheels for entry in zipfile.ZipFile(path).infolist()]
    whole = sum(entry.file_size for entry in entries)
    into = Path(target) if target else packages_of(environment)
    if LONGEST and (longest := max(entries, key=lambda entry: len(entry.filename)).filename) and len(f"{into}/{longest}") > LONGEST:
        raise faults.deep(str(into / longest))
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "wheels.txt")
        listed.write_text("".join(f"{Path(path).as_uri()} --hash=sha256:{summed}\n" for path, summed in wheels), encoding="utf-8")
        run([python_of(environment), "-I", pip() / "pip", "--isolated", "install", "--no-index", "--no-deps", "--no-cache-dir",
             "--no-input", "--no-compile", "--disable-pip-version-check", "--no-warn-script-location", "--require-hashes", "-r", listed,
             *(["--target", into] if target else [])], "environment", lambda: share(min(size_of(scratch or into) / whole, 1.0)), scratch)


def size_of(folder):
    """The bytes in a folder, as far as they can be counted while somebody writes there."""
    total = 0
    for above, _folders, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(above, name)).st_size
            except OSError:
                continue
    return total


def command(environment):
    """How the engine is started."""
    return [str(python_of(environment)), "-I", "-m", "smssr_infer.engine"]


def ask(environment, tick=lambda: None):
    """The version of the engine that answers. Raises Fault where none does."""
    question = json.dumps({"id": 1, "do": "hello"}).encode()
    head = struct.Struct("<IQ")
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as answered:
        asked.write(head.pack(len(question), 0) + question)
        asked.seek(0)
        try:
            child = subprocess.Popen(command(environment), stdin=asked, stdout=answered, stderr=said, env=surroundings.clean(), **HIDDEN)
        except OSError as error:
            raise Fault("taken", str(error), file=os.path.basename(str(python_of(environment)))) from error
        until = time.monotonic() + SECONDS
        while child.poll() is None and time.monotonic() < until:
            tick()
            time.sleep(TICK)
        if child.poll() is None:
            child.kill()
        said.seek(0)
        answered.seek(0)
        words, answer = said.read().decode(errors="replace"), answered.read()
    try:
        length, _more = head.unpack_from(answer)
        return json.loads(answer[head.size:head.size + length])["version"]
    except (struct.error, ValueError, KeyError):
        raise faults.of_words(words, "silent") from None


def sync():
    """Put all that was written onto the disk, where the system can be asked to."""
    if hasattr(os, "sync"):
        os.sync()  # noqa: TID251 - asked for


def write_record(environment, version):
    """Say that the engine is there. It must be on the disk before this is."""
    sync()
    record = Path(environment).parent / RECORD
    fresh = record.with_name(f"{RECORD}.part")
    with open(fresh, "w", encoding="utf-8") as file:
        json.dump({"command": command(environment), "version": version}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, record)
