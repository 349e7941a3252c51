"""Noise and waves belong to places."""

import numpy as np
import pytest

from smssr_infer.textures.random_fields import waves, white

WAVES = [(0.1, 0.0), (1 / 24, 0.03125)]


@pytest.mark.parametrize("window", [(0, 7, 0, 9), (60, 90, 13, 77), (-40, -3, -9, 30)])
def test_a_window_is_that_part_of_the_plane(window):
    a, b, c, d = window
    assert np.array_equal(white(a, b, c, d, 5), white(-50, 100, -50, 100, 5)[a + 50:b + 50, c + 50:d + 50])
    whole = waves(-50, 100, -50, 100, WAVES)[:, a + 50:b + 50, c + 50:d + 50]
    assert np.abs(waves(a, b, c, d, WAVES) - whole).max() < 1e-6


@pytest.mark.parametrize("corner", [(0, 0), (100_000, 70_000)])
def test_the_noise_is_uniform_and_white(corner):
    top, left = corner
    noise = white(top, top + 256, left, left + 256, 1)
    assert 0 <= noise.min() < 0.001
    assert 0.999 < noise.max() < 1
    assert abs(noise.mean() - 0.5) < 0.005
    assert abs(noise.std() - 12**-0.5) < 0.005
    power = np.abs(np.fft.fft2(noise - noise.mean())) ** 2
    power /= power.mean()
    assert power.max() < 20  # of 65536 exponentially distributed numbers the largest is about 11
    along, across = power.mean(axis=0), power.mean(axis=1)
    assert max(along[1:].max(), across[1:].max()) < 1.5


def test_another_seed_is_other_noise():
    a, b = white(0, 99, 0, 99, 1), white(0, 99, 0, 99, 2)
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.04
    for shift in range(1, 5):
        assert abs(np.corrcoef(a[shift:].ravel(), b[:-shift].ravel())[0, 1]) < 0.05


def test_waves_have_their_frequency():
    cosine, sine = waves(0, 40, 0, 40, [(0.1, 0.0)])
    assert np.allclose(cosine[:, 0], 0.5 + 0.5 * np.cos(2 * np.pi * 0.1 * np.arange(40)), atol=1e-6)
    assert np.allclose(sine[:, 7], 0.5 + 0.5 * np.sin(2 * np.pi * 0.1 * np.arange(40)), atol=1e-6)
    assert waves(0, 4, 0, 5, []).shape == (0, 4, 5)
