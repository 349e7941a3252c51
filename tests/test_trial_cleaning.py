"""What is seen of cleaning on trial: of noise and of texture, in grey and in colour."""

import numpy as np
import pytest
from scipy import ndimage

from smssr_infer.analysis import measurements
from smssr_infer.analysis.measurements import Measurements
from smssr_infer.analysis.noise import Noise
from smssr_infer.analysis.treatment import Treatment
from smssr_infer.analysis.trial_cleaning import EVERY, LAGS, features, tried
from smssr_infer.arrays.pixels import Picture
from smssr_infer.runtime import Runtime

VARIANCE, ALIKE, LAGGED, KURTOSIS, COLOURED, LEFT = 0, 6, slice(7, 7 + len(LAGS)), 12, 13, 14


def planes(plane):
    return np.repeat(plane[None], 3, 0).astype(np.float32)


def test_white_noise_is_not_like_itself_a_pixel_away():
    noise = np.random.default_rng(0).normal(0, 5, (128, 128))
    found = features(planes(noise + 128), planes(noise))
    assert np.exp(found[VARIANCE]) == pytest.approx(25, rel=0.05)
    assert np.abs(found[LAGGED]).max() < 0.05
    assert np.exp(found[KURTOSIS]) == pytest.approx(3.1, abs=0.2)
    assert found[COLOURED] < -3  # the colours share it
    assert found[LEFT] < -5  # nothing is left


def test_wide_noise_is_like_itself_a_pixel_away():
    noise = 20 * ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(128, 128)), 1, mode="wrap")
    across, down, *_ = features(planes(noise + 128), planes(noise))[LAGGED]
    assert across == pytest.approx(np.exp(-0.25), abs=0.05)  # of a Gaussian of σ = 1
    assert down == pytest.approx(np.exp(-0.25), abs=0.05)


def test_detail_goes_where_the_picture_has_slopes():
    """And noise everywhere."""
    rng = np.random.default_rng(0)
    picture = np.add.outer(np.linspace(0, 3, 128) ** 3, np.zeros(128)) * 8
    white = rng.normal(size=(128, 128))
    steep = white * np.linspace(0, 2, 128)[:, None]
    assert features(planes(picture + steep), planes(steep))[ALIKE] > 0.5
    assert abs(features(planes(picture + white), planes(white))[ALIKE]) < 0.3


def test_grey_is_tried_as_three_colours_that_are_the_same(astronaut):
    grey = astronaut[..., 1]
    one, three = (tried(Picture(x), Noise(5, 0), "onnxruntime") for x in (grey, np.repeat(grey[..., None], 3, 2)))
    assert np.allclose(one, three, atol=1e-4)
    assert one.shape == (-(-9 // EVERY), 15)


@pytest.mark.parametrize("backend", ["onnxruntime", "numpy"])
def test_a_picture_of_any_size_is_tried(astronaut, backend):
    for height, width in ((10, 10), (17, 400), (130, 64)):
        found = tried(Picture(astronaut[:height, :width]), Noise(5, 5), backend)
        assert found.shape[1] == 15
        assert np.isfinite(found).all()


def test_a_tiny_clean_picture_is_clean(astronaut):
    """There is less in it than the regression has seen."""
    tiny = np.ascontiguousarray(astronaut[::4, ::4][:30, :40])
    assert Measurements(Picture(tiny), Runtime()).gains.best is Treatment.CLEAN


def test_a_picture_is_tried_once(astronaut, monkeypatch):
    """Both decisions share it, and grain needs none."""
    noisy = np.clip(astronaut[:96, :96] + np.random.default_rng(0).normal(0, 12, (96, 96, 3)), 0, 255).astype(np.uint8)
    calls = []
    monkeypatch.setattr(measurements, "tried", lambda *given: calls.append(given) or tried(*given))
    found = Measurements(Picture(noisy), Runtime())
    assert np.any(found.grain.sigma)
    assert not calls
    assert not found.degradation.jpeg
    assert found.gains.best is Treatment.NOISE
    assert len(calls) == 1
