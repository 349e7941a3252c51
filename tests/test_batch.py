"""A folder into a folder: names, formats, what is there already, failures."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer.batch import run as running
from smssr_infer.batch.forecast import Forecaster
from smssr_infer.batch.run import run
from smssr_infer.batch.spec import EXISTING, BatchSpec, jobs
from smssr_infer.cli import main
from smssr_infer.io.process import process
from smssr_infer.io.reading import read
from smssr_infer.io.save_options import SaveOptions
from smssr_infer.recipe import Recipe
from smssr_infer.runtime import Runtime
from smssr_infer.steps import Enlarge

GUARD = 120
"""Seconds after which what should have happened is given up."""


@pytest.fixture
def folder(tmp_path, small):
    """Three small pictures, one in a sub-folder, a broken one, and a note."""
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    Image.fromarray(small[:30, :40]).save(source / "a.png")
    Image.fromarray(small[40:70, :40]).save(source / "b.jpg")
    Image.fromarray(small[:20, 50:90]).save(source / "sub" / "c.tif")
    (source / "broken.png").write_bytes(b"\x89PNG no")
    (source / "notes.txt").write_text("no picture")
    return source


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_the_rest_is_done_and_a_second_run_does_what_is_missing(folder, tmp_path, small, capsys):
    out = tmp_path / "out"
    assert main(["batch", str(folder), str(out), "--scale", "2", "--recursive"]) == 2
    printed = capsys.readouterr()
    assert "3 written, 0 skipped (already exist), 1 failed" in printed.out
    assert "broken.png" in printed.err
    assert "1 of 4 pictures failed" in printed.err
    assert names(out) == ["a-x2.png", "b-x2.jpg", "sub/c-x2.tif"]
    assert np.array_equal(np.asarray(Image.open(out / "a-x2.png")), smssr.upscale(small[:30, :40], 2))
    (folder / "broken.png").unlink()
    (out / "b-x2.jpg").unlink()
    before = (out / "a-x2.png").stat().st_mtime_ns
    assert main(["batch", str(folder), str(out), "--scale", "2", "--recursive"]) == 0
    assert "1 written, 2 skipped (already exist), 0 failed" in capsys.readouterr().out
    assert (out / "a-x2.png").stat().st_mtime_ns == before


def test_answers_at_another_scale_are_no_pictures_to_enlarge(folder):
    (folder / "broken.png").unlink()
    for scale in (2, 3, 2.5):
        spec = BatchSpec(source=folder, target=folder, recipe=Recipe(Enlarge(scale)))
        assert [job.source.name for job in jobs(spec)] == ["a.png", "b.jpg"]
        run(spec, jobs(spec))
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(folder / "lonely-x2.png")  # whose original is not here: a picture like any other
    spec = BatchSpec(source=folder, target=folder, recipe=Recipe(Enlarge(2)))
    assert [job.source.name for job in jobs(spec)][:3] == ["a.png", "b.jpg", "lonely-x2.png"]


def test_what_was_there_is_said_to_be_left(folder, tmp_path, capsys):
    (folder / "broken.png").unlink()
    arguments = ["batch", str(folder), str(tmp_path / "out"), "--scale", "2"]
    assert main(arguments) == 0
    assert "--existing" not in capsys.readouterr().err
    assert main([*arguments, "--bands", "2,1,1"]) == 0
    assert "--existing replace" in capsys.readouterr().err


def test_the_best_answers_of_a_folder(folder, tmp_path):
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2, best=True)))
    run(spec, [job for job in jobs(spec) if job.source.name == "a.png"])
    expected = smssr.upscale(np.asarray(Image.open(folder / "a.png")), 2, best=True)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out" / "a-x2.png")), expected)


def test_what_only_enlarging_knows_is_refused_where_nothing_is_enlarged(folder, tmp_path, capsys):
    assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "1", "--clean", "--best"]) == 2
    assert "--best only applies to enlarging" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_cancelled_batch_says_how_far_it_came(folder, tmp_path, monkeypatch, capsys):
    (folder / "broken.png").rename(folder / "a-broken.png")
    begin = running.begin

    def once(recipe, file, source, *rest):
        if source.name == "b.jpg":
            raise KeyboardInterrupt
        return begin(recipe, file, source, *rest)

    monkeypatch.setattr(running, "begin", once)
    assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "2"]) == 130
    said = capsys.readouterr().err
    assert "cancelled: 1 written, 0 skipped (already exist), 1 failed" in said
    assert "a-broken.png is not a picture that can be read" in said
    assert names(tmp_path / "out") == ["a-x2.png"]


def test_existing_files(folder, tmp_path):
    out = tmp_path / "out"
    orders = {existing: BatchSpec(source=folder, target=out, recipe=Recipe(Enlarge(2)), ending="png", existing=existing)
              for existing in EXISTING}
    todo = jobs(orders["skip"])[:1]
    assert run(orders["skip"], todo).written == 1
    (out / "a-x2.png").write_bytes(b"old")
    assert run(orders["skip"], todo).skipped == 1
    assert (out / "a-x2.png").read_bytes() == b"old"
    assert run(orders["rename"], todo).written == 1
    assert names(out) == ["a-x2-2.png", "a-x2.png"]
    assert run(orders["replace"], todo).written == 1
    assert Image.open(out / "a-x2.png").size == (80, 60)


def test_names_and_formats(folder, tmp_path):
    todo = jobs(BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2.5)), pattern="{model}_{name}", ending="WEBP"))
    assert [job.target.name for job in todo] == ["smssr-x3_a.webp", "smssr-x3_b.webp", "smssr-x3_broken.webp"]


def test_names_that_meet_all_arrive(folder, tmp_path):
    """Also where a file system takes capitals for small letters; a second run finds each under its name."""
    (folder / "broken.png").unlink()
    for name in ("a.gif", "A.PNG"):
        Image.new("L", (30, 30)).save(folder / name)
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2)), pattern="{name}", ending="png")
    assert [(job.source.name, job.target.name) for job in jobs(spec)] == [
        ("A.PNG", "A-PNG-1.png"), ("a.gif", "a-gif.png"), ("a.png", "a-png-2.png"), ("b.jpg", "b.png")]
    assert run(spec, jobs(spec)).written == 4
    again = run(spec, jobs(spec))
    assert (again.written, again.skipped) == (0, 4)
    in_place = BatchSpec(source=folder, target=folder, recipe=Recipe(Enlarge(2)), ending="png")
    assert run(in_place, jobs(in_place)).written == 4
    assert [job.source.name for job in jobs(in_place)] == ["A.PNG", "a.gif", "a.png", "b.jpg"]


def test_names_by_template(folder, tmp_path):
    pattern = "{n:03}_{folder}_{stem}_{ext}_{width}x{height}_{scale}"
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(long_edge=100)), pattern=pattern, recursive=True)
    assert [job.target.relative_to(tmp_path / "out").as_posix() for job in jobs(spec)] == [
        "001_in_a_png_100x75_100px.png", "002_in_b_jpg_100x75_100px.jpg", "003_in_broken_png_0x0_100px.png",
        "sub/004_sub_c_tif_100x50_100px.tif"]


def test_all_that_looks_like_a_picture_is_accounted_for(folder, tmp_path, monkeypatch, capsys):
    """Thumbnails and trash are no pictures; all else is done or named."""
    (folder / "broken.png").unlink()
    for name in (".thumbnails", "@eaDir", ".Trash-1000", "$RECYCLE.BIN", "locked"):
        (folder / name).mkdir()
        Image.new("L", (30, 30)).save(folder / name / "d.png")
    (folder / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (folder / "round").symlink_to(folder)
    (folder / "IMG.HEIC").write_bytes((folder / "b.jpg").read_bytes())
    for name in ("sketch.xcf", "IMG.NEF"):
        (folder / name).write_bytes(b"no picture")
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in ("rawpy", "pillow_heif") else find(name))
    scandir = os.scandir

    def locked(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked)
    assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "2", "--recursive"]) == 2
    printed = capsys.readouterr()
    for words in (f"{folder / 'gone.jpg'} is a link to nothing", "sketch.xcf is GIMP's own format, which is not read; export it",
                  "IMG.NEF: a camera's raw picture needs one more package: pip install smssr[raw]",
                  "pip install smssr[heic]", f"{folder / 'locked'} cannot be looked into: Permission denied"):
        assert words in printed.err
    assert "3 written" in printed.out and "5 of 8" in printed.err
    assert names(tmp_path / "out") == ["a-x2.png", "b-x2.jpg", "sub/c-x2.tif"]


def test_into_the_same_folder(folder):
    for _ in range(2):
        spec = BatchSpec(source=folder, target=folder, recipe=Recipe(Enlarge(2)))
        summary = run(spec, jobs(spec))
    assert (summary.written, summary.skipped, len(summary.failures)) == (0, 2, 1)
    assert "a-x2-x2.png" not in names(folder)
    with pytest.raises(ValueError, match="replace the pictures"):
        BatchSpec(source=folder, target=folder, recipe=Recipe(Enlarge(2)), pattern="{name}")


@pytest.mark.parametrize("size, end", [({"long_edge": 64}, "64px"), ({"width": 60}, "60w"), ({"height": 50}, "50h"),
                                       ({"megapixels": 0.002}, "0.002Mpx"), ({"height": 60, "width": 80}, "80x60px")])
def test_what_is_done_to_a_size_is_named_after_the_size(folder, size, end):
    """It is told from the pictures of the same folder, by whatever size or scale it was made, and they from it."""
    (folder / "a.png").rename(folder / "a-2.png")
    Image.new("RGB", (20, 15)).save(folder / "a.png")
    for step in (Enlarge(**size), Enlarge(2), Enlarge(**size)):
        spec = BatchSpec(source=folder, target=folder, recipe=Recipe(step))
        summary = run(spec, jobs(spec))
        assert [job.source.name for job in jobs(spec)] == ["a-2.png", "a.png", "b.jpg", "broken.png"]
    assert (summary.written, summary.skipped) == (0, 3)
    assert {"a-2-x2.png", "a-x2.png", "b-x2.jpg", f"a-2-{end}.png", f"a-{end}.png", f"b-{end}.jpg"} <= set(names(folder))


def test_answers_within_the_folder_are_not_enlarged_again(folder):
    out = folder / "out"
    for _ in range(2):
        spec = BatchSpec(source=folder, target=out, recipe=Recipe(Enlarge(2)), recursive=True)
        summary = run(spec, jobs(spec))
    assert (summary.written, summary.skipped) == (0, 3)


@pytest.mark.parametrize(("options", "words"), [
    ({"pattern": "x"}, "{name}"), ({"pattern": "{name}{size}"}, "{name}"), ({"pattern": "{name:>9}"}, "digits"),
    ({"pattern": "{name"}, "broken"),
    ({"pattern": "a/{name}"}, "{name}"), ({"ending": "xyz"}, "not a format"),
    ({"recipe": lambda: Recipe(Enlarge(2, "nope"))}, "no model"), ({"recipe": Recipe}, "scale"),
    ({"existing": "burn"}, "skip, replace, rename"), ({"recipe": lambda: Recipe(Enlarge(2, bands=(1.0,)))}, "3 bands"),
])
def test_bad_wishes_are_one_line(folder, tmp_path, options, words):
    options = dict(options)
    with pytest.raises(ValueError, match=words) as caught:
        recipe = options.pop("recipe", lambda: Recipe(Enlarge(2)))()
        spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=recipe, **options)
        run(spec, jobs(spec))
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_one_line(tmp_path, capsys):
    assert main(["batch", str(tmp_path / "none"), str(tmp_path)]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert main(["batch", str(tmp_path), str(tmp_path / "out")]) == 2
    assert "holds no pictures" in capsys.readouterr().err


def test_cancel_keeps_what_is_done(folder, tmp_path, astronaut):
    Image.fromarray(np.tile(astronaut, (4, 4, 1))).save(folder / "large.png")
    command = [sys.executable, "-m", "smssr_infer.cli", "batch", folder, tmp_path / "out"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    until = time.monotonic() + GUARD
    while not (tmp_path / "out" / "b-x4.jpg").exists():
        assert time.monotonic() < until and running.poll() is None
        time.sleep(0.05)
    running.send_signal(2)  # the large one takes much longer than a signal, however busy the machine is
    _, errors = running.communicate(timeout=GUARD)
    assert running.returncode == 130
    assert "Traceback" not in errors
    assert names(tmp_path / "out") == ["a-x4.png", "b-x4.jpg"]


def test_whatever_goes_wrong_with_a_file_is_that_files(folder, tmp_path, monkeypatch):
    (folder / "broken.png").unlink()
    begin = running.begin

    def once(recipe, file, source, *rest):
        if source.name == "a.png":
            raise KeyError("something nobody thought of")
        return begin(recipe, file, source, *rest)

    monkeypatch.setattr(running, "begin", once)
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2)))
    summary = run(spec, jobs(spec))
    assert summary.written == 1
    assert [path.name for path, _ in summary.failures] == ["a.png"]
    assert "internal error" in summary.failures[0][1]


def test_what_progress_raises_cancels_and_is_no_failure_of_a_file(folder, tmp_path):
    class Stop(Exception):
        pass

    def stop(_job, _share):
        raise Stop

    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2)))
    with pytest.raises(Stop):
        run(spec, jobs(spec), stop)


def test_documents_and_data_are_no_pictures(folder):
    for name in ("manual.pdf", "data.h5", "weather.grib", "film.mpg"):
        (folder / name).write_bytes(b"%PDF-1.4 or something else")
    spec = BatchSpec(source=folder, target=folder / "out", recipe=Recipe(Enlarge(2)))
    assert [job.source.name for job in jobs(spec)] == ["a.png", "b.jpg", "broken.png"]


@pytest.mark.parametrize("ending", [".tif", ".png", ".jpg"])
def test_an_absurd_resolution_troubles_nobody(folder, tmp_path, small, ending, capsys):
    """A header may say anything; what an answer's format cannot hold is left out."""
    (folder / "broken.png").unlink()
    Image.fromarray(small[:20, :20]).save(folder / "absurd.tif", dpi=(4294967295, 4294967295))
    assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "2", "--format", ending]) == 0, capsys.readouterr().err
    with Image.open(tmp_path / f"out/absurd-x2{ending}") as answer:
        assert answer.size == (40, 40)
        assert "dpi" not in answer.info or max(answer.info["dpi"]) < 1e7


