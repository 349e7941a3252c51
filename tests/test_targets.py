"""Where an output may go, and what it may replace: no group, no folder, no device, nothing that is read."""

import os
import stat

import numpy as np
import pytest
from PIL import Image

from smssr_infer.cli import main
from smssr_infer.io import targets

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has neither modes nor named pipes")
QUICK = ("--scale", "2", "--model", "smssr-x4-quick")


def array(path, shape=(64, 64), dtype="uint8"):
    """A Zarr array of fives."""
    zarr = pytest.importorskip("zarr")
    made = zarr.create_array(path, shape=shape, chunks=tuple(min(n, 32) for n in shape), dtype=dtype)
    made[:] = 5
    return path


def everything(folder):
    """All files below a folder, with their bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def group(path):
    pytest.importorskip("zarr").create_group(path)
    array(path / "measured")
    return path


def with_notes(path):
    (array(path) / "notes.txt").write_text("years of work")
    return path


def with_a_link(path):
    (path.parent / "elsewhere").mkdir()
    (array(path) / "0").symlink_to(path.parent / "elsewhere")
    return path


def array_within(path):
    array(array(path) / "0")
    return path


def plain_folder(path):
    path.mkdir()
    (path / "letter.txt").write_text("dear all")
    return path


def plain_file(path):
    path.write_text("dear all")
    return path


@POSIX
@pytest.mark.parametrize(("make", "words"), [
    (group, "Zarr group"), (with_notes, "notes.txt"), (with_a_link, "also holds 0"), (array_within, "also holds 0"),
    (plain_folder, "no Zarr array"), (plain_file, "it is a file"), (lambda path: array(path, (3, 4, 5, 6)), "no picture"),
    (lambda path: array(path, (8, 8), "float64"), "no picture")])
def test_a_zarr_output_takes_the_place_of_a_picture_and_of_nothing_else(tmp_path, picture, make, words, capsys):
    make(tmp_path / "lab.zarr")
    before = everything(tmp_path)
    assert main(["upscale", str(picture), str(tmp_path / "lab.zarr"), *QUICK]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
    assert everything(tmp_path) == before


@pytest.mark.parametrize("form", [2, 3])
def test_a_zarr_picture_is_replaced(tmp_path, picture, form):
    zarr = pytest.importorskip("zarr")
    old = zarr.create_array(tmp_path / "a.zarr", shape=(50, 40), chunks=(16, 16), dtype="uint8", zarr_format=form,
                            attributes={"unit": "lux"})
    old[:] = 7
    (tmp_path / "a.zarr").chmod(0o750)
    assert main(["upscale", str(picture), str(tmp_path / "a.zarr"), *QUICK]) == 0
    assert zarr.open_array(tmp_path / "a.zarr").shape == (40, 48, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zarr", "in.png"]
    assert os.name == "nt" or stat.S_IMODE((tmp_path / "a.zarr").stat().st_mode) == 0o750


def test_an_array_may_be_written_into_a_group_but_nothing_into_an_array(tmp_path, picture, capsys):
    group(tmp_path / "lab.zarr")
    assert main(["upscale", str(picture), str(tmp_path / "lab.zarr" / "new.zarr"), *QUICK]) == 0
    for name in ("x.png", "c/x.png", "x.zarr"):
        assert main(["upscale", str(picture), str(tmp_path / "lab.zarr" / "measured" / name), *QUICK]) == 2
        assert "is a Zarr array" in capsys.readouterr().err
    assert (tmp_path / "lab.zarr" / "measured" / "zarr.json").exists()


def test_an_output_that_is_read_is_refused(tmp_path, picture, capsys):
    """Whichever name it has, and whatever it is read for."""
    mask, model = tmp_path / "mask.png", tmp_path / "net.onnx"
    Image.fromarray(np.full((20, 24), 255, np.uint8)).save(mask)
    model.write_bytes(b"no model")
    model.with_suffix(".json").write_text("{}")
    read = [picture, mask, model, model.with_suffix(".json"), next((targets.shipped()).glob("*.onnx"))]
    array(tmp_path / "in.zarr")
    before = everything(tmp_path)
    for number, path in enumerate(read):
        for make in (os.symlink, os.link):
            output = tmp_path / f"{make.__name__}-{number}.png"
            try:
                make(path, output)
            except OSError:  # another disk
                continue
            words = ["restore", str(picture), str(output), "--clean", str(mask)]
            assert main(["upscale", str(picture), str(output), "--model", str(model)] if 2 <= number < 4 else words) == 2
            assert "choose another name for the output" in capsys.readouterr().err
            output.unlink()
    (tmp_path / "again.zarr").symlink_to(tmp_path / "in.zarr")
    for name in ("in.zarr", "again.zarr"):
        assert main(["upscale", str(tmp_path / "in.zarr"), str(tmp_path / name), *QUICK]) == 2
        assert "the input itself" in capsys.readouterr().err
    assert everything(tmp_path) == before


@pytest.mark.parametrize("options", [["--scale", "2", "--model", "smssr-x4-quick"], ["--scale", "1", "--clean", "MASKS"]])
def test_a_batch_replaces_nothing_that_it_reads(tmp_path, picture, options, capsys):
    source, out, masks = (tmp_path / name for name in ("source", "out", "masks"))
    for folder in (source, out, masks):
        folder.mkdir()
    picture.rename(source / "a.png")
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(source / "b.png")
    for name in "ab":
        Image.fromarray(np.full((20, 24), 255, np.uint8)).save(masks / f"{name}.png")
    (out / "a.png").symlink_to(source / "b.png")
    (out / "b.png").symlink_to(masks / "b.png" if "MASKS" in options else source / "a.png")
    before = everything(tmp_path)
    options = [str(masks) if word == "MASKS" else word for word in options]
    assert main(["batch", str(source), str(out), "--names", "{name}", "--existing", "replace", *options]) == 2
    assert "0 written, 0 skipped (already exist), 2 failed" in capsys.readouterr().out
    assert everything(tmp_path) == before


@POSIX
def test_links_lead_to_what_is_written_and_stay(tmp_path, picture, capsys):
    (tmp_path / "a.png").symlink_to("b.png")
    assert main(["upscale", str(picture), str(tmp_path / "a.png"), *QUICK]) == 0
    assert (tmp_path / "a.png").is_symlink() and (tmp_path / "b.png").is_file()
    (tmp_path / "null.png").symlink_to(os.devnull)
    (tmp_path / "gone.png").symlink_to("nowhere/c.png")
    (tmp_path / "round.png").symlink_to("round.png")
    os.mkfifo(tmp_path / "pipe.png")
    for name, words in (("null", "a device"), ("gone", "no folder"), ("round", "circle"), ("pipe", "a named pipe")):
        assert main(["upscale", str(picture), str(tmp_path / f"{name}.png"), *QUICK]) == 2
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode) and stat.S_ISFIFO(os.stat(tmp_path / "pipe.png").st_mode)
