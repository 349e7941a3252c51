"""What files cost: `python docs/cost.py` measures it and writes docs/cost.svg; the tables go to standard output.

Needs the test extra, 10 GB on the disk of the folder for passing files (TMPDIR), and an otherwise idle machine. `--most 64` leaves out the
answers of more than 64 Mpx, which take most of its ten minutes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from skimage import data

from smssr_infer.api import upscale
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.writing import write

SIZES = (1, 4, 16, 64, 256, 1024)
"""Mpx of an answer, twice as large as its picture."""

PHOTOGRAPH = 1088, 1632
FOLDER, SMALL = 200, (480, 640)
ENDINGS = "png", "jpg", "tif"
MILLION, PICTURE, MACHINES, CORES = 10**6, 12, 10, 8


def picture(height: int, width: int) -> np.ndarray:
    """A photograph of any size: scikit-image's astronaut and cat, side by side and again and again."""
    tile = np.concatenate([data.astronaut()[:300, :500], data.chelsea()[:300, :450]], 1)
    rows, columns = -(-height // 300), -(-width // 950)
    return np.ascontiguousarray(np.tile(tile, (rows, columns, 1))[:height, :width])


def timed(*command: object) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of the processors, and peak MiB of a `smssr` command."""
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "smssr_infer.cli", *map(str, command)])
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"smssr {' '.join(map(str, command))} failed")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def engine(pixels: np.ndarray, scale: int, model: str | None, times: int = 1) -> float:
    """Seconds that the engine takes for the same arrays in memory, its networks loaded."""
    upscale(pixels[:64, :64], scale, model)
    began = time.perf_counter()
    for _ in range(times):
        upscale(pixels, scale, model)
    return time.perf_counter() - began


def files(folder: Path, repeats: int) -> None:
    """One photograph to each format, beside the engine alone."""
    pixels = picture(*PHOTOGRAPH)
    write(folder / "in.png", PictureFile(pixels))
    print(f"\n{PHOTOGRAPH[1]}×{PHOTOGRAPH[0]} ×4, {16 * pixels.size / 3e6:.0f} Mpx\n\n| model | file | seconds | engine alone | ratio |\n"
          "| --- | --- | --- | --- | --- |")
    for model in (None, "smssr-x4-quick"):
        options = ("--model", model) if model else ("--picture", "clean")
        for ending in ENDINGS:
            both = [(timed("upscale", folder / "in.png", folder / f"out.{ending}", *options)[0], engine(pixels, 4, model))
                    for _ in range(repeats)]
            whole, alone = (min(seconds) for seconds in zip(*both, strict=True))
            print(f"| `{model or 'smssr-x4'}` | {ending} | {whole:.1f} | {alone:.1f} | {whole / alone:.2f} |", flush=True)


def many(folder: Path, repeats: int) -> None:
    """A folder of small pictures, beside the engine alone."""
    pixels = picture(*SMALL)
    (folder / "in").mkdir()
    for number in range(FOLDER):
        write(folder / "in" / f"{number:03}.png", PictureFile(np.roll(pixels, number, 1)))
    whole = min(timed("batch", folder / "in", folder / f"out{i}", "--scale", 2, "--picture", "clean")[0] for i in range(repeats))
    alone = min(engine(pixels, 2, None, FOLDER) for _ in range(repeats))
    print(f"\n{FOLDER} pictures of {SMALL[1]}×{SMALL[0]} ×2: {whole:.1f} s, the engine alone {alone:.1f} s: "
          f"{alone / whole:.2f} of its speed, {60 * FOLDER / whole:.0f} pictures a minute")


def sizes(folder: Path, most: int) -> list[tuple[int, float, float]]:
    """Mpx, seconds and peak MiB of answers to TIFF, of ever larger pictures."""
    found = []
    print("\n| answer, Mpx | seconds | Mpx/s | peak MiB |\n| --- | --- | --- | --- |")
    for size in (size for size in SIZES if size <= most):
        side = round((size * 1024**2 / 4) ** 0.5)
        write(folder / "in.tif", PictureFile(picture(side, side)))
        seconds, _, memory = timed("upscale", folder / "in.tif", folder / "out.tif", "--scale", 2, "--picture", "clean")
        mpx = (2 * side) ** 2 / 1e6
        found.append((size, seconds, memory))
        print(f"| {mpx:.0f} | {seconds:.1f} | {mpx / seconds:.1f} | {memory:.0f} |", flush=True)
        (folder / "out.tif").unlink()
    return found


def estimate(found: list[tuple[int, float, float]]) -> None:
    """What a million pictures would cost elsewhere, by the largest size measured here."""
    size, seconds, _ = next(row for row in reversed(found) if row[0] <= 256)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # noqa: TID251
    each = seconds * cores / (size * 1.048576)  # seconds of a core for a Mpx of the answer
    answer = 4 * PICTURE
    hours = MILLION * answer * each / (MACHINES * CORES) / 3600
    print(f"\n{MILLION:,} pictures of {PICTURE} Mpx ×2: {answer} Mpx each at {each:.3f} s of a core for a Mpx; {MACHINES} machines of "
          f"{CORES} cores as fast as these: {hours:.0f} hours, if reading and writing keeps up with {MACHINES * CORES / each:.0f} Mpx/s")


def plot(found: list[tuple[int, float, float]]) -> None:
    """Seconds and peak memory against size."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams["svg.hashsalt"] = "cost"
    size, seconds, memory = zip(*found, strict=True)
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4))
    left.loglog(size, seconds, "o-")
    left.set(xlabel="answer, Mpx", ylabel="seconds, file to file")
    right.semilogx(size, memory, "o-")
    right.set(xlabel="answer, Mpx", ylabel="peak memory of the process, MiB", ylim=(0, None))
    for axes in (left, right):
        axes.set_xticks(size, [str(n) for n in size])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(Path(__file__).with_name("cost.svg"), metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", nargs="*", choices=("files", "many", "sizes", []), help="only these of the three measurements")
    parser.add_argument("--most", type=int, default=SIZES[-1], metavar="MPX", help="the largest answer (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="of each short measurement; the best counts (default %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        what = arguments.what or ("files", "many", "sizes")
        if "files" in what:
            files(folder, arguments.repeats)
        if "many" in what:
            many(folder, arguments.repeats)
        if "sizes" in what:
            found = sizes(folder, arguments.most)
            estimate(found)
            plot(found)


if __name__ == "__main__":
    main()
