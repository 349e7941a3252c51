import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from smssr_infer.arrays.masks import Mask
from smssr_infer.arrays.resample import bicubic, resize

RNG = np.random.default_rng(0)


@given(n=st.integers(1, 60), m=st.integers(1, 200))
def test_rows_sum_to_one(n, m):
    assert np.allclose(bicubic(n, m).dense(0, m).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(("shape", "to"), [((40, 60), (160, 240)), ((40, 60), (100, 90)), ((120, 90), (30, 45)), ((120, 90), (37, 90))])
def test_inside_it_is_pillows_bicubic(shape, to):
    """Pillow has the same kernel; only at the edges does it do otherwise (it leaves out what is outside)."""
    x = RNG.random(shape).astype(np.float32)
    expected = np.asarray(Image.fromarray(x).resize(to[::-1], Image.Resampling.BICUBIC))
    edge = 9
    assert np.abs(resize(x, *to) - expected)[edge:-edge, edge:-edge].max() < 1e-5


def test_edges_are_mirrored():
    x = RNG.random((20, 20)).astype(np.float32)
    padded = np.pad(x, 8, mode="symmetric")
    assert np.abs(resize(x, 60, 60) - resize(padded, 108, 108)[24:-24, 24:-24]).max() < 1e-5
    assert np.abs(resize(x, 10, 10) - resize(padded, 18, 18)[4:-4, 4:-4]).max() < 1e-5


def test_shrinking_does_not_alias():
    """Stripes of one pixel become grey, not stripes."""
    stripes = np.tile(np.array([0, 1], np.float32), (64, 32))
    assert np.abs(resize(stripes, 16, 16) - 0.5)[2:-2, 2:-2].max() < 0.02


def test_a_ramp_stays_a_ramp():
    ramp = np.tile(np.linspace(0, 1, 50, dtype=np.float32), (50, 1))
    steps = np.diff(resize(ramp, 50, 200)[25, 20:-20])
    assert np.allclose(steps, steps.mean(), atol=1e-5)


def test_a_scaled_mask_stays_between_0_and_1():
    """The kernel overshoots at an edge: a mask of more than 1 would paint more than was asked for, one below 0 the opposite."""
    edge = np.repeat(np.array([[0, 0, 1, 1]], np.float32), 4, axis=0)
    overshot = resize(edge, 40, 40)
    assert overshot.min() < 0 and overshot.max() > 1
    scaled = Mask(edge, 40, 40, "a mask").read(0, 40, 0, 40)
    assert scaled.min() == 0 and scaled.max() == 1
    assert np.array_equal(scaled, np.clip(overshot, 0, 1))
