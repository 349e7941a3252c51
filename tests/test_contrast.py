"""σ_x is the local standard deviation, wherever it is read."""

import numpy as np
import pytest

from smssr_infer.analysis.contrast import Contrast
from smssr_infer.arrays.pixels import Picture


def test_of_noise_and_of_nothing():
    noise = np.random.default_rng(1).normal(0.5, 0.1, (300, 310)).astype(np.float32)
    sigma = Contrast(Picture(noise), 160, 0.03).read(0, 300, 0, 310)
    assert sigma.shape == (300, 310)
    assert np.allclose(sigma, np.hypot(0.1, 0.03), rtol=0.05)
    flat = Contrast(Picture(np.full((50, 60), 0.9, np.float32)), 160, 0.03).read(0, 50, 0, 60)
    assert np.allclose(flat, 0.03, rtol=1e-3)


def test_it_is_local():
    picture = np.full((200, 1200), 0.5, np.float32)
    picture[:, 600:] += np.random.default_rng(1).normal(0, 0.2, (200, 600)).astype(np.float32)
    sigma = Contrast(Picture(picture), 160, 0.03).read(0, 200, 0, 1200)
    assert sigma[:, :400].max() < 0.04
    assert sigma[:, 800:].min() > 0.17
    assert np.all(np.diff(sigma[100, 450:750]) > -1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (5, 40), (16, 16), (33, 700)])
def test_windows_agree_with_the_whole_at_every_size(shape):
    picture = Picture(np.random.default_rng(1).random(shape, np.float32))
    contrast = Contrast(picture, 160, 0.03, threads=2)
    h, w = shape
    whole = contrast.read(0, h, 0, w)
    assert whole.shape == shape
    assert np.isfinite(whole).all()
    a, b = h // 3, w // 3
    assert np.allclose(contrast.read(a, h, b, w), whole[a:, b:], atol=1e-6)


def test_it_agrees_with_the_definition(astronaut):
    """Against a Gaussian window of the same spread, computed pixel by pixel."""
    from scipy.ndimage import gaussian_filter

    y = (astronaut @ np.array([0.299, 0.587, 0.114])) / 255
    spread = 160 / 12**0.5
    mean = gaussian_filter(y, spread, mode="reflect", truncate=3)
    expected = np.sqrt(gaussian_filter(y * y, spread, mode="reflect", truncate=3) - mean**2 + 0.03**2)
    sigma = Contrast(Picture(astronaut), 160, 0.03).read(0, 512, 0, 512)
    assert np.abs(sigma / expected - 1).max() < 0.05


def test_the_ceiling():
    noise = np.random.default_rng(1).normal(0.5, 0.2, (100, 100)).astype(np.float32)
    assert Contrast(Picture(noise), 160, 0.03, 0.16).read(0, 100, 0, 100).max() == np.float32(0.16)


def test_flat_colours_are_told_from_smooth_places(chelsea):
    """A drawing counts as flat up to its outlines; a photograph nowhere, nor a gradient with a little noise."""
    drawing = np.full((400, 600), 0.5, np.float32)
    drawing[150:250, 100:500] = 0.7
    assert Contrast(Picture(drawing), 160, 0.03).flatness(0, 400, 0, 600).min() == 1
    sky = np.linspace(0.6, 0.7, 600, dtype=np.float32) + np.random.default_rng(1).normal(0, 1 / 255, (400, 600)).astype(np.float32)
    for textured in (chelsea, np.rint(255 * sky) / np.float32(255)):
        assert not Contrast(Picture(textured), 160, 0.03).flat_somewhere
    half = np.where(np.arange(600) < 300, drawing, sky).astype(np.float32)
    flatness = Contrast(Picture(half), 160, 0.03).flatness(0, 400, 0, 600)
    assert flatness[:, :150].min() == 1
    assert flatness[:, 450:].max() == 0


def test_a_check_cancels():
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Contrast(Picture(np.zeros((60, 60), np.float32)), 160, 0.03, check=stop)
