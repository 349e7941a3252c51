"""The report of a batch: every picture by name, whatever became of it."""

import csv
import os
import re

import nasty
import numpy as np
import pytest
from PIL import Image

from smssr_infer.batch.existing import Summary
from smssr_infer.cli import main

QUICK = ["--scale", "2"]


@pytest.fixture
def folder(tmp_path, small):
    source = tmp_path / "in"
    source.mkdir()
    Image.fromarray(small[:30, :40]).save(source / "a.png")
    Image.fromarray(small[:60, :60]).save(source / "photo.jpg", quality=40)
    Image.fromarray(np.dstack([small[:30, :30], small[:30, :30, 0]])).save(source / "c&<d>.png")
    (source / "broken.png").write_bytes(b"\x89PNG no")
    (source / "gone.jpg").symlink_to(tmp_path / "nowhere")
    return source


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return {row["picture"].rpartition("/")[2]: row for row in csv.DictReader(file)}


def relative(path, folder):
    """A report's rows by the picture's place in the folder."""
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        return {os.path.relpath(row["picture"], folder): row for row in csv.DictReader(file)}


def test_a_row_for_every_picture(folder, tmp_path):
    report = tmp_path / "report.csv"
    words = ["batch", str(folder), str(tmp_path / "out"), *QUICK, "--report", str(report)]
    assert main(words) == 2
    found = rows(report)
    assert {name: row["state"] for name, row in found.items()} == {
        "a.png": "written", "broken.png": "failed", "c&<d>.png": "written", "gone.jpg": "failed", "photo.jpg": "written"}
    assert found["a.png"]["size"] == "40×30" and found["a.png"]["result size"] == "80×60"
    assert found["a.png"]["models"] == "smssr-x2" and float(found["a.png"]["seconds"]) >= 0
    assert "enlarged as a photograph" in found["photo.jpg"]["remarks"] and "smssr-x4-photo" in found["photo.jpg"]["models"]
    assert found["gone.jpg"]["remarks"].endswith("is a link to nothing") and not found["gone.jpg"]["result"]
    assert main(words) == 2
    assert rows(report)["a.png"]["state"] == "skipped"


def test_a_page_with_pictures_before_and_after(folder, tmp_path):
    report = tmp_path / "report.html"
    for _ in range(2):  # also of what was there already
        assert main(["batch", str(folder), str(tmp_path / "out"), *QUICK, "--report", str(report)]) == 2
        page = report.read_text(encoding="utf-8")
        assert page.count("data:image/jpeg;base64,") == 6
        assert "c&amp;&lt;d&gt;.png" in page and "<d>" not in page
    assert re.search(r'<tr class="failed">.*broken\.png', page)


def test_what_was_not_begun_is_in_the_report_too(folder, tmp_path, monkeypatch):
    from smssr_infer.batch import run as running

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run", stopped)
    assert main(["batch", str(folder), str(tmp_path / "out"), *QUICK, "--report", str(tmp_path / "r.csv")]) == 130
    assert {row["state"] for row in rows(tmp_path / "r.csv").values()} == {"not done"}
    assert Summary().rows == {}


def test_a_report_of_no_kind_is_refused(folder, tmp_path, capsys):
    assert main(["batch", str(folder), str(tmp_path / "out"), *QUICK, "--report", str(tmp_path / "r.txt")]) == 2
    assert ".csv or .html" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_every_nasty_file_is_accounted_for_by_name(tmp_path):
    """Of every kind that a press or an archive would stumble over: written, or failed in words that are true; a second run does nothing."""
    (tmp_path / "in").mkdir()
    nasty.make(tmp_path / "in")
    words = ["batch", str(tmp_path / "in"), str(tmp_path / "out"), "--scale", "2", "--model", "smssr-x4-quick", "--recursive", "--report"]
    assert main([*words, str(tmp_path / "first.csv")]) == 2
    first = relative(tmp_path / "first.csv", tmp_path / "in")
    assert first.keys() == nasty.WRITTEN.keys() | nasty.FAILED.keys()
    assert {name for name, row in first.items() if row["state"] != "written"} == nasty.FAILED.keys()
    for name, said in {**nasty.WRITTEN, **nasty.FAILED}.items():
        assert said in first[name]["remarks"], name
        assert first[name]["remarks"] or name in nasty.WRITTEN
    results = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert len(results) == len(nasty.WRITTEN)  # each under a name of its own
    assert {str(path) for path in results} == {first[name]["result"] for name in nasty.WRITTEN}
    assert main([*words, str(tmp_path / "second.csv")]) == 2
    second = relative(tmp_path / "second.csv", tmp_path / "in")
    assert {name: row["state"] for name, row in second.items()} == {
        name: "failed" if name in nasty.FAILED else "skipped" for name in first}
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()} == results
