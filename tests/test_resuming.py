"""Killed and started again: what is resumed, what begins anew, what is on the disk before it is promised, and what a kill can leave."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from test_writing import recorded

from smssr_infer.arrays.large import LargePicture
from smssr_infer.cli import main
from smssr_infer.io import replacing, resumable_file, temporary_file, writing
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read_large
from smssr_infer.nodes import held
from smssr_infer.recipe import Recipe
from smssr_infer.runtime import Runtime
from smssr_infer.steps import Enlarge

zarr = pytest.importorskip("zarr")


def pixels_of(path):
    file = read_large(path)
    return np.asarray(file.pixels[:, :])


def save(path, seed=0, shape=(200, 40, 3)):
    pixels = np.random.default_rng(seed).integers(0, 255, shape, dtype=np.uint8)
    if path.suffix == ".zarr":
        array = zarr.open_array(path) if path.exists() else zarr.create_array(path, shape=shape, chunks=(50, 40, 3), dtype="uint8")
        array[:] = pixels
    else:
        Image.fromarray(pixels).save(path)
    return path


def begun(folder, ending="tif", shape=(512, 64, 3)):
    """A file of fours with one band noted, left by a run that ended; its journal."""
    output = writing.Output(folder / f"a.{ending}", PictureFile(np.zeros(shape, np.uint8)), *shape[:2], "order")
    step = output.rows
    for top in (0, step):
        output.put(np.full((step, *shape[1:]), 4, np.uint8))
        assert output.done == top + step
    output.discard()
    assert output.kept
    return folder / f".smssr-{replacing.mark(f'a.{ending}')}.unfinished.journal"


def finished(folder, ending="tif", shape=(512, 64, 3)):
    """The file of fours, finished, as another process does it; how many rows were there already."""
    temporary_file.sweep.cache_clear()
    output = writing.Output(folder / f"a.{ending}", PictureFile(np.zeros(shape, np.uint8)), *shape[:2], "order")
    done = output.done
    for top in range(done, shape[0], output.rows):
        output.put(np.full((min(output.rows, shape[0] - top), *shape[1:]), 4, np.uint8))
    output.finish()
    assert (pixels_of(folder / f"a.{ending}") == 4).all()
    assert [path.name for path in folder.iterdir()] == [f"a.{ending}"]
    return done


def noted(**change):
    return lambda lines: [lines[0], json.dumps(json.loads(lines[1]) | change)]


LIES = {
    "a list first": lambda lines: ["[]", *lines[1:]],
    "null first": lambda lines: ["null", *lines[1:]],
    "no json": lambda lines: ["{", *lines],
    "another order": lambda lines: ['{"fingerprint": "another"}', *lines[1:]],
    "more in the order": lambda lines: ['{"fingerprint": "order", "a": 1}', *lines[1:]],
    "no rows": lambda lines: [lines[0], "{}"],
    "rows of words": noted(rows="64"), "rows true": noted(rows=True), "rows below 0": noted(rows=-64), "too many rows": noted(rows=10**9),
    "other rows": noted(rows=100), "more rows than there are": noted(rows=128),
    "no checksum": noted(checksum=None), "another checksum": noted(checksum=1),
}
TIFF_LIES = {
    "long tiles": noted(sizes=[10**6]), "short tiles": noted(sizes=[1]), "tiles below 0": noted(sizes=[-5]), "no tiles": noted(sizes=[]),
    "more tiles": noted(sizes=[5, 5]), "no list of tiles": noted(sizes=7),
}


@pytest.mark.parametrize(("ending", "lie"), [*(("tif", lie) for lie in LIES | TIFF_LIES), *(("zarr", lie) for lie in LIES)])
def test_a_journal_that_lies_is_not_believed(tmp_path, little_memory, ending, lie):
    journal = begun(tmp_path, ending)
    lines = journal.read_text().splitlines()
    assert len(lines) == 2
    journal.write_text("".join(f"{line}\n" for line in (LIES | TIFF_LIES)[lie](lines)))
    assert finished(tmp_path, ending) == 0


@pytest.mark.parametrize("ending", ["tif", "zarr"])
def test_a_file_that_is_not_what_was_noted_begins_anew(tmp_path, little_memory, ending):
    unfinished_file = begun(tmp_path, ending).with_suffix("")
    data = next(path for path in [unfinished_file, *unfinished_file.rglob("c/0/0/0")] if path.is_file())
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 1
    data.write_bytes(content)
    assert finished(tmp_path, ending) == 0


@pytest.mark.parametrize("ending", ["tif", "zarr"])
def test_a_note_cut_short_is_cut_off(tmp_path, little_memory, ending):
    """And notes after it can be read again."""
    journal = begun(tmp_path, ending)
    with open(journal, "a") as stream:
        stream.write('{"rows": 12')
    output = writing.Output(tmp_path / f"a.{ending}", PictureFile(np.zeros((512, 64, 3), np.uint8)), 512, 64, "order")
    for _ in range(2):
        output.put(np.full((64, 64, 3), 4, np.uint8))
    output.discard()
    assert all(json.loads(line) for line in journal.read_text().splitlines())
    if ending == "zarr":  # what zarr leaves when it is killed
        (journal.with_suffix("") / "c" / "0" / ".0.partial").write_bytes(b"half")
    assert finished(tmp_path, ending) == 128


@pytest.mark.parametrize("ending", ["tif", "zarr"])
def test_data_are_on_the_disk_before_the_journal_says_so_and_then_the_journal(tmp_path, little_memory, monkeypatch, ending):
    written, synced = [], set()
    sync, write = os.fsync, resumable_file.ResumableFile._write
    target = tmp_path / f"a.{ending}"
    whole = tmp_path / f".smssr-{replacing.mark(target.name)}.unfinished"

    def noting(self, note):
        if "rows" in note:
            written.append(note["rows"])
            promised = "c", str(note["rows"] // 64)
            chunks = {path for path in [whole, *whole.rglob("*")] if ending == "tif" or path.relative_to(whole).parts[:2] < promised}
            assert chunks and {os.stat(path).st_ino for path in chunks} <= synced
        synced.discard(journal := os.fstat(self._journal.fileno()).st_ino)
        write(self, note)
        assert journal in synced  # or a power cut would take back what was said to be done

    monkeypatch.setattr(os, "fsync", lambda handle: (synced.add(os.fstat(handle).st_ino), sync(handle)))
    monkeypatch.setattr(resumable_file.ResumableFile, "_write", noting)
    output = writing.Output(target, PictureFile(np.zeros((256, 64, 3), np.uint8)), 256, 64, "order")
    for value in range(1, 5):
        synced.clear() if ending == "tif" else None
        output.put(np.full((64, 64, 3), value, np.uint8))
    assert written == [64, 128, 192]
    happened = recorded(monkeypatch)
    output.finish()
    rename = happened.index(f"rename to {target.name}")
    assert "sync file" in happened[:rename] and "sync folder" in happened[rename:]
    if ending == "zarr":
        assert {os.stat(path).st_ino for path in [target, *target.rglob("*")]} <= synced


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", [0, 1, 2, 3, 4, 7, 12, 13])
def test_of_two_zarr_arrays_one_is_there_whole_whenever_it_ends(tmp_path, monkeypatch, step):
    """Killed before any of the 13 steps that replace the old one by the new one, or after them."""
    zarr.create_array(tmp_path / "a.zarr", shape=(9, 8), chunks=(4, 4), dtype="uint8")[:] = 7
    output = writing.Output(tmp_path / "a.zarr", PictureFile(np.zeros((5, 6, 3), np.uint8)), 5, 6, "order")
    output.put(np.full((5, 6, 3), 9, np.uint8))
    output._sink.finish()
    left = [step]

    def dying(work):
        def done(*words, **more):
            if not left[0]:
                raise Killed
            left[0] -= 1
            return work(*words, **more)
        return done

    with monkeypatch.context() as patch:
        for module, name in ((os, "replace"), (os, "mkdir"), (os, "unlink"), (shutil, "rmtree")):
            patch.setattr(module, name, dying(getattr(module, name)))
        try:
            output._partial.finish()
        except Killed:
            output._partial._journal.close()  # as the system does
            assert step < 13
        else:
            assert step == 13
    temporary_file.sweep.cache_clear()
    temporary_file.sweep(tmp_path)
    found = pixels_of(tmp_path / "a.zarr")[..., 0]
    assert np.array_equal(found, np.full((9, 8), 7)) if step <= 2 else np.array_equal(found, np.full((5, 6), 9))
    assert {path.name.split(".")[-1] for path in tmp_path.iterdir()} <= {"zarr", "unfinished", "journal"}
    writing.write(tmp_path / "a.zarr", PictureFile(np.full((3, 3, 3), 1, np.uint8)))
    assert (pixels_of(tmp_path / "a.zarr") == 1).all() and [path.name for path in tmp_path.iterdir()] == ["a.zarr"]


def test_another_run_leaves_alone_what_is_being_replaced(tmp_path, monkeypatch):
    """It takes up only what dead writers left: the old array is not put back beside a writer that lives."""
    zarr.create_array(tmp_path / "a.zarr", shape=(9, 8), chunks=(4, 4), dtype="uint8")[:] = 7
    output = writing.Output(tmp_path / "a.zarr", PictureFile(np.zeros((5, 6, 3), np.uint8)), 5, 6, "order")
    output.put(np.full((5, 6, 3), 9, np.uint8))
    replace, moved = os.replace, []

    def beside_another(source, target):
        temporary_file.sweep.cache_clear()
        temporary_file.sweep(tmp_path)
        moved.append(os.path.basename(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", beside_another)
    output.finish()
    assert moved.count("a.zarr") == 2  # the old one aside, the new one into its place
    assert (pixels_of(tmp_path / "a.zarr") == 9).all() and [path.name for path in tmp_path.iterdir()] == ["a.zarr"]


def test_a_full_disk_keeps_what_a_zarr_array_has(tmp_path, little_memory):
    """And no library says anything of its own."""
    save(tmp_path / "in.png")
    code = """
