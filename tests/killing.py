"""`python tests/killing.py`: kills the command at random moments and starts it again; what must hold is asserted.

Not a test of `make test`, because it takes minutes. After a kill nothing incomplete may have the answer's name; after the next run the
answer is the one of an undisturbed run, byte for byte, and nothing else is left in the folder.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from skimage import data

from smssr_infer.disk.picture_file import PictureFile
from smssr_infer.disk.writing import write

SOON = "from smssr_infer.disk import writing, stream; writing.RESUMED = stream.BAND = 1; "
"""Bands are small, and every TIFF is gone on with."""

RUN = "from smssr_infer.cli import main; import sys; sys.exit(main(sys.argv[1:]))"


def command(folder: Path, kind: str) -> list[str]:
    """What is killed."""
    quick = ("--model", "smssr-x4-quick")
    if kind == "batch":
        return [sys.executable, "-c", RUN, "batch", str(folder / "in"), str(folder / "out"), *quick]
    (folder / "out").mkdir(exist_ok=True)
    return [sys.executable, "-c", SOON + RUN, "upscale", str(folder / "in" / "0.png"), str(folder / "out" / f"a.{kind}"), *quick]


def answers(folder: Path) -> dict[str, bytes]:
    """What lies in the folder of answers, hidden files, too."""
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[1])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    unfinished = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for number in range(4):
            write(folder / "in" / f"{number}.png", PictureFile(np.tile(np.roll(data.astronaut(), 50 * number, 1), (2, 1, 1))))
        whole, seconds = {}, {}
        for kind in ("png", "tif", "batch"):
            began = time.perf_counter()
            subprocess.run(command(folder, kind), check=True)
            seconds[kind] = time.perf_counter() - began
            whole[kind] = answers(folder)
            for path in (folder / "out").iterdir():
                path.unlink()
        for turn in range(arguments.times):
            kind = ("png", "tif", "batch")[turn % 3]
            child = subprocess.Popen(command(folder, kind))
            time.sleep(chance.uniform(0.2, 1.1) * seconds[kind])
            child.send_signal(signal.SIGKILL)
            child.wait()
            there = answers(folder) if (folder / "out").is_dir() else {}
            for name, content in there.items():
                assert name.startswith(".smssr-") or content == whole[kind][name], f"{kind}: {name} is not whole"
            unfinished += any(name.startswith(".smssr-") for name in there)
            subprocess.run(command(folder, kind), check=True)
            assert answers(folder) == whole[kind], f"{kind}: {sorted(answers(folder))}"
            for path in (folder / "out").iterdir():
                path.unlink()
    print(f"killed {arguments.times} times, {unfinished} of them in the midst of a file: every answer is there and identical, "
          "nothing is left over")


if __name__ == "__main__":
    main()
