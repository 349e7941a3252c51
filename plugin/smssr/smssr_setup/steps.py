"""Setting up and removing, step by step. Each can be killed at any moment and begun again; the record comes last."""

import contextlib
import hashlib
import os
import shutil
import sys
import time
import zipfile
from pathlib import Path

from . import environment, faults, locking, places, pythons
from .download import fetch, here
from .words import Fault

FETCHING, MAKING, INSTALLING = 0.6, 0.65, 0.95
"""The share that is done once everything is fetched, the environment is there, and everything is in it."""

UNPACKED = 4
"""So many times as large as what is fetched is what it becomes, with that itself."""

PYTHON_MB = 30
"""What a Python of uv's takes to fetch, about; uv itself is in the list."""


def plan(folders=(), part="first"):
    """What setting up would do: the Python, the wheels, the bytes to fetch, the place. Raises Fault."""
    if part == "first":
        choice = pythons.choice()
    else:  # for the Python that the engine has
        choice, why = pythons.ask(environment.python_of(places.engine_folder() / places.version() / "env"))
        if not choice:
            raise Fault("silent", why, reason=why)
        if part == "learning" and choice["lacking"]:
            raise Fault("lacking", package=choice["lacking"][0], system=choice["system"])
    with_uv = part == "first" and choice["path"] is None
    wheels = [wheel for wheel in choice["wheels"] if wheel["part"] == part or (with_uv and wheel["package"] == "uv")]
    found = {wheel["name"]: here(wheel, (*folders, downloads())) for wheel in wheels}
    missing = sum(wheel["size"] for wheel in wheels if not found[wheel["name"]])
    return {"python": choice["path"], "number": choice["python"], "wheels": wheels, "found": found,
            "bytes": missing + (PYTHON_MB * 1_000_000 if with_uv else 0), "place": faults.tilde(str(places.engine_folder())),
            "version": places.version(), "others": places.others(places.version() or "")}


def downloads():
    """Where what was fetched lies until the engine has answered."""
    return places.engine_folder() / "downloads"


@contextlib.contextmanager
def alone(say):
    """Nobody else sets up or removes meanwhile; faults of the disk become ours. Raises Fault."""
    folder = places.engine_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)

        def waiting():
            say("wait")
            time.sleep(0.3)

        with locking.locked(folder / "lock", waiting):
            yield folder
    except OSError as error:
        raise faults.of_disk(error) or Fault("internal", repr(error), reason=str(error)) from error


def install(say, folders=()):
    """Set the engine up, or nothing where it is there and answers. `say(step, share, **fields)`. Raises Fault."""
    version = places.version()
    places.wheel()
    with alone(say) as folder:
        if places.record(version):
            with contextlib.suppress(Fault):
                environment.ask(folder / version / "env")
                _tidy(folder, version)  # which whoever set it up may not have come to
                return
            (folder / version / places.RECORD).unlink()  # it is there, but damaged
        say("look", 0.0)
        planned = plan(folders)
        _check_room(planned)
        paths = _fetched(planned, say)
        python = planned["python"] or _python(paths["uv"], say)
        own = folder / version / "env"
        say("environment", FETCHING)
        if own.parent.exists():  # with its parts, which were for the Python that it had
            shutil.rmtree(own.parent)
        own.parent.mkdir()
        environment.make(python, own)
        wheels = [(path, wheel["sha256"]) for wheel in planned["wheels"] if wheel["package"] != "uv"
                  for path in (paths[wheel["package"]],)]
        environment.install(own, [*wheels, (places.wheel(), _sum(places.wheel()))],
                            lambda share: say("install", MAKING + share * (INSTALLING - MAKING)))
        say("ask", INSTALLING)
        answered = environment.ask(own)
        if answered != version:
            raise Fault("version", found=answered, version=version)
        environment.write_record(own, version)
        _tidy(folder, version)


