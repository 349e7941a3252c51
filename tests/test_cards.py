"""Lists of one's own: values that no model can have are refused by file, row and field; a broken list troubles nobody who needs it not."""

import dataclasses
import hashlib
import json
import math
import os
import shutil

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer.cli import main
from smssr_infer.networks import cards, manifest
from smssr_infer.networks.places import learnt, shipped

IMAGE = np.random.default_rng(0).integers(0, 256, (24, 28, 3), dtype=np.uint8)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Writes a list of one's own with one style, fur's but for some fields; or with other text."""
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))
    learnt().mkdir(parents=True)
    shutil.copy(shipped() / "fur.onnx", learnt() / "mine.onnx")
    row = manifest.find("fur", smssr.StyleCard).row() | {"name": "mine", "file": "mine.onnx"}

    def write(text=None, **fields):
        (learnt() / "manifest.json").write_text(json.dumps([row | fields]) if text is None else text)
        return learnt() / "manifest.json"

    return write


def test_a_style_of_ones_own_is_fur_s(own):
    own(title="learnt from 海\u3000 and\u00a0sea.jpg")
    assert np.array_equal(smssr.stylize(IMAGE, {"mine": 0.5}), smssr.stylize(IMAGE, {"fur": 0.5}))


@pytest.mark.parametrize(("field", "value"), [
    *((name, value) for name in ("kappa", "sigma", "mu", "floor", "ceiling", "strength", "reference_angle",
                                        "angle_bias") for value in (math.nan, math.inf,
                                                                                                                       -1e9, 1e30)),
    ("sigma", 0.0), ("sigma", 1e-320), ("kappa", 10**400), ("window", 0), ("window", -5), ("window", 10**9), ("window", 10**30),
    ("receptive_field", 10**7),
    ("receptive_field", 0), ("receptive_field", -7), ("scale", 0), ("scale", 10**9), ("params", -1), ("seed", -1), ("seed", 1e30),
    ("seed", 10**30), ("dog", []),
    ("dog", [[1e9, 2e9]]), ("dog", [[-1, 2]]), ("dog", [[math.nan, 1]]), ("dog", [[math.inf, 1]]), ("dog", [[None, 1]]), ("dog", [[1]]),
    ("waves", [[1e300, 1e300]]),
    ("waves", [[math.nan, 0]]), ("angle_gain", [0.0] * 12), ("angle_gain", [1e-300] * 12), ("strength", 50), ("name", ""),
    ("name", "../evil"),
    ("name", "a\u001b[31m"),
    ("file", "../../fur.onnx"), ("file", "/dev/zero"), ("file", ""), ("title", "a\nb"), ("title", "x" * 10**6), ("task", ["style"]),
    ("floor", 0.9)])
def test_what_no_style_can_have(own, field, value):
    path = own(**{field: value})
    with pytest.raises(ValueError, match=f"field '{field}'") as caught:
        smssr.stylize(IMAGE, {"mine": 0.5})
    said = str(caught.value)
    assert str(path) in said
    assert len(said.splitlines()) == 1
    assert len(said) < 600


@pytest.mark.parametrize(("field", "value"), [("mean", [0.1, 0.2]), ("covariance", [1.0]), ("mean", [0.1, 0.2, math.nan]), ("grid", 0),
                                              ("cell", 0), ("cell", 10**9)])
def test_what_no_coarse_style_can_have(tmp_path, field, value):
    row = manifest.find("scream-network", smssr.CoarseCard).row() | {field: value}
    (tmp_path / "manifest.json").write_text(json.dumps([row]))
    with pytest.raises(ValueError, match=f"'scream-network': field '{field}'"):
        manifest.read(tmp_path)


@pytest.mark.parametrize("fields", [{"waves": [[0.1, 0.1]]}, {"steerable": False, "directed": False, "angle_gain": []}], ids=str)
def test_a_row_that_does_not_fit_its_graph(own, fields):
    path = own(**fields)
    with pytest.raises(ValueError, match=f"planes.*{path}"):
        smssr.stylize(IMAGE, {"mine": 0.5})


@pytest.mark.parametrize("space", ["lr", "hr"])
def test_a_scale_that_a_style_does_not_have(own, space):
    own(scale=4, space=space)
    if space == "lr":
        with pytest.raises(ValueError, match="expected was"):
            smssr.stylize(IMAGE, {"mine": 0.5})
    else:
        assert np.array_equal(smssr.stylize(IMAGE, {"mine": 0.5}), smssr.stylize(IMAGE, {"fur": 0.5}))


def test_a_network_of_ones_own_that_gives_no_numbers(own):
    """Its weights are as its row says, and hold NaN."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load_from_string((shipped() / "fur.onnx").read_bytes())
    weights = model.graph.initializer[0]
    weights.CopyFrom(onnx.numpy_helper.from_array(np.full(weights.dims, np.nan, np.float32), weights.name))
    (learnt() / "mine.onnx").write_bytes(model.SerializeToString())
    own(sha256=hashlib.sha256((learnt() / "mine.onnx").read_bytes()).hexdigest())
    for image in (IMAGE, IMAGE.astype(np.float32) / 255):
        with pytest.raises(ValueError, match="mine gives NaN"):
            smssr.stylize(image, {"mine": 0.5})


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"no"), lambda path: path.unlink(), lambda path: (path.unlink(),
                                                                                                                    path.mkdir())])
