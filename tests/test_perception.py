"""Measures of how pictures look: alike, worse, and what each is blind to. Needs torch (`make test-export`)."""

import numpy as np
import pytest
from skimage import data, filters

torch = pytest.importorskip("torch")

from export.data import degrade  # noqa: E402
from export.measure import perception, quality  # noqa: E402

TRUTH = data.astronaut()[:160, 100:260]


def blurred(sigma: float) -> np.ndarray:
    return np.rint(255 * filters.gaussian(TRUTH / 255, sigma, channel_axis=-1)).astype(np.uint8)


def test_each_measure_is_best_of_a_picture_itself_and_worse_the_more_it_is_blurred(filters):
    for name, measure in perception.measures(filters).items():
        with np.errstate(divide="ignore"):
            steps = [measure(blurred(sigma) if sigma else TRUTH, TRUTH) for sigma in (0, 1, 3)]
        assert steps == sorted(steps, reverse=name.endswith("↑")), name
        assert len(set(steps)) == 3, name


def test_a_mesh_stands_out_and_texture_does_not():
    texture = np.random.default_rng(0).normal(0, 1, (3, 200, 220))
    dots = np.zeros_like(texture)
    dots[:, ::4, ::4] = 1
    assert perception.grid_peak(texture, 4) < 3
    assert perception.grid_peak(texture + dots, 4) > 6
    assert perception.grid_peak(texture + np.roll(dots, 2, -1), 4) > 6


def test_psnr_b_counts_the_edges_of_blocks():
    blocky = degrade.jpeg(TRUTH.astype(np.float32), 10, subsampled=False).astype(np.uint8)
    smooth = blurred(1.5)
    lost = [quality.psnr(*(quality.matlab_y(rgb) for rgb in (picture, TRUTH))) - perception.psnr_b(picture, TRUTH)
            for picture in (blocky, smooth)]
    assert lost[0] > 0.3
    assert 0 <= lost[1] < 0.05


def test_the_interval_holds_the_mean_and_narrows_with_more_pictures():
    rng = np.random.default_rng(0)
    few, many = (rng.normal(1, 1, n) for n in (10, 1000))
    for values in (few, many):
        low, high = perception.interval(values)
        assert low < values.mean() < high
    assert np.ptp(perception.interval(many)) < np.ptp(perception.interval(few)) / 3
