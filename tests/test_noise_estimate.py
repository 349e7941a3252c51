"""How much noise a picture has, as estimated from its pixels."""

import numpy as np
import pytest
from scipy import ndimage

from smssr_infer.analysis.measurements import Measurements
from smssr_infer.analysis.noise import Noise, estimate, sigma_of
from smssr_infer.arrays.pixels import LUMA, Picture
from smssr_infer.runtime import Runtime


def noise(shape, sigma, shared, width, seed=0):
    """Noise of `sigma` levels, the same in all colours if `shared`, `width` pixels wide."""
    planes = np.random.default_rng(seed).normal(0, 1, (*shape, 1 if shared else 3))
    planes = ndimage.gaussian_filter(planes, (width, width, 0)) if width else planes
    return sigma * planes / planes.std() * np.ones(3)


@pytest.fixture(scope="module", params=["astronaut", "chelsea"])
def photograph(request):
    return request.getfixturevalue(request.param).astype(float)


@pytest.mark.parametrize("sigma", [6, 12, 25])
@pytest.mark.parametrize(("shared", "width"), [(False, 0), (True, 0), (True, 1.0), (False, 1.0)])
def test_noise_is_seen_whatever_its_width_and_colour(photograph, sigma, shared, width):
    damaged = np.clip(np.rint(photograph + noise(photograph.shape[:2], sigma, shared, width)), 0, 255)
    error = damaged - photograph
    luma = error @ LUMA
    found = estimate(Picture(damaged.astype(np.uint8)))
    assert found.luma == pytest.approx(luma.std(), rel=0.4)
    assert found.chroma == pytest.approx((error - luma[..., None]).std(), rel=0.4, abs=2.5)


@pytest.mark.parametrize("sigma", [8, 20, 40])
def test_a_trial_tells_more(photograph, sigma):
    damaged = np.clip(np.rint(photograph + noise(photograph.shape[:2], sigma, False, 0)), 0, 255)
    error = damaged - photograph
    found = Measurements(Picture(damaged.astype(np.uint8)), Runtime()).degradation.sigma
    assert found.luma == pytest.approx((error @ LUMA).std(), rel=0.12)
    assert found.chroma == pytest.approx((error - (error @ LUMA)[..., None]).std(), rel=0.12)


def test_a_clean_photograph_has_little(photograph):
    found = estimate(Picture(photograph.astype(np.uint8)))
    assert found.luma < 3 and found.chroma < 3


@pytest.mark.parametrize("kind", ["grey", "uint16", "float32", "rgba"])
def test_the_kind_of_array_does_not_matter(chelsea, kind):
    damaged = np.clip(np.rint(chelsea + noise(chelsea.shape[:2], 15, True, 0)), 0, 255).astype(np.uint8)
    of_bytes = estimate(Picture(damaged))
    other = {"grey": lambda: np.rint(damaged @ LUMA).astype(np.uint8), "uint16": lambda: damaged.astype(np.uint16) * 257,
             "float32": lambda: damaged.astype(np.float32) / 255,
             "rgba": lambda: np.dstack([damaged, np.full(damaged.shape[:2], 255, np.uint8)])}[kind]()
    found = estimate(Picture(other))
    assert found.luma == pytest.approx(of_bytes.luma, rel=0.25)
    assert found.chroma == (0 if kind == "grey" else pytest.approx(of_bytes.chroma, rel=0.01))


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (7, 5), (63, 64), (2000, 30)])
def test_any_size_has_an_estimate(shape):
    found = estimate(Picture(np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)))
    assert np.isfinite([found.luma, found.chroma]).all() and min(found.luma, found.chroma) >= 0


def test_a_users_figure_keeps_the_colour_of_the_noise():
    assert Noise(4.0, 2.0).with_luma(10.0) == Noise(10.0, 5.0)
    assert Noise(0.0, 0.0).with_luma(10.0).chroma == pytest.approx(13.2)


@pytest.mark.parametrize("wrong", ["much", -1, 101, np.nan, np.inf, None, [3]])
def test_anything_but_a_strength_is_refused(wrong):
    with pytest.raises(ValueError, match=r"noise is 'auto'.*\Z"):
        sigma_of(wrong)
