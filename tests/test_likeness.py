"""Which materials look like a picture."""

import numpy as np
import pytest
from PIL import Image

import smssr_infer
from smssr_infer.cli import main
from smssr_infer.networks import manifest

NAMES = ["granite", "linen", "roof-tiles", "short-fur", "pen-hatching"]


def sample(name):
    with Image.open(manifest.find(name).path) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("name", NAMES)
def test_a_piece_of_a_material_is_told_to_be_it(name):
    """Weaker, turned over, and under another light."""
    piece = sample(name)[-140:, -140:].astype(np.float32)[::-1]
    light = np.linspace(-40, 40, 140)[:, None, None]
    piece = np.clip(150 + 0.5 * (piece - piece.mean()) + light, 0, 255).astype(np.uint8)
    found = smssr_infer.materials_like(piece, 3)
    assert found[0][0].name == name
    assert [far for _, far in found] == sorted(far for _, far in found)
    assert len(found) == 3


def test_what_is_no_material_is_far_from_all():
    y, x = np.mgrid[:200, :200]
    rings = np.uint8(127 + 120 * np.sin(np.hypot(y - 100, x - 100)))
    assert smssr_infer.materials_like(rings, 1)[0][1] > 30


def test_a_grey_picture_with_transparency_is_one_too():
    piece = sample("granite")[:100, :100]
    grey = np.dstack([piece.mean(-1), np.full((100, 100), 255)]).astype(np.uint8)
    assert len(smssr_infer.materials_like(grey)) == 5


def test_the_command_lists_the_nearest(tmp_path, capsys):
    Image.fromarray(sample("linen")).save(tmp_path / "cloth.png")
    assert main(["style", "like", str(tmp_path / "cloth.png")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("linen ")
    assert main(["style", "like", str(tmp_path / "cloth.png"), "--crop", "0,0,400,9"]) == 2
    assert "--crop is LEFT,TOP,WIDTH,HEIGHT inside the picture" in capsys.readouterr().err
    assert main(["style", "like", str(tmp_path / "cloth.png"), "--crop", "0,0,40,40"]) == 2
    assert "needs at least 64×64 pixels, not 40×40" in capsys.readouterr().err


def test_at_least_one_is_asked_for():
    with pytest.raises(ValueError, match="at least 1 material can be asked for, not 0"):
        smssr_infer.materials_like(np.zeros((64, 64), np.uint8), 0)


def test_the_texture_of_a_picture_is_laid_where_it_looks_like_it(tmp_path, monkeypatch, capsys):
    """It is kept as a material of one's own, once; nothing else changes."""
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))
    scene = np.concatenate([sample("granite")[:160, :120], sample("roof-tiles")[:160, :120]], 1)
    Image.fromarray(scene).save(tmp_path / "in.png")
    Image.fromarray(sample("granite")[100:260, 100:300]).save(tmp_path / "my stone.png")
    words = ["stylize", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--like", str(tmp_path / "my stone.png")]
    assert main([*words, "--dry-run"]) == 0
    assert not manifest.own()
    assert not (tmp_path / "out.png").exists()
    assert main(words) == 0
    assert "is the material my-stone now, laid over" in capsys.readouterr().err
    changed = (np.asarray(Image.open(tmp_path / "out.png")) != scene).any(-1)
    assert changed[:, :100].mean() > 0.8
    assert changed[:, 150:].mean() < 0.05
    assert [card.name for card in manifest.own()] == ["my-stone"]
    assert main(words) == 0
    assert [card.name for card in manifest.own()] == ["my-stone"]
    Image.fromarray(sample("roof-tiles")[:160, :200]).save(tmp_path / "my stone.png")
    assert main(words) == 2
    assert "of another picture" in capsys.readouterr().err
    assert main([*words, "--save-recipe", str(tmp_path / "a.toml")]) == 2


def test_where_nothing_looks_like_it_nothing_is_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))
    Image.fromarray(np.full((90, 90, 3), (10, 200, 30), np.uint8)).save(tmp_path / "in.png")
    Image.fromarray(sample("granite")[:100, :100]).save(tmp_path / "stone.png")
    assert main(["stylize", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--like", str(tmp_path / "stone.png")]) == 2
    assert "nothing in the picture looks like that" in capsys.readouterr().err
    assert not manifest.own()
    assert not (tmp_path / "out.png").exists()
