"""Structured materials: they repeat exactly, turn as a whole, bend along lines, and are the same from any tile."""

import numpy as np
import pytest

import smssr_infer as smssr
from smssr_infer import Along, Style
from smssr_infer.arrays.pixels import LUMA
from smssr_infer.networks import manifest
from smssr_infer.nodes.material_layer import sample

STRUCTURES = [card.name for card in smssr.models() if isinstance(card, smssr.MaterialCard) and card.structured]
BRICKS = "brick-wall"
GREY = np.full((300, 320, 3), 128, np.uint8)


def test_the_kinds_that_there_are():
    assert len(STRUCTURES) >= 10


@pytest.mark.parametrize("name", STRUCTURES)
def test_it_repeats_exactly(name):
    tall, wide = (n - 1 for n in sample(manifest.find(name)).planes.shape[1:])
    flat = np.full((tall + 40, wide + 40, 3), 128, np.uint8)
    laid = smssr.style_residual(flat, name)
    assert np.abs(laid[:40] - laid[tall:]).max() <= 1e-4
    assert np.abs(laid[:, :40] - laid[:, wide:]).max() <= 1e-4


def test_tiles_and_threads_change_nothing():
    wish = Style(direction=25.0, size=1.3)
    whole = smssr.style_residual(GREY, BRICKS, wish=wish)
    assert np.abs(smssr.style_residual(GREY, BRICKS, wish=wish, tile=71, threads=2) - whole).max() <= 1e-5
    assert np.abs(smssr.style_residual(GREY, BRICKS, wish=wish, window=(31, 140, 77, 205)) - whole[31:140, 77:205]).max() <= 1e-5


@pytest.mark.parametrize("degrees", [0, 30, -60])
def test_courses_lie_as_they_are_told(degrees):
    """Mortar makes lines: their angle, by the structure tensor of what is coarser than a brick's grit."""
    from scipy.ndimage import gaussian_filter

    x = gaussian_filter((smssr.style_residual(GREY, "boards", wish=Style(direction=float(degrees))) @ LUMA).astype(float), 2)
    down, across = np.gradient(x)
    found = np.degrees(np.arctan2(2 * (across * down).sum(), (down**2 - across**2).sum())) / 2
    assert abs((found - degrees + 90) % 180 - 90) <= 5


def test_twice_the_size_repeats_half_as_often():
    tall = sample(manifest.find(BRICKS)).planes.shape[1] - 1
    laid = smssr.style_residual(np.full((2 * tall + 30, 60, 3), 128, np.uint8), BRICKS, wish=Style(size=2.0))
    assert np.abs(laid[:30] - laid[2 * tall:]).max() <= 1e-4
    assert np.abs(laid[:30] - laid[tall:tall + 30]).max() > 0.1


def test_along_a_line_bricks_bend_with_it():
    ring = [(160 + 100 * np.cos(a), 150 + 100 * np.sin(a)) for a in np.linspace(0, np.pi, 60)]
    bent = smssr.style_residual(GREY, BRICKS, wish=Style(direction=Along([ring])))
    straight = smssr.style_residual(GREY, BRICKS, wish=Style(direction=Along([[(0, 150), (320, 150)]])))
    level = smssr.style_residual(GREY, BRICKS)
    assert np.isfinite(bent).all()
    assert np.abs(bent - level).mean() > 0.5 * level.std()
    assert np.abs(straight.mean((1, 2)) - np.roll(straight, 1, 0).mean((1, 2))).max() > 0.01  # courses are level along a level line
    assert straight.std() == pytest.approx(level.std(), rel=0.1)


@pytest.mark.parametrize("direction", ["follow", np.zeros((300, 320))])
def test_it_is_laid_as_a_whole(direction):
    with pytest.raises(ValueError, match="brick-wall is laid as a whole"):
        smssr.stylize(GREY, {BRICKS: Style(0.5, direction=direction)})


def test_another_seed_begins_elsewhere():
    assert np.abs(smssr.style_residual(GREY, BRICKS, seed=2) - smssr.style_residual(GREY, BRICKS, seed=3)).max() > 0.1
