"""Damaged files of every kind that is read: no crash, no hang, no bursting memory, and one line each.

    python tests/fuzz.py --seconds 60 --seed 1          what CI runs
    python tests/fuzz.py --seconds 3600 --seed 7        longer; another seed, other files
    python tests/fuzz.py --again fuzz/7-123-tif         what failed, once more

What fails is kept in a folder of the folder `fuzz`, with its seed and number as its name. Exit status: 1 where one failed.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import fuzz_seeds as seeds
from fuzz_damage import damaged

PATIENCE = 30.0
"""Seconds of a processor that a file may take; waiting for a processor, or for the disk, ten times as many pass."""

BURST = 1 << 30
TIMES = 40
"""Bytes of memory that a file may take beyond so many times its picture's size, or its own."""

SLOW = {"engine": 0.02, "styles": 0.1, "onnx": 0.5}
"""How often a kind is taken as against another: these take a while."""


class Worker:
    """A process that tries files, one after the other."""

    def __init__(self) -> None:
        environment = {**os.environ, "ORT_DISABLE_TELEMETRY": "1", "COLUMNS": "80"}
        self.process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("fuzz_work.py"))], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
        self.tried = 0

    def answer(self, kind: str, path: Path) -> dict[str, Any] | str:
        """What came of a file, or what became of the process."""
        assert self.process.stdin and self.process.stdout
        self.tried += 1
        self.process.stdin.write(json.dumps([kind, str(path)]).encode() + b"\n")
        self.process.stdin.flush()
        began, used = time.monotonic(), self.used()
        while not select.select([self.process.stdout], [], [], 1)[0]:
            if self.used() - used > PATIENCE or time.monotonic() - began > 10 * PATIENCE:
                return f"it hangs for more than {PATIENCE:.0f} s"
        line = self.process.stdout.readline()
        return json.loads(line) if line else f"the process died: {self.process.wait()}"

    def used(self) -> float:
        """Seconds of processors that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def fault(answer: dict[str, Any] | str, length: int) -> str | None:
    """What is wrong with an answer; None where nothing is."""
    if isinstance(answer, str):
        return answer
    lines = answer["words"].splitlines()
    if answer["status"] not in (0, 2):
        return f"{answer['status']} {answer['words'][-300:]}".strip()
    if any(bad in answer["words"] for bad in ("Traceback", "internal error", "report it")):
        return answer["words"][-300:]
    if (answer["status"] == 2 and len(lines) != 1) or not all(line.startswith("smssr: ") for line in lines):
        return f"not one line: {answer['words'][-300:]!r}"
    if answer["grown"] > BURST + TIMES * max(answer["size"], length):
        return f"{answer['grown'] >> 20} MiB for a picture of {answer['size']} bytes"
    return None


Seed = dict[str, bytes]
"""A file, or a folder of files, by their names."""


def all_seeds(folder: Path) -> dict[str, dict[str, Seed]]:
    """Every kind's sound files."""
    found: dict[str, dict[str, Seed]] = {}
    for ending, files in {"png": seeds.png(), "jpg": seeds.jpeg(), "tif": seeds.tiffs(), **seeds.others()}.items():
        found[ending] = {name: {f"a.{ending}": data} for name, data in files.items()}
    found["zarr"] = {name: {f"a.zarr/{file}": data for file, data in files.items()} for name, files in seeds.zarrs(folder).items()}
    found["onnx"] = {"net": {"a.onnx": seeds.network(), "a.json": b'{"scale": 2, "range": 255, "receptive_field": 9}'}}
    found["engine"] = {"frames": {"a.frames": seeds.frames()}}
    found["mask"] = {"grey": {"a.png": seeds.saved("PNG", "L")}, "tiff": {"a.tif": seeds.tiffs()["deepgrey"]}}
    found["styles"] = {"own": {f"home/styles/{name}": data for name, data in seeds.own_style().items()}}
    return found


def made(seed: int, number: int, sound: dict[str, dict[str, Seed]]) -> tuple[str, Seed]:
    """The damaged file of that number: its kind and its bytes."""
    chance = random.Random(f"{seed}/{number}")
    kind = chance.choices(list(sound), [SLOW.get(name, 1) * (3 if name in ("tif", "png", "jpg") else 1) for name in sound])[0]
    files = dict(chance.choice(list(sound[kind].values())))
    name = chance.choice(list(files))
    other = chance.choice([data for file in sound[kind].values() for data in file.values()])
    files[name] = damaged(files[name], other, chance)
    return kind, files


def laid(files: Seed, folder: Path) -> Path:
    """Files written; the path that is tried."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "sound.png").write_bytes(seeds.png()["colour"])
    return folder / next(iter(files)).split("/")[0]


def run(seconds: float, seed: int, most: int, keep: Path) -> int:
    """Try files until the time is over; how many failed."""
    failures, number, began = 0, 0, time.monotonic()
    kinds: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sound = all_seeds(folder / "seeds")
        worker = Worker()
        try:
            while time.monotonic() - began < seconds and number < most:
                kind, files = made(seed, number, sound)
                path = laid(files, folder / "try")
                answer = worker.answer(kind, path)
                wrong = fault(answer, sum(map(len, files.values())))
                kinds[kind] += 1
                if wrong:
                    failures += 1
                    kept = keep / f"{seed}-{number}-{kind}"
                    shutil.copytree(folder / "try", kept, dirs_exist_ok=True)
                    print(f"{kept}: {wrong}", flush=True)
                if isinstance(answer, str) or worker.tried >= 2000:
                    worker.end()
                    worker = Worker()
                number += 1
        finally:
            worker.end()
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    print(f"{number} files of {len(kinds)} kinds with seed {seed}: {failures} failed ({counts})")
    return failures


def again(kept: Path) -> int:
    """Try a folder that was kept once more; whether it failed."""
    kind = kept.name.split("-")[-1]
    files = sorted(path for path in kept.iterdir() if path.name != "sound.png")
    path = next((path for path in files if path.suffix != ".json"), files[0])
    worker = Worker()
    try:
        answer = worker.answer(kind, path)
    finally:
        worker.end()
    wrong = fault(answer, sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()))
    print(f"{kept}: {wrong or 'nothing wrong'}\n{answer}")
    return int(bool(wrong))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=1 << 60, help="at most so many")
    parser.add_argument("--keep", type=Path, default=Path("fuzz"), help="where files that fail are kept")
    parser.add_argument("--again", type=Path, help="a folder that was kept, to be tried once more")
    arguments = parser.parse_args()
    if arguments.again:
        return again(arguments.again)
    return int(run(arguments.seconds, arguments.seed, arguments.files, arguments.keep) > 0)


if __name__ == "__main__":
    sys.exit(main())