def add(part, say, folders=()):
    """Fetch a part that the engine can do without, as `masks`. At any moment it is there whole or not at all. Raises Fault."""
    version = places.version()
    with alone(say) as folder:
        target = folder / version / part
        if target.is_dir():
            return
        say("look", 0.0)
        planned = plan(folders, part)
        _check_room(planned, sum(wheel["size"] for wheel in planned["wheels"]) * UNPACKED // 1_000_000)
        paths = _fetched(planned, say)
        fresh, scratch = target.with_name(f"{part}.part"), target.with_name(f"{part}.tmp")
        for path in (fresh, scratch):
            shutil.rmtree(path, ignore_errors=True)
        scratch.mkdir()
        environment.install(folder / version / "env", [(paths[wheel["package"]], wheel["sha256"]) for wheel in planned["wheels"]],
                            lambda share: say("install", FETCHING + share * (INSTALLING - FETCHING)), fresh, scratch)
        environment.sync()
        fresh.rename(target)
        for path in (downloads(), scratch):
            shutil.rmtree(path, ignore_errors=True)


def remove_part(part, say):
    """Take a part away again, and leave the engine. Raises Fault."""
    version = places.version()
    with alone(say) as folder:
        say("remove", 0.0)
        target = folder / version / part
        if target.is_dir():
            gone = target.with_name(f"{part}.part")
            shutil.rmtree(gone, ignore_errors=True)
            target.rename(gone)  # at once, so that no half of it is ever imported
            shutil.rmtree(gone)


def remove(say):
    """Take away all that was ever set up: every version, Python, what was fetched. Raises Fault."""
    if not places.engine_folder().exists():
        return
    with alone(say) as folder:
        say("remove", 0.0)
        for record in folder.glob(f"*/{places.RECORD}"):
            record.unlink()
        for path in folder.iterdir():
            if path.name != "lock":
                shutil.rmtree(path)
    with contextlib.suppress(OSError):  # another GIMP has just begun
        (folder / "lock").unlink()
        folder.rmdir()
        folder.parent.rmdir()


def _check_room(planned, megabytes=faults.NEEDED):
    folder = places.engine_folder()
    if shutil.disk_usage(folder).free < megabytes * 1_000_000 - sum(wheel["size"] for wheel in planned["wheels"]
                                                                      if planned["found"][wheel["name"]]):
        raise faults.full(megabytes=megabytes)


def _fetched(planned, say):
    """The path of each package's wheel."""
    downloads().mkdir(exist_ok=True)
    whole = sum(wheel["size"] for wheel in planned["wheels"]) or 1
    done, paths = 0, {}
    for wheel in planned["wheels"]:
        def tell(here_, wheel=wheel, done=done):
            share = (done + here_) / whole
            say("fetch", FETCHING * share, name=wheel["package"], done=f"{share * whole / 1e6:.0f}", all=f"{whole / 1e6:.0f}")

        tell(0)
        paths[wheel["package"]] = planned["found"][wheel["name"]] or fetch(wheel, downloads(), tell)
        done += wheel["size"]
    for wheel in planned["wheels"]:
        if not os.path.exists(paths[wheel["package"]]):
            raise Fault("taken", file=wheel["name"])
    return paths


def _python(wheel, say):
    """The Python that uv brings, into a folder of our own."""
    say("python", FETCHING)
    folder = places.engine_folder()
    program = folder / "uv" / ("uv.exe" if sys.platform == "win32" else "uv")
    shutil.rmtree(program.parent, ignore_errors=True)
    program.parent.mkdir()
    with zipfile.ZipFile(wheel) as packed:
        name = next(name for name in packed.namelist() if name.endswith(f"/{program.name}"))
        program.write_bytes(packed.read(name))
    program.chmod(0o755)
    number = pythons.of_uv()[0]
    options = ["--no-config", "--system-certs", "--no-progress", "--no-cache"]
    environment.run([program, "python", "install", *options, "--no-bin", "--no-registry", "--install-dir", folder / "python", number],
                    "python", lambda: say("python", FETCHING))
    found = sorted((folder / "python").glob(f"cpython-{number}.*"))
    names = ["python.exe"] if sys.platform == "win32" else ["bin/python3"]
    pythons_there = [path / name for path in found for name in names if (path / name).exists()]
    if not pythons_there:
        raise Fault("taken", file="python")
    return pythons_there[-1]


def _sum(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _tidy(folder, version):
    """Take away what the engine that has answered does not need: what was fetched, uv, older versions."""
    older = [name for name in places.others(version) if places.numbers(name) < places.numbers(version)]
    for name in older:
        (folder / name / places.RECORD).unlink()
    for name in ("downloads", "uv", *older):
        shutil.rmtree(folder / name, ignore_errors=True)
