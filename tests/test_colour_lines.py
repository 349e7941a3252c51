"""Colours follow luma across an edge: no rims around flat saturated colours, and nothing else changes."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from smssr_infer import upscale
from smssr_infer.arrays import colour_lines
from smssr_infer.arrays.pixels import LUMA, grey
from smssr_infer.arrays.resample import resize

SCALE = 4


def shapes():
    """Flat saturated discs on red and on white, as they are and reduced: float32 H×W×3 in 0 … 1."""
    picture = Image.new("RGB", (320 * SCALE, 160 * SCALE), (235, 30, 30))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, 80 * SCALE, 320 * SCALE, 160 * SCALE], fill=(250, 250, 250))
    for i, colour in enumerate([(20, 40, 230), (250, 220, 0), (230, 30, 235), (0, 170, 60)]):
        for top in (10, 90):
            draw.ellipse([SCALE * x for x in (10 + 78 * i, top, 70 + 78 * i, top + 60)], fill=colour)
    large = np.asarray(picture.resize((320, 160), Image.Resampling.BOX), np.float32).transpose(2, 0, 1) / 255
    return large, resize(large, 160 // SCALE, 320 // SCALE).clip(0, 1)


def test_flat_colours_have_no_rims(monkeypatch):
    large, small = shapes()
    found = upscale(small.transpose(1, 2, 0), SCALE, "smssr-x4").transpose(2, 0, 1)
    monkeypatch.setattr(colour_lines, "slopes", lambda colours, shape, rows, columns, origin: np.zeros(
        (2, rows[1] - rows[0], columns[1] - columns[0]), np.float32))
    alike = upscale(small.transpose(1, 2, 0), SCALE, "smssr-x4").transpose(2, 0, 1)
    assert np.abs(grey(found) - grey(alike)).max() < 1e-5  # luma is the network's, whatever the colours do
    chroma = [np.abs((answer - grey(answer)) - (large - grey(large))).mean() for answer in (found, alike)]
    assert chroma[0] < 0.8 * chroma[1]


def test_grey_stays_grey_bit_for_bit():
    picture = np.random.default_rng(1).random((40, 50), np.float32)
    one = upscale(picture, SCALE, "smssr-x4")
    three = upscale(np.repeat(picture[..., None], 3, 2), SCALE, "smssr-x4")
    assert np.array_equal(three[..., 0], three[..., 1])
    assert np.array_equal(three[..., 0], three[..., 2])
    assert np.abs(three[..., 0] - one).max() < 1e-5


@pytest.mark.parametrize("window", [((0, 30), (0, 40)), ((5, 17), (9, 40)), ((29, 30), (0, 1))])
def test_slopes_are_those_of_a_regression(window):
    random = np.random.default_rng(2)
    along = random.random((30, 40)).astype(np.float32)
    line = np.array([0.9, 0.2, 0.4], np.float32)[:, None, None] * along + np.array([0.05, 0.3, 0.1], np.float32)[:, None, None]
    red, blue = colour_lines.slopes(line, (30, 40), *window, (0, 0)) + 1
    of_luma = 0.9 * LUMA[0] + 0.2 * LUMA[1] + 0.4 * LUMA[2]
    assert np.median(np.abs(red - 0.9 / of_luma)) < 0.2  # a little less, for the variance that is taken for noise
    assert np.median(np.abs(blue - 0.4 / of_luma)) < 0.1
    flat = colour_lines.slopes(np.full((3, 30, 40), 0.5, np.float32) * line[:, :1, :1], (30, 40), *window, (0, 0))
    assert np.abs(flat).max() < 1e-4


def test_equally_bright_colours_have_bounded_slopes():
    stripes = np.zeros((3, 20, 20), np.float32)
    stripes[0, :, :10], stripes[1, :, 10:] = 0.9, 0.9 * LUMA[0] / LUMA[1] + 0.01
    assert np.abs(colour_lines.slopes(stripes, (20, 20), (0, 20), (0, 20), (0, 0))).max() <= colour_lines.MOST * 1.0001


def test_a_residual_is_shared_out_without_changing_luma():
    random = np.random.default_rng(3)
    colours, residual, steep = (random.random(shape).astype(np.float32) for shape in ((3, 5, 6), (5, 6), (2, 5, 6)))
    before = grey(colours)
    colour_lines.add(colours, residual, steep)
    assert np.abs(grey(colours) - before - residual).max() < 1e-6
    plain = before[None].copy()
    colour_lines.add(plain, residual, None)
    assert np.allclose(plain[0], before + residual)
