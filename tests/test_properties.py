"""Every public function on every kind of picture: the input is never touched, and how it is computed changes nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smssr_infer as smssr

STYLE, OTHER = "gravel", "brick"

FUNCTIONS = {
    "upscale": lambda image, **options: smssr.upscale(image, 2, **options),
    "cascade": lambda image, **options: smssr.upscale(image, 1.7, "smssr-x4-quick", **options),
    "stylize": lambda image, **options: smssr.stylize(image, {STYLE: ramp(image), OTHER: 0.5}, **options),
    "style_residual": lambda image, **options: smssr.style_residual(image, STYLE, **options),
}


def ramp(image):
    """A mask that is 0 in the first column and rises."""
    mask = np.zeros(image.shape[:2], np.float32)
    mask[:] = np.linspace(0, 1, image.shape[1])
    mask.flags.writeable = False
    return mask


@st.composite
def pictures(draw):
    """A small picture of any kind and memory order, read-only, with holes in its alpha."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    channels = draw(st.sampled_from([None, 1, 2, 3, 4]))
    dtype = draw(st.sampled_from([np.uint8, np.uint16, np.float32]))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    values = random.random((height, width, channels or 1)).repeat(2, 0).repeat(2, 1)[:height, :width]
    if channels in (2, 4):
        values[..., -1] = np.where(random.random((height, width)) < 0.3, 0, values[..., -1])
    top = {np.uint8: 255, np.uint16: 65535, np.float32: 1}[dtype]
    image = np.round(values * top).astype(dtype) if top > 1 else values.astype(dtype)
    image = image if channels else image[..., 0]
    order = draw(st.sampled_from(["C", "F", "reversed", "every other"]))
    if order == "F":
        image = np.asfortranarray(image)
    elif order == "reversed":
        image = np.ascontiguousarray(image[::-1, ::-1])[::-1, ::-1]
    elif order == "every other":
        image = image.repeat(2, 0).repeat(2, 1)[::2, ::2]
    image.flags.writeable = False
    return image


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(deadline=None, max_examples=25)
@given(image=pictures(), tile=st.integers(5, 90), threads=st.integers(1, 3))
def test_any_picture_any_way(name, image, tile, threads):
    function = FUNCTIONS[name]
    before = image.copy()
    plain = function(np.ascontiguousarray(image), tile=4096, threads=1)
    answer = function(image, tile=tile, threads=threads)
    assert np.array_equal(image, before)
    assert not np.shares_memory(answer, image)
    assert answer.dtype == (np.float32 if name == "style_residual" else image.dtype)
    step = {np.uint8: 1, np.uint16: 1, np.float32: 1e-5}[answer.dtype.type]  # a number that lies between two integers may go either way
    assert np.abs(answer.astype(np.float64) - plain).max() <= step
    if image.ndim == 3 and image.shape[2] in (2, 4) and name == "stylize":
        assert np.array_equal(answer[image[..., -1] == 0], image[image[..., -1] == 0])
    if name == "stylize":
        assert np.array_equal(smssr.stylize(image, {STYLE: 0.0, OTHER: np.zeros((3, 3))}), image)


@settings(deadline=None, max_examples=10)
@given(image=pictures())
def test_two_styles_are_one_after_the_other_in_one(image):
    """A grey float picture that is one tile: each style sees the picture, not what the style before it made of it."""
    if image.dtype != np.float32:
        return
    both = smssr.stylize(image, {STYLE: 1.0, OTHER: 1.0}, threads=1)
    colours = image.shape[2] - (image.shape[2] in (2, 4)) if image.ndim == 3 else 0
    residual = smssr.style_residual(image, STYLE) + smssr.style_residual(image, OTHER)
    expected = image[..., :colours] + residual[..., None] if colours else image + residual
    got = both[..., :colours] if colours else both
    seen = image[..., -1] > 0 if image.ndim == 3 and image.shape[2] in (2, 4) else np.ones(image.shape[:2], bool)
    assert np.abs(got - expected)[seen].max(initial=0) <= 1e-5
