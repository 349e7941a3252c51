"""Restoring, enlarging and painting in one command beside the three commands: peak memory, and whether the pixels agree.

    python docs/recipe_memory.py [--side 3000]

The picture is 4/3·side × side in float; with the side of 3000, 12 Mpx in and 192 Mpx out. Needs 12 GB of disk in TMPDIR, and some minutes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import tifffile

from smssr_infer.io.reading import read_large

RUN = """import resource, sys
from smssr_infer.cli import main
status = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(status)
"""
CLEAN = ["--clean", "0.6", "--noise", "8"]
LARGER = ["--scale", "4", "--picture", "clean"]
STYLE = ["--style", "canvas:0.3"]


def peak(words: list[str]) -> float:
    """The command's peak of resident memory in MiB."""
    done = subprocess.run([sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--side", type=int, default=3000)
    height = parser.parse_args().side
    with tempfile.TemporaryDirectory() as scratch:
        a, b, c, d, e = (str(Path(scratch, f"{name}.tif")) for name in "abcde")
        rng = np.random.default_rng(0)
        rows, columns = np.mgrid[:height, :height * 4 // 3].astype(np.float32) / height
        picture = np.stack([0.5 + 0.3 * np.sin(20 * rows * columns), rows, columns / 1.34], -1)
        picture += 0.03 * rng.standard_normal(picture.shape, np.float32)
        tifffile.imwrite(a, picture.clip(0, 1), photometric="rgb")
        del picture, rows, columns
        peaks = {"restore": peak(["restore", a, b, *CLEAN]), "upscale": peak(["upscale", b, c, *LARGER]),
                 "stylize": peak(["stylize", c, d, *STYLE]), "all in one": peak(["upscale", a, e, *LARGER, *CLEAN, *STYLE])}
        for name, mebibytes in peaks.items():
            print(f"{name}: {mebibytes:.0f} MiB", flush=True)
        print(f"all in one over the largest step: {peaks.pop('all in one') / max(peaks.values()):.2f}")
        one, three = read_large(e).pixels, read_large(d).pixels
        most = max(float(np.abs(one[top:top + 512, :] - three[top:top + 512, :]).max()) for top in range(0, one.shape[0], 512))
        print(f"largest difference: {most:.1e}")


if __name__ == "__main__":
    main()
