"""What `mask` promises: what was meant, from a few strokes; the same answer for the same strokes; clear errors."""

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer.cli import main
from smssr_infer.guided.strokes import Strokes

CAT = [[(150, 60), (230, 220)], [(40, 200), (90, 260)]]
AWAY = [[(10, 30), (80, 20)], [(360, 30), (440, 120)], (400, 250)]


def overlap(beta, truth):
    """Intersection over union of β ≥ ½ and what is true."""
    return (truth & (beta >= 0.5)).sum() / (truth | (beta >= 0.5)).sum()


@pytest.fixture(scope="module")
def disc():
    """A red disc with noise on noisy grey, and the disc's pixels."""
    y, x = np.mgrid[:240, :320]
    inside = np.hypot(x - 140, y - 120) < 70
    picture = np.where(inside[..., None], [190, 60, 50], [90, 110, 130]) + np.random.default_rng(1).normal(0, 12, (240, 320, 3))
    return np.clip(picture, 0, 255).astype(np.uint8), inside


def test_a_disc_is_found(disc):
    picture, inside = disc
    beta = smssr.mask(picture, [[(120, 100), (160, 140)]], [(20, 20), (300, 220)])
    assert beta.shape == inside.shape and beta.dtype == np.float32 and beta.min() >= 0 and beta.max() <= 1
    assert overlap(beta, inside) > 0.97


def test_texture_alone_is_enough():
    """The same mean and the same greys, laid in stripes that run across on one side and down on the other."""
    y, x = np.mgrid[:240, :320]
    left = x < 150
    picture = (128 + 60 * np.sign(np.sin(np.where(left, x, y) * 0.9))).astype(np.uint8)
    beta = smssr.mask(picture, [[(50, 60), (60, 180)]], [[(250, 60), (260, 180)]])
    assert overlap(beta, left) > 0.93


def test_without_not_here_the_border_is_not_meant(disc):
    picture, inside = disc
    assert overlap(smssr.mask(picture, [(140, 120)]), inside) > 0.97


def test_the_same_strokes_give_the_same_answer_in_any_round(chelsea):
    guide = smssr.Guide(chelsea)
    first = guide.mask(CAT, AWAY)
    guide.mask(CAT[:1], AWAY[:1])
    assert np.array_equal(guide.mask(CAT, AWAY), first)
    assert np.array_equal(smssr.mask(chelsea, CAT, AWAY), first)


def test_command(tmp_path, disc):
    picture, inside = disc
    Image.fromarray(picture).save(tmp_path / "in.png")
    assert main(["mask", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--here", "120,100,160,140", "--not-here", "20,20",
                 "--not-here", "300,220"]) == 0
    with Image.open(tmp_path / "out.png") as out:
        assert out.mode == "L" and overlap(np.asarray(out) / 255, inside) > 0.97


def test_strokes_lie_where_they_were_drawn():
    cells = Strokes([[(10, 10), (50, 10)], (30, 30)], (60, 80), 3, "here").on(1)
    y, x = np.mgrid[:60, :80]
    line = np.hypot(x - np.clip(x, 10, 50), y - 10) <= 3
    assert np.array_equal(cells, line | (np.hypot(x - 30, y - 30) <= 3))