@pytest.mark.parametrize(("words", "end", "times"), [
    (["--style", "canvas"], "-painted", 1), (["--style", "canvas", "--clean"], "-restored", 1),
    (["--style", "canvas", "--scale", "2"], "-x2", 2), ([], "-x4", 4)])
def test_what_is_painted_on_is_not_enlarged_unasked(folder, tmp_path, words, end, times):
    main(["batch", str(folder), str(tmp_path / "out"), *words])
    for given in (folder / "a.png", folder / "b.jpg"):
        with Image.open(tmp_path / "out" / f"{given.stem}{end}{given.suffix}") as result, Image.open(given) as before:
            assert result.size == tuple(times * n for n in before.size)


def test_a_forecast_says_which_result_cannot_be_written(tmp_path, small):
    """It tries a piece of each picture in a file of its own, of which nobody knows."""
    Image.fromarray(np.dstack([small[:30, :40], small[:30, :40, 0]])).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="transparency") as refused:
        Forecaster(Recipe(Enlarge(scale=2)), SaveOptions()).tell(tmp_path / "a.png", tmp_path / "a-x2.jpg")
    assert str(tmp_path / "a-x2.jpg") in str(refused.value) and "piece" not in str(refused.value)


def test_a_forecast_knows_that_a_drawing_takes_less_than_a_photograph(tmp_path, astronaut):
    drawing = np.full((256, 256, 3), 240, np.uint8)
    drawing[80:170, 60:200] = 30, 90, 160
    given = {"a": astronaut[:256, :256], "b": drawing, "c": np.repeat(astronaut[:256, :256, :1], 3, 2)}
    told = Forecaster(recipe := Recipe(Enlarge(scale=2)), SaveOptions())
    for name, picture in given.items():
        source, target = tmp_path / f"{name}.png", tmp_path / f"{name}-x2.png"
        Image.fromarray(picture).save(source)
        foretold = told.tell(source, target).nbytes
        process(recipe, read(source), source, target, Runtime(), lambda words: None)
        assert 1 / 3 < foretold / target.stat().st_size < 3


