"""Colours of a GIF's frames: exact where there are few, and near where there are many."""

import numpy as np
import pytest
from PIL import Image
from skimage import data

from smssr_infer.io import gif_colours


@pytest.mark.parametrize("count", [1, 2, 100, 255])
def test_few_colours_are_kept(count):
    """Some of them in one cell of the table by which others are looked up."""
    some = np.stack([np.arange(count) // 16, np.arange(count) % 16, 255 - np.arange(count)], 1).astype(np.uint8)
    pixels = some[np.random.default_rng(1).integers(count, size=5000)]
    palette = gif_colours.palette(pixels, 255)
    assert len(palette) <= count and np.array_equal(palette[gif_colours.numbers(pixels, palette)], pixels)


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
def test_many_colours_are_nearer_than_by_median_cut(name):
    pixels = np.ascontiguousarray(getattr(data, name)()[:240, :320])
    cut = Image.fromarray(pixels).quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    palette = gif_colours.palette(pixels.reshape(-1, 3), 255)
    made = palette[gif_colours.numbers(pixels.reshape(-1, 3), palette)].reshape(pixels.shape)
    assert len(palette) <= 255

    def error(picture):
        return np.mean((np.asarray(picture, float) - pixels) ** 2)

    assert error(made) < 0.95 * error(cut)


def test_a_colour_that_is_not_among_them_is_the_nearest():
    among = np.array([[0, 0, 0], [255, 0, 0], [0, 0, 250]], np.uint8)
    assert gif_colours.numbers(np.array([[200, 20, 20], [0, 0, 200], [0, 0, 0], [30, 30, 30]], np.uint8), among).tolist() == [1, 2, 0, 0]
