"""Dither: seen where it is, undone there alone, the same in every tile."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from skimage import data

import smssr_infer
from smssr_infer.analysis.dither import BLACK_AND_WHITE, SOME_COLOURS, dithered
from smssr_infer.arrays.large import in_memory
from smssr_infer.nodes.undither import Undithered


def small():
    return Image.fromarray(data.coffee()[:256, 100:356]).resize((128, 128), Image.Resampling.BICUBIC)


def in_colours(picture, count, dither=Image.Dither.FLOYDSTEINBERG):
    if count == 2:
        return np.asarray(picture.convert("1")).astype(np.uint8) * 255
    palette = picture.quantize(count, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return np.asarray(picture.quantize(palette=palette, dither=dither).convert("RGB"))


def letters():
    picture = Image.new("L", (128, 128), 255)
    for row in range(12):
        ImageDraw.Draw(picture).text((4, 2 + 10 * row), "The quick brown fox; 0123", fill=0)
    return np.where(np.asarray(picture) > 128, 255, 0).astype(np.uint8)


def test_where_it_is_seen():
    assert dithered(in_memory(in_colours(small(), 2))) == BLACK_AND_WHITE
    assert dithered(in_memory(in_colours(small(), 16))) == SOME_COLOURS
    for pixels in (np.asarray(small()), in_colours(small(), 16, Image.Dither.NONE), in_colours(small(), 256), letters(),
                   (data.page() > 128) * np.uint8(255), data.horse() * np.uint8(255), np.full((50, 50), 9, np.uint8), letters()[:2]):
        assert dithered(in_memory(np.ascontiguousarray(pixels))) == 0


@pytest.mark.parametrize(("count", "least"), [(2, 8), (16, 3)])
def test_cleaning_undoes_it(count, least):
    """Decibels nearer to the picture that was dithered."""
    pixels = in_colours(small(), count)
    truth = np.asarray(small().convert("L") if count == 2 else small()).astype(float)
    before, after = (10 * np.log10(255**2 / np.mean((x - truth) ** 2)) for x in (pixels, smssr_infer.restore(pixels, clean=1)))
    assert after > before + least
    beta = np.zeros(pixels.shape[:2], np.float32)
    beta[:, 64:] = 1
    assert np.array_equal(smssr_infer.restore(pixels, clean=beta)[:, :64], pixels[:, :64])


def test_letters_beside_it_stay():
    pixels = np.concatenate([letters(), in_colours(small(), 2)], axis=1)
    assert dithered(in_memory(pixels)) == BLACK_AND_WHITE
    made = Undithered(in_memory(pixels), BLACK_AND_WHITE).read(0, 128, 0, 256)[0]
    letter = pixels[:, :110] / np.float32(255)
    assert (made[:, :110] == letter).mean() > 0.85 and np.abs(made[:, :110] - letter).mean() < 0.02
    assert (made[:, 140:] * 255 % 255 == 0).mean() < 0.05


def test_every_tile_is_a_part_of_the_whole():
    node = Undithered(in_memory(in_colours(small(), 16)), SOME_COLOURS)
    whole = node.read(0, 128, 0, 128)
    for window in ((0, 20, 0, 30), (50, 51, 60, 128), (100, 128, 5, 40)):
        top, bottom, left, right = window
        assert np.array_equal(node.read(*window), whole[:, top:bottom, left:right])
