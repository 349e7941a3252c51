"""What becomes of files while others are written: modes, named pipes, links under temporary names, names, Windows' rules."""

import errno
import os
import stat
import threading

import numpy as np
import pytest
from PIL import Image
from test_targets import array

from smssr_infer import files
from smssr_infer.cli import main
from smssr_infer.io import replacing, resumable_file, temporary_file, writing
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.writing import write

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has neither modes nor named pipes")
QUICK = ("--scale", "2", "--model", "smssr-x4-quick")


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
    """As masks, models, their words, chunks; and under every temporary name. (As the input one is read.)"""
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
    for words in (["restore", str(picture), out, "--fill", pipe],
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
    mark, folder = replacing.mark(f"a.{ending}"), tmp_path / "shared"
    folder.mkdir()
    victims = [tmp_path / name for name in ("unfinished.journal", "unfinished")]
    for victim in victims:
        victim.write_text("precious")
        plant(victim, folder / f".smssr-{mark}.{victim.name}")
    assert main(["upscale", str(picture), str(folder / f"a.{ending}"), *QUICK]) == 0
    assert [victim.read_text() for victim in victims] == ["precious", "precious"]
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
    temporary_file.sweep.cache_clear()
    temporary_file.sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_two_writers_of_one_target_are_noticed(tmp_path):
    first = resumable_file.ResumableFile(tmp_path / "a.tif", "order", False)
    with pytest.raises(ValueError, match="another run"):
        resumable_file.ResumableFile(tmp_path / "a.tif", "order", False)
    first.leave()
    assert not list(tmp_path.iterdir())


@POSIX
@pytest.mark.parametrize("ending", ["png", "tif"])
def test_files_are_written_where_none_can_be_locked(tmp_path, monkeypatch, ending):
    """As on some network file systems."""
    def unlockable(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(files.fcntl, "flock", unlockable)
    monkeypatch.setattr(writing, "RESUMED", 1)
    output = writing.Output(tmp_path / f"a.{ending}", PictureFile(np.zeros((5, 6, 3), np.uint8)), 5, 6, "order")
    output.put(np.zeros((5, 6, 3), np.uint8))
    output.finish()
    assert [path.name for path in tmp_path.iterdir()] == [f"a.{ending}"]


@POSIX
def test_a_journal_that_someone_removed_is_not_missed(tmp_path):
    """The picture is whole: that nothing could be resumed any more is no failure."""
    file = resumable_file.ResumableFile(tmp_path / "a.tif", "order", False)
    file._journal_path.unlink()
    file.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


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
    mask = tmp_path / os.fsdecode(b"mask\xe9.png")
    with Image.open(source) as shown:
        shown.convert("L").save(mask)
    assert main(["restore", str(source), str(folder / "r.tif"), "--clean", str(mask)]) == 0
    assert main(["batch", str(folder), str(tmp_path / "out"), "--format", "tif", *QUICK]) == 0  # also those of one stem
    assert (tmp_path / "out" / os.fsdecode(b"caf\xe9-x2.tif")).exists()
    (folder / os.fsdecode(b"\xfe.png")).write_bytes(b"no picture")
    capfd.readouterr()
    assert main(["upscale", str(folder / os.fsdecode(b"\xfe.png")), str(tmp_path / "o.png")]) == 2
    assert "is not a picture that can be read" in capfd.readouterr().err


def test_many_writers_of_one_folder(tmp_path):
    """Sweeping, making and finishing at once: every answer is there, and nothing else."""
    def work(number):
        for turn in range(5):
            temporary_file.sweep.cache_clear()
            write(tmp_path / f"{number}-{turn}.png", PictureFile(np.zeros((4, 4, 3), np.uint8)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(tmp_path.iterdir())) == 20
