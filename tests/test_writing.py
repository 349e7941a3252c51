"""Where an output may go, and what becomes of what is there: links, modes, named pipes, Zarr groups, inputs, killed writers' files."""

import os
import stat
import threading

import numpy as np
import pytest
from PIL import Image

from smssr_infer import files
from smssr_infer.cli import main
from smssr_infer.disk import partial, replacing, targets, unfinished, writing
from smssr_infer.disk.picture_file import PictureFile
from smssr_infer.disk.writing import write

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has neither modes nor named pipes")
QUICK = ("--scale", "2", "--model", "smssr-x4-quick")


@pytest.fixture
def picture(tmp_path):
    """A small picture file."""
    path = tmp_path / "in.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (20, 24, 3), dtype=np.uint8)).save(path)
    return path


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
    assert "0 written, 0 there already, 2 failed" in capsys.readouterr().out
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


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o604, 0o664])
@pytest.mark.parametrize("ending", ["png", "tif"])
def test_a_replaced_file_keeps_its_mode(tmp_path, picture, mode, ending, monkeypatch):
    """And while it is written nobody may read more of it."""
    monkeypatch.setattr(writing, "RESUMED", 1)
    target = tmp_path / f"a.{ending}"
    target.write_bytes(b"old")
    target.chmod(mode)
    modes = []
    put = writing.Output.put
    monkeypatch.setattr(writing.Output, "put", lambda output, rows: (
        modes.append(stat.S_IMODE(output._partial.path.stat().st_mode)), put(output, rows))[1])
    assert main(["upscale", str(picture), str(target), *QUICK]) == 0
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert modes and all(found & ~(mode | 0o600) == 0 for found in modes)


