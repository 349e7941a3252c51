"""The engine process: the same pixels as the library, previews, cancel, errors in one line, and it ends with its input."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer.engine.frames import read_frame, write_frame
from smssr_infer.engine.installing import ask


class Engine:
    """A running worker and how one talks to it."""

    def __init__(self, command=(sys.executable, "-m", "smssr_infer.engine"), environment=None):
        """`environment`: variables that it gets besides."""
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | (environment or {}))
        self.number = 0

    def send(self, payload=b"", **request):
        self.number += 1
        write_frame(self.process.stdin, {"id": self.number, **request}, payload)
        return self.number

    def put(self, pixels, picture=1):
        pixels = pixels.astype(np.float32)
        h, w, c = pixels.shape
        for top in range(0, h, 50):
            rows = pixels[top:top + 50]
            self.send(rows.tobytes(), do="put", picture=picture, height=h, width=w, channels=c, top=top, rows=len(rows))

    def answers(self, number):
        """All answers to a request, until its last."""
        while True:
            header, payload = read_frame(self.process.stdout)
            if header["id"] != number:
                continue
            yield header, payload
            if "tile" not in header and "file" not in header:
                return

    def picture(self, number, height, width, channels):
        out = np.full((height, width, channels), np.nan, np.float32)
        for header, payload in self.answers(number):
            if "tile" in header:
                a, b, c, d = header["tile"]
                out[a:b, c:d] = np.frombuffer(payload, np.float32).reshape(b - a, d - c, channels)
        assert header.get("end"), header
        return out


@pytest.fixture(scope="module")
def engine():
    engine = Engine()
    yield engine
    engine.process.stdin.close()
    assert engine.process.wait(timeout=5) == 0


@pytest.fixture
def picture(small):
    x = small[:90, :110].astype(np.float32) / 255
    alpha = np.ones((*x.shape[:2], 1), np.float32)
    alpha[:20, :30] = 0
    return np.concatenate([x, alpha], axis=2)


def test_hello_names_models_and_styles(engine):
    (header, _), = engine.answers(engine.send(do="hello"))
    assert {"smssr-x4", "gravel"} <= {card["name"] for card in header["models"]}
    assert header["version"] == smssr.__version__


def test_pixels_are_the_librarys(engine, picture):
    engine.put(picture)
    expected = smssr.upscale(picture, 4)
    got = engine.picture(engine.send(do="upscale", picture=1, height=360, width=440), 360, 440, 4)
    assert np.abs(got - expected).max() <= 1e-5
    window = (100, 163, 77, 200)
    got = engine.picture(engine.send(do="upscale", picture=1, height=360, width=440, window=window), 360, 440, 4)
    assert np.abs(got[100:163, 77:200] - expected[100:163, 77:200]).max() <= 1e-5
    assert np.isnan(got[:100]).all()
    best = engine.picture(engine.send(do="upscale", picture=1, height=360, width=440, best=True), 360, 440, 4)
    assert np.abs(best - smssr.upscale(picture, 4, best=True)).max() <= 1e-5
    uneven = engine.picture(engine.send(do="upscale", picture=1, height=200, width=333, model="smssr-x4"), 200, 333, 4)
    assert np.isfinite(uneven).all()


def test_residuals_are_the_librarys(engine, picture):
    engine.put(picture)
    expected = smssr.style_residual(picture, "gravel", seed=3)
    got = engine.picture(engine.send(do="style", picture=1, style="gravel", seed=3), 90, 110, 3)
    assert np.abs(got - expected[..., None]).max() <= 1e-5
    got = engine.picture(engine.send(do="style", picture=1, style="gravel", seed=3, window=(5, 40, 9, 80)), 90, 110, 3)[5:40, 9:80]
    assert np.abs(got - expected[5:40, 9:80, None]).max() <= 1e-5
    got = engine.picture(engine.send(do="style", picture=1, style="flaking-rust", seed=3), 90, 110, 3)
    assert np.abs(got - smssr.style_residual(picture, "flaking-rust", seed=3)).max() <= 1e-5
    got = engine.picture(engine.send(do="style", picture=1, style="flaking-rust", seed=3, colour=0), 90, 110, 3)
    assert np.abs(got - got.mean(-1, keepdims=True)).max() <= 1e-5
    grey = engine.picture(engine.send(do="style", picture=1, style="gravel", seed=3, colour=0.5), 90, 110, 3)
    assert np.abs(grey - expected[..., None]).max() <= 1e-5, "a network's style has no colours to lose"


@pytest.mark.parametrize("request_", [
    {"do": "dance"}, {"do": "upscale", "picture": 99, "height": 9, "width": 9}, {"do": "style", "picture": 1, "style": "nope"},
    {"do": "upscale", "picture": 1, "height": 1 << 20, "width": 1 << 20},
    {"do": "style", "picture": 1, "style": "gravel", "window": [0, 999, 0, 1]},
    {"do": "batch", "input": "/nowhere", "output": "/nowhere", "scale": 2},
])
def test_errors_are_one_line_and_the_engine_goes_on(engine, picture, request_):
    engine.put(picture)
    (header, _), = engine.answers(engine.send(**request_))
    assert header["error"]
    assert "\n" not in header["error"]
    (header, _), = engine.answers(engine.send(do="hello"))
    assert header["version"] == smssr.__version__


def test_a_late_preview_is_dropped(engine, astronaut):
    engine.put(astronaut / 255)
    old = engine.send(do="upscale", picture=1, height=2048, width=2048)
    waiting = engine.send(do="upscale", picture=1, height=2048, width=2048)
    write_frame(engine.process.stdin, {"id": waiting, "do": "cancel"})
    new = engine.send(do="upscale", picture=1, height=2048, width=2048, window=(0, 50, 0, 50))
    ends = {}
    while new not in ends:
        header, _ = read_frame(engine.process.stdout)
        if "tile" not in header:
            ends[header["id"]] = header
    assert ends[old] == {"id": old, "cancelled": True}
    assert ends[waiting] == {"id": waiting, "cancelled": True}
    assert ends[new]["end"]


def test_a_batch(engine, small, tmp_path):
    Image.fromarray(small[:20, :20]).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no")
    *files, (header, _) = engine.answers(engine.send(do="batch", input=str(tmp_path), output=str(tmp_path / "out"), scale=2))
    assert header["written"] == 1
    assert header["failures"][0][0].endswith("b.png")
    assert {h["file"] for h, _ in files} >= {"a.png"}
    assert (tmp_path / "out" / "a-x2.png").exists()


def test_it_ends_with_its_input_even_at_work(astronaut):
    engine = Engine()
    engine.put(astronaut / 255)
    number = engine.send(do="upscale", picture=1, height=8192, width=8192, model="paper-x4")  # minutes of work
    next(engine.answers(number))
    engine.process.stdin.close()
    engine.process.stdout.close()
    engine.process.wait(timeout=30)


def test_a_picture_that_is_on_its_way_arrives_though_what_was_asked_before_is_dropped(engine, picture):
    """Its rows are sent before the cancel is, and have lower numbers."""
    engine.put(picture[::-1])
    old = engine.send(do="upscale", picture=1, height=2048, width=2048)
    engine.put(picture)
    write_frame(engine.process.stdin, {"id": engine.number, "do": "cancel"})
    assert list(engine.answers(old))[-1][0].get("cancelled")
    got = engine.picture(engine.send(do="upscale", picture=1, height=180, width=220), 180, 220, 4)
    assert np.abs(got - smssr.upscale(picture, 2)).max() <= 1e-5


def test_half_a_picture_is_not_computed_with(engine, picture):
    h, w, c = picture.shape
    engine.send(picture[:40].tobytes(), do="put", picture=7, height=h, width=w, channels=c, top=0, rows=40)
    (header, _), = engine.answers(engine.send(do="upscale", picture=7, height=180, width=220))
    assert "only a part" in header["error"]


def test_a_broken_list_of_ones_own_styles_is_said_and_the_rest_is_there(tmp_path, monkeypatch):
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path))
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/manifest.json").write_text("[")
    engine = Engine()
    (header, _), = engine.answers(engine.send(do="hello"))
    assert "gravel" in {card["name"] for card in header["models"]}
    assert str(tmp_path) in header["trouble"]
    engine.process.stdin.close()
    engine.process.wait(timeout=30)


def test_an_engine_that_says_nothing_is_given_up():
    silent = [sys.executable, "-c", "import time; time.sleep(600)"]
    with pytest.raises(ValueError, match="does not answer within 0.5 seconds"):
        ask(silent, 0.5)


def test_a_mask_of_drawn_strokes(engine):
    """As the library's own; holes are filled where that is wished; what is no stroke is said."""
    y, x = np.mgrid[:60, :80]
    ring = (np.hypot(x - 40, y - 30) < 22) & (np.hypot(x - 40, y - 30) > 8)
    colours = np.where(ring[..., None], (0.8, 0.2, 0.2), (0.3, 0.45, 0.5)) + np.random.default_rng(2).normal(0, 0.02, (60, 80, 3))
    colours = colours.astype(np.float32)
    strokes = [[True, 3, [[24, 30], [26, 20]]], [False, 3, [[3, 3], [70, 3]]], [True, 3, [[55, 30]]], [False, 3, [[40, 30]]]]
    engine.put(colours, picture=7)
    asked = {"do": "mask", "picture": 7, "drawn": strokes}
    found = engine.picture(engine.send(**asked), 60, 80, 1)[..., 0]
    assert np.array_equal(found, smssr.mask(colours, *([points for meant, _, points in strokes if meant == kind] for kind in (True, False)),
                                            radius=3))
    assert found[30, 40] < 0.5 < found[30, 25]
    filled = engine.picture(engine.send(**asked, solid=True), 60, 80, 1)[..., 0]
    assert filled[30, 40] == 1
    assert np.array_equal(filled[found >= 0.5], found[found >= 0.5])
    over = [*strokes, [True, 3, [[40, 30]]]]  # what is drawn later counts
    again = engine.picture(engine.send(**asked | {"drawn": over}), 60, 80, 1)[..., 0]
    assert again[30, 40] == 1
    for wrong in ([5], [[True, 0, [[1, 1]]]], [[True, 2, "x"]], [[True, 2, [[900, 900]]]], [[1, 2, [[9, 9]]]]):
        (header, _payload), = engine.answers(engine.send(**asked | {"drawn": wrong}))
        assert header["error"].startswith(("here: ", "the radius ", "a drawn stroke "))


