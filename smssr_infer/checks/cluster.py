"""What a batch over Dask must keep: its speed beside one without, and every result whatever is killed.

    python -m smssr_infer.checks.cluster speed [--pictures 60]
    python -m smssr_infer.checks.cluster kills [--times 100] [--seed 0]

Real processes on this machine: a scheduler, workers, clients. Exit status 2 where something is not kept.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from . import usage
from .doctor import rings
from .machines import Machines, batch, contents, finished, wait_for

VICTIMS = ("worker", "scheduler", "client")


def draw(folder: Path, pictures: int, side: int) -> None:
    """Pictures of rings with some noise, every third a JPEG, each another one."""
    folder.mkdir(parents=True)
    for number in range(pictures):
        noise = np.random.default_rng(number).normal(0, 1, (side, side, 1))
        pixels = np.clip(rings(side) * (0.6 + 0.4 * number / pictures) + noise, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:03}.{'png' if number % 3 else 'jpg'}", quality=92)


def timed(source: Path, target: Path, machines: Machines | None = None) -> tuple[float, float]:
    """Seconds that a batch takes, from the start of its process to its end, and seconds of processors that it and the cluster use."""
    shutil.rmtree(target, ignore_errors=True)
    began, used = time.perf_counter(), _processors(machines)
    finished(batch(source, target, *(["--dask", machines.address] if machines else [])))
    return time.perf_counter() - began, _processors(machines) - used


def _processors(machines: Machines | None) -> float:
    """Seconds of processors that ended children, and a cluster's processes, have used so far."""
    return usage.of_children() + (machines.processors() if machines else 0.0)


def speed(folder: Path, pictures: int, side: int, rounds: int) -> bool:
    """Two workers of one thread beside one, one of two threads, and a batch without Dask, in turns; the shortest of each counts."""
    source = folder / "in"
    draw(source, pictures, side)
    draw(folder / "few", 4, side)
    ways = {"2 workers × 1 thread": (2, 1), "1 worker × 1 thread": (1, 1), "1 worker × 2 threads": (1, 2), "without Dask": (0, 0)}
    seconds: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, (workers, threads) in ways.items():
            if workers:
                with Machines(folder, workers, threads) as machines:
                    timed(folder / "few", folder / "warm", machines)  # the workers load what they need
                    seconds[way].append(timed(source, folder / "out", machines))
            else:
                seconds[way].append(timed(source, folder / "plain"))
    if contents(folder / "out") != contents(folder / "plain"):
        raise RuntimeError("the results over Dask are not those without")
    wall, busy = ({way: min(pair[i] for pair in pairs) for way, pairs in seconds.items()} for i in (0, 1))
    for way in ways:
        print(f"{way:22} {wall[way]:6.1f} s, {busy[way]:6.1f} s of processors")
    two = "2 workers × 1 thread"
    against_one, against_plain = wall["1 worker × 1 thread"] / wall[two], wall["without Dask"] / wall[two]
    print(f"{pictures} pictures of {side}²: two workers are {against_one:.2f} × one, {against_plain:.2f} × a batch without Dask "
          f"(by processors used {busy['without Dask'] / busy[two]:.2f} ×)")
    return against_one >= 1.8 and against_plain >= 0.9


def kills(folder: Path, times: int, pictures: int, side: int, seed: int) -> bool:
    """A process is killed when so many results are there, and the batch is run again; every result must be there and be the same."""
    source, target = folder / "in", folder / "out"
    draw(source, pictures, side)
    finished(batch(source, folder / "plain"))
    truth = contents(folder / "plain")
    chance = random.Random(seed)
    went_on, ended, left = 0, 0, 0
    with Machines(folder, 2) as machines:
        for number in range(times):
            victim = VICTIMS[number % len(VICTIMS)]
            options = ["--dask", machines.address, "--large", str(chance.choice([0.05, 64])), *chance.choice([[], ["--through-scheduler"]])]
            shutil.rmtree(target, ignore_errors=True)
            client = batch(source, target, *options)
            results = chance.randrange(pictures)
            moment = chance.uniform(0, 0.2)
            wait_for(lambda count=results, client=client: client.poll() is not None or _answers(target) >= count)  # type: ignore[misc]
            time.sleep(moment)
            doomed: dict[str, Any] = {"worker": chance.choice(machines.workers), "scheduler": machines.scheduler, "client": client}
            doomed[victim].kill()
            out, errors = client.communicate(timeout=600)
            doomed[victim].wait()
            if "Traceback" in errors:
                raise RuntimeError(f"kill {number} ({victim}): {errors}")
            went_on, ended = went_on + (client.returncode == 0), ended + (client.returncode == 2)
            found = contents(target)
            half = [name for name, data in found.items() if not _hidden(name) and truth.get(name) != data]
            if half:
                raise RuntimeError(f"kill {number} ({victim}): {half[0]} is not whole")
            left += sum(map(_hidden, found))
            machines.repair()
            finished(batch(source, target, "--dask", machines.address, *options[2:]))
            found = contents(target)
            if found != truth:
                wrong = sorted(name for name in {*found, *truth} if found.get(name) != truth.get(name))
                raise RuntimeError(f"kill {number} ({victim}): after the next run {wrong[0]} is not as it should be")
            print(f"\r{number + 1} of {times} killed", end="", flush=True, file=sys.stderr)
    print(f"\n{times} kills (worker, scheduler, client in turn; {pictures} pictures, in bands or whole, shared or through the scheduler): "
          f"{went_on} batches went on to the end, {ended} ended in one line, {left} temporary files were left and taken away by the next "
          "run; no half file, every result there and the same")
    return True


def _hidden(name: str) -> bool:
    return Path(name).name.startswith(".")


def _answers(folder: Path) -> int:
    return sum(not path.name.startswith(".") for path in folder.iterdir()) if folder.exists() else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "kills"))
    parser.add_argument("--pictures", type=int, help="how many (default 60, to be killed 10)")
    parser.add_argument("--side", type=int, help="their pixels to a side (default 384, to be killed 96)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is timed (default 3)")
    parser.add_argument("--times", type=int, default=100, help="how many kills (default 100)")
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if wanted.what == "speed":
            kept = speed(Path(folder), wanted.pictures or 60, wanted.side or 384, wanted.rounds)
        else:
            kept = kills(Path(folder), wanted.times, wanted.pictures or 10, wanted.side or 96, wanted.seed)
    return 0 if kept else 2


if __name__ == "__main__":
    sys.exit(main())