@POSIX
def test_named_pipes_are_waited_for_by_nobody(tmp_path, picture, capsys):
    """As inputs, masks, models, their words, chunks; and under every temporary name."""
    mark = replacing.mark("out.tif")
    for name in ("x.partial", f"{mark}.unfinished.journal", f"{mark}.unfinished", "y.removed", "y.replaced"):
        os.mkfifo(tmp_path / f".smssr-{name}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "RESUMED", 1)
        assert main(["upscale", str(picture), str(tmp_path / "out.tif"), *QUICK]) == 0
    for name in ("pipe.png", "net.onnx", "net2.json"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "net2.onnx").write_bytes(b"no model")
    array(tmp_path / "in.zarr")
    (tmp_path / "in.zarr" / "c" / "0" / "0").unlink()
    os.mkfifo(tmp_path / "in.zarr" / "c" / "0" / "0")
    pipe, out = str(tmp_path / "pipe.png"), str(tmp_path / "o.png")
    for words in (["upscale", pipe, out], ["restore", str(picture), out, "--fill", pipe],
                  ["stylize", str(picture), out, "--style", f"fur={pipe}"],
                  ["upscale", str(picture), out, "--model", str(tmp_path / "net.onnx")], ["upscale", str(tmp_path / "in.zarr"), out],
                  ["upscale", str(picture), out, "--model", str(tmp_path / "net2.onnx")]):
        assert main(words) == 2
        error = capsys.readouterr().err
        assert "a named pipe" in error and error.count("\n") == 1


@POSIX
@pytest.mark.parametrize("plant", [os.symlink, os.link])
@pytest.mark.parametrize("ending", ["tif", "zarr"])
def test_what_others_put_under_temporary_names_is_not_written_to(tmp_path, picture, plant, ending, monkeypatch):
    monkeypatch.setattr(writing, "RESUMED", 1)
    mark, victim, folder = replacing.mark(f"a.{ending}"), tmp_path / "victim.txt", tmp_path / "shared"
    folder.mkdir()
    victim.write_text("precious")
    for name in ("unfinished.journal", "unfinished"):
        plant(victim, folder / f".smssr-{mark}.{name}")
    assert main(["upscale", str(picture), str(folder / f"a.{ending}"), *QUICK]) == 0
    assert victim.read_text() == "precious"
    assert [path.name for path in folder.iterdir()] == [f"a.{ending}"]


@POSIX
def test_a_folder_of_someone_s_under_a_temporary_name_is_not_resumed(tmp_path):
    """Nor removed, where it is a link to one."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "letter.txt").write_text("dear all")
    (tmp_path / f".smssr-{replacing.mark('a.zarr')}.unfinished").symlink_to(tmp_path / "theirs")
    (tmp_path / f".smssr-{replacing.mark('a.zarr')}.replaced").symlink_to(tmp_path / "theirs")
    pytest.importorskip("zarr")
    write(tmp_path / "a.zarr", PictureFile(np.zeros((5, 5, 3), np.uint8)))
    assert (tmp_path / "theirs" / "letter.txt").exists()


def test_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_end(tmp_path, monkeypatch):
    happened = recorded(monkeypatch)
    write(tmp_path / "a.png", PictureFile(np.zeros((5, 5, 3), np.uint8)))
    assert happened == ["sync file", "rename to a.png", "sync folder"]


def recorded(monkeypatch) -> list[str]:
    """What is synced and renamed from now on."""
    happened: list[str] = []
    sync, rename = os.fsync, os.replace

    def synced(handle):
        happened.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        sync(handle)

    def renamed(source, target, **more):
        happened.append(f"rename to {os.path.basename(target)}")
        rename(source, target, **more)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)  # pathlib calls it
    return happened


class Windows:
    """Its rules: what is open can be neither removed nor renamed nor replaced, and `msvcrt` locks."""

    LK_NBLCK = 2

    def __init__(self, monkeypatch):
        self._locked: dict[tuple[int, int], int] = {}
        monkeypatch.setattr(files, "fcntl", None)
        monkeypatch.setattr(files, "msvcrt", self)
        for name in ("unlink", "replace"):
            monkeypatch.setattr(os, name, self._only_closed(getattr(os, name)))

    def locking(self, handle, _mode, _count):
        state = os.fstat(handle)
        holder = self._locked.get((state.st_dev, state.st_ino))
        if holder is not None and holder != handle and self._open(f"/proc/self/fd/{holder}"):
            raise PermissionError(13, "Permission denied")
        self._locked[state.st_dev, state.st_ino] = handle

    @staticmethod
    def _open(path) -> bool:
        real = os.path.realpath(path)
        return any(os.path.realpath(f"/proc/self/fd/{handle}") == real for handle in os.listdir("/proc/self/fd"))

    def _only_closed(self, work):
        def checked(*paths, **more):
            for path in paths:
                if os.path.isfile(path) and self._open(path):
                    raise PermissionError(13, "it is being used by another process", str(path))
            return work(*paths, **more)
        return checked


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs Linux to play Windows")
@pytest.mark.parametrize("ending", ["png", "tif", "zarr"])
def test_windows_rule_that_what_is_open_cannot_be_removed(tmp_path, monkeypatch, ending):
    if ending == "zarr":
        pytest.importorskip("zarr")
    Windows(monkeypatch)
    monkeypatch.setattr(writing, "RESUMED", 1)
    target, pixels = tmp_path / f"a.{ending}", np.full((9, 9, 3), 200, np.uint8)

    def begun():
        return writing.Output(target, PictureFile(pixels), 9, 9, "order")

    for _ in range(2):
        output = begun()
        if ending != "png":
            with pytest.raises(ValueError, match="another run"):
                begun()
        output.put(pixels)
        output.finish()
        assert [path.name for path in tmp_path.iterdir()] == [target.name]
    begun().discard()
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    (tmp_path / ".smssr-dead.partial").write_bytes(b"half")
    partial.sweep.cache_clear()
    partial.sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_two_writers_of_one_target_are_noticed(tmp_path):
    first = unfinished.Unfinished(tmp_path / "a.tif", "order", False)
    with pytest.raises(ValueError, match="another run"):
        unfinished.Unfinished(tmp_path / "a.tif", "order", False)
    first.leave()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_utf_8(tmp_path, picture, monkeypatch, capfd):
    pytest.importorskip("zarr")
    monkeypatch.setattr(writing, "RESUMED", 1)
    folder = tmp_path / os.fsdecode(b"d\xe9j\xe0")
    folder.mkdir()
    source = folder / os.fsdecode(b"caf\xe9.png")
    picture.rename(source)
    for ending in ("png", "tif", "zarr", "jpg"):
        target = folder / os.fsdecode(b"\xff." + ending.encode())
        assert main(["upscale", str(source), str(target), *QUICK]) == 0
        assert target.exists()
    assert main(["restore", str(source), str(folder / "r.tif"), "--clean", str(source)]) == 0
    assert main(["batch", str(folder), str(tmp_path / "out"), "--format", "tif", *QUICK]) == 2  # several of one stem
    assert (tmp_path / "out" / os.fsdecode(b"caf\xe9-x2.tif")).exists()
    (folder / os.fsdecode(b"\xfe.png")).write_bytes(b"no picture")
    capfd.readouterr()
    assert main(["upscale", str(folder / os.fsdecode(b"\xfe.png")), str(tmp_path / "o.png")]) == 2
    assert "is not a picture that can be read" in capfd.readouterr().err


def test_many_writers_of_one_folder(tmp_path):
    """Sweeping, making and finishing at once: every answer is there, and nothing else."""
    def work(number):
        for turn in range(5):
            partial.sweep.cache_clear()
            write(tmp_path / f"{number}-{turn}.png", PictureFile(np.zeros((4, 4, 3), np.uint8)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(tmp_path.iterdir())) == 20
