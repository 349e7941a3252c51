"""The process in which damaged files are tried: a line with a kind and a path comes in, a line of JSON goes out."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np

from smssr_infer.cli import main
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read_large
from smssr_infer.io.writing import check, left_out, write

SMALL = 1 << 13
"""Pixels of a picture that is written as well; of a larger one windows are read."""

OFTEN = 4
"""One of so many of these is enlarged first, by the command."""

ENGINES = 25
"""Seconds that an engine may take; less than the patience of `fuzz.py`, so that none is left running."""

ROOM = 5 << 30
"""Bytes of addresses beyond those at the start, so that what asks for more fails here and not the machine."""

FRESH = "/proc/self/clear_refs"


def memory(name: str) -> int:
    """Bytes, as the system names them (`VmHWM`: the most since it was asked to forget)."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith(name))


def command(words: list[str], printed: Path) -> tuple[object, str]:
    """Exit status of a command, and all that the process has printed on standard error meanwhile."""
    kept = os.dup(2)
    with open(printed, "w+b") as stream:
        os.dup2(stream.fileno(), 2)
        sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115 - line by line into the same
        try:
            status: object = main(words)
        except BaseException as error:  # whatever leaves `main` is a fault
            status = f"{type(error).__name__}: {error}"
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            sys.stderr = sys.__stderr__
        stream.seek(0)
        return status, stream.read().decode(errors="replace")


def picture(path: Path, folder: Path) -> tuple[object, str, int]:
    """Read a picture; write a small one. Exit status, words, and the bytes of its pixels."""
    ending = path.suffix if path.suffix in (".tif", ".jpg", ".webp") else ".png"
    words = ["upscale", str(path), str(folder / f"out{ending}"), "--scale", "2", "--model", "smssr-x4-quick"]
    try:
        file = read_large(path)
    except Exception:  # what and whether in one line, the command shows
        return *command(words, folder / "said"), 0
    height, width = (int(side) for side in file.pixels.shape[:2])
    size = int(np.prod(file.pixels.shape)) * file.pixels.dtype.itemsize
    if height * width <= SMALL and zlib.crc32(path.read_bytes() if path.is_file() else b"") % OFTEN == 0:
        return *command(words, folder / "said"), size
    try:
        seen = file.picture()
        if height * width <= SMALL:
            left_out(words[2], file, height, width)
            check(words[2], file, height, width)
            write(words[2], PictureFile(**{**vars(file), "pixels": file.pixels[:height, :width]}))
        for top in {0, height // 2, max(0, height - 64)}:
            for left in {0, width // 2, max(0, width - 64)}:
                seen.read(top, min(height, top + 64), left, min(width, left + 64))
    except ValueError as error:
        return 2, f"smssr: {error}\n", size
    except Exception as error:
        return f"{type(error).__name__}: {error}", "", size
    return 0, "", size


def tried(kind: str, path: Path, folder: Path) -> tuple[object, str, int]:
    """What comes of a file."""
    sound = str(path.parent / "sound.png")
    if kind == "onnx":
        return *command(["upscale", sound, str(folder / "out.png"), "--model", str(path)], folder / "said"), 0
    if kind == "mask":
        return *command(["restore", sound, str(folder / "out.png"), "--fill", str(path)], folder / "said"), 0
    if kind == "styles":
        os.environ["SMSSR_HOME"] = str(path)
        try:
            return *command(["stylize", sound, str(folder / "out.png"), "--style", "own"], folder / "said"), 0
        finally:
            del os.environ["SMSSR_HOME"]
    if kind == "engine":
        try:
            done = subprocess.run([sys.executable, "-m", "smssr_infer.engine"], input=path.read_bytes(), capture_output=True, check=False,
                                  timeout=ENGINES)
        except subprocess.TimeoutExpired:
            return f"the engine hangs for {ENGINES} s", "", 0
        broken = 2 if done.returncode == 1 else done.returncode  # it ends with one line where messages cannot be told apart any more
        return broken, done.stderr.decode(errors="replace"), 0
    return picture(path, folder)


def work() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if os.path.exists(FRESH):
        resource.setrlimit(resource.RLIMIT_AS, (memory("VmSize") + ROOM,) * 2)
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            kind, path = json.loads(line)
            Path(FRESH).write_text("5")
            before = memory("VmRSS")
            status, words, size = tried(kind, Path(path), Path(folder))
            grown = max(0, memory("VmHWM") - before)
            print(json.dumps({"status": status, "words": words, "grown": grown, "size": size}), file=answers, flush=True)


if __name__ == "__main__":
    work()