def test_weights_of_ones_own_are_not_mended_by_installing(own, damage):
    own()
    damage(learnt() / "mine.onnx")
    with pytest.raises(ValueError, match="mine.onnx .*learn mine again"):
        smssr.stylize(IMAGE, {"mine": 0.5})
    with pytest.raises(ValueError, match="install smssr again"):
        manifest.load(dataclasses.replace(manifest.find("fur"), sha256="0"))


@pytest.mark.parametrize("text", ["null", "{}1", "[" * 100_000, "[1]", '[{"name": "mine", "task": "style"}]', "[" + "9" * 5000 + "]"])
def test_a_broken_list_is_named(own, text):
    path = own(text)
    assert manifest.find("fur").name == "fur"
    with pytest.raises(ValueError, match=f"{path}.*mend it") as caught:
        manifest.find("mine")
    assert len(str(caught.value).splitlines()) == 1
    assert "NoneType" not in str(caught.value)


def test_a_broken_list_troubles_nobody_who_needs_what_ships(own, tmp_path, capsys):
    path = own("[")
    noisy = np.clip(IMAGE + np.random.default_rng(1).normal(0, 30, IMAGE.shape), 0, 255).astype(np.uint8)
    (tmp_path / "in").mkdir()
    Image.fromarray(np.tile(noisy, (2, 2, 1))).save(tmp_path / "in/in.jpg", quality=40)
    places = {"IN": tmp_path / "in/in.jpg", "OUT": tmp_path / "out.png", "FOLDER": tmp_path / "in", "ANSWERS": tmp_path / "out"}
    for words in (["restore", "IN", "OUT", "--clean", "--cleaner", "paper-clean", "--sharpen"], ["upscale", "IN", "OUT", "--scale", "2"],
                  ["batch", "FOLDER", "ANSWERS", "--scale", "2", "--clean"], ["stylize", "IN", "OUT", "--style", "fur", "--coarse",
                                                                              "scream"]):
        assert main([str(places.get(word, word)) for word in words]) == 0, words
        assert str(path) not in capsys.readouterr().err
    with pytest.raises(ValueError, match="cannot be turned"):
        smssr.stylize(IMAGE, {"canvas": smssr.Style(direction=3)})
    assert main(["stylize", str(places["IN"]), str(places["OUT"]), "--style", "mine"]) == 2
    said = capsys.readouterr().err
    assert str(path) in said
    assert said.count("\n") == 1


def test_a_list_that_is_a_pipe(own):
    path = own()
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ValueError, match=r"\(it is a named pipe, not a file\)"):
        manifest.own()
    assert smssr.stylize(IMAGE, {"fur": 0.5}).shape == IMAGE.shape


def test_styles_learnt_with_version_0_2_are_read():
    card = manifest.find("fur", smssr.StyleCard)
    row, old = card.row(), {new: was for was, new in cards.OF_0_2.items()}
    assert cards.from_row({old.get(key, key): value for key, value in row.items()}, card.folder) == card


def test_a_name_may_be_written_with_spaces():
    from smssr_infer.networks.cards import MaterialCard

    assert manifest.find("worn wood", MaterialCard).name == "worn-wood"
    with pytest.raises(ValueError, match="there is no style 'worn iron'"):
        manifest.find("worn iron", MaterialCard)
