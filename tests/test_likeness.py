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
