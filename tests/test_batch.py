"""A folder into a folder: names, formats, what is there already, failures."""

import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer import batch
from smssr_infer.cli import main


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
    assert "3 written, 0 there already, 1 failed" in printed.out
    assert "broken.png" in printed.err
    assert "1 of 4 pictures failed" in printed.err
    assert names(out) == ["a-x2.png", "b-x2.jpg", "sub/c-x2.tif"]
    assert np.array_equal(np.asarray(Image.open(out / "a-x2.png")), smssr.upscale(small[:30, :40], 2))
    (folder / "broken.png").unlink()
    (out / "b-x2.jpg").unlink()
    before = (out / "a-x2.png").stat().st_mtime_ns
    assert main(["batch", str(folder), str(out), "--scale", "2", "--recursive"]) == 0
    assert "1 written, 2 there already, 0 failed" in capsys.readouterr().out
    assert (out / "a-x2.png").stat().st_mtime_ns == before


def test_answers_at_another_scale_are_no_pictures_to_enlarge(folder):
    (folder / "broken.png").unlink()
    for scale in (2, 3, 2.5):
        plan = batch.jobs(folder, folder, scale=scale)
        assert [job.source.name for job in plan] == ["a.png", "b.jpg"]
        batch.run(plan, scale=scale)
    Image.fromarray(np.zeros((9, 9), np.uint8)).save(folder / "lonely-x2.png")  # whose original is not here: a picture like any other
    assert [job.source.name for job in batch.jobs(folder, folder, scale=2)][:3] == ["a.png", "b.jpg", "lonely-x2.png"]


def test_what_was_there_is_said_to_be_left(folder, tmp_path, capsys):
    (folder / "broken.png").unlink()
    arguments = ["batch", str(folder), str(tmp_path / "out"), "--scale", "2"]
    assert main(arguments) == 0
    assert "--existing" not in capsys.readouterr().err
    assert main([*arguments, "--bands", "2,1,1"]) == 0
    assert "--existing replace" in capsys.readouterr().err


def test_a_cancelled_batch_says_how_far_it_came(folder, tmp_path, monkeypatch, capsys):
    (folder / "broken.png").unlink()
    enlarge = batch.enlarge

    def once(job, *rest):
        if job.source.name == "b.jpg":
            raise KeyboardInterrupt
        enlarge(job, *rest)

    monkeypatch.setattr(batch, "enlarge", once)
    assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "2"]) == 130
    assert "cancelled: 1 written" in capsys.readouterr().err
    assert names(tmp_path / "out") == ["a-x2.png"]


def test_existing_files(folder, tmp_path):
    out = tmp_path / "out"
    plan = batch.jobs(folder, out, scale=2, format_="png")[:1]
    assert batch.run(plan, scale=2).written == 1
    (out / "a-x2.png").write_bytes(b"old")
    assert batch.run(plan, scale=2).skipped == 1
    assert (out / "a-x2.png").read_bytes() == b"old"
    assert batch.run(plan, scale=2, existing="rename").written == 1
    assert names(out) == ["a-x2-2.png", "a-x2.png"]
    assert batch.run(plan, scale=2, existing="replace").written == 1
    assert Image.open(out / "a-x2.png").size == (80, 60)


def test_names_and_formats(folder, tmp_path):
    plan = batch.jobs(folder, tmp_path / "out", scale=2.5, pattern="{model}_{name}", format_="WEBP")
    assert [job.target.name for job in plan] == ["smssr-x3_a.webp", "smssr-x3_b.webp", "smssr-x3_broken.webp"]
    Image.new("L", (30, 30)).save(folder / "a.gif")
    plan = batch.jobs(folder, tmp_path / "out", scale=2, pattern="{name}", format_="png")
    summary = batch.run([job for job in plan if job.source.stem == "a"], scale=2)
    assert summary.written == 1
    assert "rename one" in summary.failures[0][1]


def test_into_the_same_folder(folder):
    for _ in range(2):
        summary = batch.run(batch.jobs(folder, folder, scale=2), scale=2)
    assert (summary.written, summary.skipped, len(summary.failures)) == (0, 2, 1)
    assert "a-x2-x2.png" not in names(folder)
    with pytest.raises(ValueError, match="replace the pictures"):
        batch.jobs(folder, folder, scale=2, pattern="{name}")


def test_answers_within_the_folder_are_not_enlarged_again(folder):
    out = folder / "out"
    for _ in range(2):
        summary = batch.run(batch.jobs(folder, out, scale=2, recursive=True), scale=2)
    assert (summary.written, summary.skipped) == (0, 3)


@pytest.mark.parametrize(("options", "words"), [
    ({"pattern": "x"}, "{name}"), ({"pattern": "{name}{size}"}, "{name}"), ({"pattern": "{name"}, "broken"), 
    ({"pattern": "a/{name}"}, "{name}"), ({"format_": "xyz"}, "no format"), ({"model": "nope"}, None), ({"scale": 1}, None),
])
def test_bad_wishes_are_one_line(folder, tmp_path, options, words):
    with pytest.raises(ValueError, match=words) as caught:
        batch.run(batch.jobs(folder, tmp_path / "out", **{"scale": 2, **options}), **{"scale": 2, "model": options.get("model")})
        raise ValueError("nothing failed")
    assert "\n" not in str(caught.value)
    assert "nothing failed" not in str(caught.value)


def test_a_missing_folder_is_one_line(tmp_path, capsys):
    assert main(["batch", str(tmp_path / "none"), str(tmp_path)]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert main(["batch", str(tmp_path), str(tmp_path / "out")]) == 2
    assert "holds no pictures" in capsys.readouterr().err


def test_cancel_keeps_what_is_done(folder, tmp_path, astronaut):
    Image.fromarray(np.tile(astronaut, (4, 4, 1))).save(folder / "large.png")
    command = [sys.executable, "-m", "smssr_infer.cli", "batch", folder, tmp_path / "out"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for _ in range(100):
        time.sleep(0.1)
        if (tmp_path / "out" / "b-x4.jpg").exists():
            break
    time.sleep(1.0)
    running.send_signal(2)
    _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Traceback" not in errors
    assert names(tmp_path / "out") == ["a-x4.png", "b-x4.jpg"]