def test_what_a_folder_would_come_to_and_its_report(engine, small, tmp_path):
    """Nothing is written before; sizes, quality and background are those of the commands; the report names every picture."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    Image.fromarray(small[:20, :30]).save(source / "a.png")
    Image.fromarray(np.dstack([small[:20, :20], small[:20, :20, 0]])).save(source / "b.png")
    (source / "c.png").write_bytes(b"no")
    wanted = {"input": str(source), "output": str(out), "long_edge": 64, "format": "jpg", "quality": 40, "background": "#ff0000",
              "names": "{name}-{width}"}
    (header, _), = engine.answers(engine.send(do="foresee", **wanted))
    assert (header["pictures"], header["todo"], header["skipped"]) == (3, 2, 0)
    assert header["seconds"] > 0 and header["bytes"] > 0 and header["failures"][0][0].endswith("c.png")
    assert not out.exists()
    *_, (header, _) = engine.answers(engine.send(do="batch", **wanted))
    assert [row[:2] for row in header["rows"]] == [["a.png", "written"], ["b.png", "written"], ["c.png", "failed"]]
    assert header["rows"][2][2] == ["c.png is not a picture that can be read"]
    with Image.open(out / "a-64.jpg") as picture:
        assert picture.size == (64, 43)
    with Image.open(out / "b-64.jpg") as picture:
        assert picture.getpixel((0, 0))[0] > 150
    (header, _), = engine.answers(engine.send(do="report", file=str(tmp_path / "r.csv")))
    assert header == {"id": header["id"], "end": True}
    text = (tmp_path / "r.csv").read_text()
    assert all(f"{name}.png" in text for name in "abc")
    (header, _), = engine.answers(engine.send(do="foresee", **wanted))
    assert (header["todo"], header["skipped"]) == (0, 2)


def test_how_far_a_folder_is_counts_its_pixels(engine, small, tmp_path):
    """Of a large picture and a small one, the large one is nearly all of the work; one that is there already is none."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    out.mkdir()
    for name, side in (("a", 5), ("b", 40), ("c", 30)):
        Image.fromarray(small[:side, :side]).save(source / f"{name}.png")
    (out / "c.png").touch()
    *told, (header, _) = engine.answers(engine.send(do="batch", input=str(source), output=str(out), scale=2, names="{name}"))
    assert (header["written"], header["skipped"]) == (2, 1)
    far = [(header["file"], header["done"]) for header, _ in told]
    assert max(done for file, done in far if file == "a.png") == pytest.approx(25 / 1625)
    assert [done for _, done in far] == sorted(done for _, done in far)
    assert far[-1] == ("b.png", pytest.approx(1))


