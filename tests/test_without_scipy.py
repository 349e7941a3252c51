"""Where SciPy is missing, as after Set Up: everything works but masks and the direction of furs, which say what is needed.

`make test-without-scipy` runs this in an environment that lacks it; elsewhere its import is made to fail.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

BLOCKED = "import sys; sys.modules['scipy'] = None\nfrom smssr_infer.cli import main; sys.exit(main(sys.argv[1:]))"


def run(folder, *words):
    return subprocess.run([sys.executable, "-c", BLOCKED, *words], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "ORT_DISABLE_TELEMETRY": "1"})


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder with a picture, one that is transparent in part, and a mask."""
    folder = tmp_path_factory.mktemp("pictures")
    noise = np.random.default_rng(0).integers(0, 256, (40, 48, 4), np.uint8)
    noise[..., 3] = np.where(np.add.outer(np.arange(40), np.arange(48)) < 40, 0, 255)
    Image.fromarray(noise[..., :3]).save(folder / "in.png")
    Image.fromarray(noise).save(folder / "clear.png")
    Image.fromarray(np.where(np.indices((40, 48))[1] == 20, 255, 0).astype(np.uint8)).save(folder / "line.png")
    return folder


@pytest.mark.parametrize("words", [
    ["upscale", "in.png", "out.png"], ["upscale", "clear.png", "out.png", "--scale", "2", "--best"],
    ["upscale", "in.png", "out.png", "--picture", "photo"],
    ["restore", "in.png", "out.png", "--clean", "--sharpen"],
    ["restore", "clear.png", "out.png", "--clean", "line.png:0.5", "--chroma", "1"],
    ["restore", "in.png", "out.png", "--fill", "line.png"],
    ["stylize", "in.png", "out.png", "--style", "gravel=line.png:0.8", "--style", "canvas:0.5"],
    ["stylize", "in.png", "out.png", "--coarse", "starry-night", "--style", "canvas"],
    ["models"]])
def test_this_works(pictures, words):
    done = run(pictures, *words)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [["mask", "in.png", "out.png", "--here", "5,5", "--not-here", "30,30"],
                                   ["stylize", "in.png", "out.png", "--style", "fur,direction=follow"]])
def test_this_says_in_one_line_what_is_needed(pictures, words):
    (pictures / "out.png").unlink(missing_ok=True)
    done = run(pictures, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("smssr: this needs SciPy, which is not installed here: ")
    assert done.stderr.count("\n") == 1
    assert not Path(pictures, "out.png").exists()
