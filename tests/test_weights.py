"""The shipped weights are what their cards say."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer import manifest
from smssr_infer.network import Network

CARDS = smssr.models()

LIMITS = {"gram": 0.25, "gram_other_crop": 1.5, "spectrum_db": 3, "spectrum_peak_db": 6, "mean": 0.002, "spread": 0.15, "alias": 0.02}
"""What a shipped style's figures, measured by `export.evaluate_styles`, may be at most."""


def test_the_models_that_must_be_there():
    assert {"smssr-x2", "smssr-x3", "smssr-x4", "smssr-x4-detail", "paper-x4"} <= {card.name for card in CARDS}
    assert sorted(c.scale for c in CARDS if getattr(c, "default", False)) == [2, 3, 4]


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.name)
def test_card(card):
    graph = onnx.load_from_string(manifest.load(card)).graph
    floats = [onnx.numpy_helper.to_array(t) for t in graph.initializer if t.data_type == onnx.TensorProto.FLOAT]
    if hasattr(card, "made_from"):
        assert card.params == manifest.find(card.made_from).params
        assert card.metrics
    else:
        assert sum(t.size for t in floats) == card.params
    assert all(np.isfinite(t).all() for t in floats)
    assert card.path.stat().st_size < 1_000_000
    if card.space == "lr":
        assert card.params <= 120_000
    if card.task == "style":
        assert card.params < 35_000
        assert graph.input[0].type.tensor_type.shape.dim[1].dim_value == 2 + 2 * len(card.waves)
        for figure, most in LIMITS.items():
            assert card.metrics[figure] <= most, figure
        assert card.metrics["content_db"] >= 30
        with Image.open(card.path.with_suffix(".png")) as thumbnail:
            assert thumbnail.size == (96, 96)
    assert [d.dim_param != "" for d in graph.input[0].type.tensor_type.shape.dim] == [False, False, True, True]
    text = card.path.with_suffix(".md").read_text()
    assert card.sha256 in text
    assert f"{card.params:,}" in text


def test_the_styles_that_must_be_there():
    styles = {card.name for card in CARDS if card.task == "style"}
    assert len(styles) >= 16
    assert {"grass", "foliage", "bark", "wood", "fur", "hide", "cloth", "canvas", "brick", "stone-wall", "rock", "gravel", "sand", "rust",
            "surf", "film-grain", "paper", "van-gogh", "munch"} <= styles
    for card in CARDS:
        if card.task == "style":
            assert 0 < card.strength <= 1
            assert card.floor > 0


def test_the_papers_network():
    card = manifest.find("paper-x4")
    assert abs(card.params - 120_000) <= 1000
    assert (card.space, len(card.dog)) == ("hr", 6)
    assert card.bands[0] == (0.0, 0.6)
    assert all(a[1] == b[0] for a, b in zip(card.bands, card.bands[1:], strict=False))


@pytest.mark.parametrize("card", CARDS, ids=lambda c: c.name)
def test_the_receptive_field_is_as_stated(card):
    """Changing one pixel changes maps within `receptive_field // 2` pixels of it and nowhere else."""
    net = Network(card)
    r = net.reach
    channels = 2 + 2 * len(card.waves) if card.task == "style" else 1
    a = np.random.default_rng(0).random((1, channels, 2 * r + 21, 2 * r + 21), np.float32)
    b = a.copy()
    middle = r + 10
    b[0, 0, middle, middle] += 0.5
    changed = np.abs(net.graph(a) - net.graph(b))[0].max(axis=0)
    s = changed.shape[0] // a.shape[2]
    assert changed.any()
    changed[(middle - r) * s:(middle + r + 1) * s, (middle - r) * s:(middle + r + 1) * s] = 0
    assert not changed.any()


def test_a_damaged_file_is_found(tmp_path):
    row = dict(vars(CARDS[0]))
    row.pop("folder")
    (tmp_path / "manifest.json").write_text(json.dumps([row]))
    card, = manifest.read(tmp_path)
    with pytest.raises(ValueError, match="cannot read the weights"):
        manifest.load(card)
    card.path.write_bytes(CARDS[0].path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="damaged"):
        manifest.load(card)


@pytest.mark.parametrize("text", ["", "[", "{}", "[1]", '[{"name": "x"}]'])
def test_a_broken_manifest_is_one_line(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words differ
        if not manifest.read(tmp_path):
            raise ValueError("empty")
    assert "\n" not in str(caught.value)


def test_unknown_models_name_the_known():
    with pytest.raises(ValueError, match="smssr-x4"):
        manifest.find("nope")


def test_no_training_code_in_the_runtime():
    """The runtime imports neither torch nor gi, and each file only files before it in the list of rooms."""
    rooms = ["scalespace", "resample", "pixels", "manifest", "backends", "tiling", "network", "foreign", "upscale", "noise", "contrast",
             "stylize", "deep", "files", "batch", "learning", "worker", "gimp", "doctor", "bench", "cli"]
    folder = Path(smssr.__file__).parent
    assert {p.stem for p in folder.glob("*.py")} == {*rooms, "__init__"}
    for place, room in enumerate(rooms):
        source = (folder / f"{room}.py").read_text()
        assert "import torch" not in source
        assert "gi.repository" not in source
        assert "export" not in {word for line in source.splitlines() if "import" in line for word in line.replace(".", " ").split()}
        for later in rooms[place:]:
            assert f"from .{later} import" not in source
            for line in source.splitlines():
                if line.strip().startswith("from . import"):
                    assert later not in line.replace(",", " ").split()