import errno, os, sys
from smssr_infer.io import streaming, zarr_sink
streaming.BAND, streaming.LEAST_ROWS, zarr_sink.CHUNK, zarr_sink.ZarrSink.rows = 1, 64, 64, 64
from zarr.storage import _local
from smssr_infer.cli import main
put, room = _local._put, [10]
def full(path, value, exclusive=False):
    room[0] -= 1
    if room[0] < 0:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return put(path, value, exclusive)
_local._put = full
sys.exit(main(sys.argv[1:]))
"""
    words = ["upscale", str(tmp_path / "in.png"), str(tmp_path / "a.zarr"), "--scale", "4", "--model", "smssr-x4-quick"]
    ended = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert ended.returncode == 2
    line, = ended.stderr.splitlines()
    assert "No space left" in line and "what is done is kept" in line
    assert main(words) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zarr", "in.png"]


def enlargement(folder, grey=False):
    pixels = np.random.default_rng(0).integers(0, 255, (30, 20) if grey else (30, 20, 3), dtype=np.uint8)
    return Recipe(Enlarge(2, "smssr-x4-quick")).build(writing.PictureFile(pixels).picture(), Runtime(scratch=folder))


def test_what_is_large_is_held_in_a_file(tmp_path, monkeypatch):
    small = held.held(enlargement(tmp_path))
    monkeypatch.setattr(held, "HELD", 1)
    large = held.held(enlargement(tmp_path))
    assert not isinstance(small, LargePicture)
    assert isinstance(large, LargePicture) and isinstance(large.array, held.Spool)
    assert np.array_equal(large.read(0, 60, 0, 40), small.read(0, 60, 0, 40))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("grey", [False, True])
def test_a_picture_is_painted_where_it_is_held(tmp_path, monkeypatch, grey):
    shape = (30, 40) if grey else (30, 40, 3)
    save(tmp_path / "in.png", shape=shape)
    words = ["stylize", str(tmp_path / "in.png"), "OUT", "--style", "fur", "--scale", "2", "--model", "smssr-x4-quick"]
    for least in (1 << 29, 1):
        monkeypatch.setattr(held, "HELD", least)
        assert main([str(tmp_path / f"{least}.png") if word == "OUT" else word for word in words]) == 0
    assert np.abs(pixels_of(tmp_path / "1.png").astype(int) - pixels_of(tmp_path / f"{1 << 29}.png")).max() <= 1


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="room is taken by writing there")
def test_no_room_for_what_is_held_is_one_line(tmp_path, monkeypatch, capsys):
    """Before anything is written through a memory map, where it would be SIGBUS."""
    save(tmp_path / "in.png")
    monkeypatch.setattr(held, "HELD", 1)
    asked = []

    def full(_handle, offset, size):
        asked.append((offset, size))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    assert main(["stylize", str(tmp_path / "in.png"), str(tmp_path / "o.png"), "--style", "fur", "--scale", "2"]) == 2
    error = capsys.readouterr().err
    assert "No space left" in error and error.count("\n") == 1
    assert asked == [(0, 400 * 80 * 3)]
    assert [path.name for path in tmp_path.iterdir()] == ["in.png"]