def test_pictures_in_folders_within_are_told_of(folder, tmp_path, capsys):
    (folder / "empty").mkdir()
    for words, told in ((["--scale", "2"], True), (["--scale", "2", "--recursive"], False)):
        main(["batch", str(folder), str(tmp_path / "out"), *words])
        assert ("in folders within, such as sub, are left out" in capsys.readouterr().err) is told


def test_it_says_what_single_commands_say(tmp_path, small, capsys):
    """What pictures were taken for, alike ones in one line; and what in the folder is no picture."""
    (tmp_path / "in").mkdir()
    rng = np.random.default_rng(3)
    for k, sigma in enumerate((20, 30)):
        noisy = np.clip(np.rint(small + sigma * rng.standard_normal(small.shape)), 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(tmp_path / f"in/{k}.png")
    for name in ("notes.txt", "0.xmp", ".hidden", "Thumbs.db"):
        (tmp_path / "in" / name).write_text("x")
    main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--scale", "2"])
    said = capsys.readouterr().err.splitlines()
    noise, = (line for line in said if "noise" in line)
    assert re.search(r"0\.png and 1 more: has noise of [\d.]+–[\d.]+ levels of 255: cleaned of it first", noise)
    assert f"smssr: {tmp_path / 'in/notes.txt'}: no picture; left out" in said
    (tmp_path / "in/more.txt").write_text("x")
    main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--scale", "2"])
    assert f"smssr: {tmp_path / 'in'}: 2 files, such as more.txt, are no pictures; left out" in capsys.readouterr().err.splitlines()