def test_transparency_that_a_format_cannot_hold_goes_onto_a_colour(engine, tmp_path):
    Image.new("RGBA", (30, 20)).save(tmp_path / "a.png")
    for ending, mode in (("jpg", "RGB"), ("png", "RGBA")):
        *_, (header, _) = engine.answers(engine.send(do="batch", input=str(tmp_path), output=str(tmp_path / "out"), scale=2, format=ending,
                                                     names="{name}", instead="#ffffff"))
        assert header["written"] == 1, header
        assert header["rows"][0][2] == ["not kept: transparency (filled with a colour)"] * (ending == "jpg")
        with Image.open(tmp_path / f"out/a.{ending}") as picture:
            assert picture.mode == mode
            assert picture.convert("RGBA").getpixel((20, 20)) == ((255, 255, 255, 255) if ending == "jpg" else (0, 0, 0, 0))


def test_results_are_named_after_what_was_asked_for(engine, small, tmp_path):
    """Whichever of the usual patterns a dialog still has."""
    Image.fromarray(small[:20, :30]).save(tmp_path / "a.png")
    for asked, name in (({"scale": 2}, "a-x2"), ({"long_edge": 64}, "a-64px"), ({"scale": 1, "clean": 0.5}, "a-restored")):
        for pattern in ("{name}-x{scale}", "{name}-{scale}"):
            out = tmp_path / name
            *_, (header, _) = engine.answers(engine.send(do="batch", input=str(tmp_path), output=str(out), names=pattern, **asked))
            assert [path.name for path in out.iterdir()] == [f"{name}.png"], header


def test_a_folder_by_a_recipe(engine, small, tmp_path):
    Image.fromarray(small[:20, :30]).save(tmp_path / "a.png")
    (tmp_path / "r.toml").write_text('[[step]]\ndo = "enlarge"\nscale = 3\n')
    *_, (header, _) = engine.answers(engine.send(do="batch", input=str(tmp_path), output=str(tmp_path / "out"), scale=2,
                                                 recipe=str(tmp_path / "r.toml")))
    assert header["written"] == 1
    with Image.open(tmp_path / "out" / "a-x3.png") as picture:
        assert picture.size == (90, 60)


@pytest.mark.parametrize("wrong", [{"background": "red"}, {"quality": 101}, {"scale": 2, "width": 90}, {"recipe": "/nowhere.toml"}])
def test_folders_that_cannot_be(engine, small, tmp_path, wrong):
    Image.fromarray(small[:20, :30]).save(tmp_path / "a.png")
    (header, _), = engine.answers(engine.send(do="foresee", input=str(tmp_path), output=str(tmp_path / "out"), **{"scale": 2, **wrong}))
    assert header["error"]
