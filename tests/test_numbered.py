"""Frames in numbered files: which they are, every one under its number, what stands still equal to the bit."""

import numpy as np
import pytest
from PIL import Image

from smssr_infer.cli import main
from smssr_infer.io import numbered
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read
from smssr_infer.io.writing import write

QUICK = ["--scale", "2", "--model", "smssr-x4-quick"]


@pytest.fixture
def shots(small, tmp_path):
    """Four of them, of 16 bits, in which a square moves; the third is missing."""
    (tmp_path / "in").mkdir()
    for number in (1, 2, 4, 10):
        pixels = small[:40, :72].astype(np.uint16) * 257
        pixels[4 + number:12 + number, 60:68] = 65535
        write(tmp_path / f"in/shot 50%_{number:03}.png", PictureFile(pixels, dpi=(300, 300)))
    (tmp_path / "in/shot 50%_1.png").write_bytes(b"another")
    return tmp_path / "in"


def test_names(tmp_path):
    for name in ("a_%04d.png", "%d.tif", "50%_%02d.png"):
        assert numbered.is_numbered(tmp_path / name)
    (tmp_path / "a%d.png").write_bytes(b"")
    for name in ("a.png", "a%d.png", "%d_%d.png", "a%s.png", "a%4d.png"):
        assert not numbered.is_numbered(tmp_path / name)
    assert numbered.named(tmp_path / "50%_%04d.png", 7).name == "50%_0007.png"
    for number in (2, 9, 10, 10000):
        (tmp_path / numbered.named(tmp_path / "b%03d.png", number).name).write_bytes(b"")
    (tmp_path / "b0010.png").write_bytes(b"")
    assert list(numbered.found(tmp_path / "b%03d.png")) == [2, 9, 10, 10000]
    assert list(numbered.chosen("9-10", numbered.found(tmp_path / "b%03d.png"))) == [9, 10]


def test_each_under_its_number(shots, tmp_path):
    assert main(["upscale", str(shots / "shot 50%_%03d.png"), str(tmp_path / "o%d.png"), *QUICK]) == 0
    made = {number: read(tmp_path / f"o{number}.png") for number in (1, 2, 4, 10)}
    assert len(list(tmp_path.glob("o*"))) == 4
    for file in made.values():
        assert file.pixels.dtype == np.uint16 and file.pixels.shape == (80, 144, 3) and file.dpi[0] == pytest.approx(600, abs=0.1)
        assert np.array_equal(file.pixels[:, :60], made[1].pixels[:, :60])  # farther than the network reads
    assert not np.array_equal(made[1].pixels, made[2].pixels)


def test_some_of_them_into_a_folder(shots, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    command = ["upscale", str(shots / "shot 50%_%03d.png"), str(tmp_path / "out"), *QUICK, "--frames", "2-4"]
    assert main([*command, "--dry-run"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2 and not list((tmp_path / "out").iterdir())
    assert main(command) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["shot 50%_002.png", "shot 50%_004.png"]


def test_an_animation_into_numbered_files(small, tmp_path):
    frames = [Image.fromarray(np.roll(small[:30, :40], 4 * number, 1)).quantize(64) for number in range(3)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=50)
    assert main(["upscale", str(tmp_path / "a.gif"), str(tmp_path / "f_%02d.png"), *QUICK, "--frames", "2-3"]) == 0
    assert sorted(path.name for path in tmp_path.glob("f_*")) == ["f_02.png", "f_03.png"]


def test_what_cannot_be(shots, tmp_path, small, capsys):
    ours = str(shots / "shot 50%_%03d.png")
    write(tmp_path / "b1.png", PictureFile(small[:20, :20]))
    write(tmp_path / "b2.png", PictureFile(small[:20, :30]))
    for words, said in (([str(tmp_path / "c%d.png"), str(tmp_path / "o%d.png")], "cannot read"),
                        ([ours, str(tmp_path / "o.png")], "become numbered files"),
                        ([ours, ours], "is the input itself"),
                        ([ours, str(tmp_path / "o%d.png"), "--frames", "5-7"], "no frames 5-7, of 4"),
                        ([str(tmp_path / "b%d.png"), str(tmp_path / "o%d.png")], "30×20 pixels, or channels, unlike")):
        assert main(["upscale", *words, *QUICK]) == 2
        error = capsys.readouterr().err
        assert said in error and len(error.splitlines()) == 1
