import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from smssr_infer.arrays.scale_space import difference_of_gaussians, gaussian, mirror, radius, separable

RNG = np.random.default_rng(0)


@given(n=st.integers(1, 90), sigma=st.floats(0.3, 8))
def test_gaussian_rows_sum_to_one(n, sigma):
    assert np.allclose(gaussian(n, sigma).dense().sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.6, 6.7])
def test_gaussian_is_scipys(sigma):
    x = RNG.random((70, 131)).astype(np.float32)
    expected = gaussian_filter(x.astype(np.float64), sigma, mode="reflect", truncate=radius(sigma) / sigma)
    answer = separable(x, gaussian(70, sigma), gaussian(131, sigma), (0, 70), (0, 131))
    assert np.abs(answer - expected).max() < 1e-6


@given(st.integers(1, 20), st.integers(-60, 60))
def test_mirror_reads_a_mirrored_row(n, i):
    row = np.arange(n)
    assert mirror(np.array([i]), n)[0] == np.pad(row, 60, mode="symmetric")[i + 60]


def test_dog_of_a_constant_is_zero():
    assert np.abs(difference_of_gaussians(np.full((40, 50), 0.7, np.float32), 0.6, 2.6)).max() < 1e-6


@pytest.mark.parametrize("period", [2.5, 5, 9, 20, 120])
def test_dog_answers_a_wave_as_theory_says(period):
    x = np.arange(256, dtype=np.float32)
    wave = np.broadcast_to(np.sin(2 * np.pi * x / period), (256, 256)).astype(np.float32)
    answer = difference_of_gaussians(wave, 1.0, 2.6)[128, 8:248].std() * 2**0.5
    expected = np.exp(-2 * (np.pi * 1.0 / period) ** 2) - np.exp(-2 * (np.pi * 2.6 / period) ** 2)
    assert answer == pytest.approx(expected, abs=0.02)


def test_dog_of_a_part_is_part_of_the_dog():
    x = RNG.random((3, 150, 170)).astype(np.float32)
    whole = difference_of_gaussians(x, 1.0, 4.2)
    part = difference_of_gaussians(x, 1.0, 4.2, (20, 90), (31, 170))
    assert np.abs(part - whole[:, 20:90, 31:170]).max() < 1e-6
    r = radius(4.2)
    inside = difference_of_gaussians(x[:, 30:120, 40:140], 1.0, 4.2)[:, r:-r, r:-r]
    assert np.abs(inside - whole[:, 30 + r:120 - r, 40 + r:140 - r]).max() < 1e-6
