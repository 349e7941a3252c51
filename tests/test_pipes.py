"""Pictures through pipes: standard input and output, named pipes; and what a dry run says."""

import io
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image

from smssr_infer.cli import main

QUICK = ["--scale", "2", "--model", "smssr-x4-quick"]


def smssr(*words, **options):
    return subprocess.run([sys.executable, "-m", "smssr_infer.cli", *map(str, words)], capture_output=True, **options)


@pytest.fixture
def expected(picture, tmp_path):
    assert main(["upscale", str(picture), str(tmp_path / "expected.png"), *QUICK]) == 0
    return np.asarray(Image.open(tmp_path / "expected.png"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_named_pipe_is_read(picture, tmp_path, expected):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(picture.read_bytes()))
    writer.start()
    assert main(["upscale", str(tmp_path / "pipe"), str(tmp_path / "o.png"), *QUICK]) == 0
    writer.join()
    assert np.array_equal(np.asarray(Image.open(tmp_path / "o.png")), expected)


@pytest.mark.parametrize(("target", "format_"), [("-", "PNG"), ("png:-", "PNG"), ("tif:-", "TIFF"), ("webp:-", "WEBP")])
def test_standard_input_and_output(picture, expected, target, format_):
    done = smssr("upscale", "-", target, *QUICK, *(["--lossless"] if format_ == "WEBP" else []), input=picture.read_bytes())
    assert done.returncode == 0, done.stderr
    with Image.open(io.BytesIO(done.stdout)) as made:
        assert made.format == format_ and np.array_equal(np.asarray(made), expected)


def test_the_format_of_what_comes_through_a_pipe_is_kept(picture, tmp_path):
    Image.open(picture).save(tmp_path / "in.jpg")
    with Image.open(io.BytesIO(smssr("upscale", "-", "-", *QUICK, input=(tmp_path / "in.jpg").read_bytes()).stdout)) as made:
        assert made.format == "JPEG"


@pytest.mark.parametrize(("data", "words"), [(b"", "nothing came through standard input"),
                                             (b"no picture", "standard input is not a picture")])
def test_what_is_no_picture_is_one_line(data, words):
    done = smssr("upscale", "-", "-", *QUICK, input=data)
    assert done.returncode == 2 and not done.stdout
    assert words in done.stderr.decode() and done.stderr.count(b"\n") == 1


def test_a_dry_run_writes_nothing(picture, tmp_path, capsys):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name in ("a.png", "b.png"):
        (source / name).write_bytes(picture.read_bytes())
    (source / "broken.png").write_bytes(b"\x89PNG no")
    assert main(["upscale", str(picture), str(tmp_path / "o.png"), *QUICK, "--dry-run"]) == 0
    assert "24×20 → 48×40, about" in capsys.readouterr().out
    assert main(["batch", str(source), str(out), *QUICK, "--dry-run"]) == 2
    printed = capsys.readouterr()
    assert printed.out.count("24×20 → 48×40, about") == 2 and "2 would be written, in about" in printed.out
    assert "broken.png" in printed.err and "1 of 3 pictures would fail" in printed.err
    assert not out.exists() and not (tmp_path / "o.png").exists()
