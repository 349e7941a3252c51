"""Numbers that were chosen: why each is what it is, shown by what would be worse with another."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import threadpoolctl
from conftest import shrink
from scipy.ndimage import gaussian_filter

from smssr_infer import models, restore, stylize, upscale
from smssr_infer.analysis.degradation import Degradation
from smssr_infer.analysis.measurements import Measurements
from smssr_infer.analysis.palette import Palette
from smssr_infer.analysis.photograph import treatment_of
from smssr_infer.analysis.sharpness import Sharpness
from smssr_infer.analysis.treatment import Treatment
from smssr_infer.arrays import colour_lines, large, tiling
from smssr_infer.arrays.large import LargePicture
from smssr_infer.arrays.pixels import Picture
from smssr_infer.networks.cards import CoarseCard, EnlargingCard, StyleCard
from smssr_infer.nodes.enlarge import EnlargeNode
from smssr_infer.recipe import Recipe
from smssr_infer.runtime import Runtime
from smssr_infer.steps import Coarse, Fill, Restore, Stylize


def test_a_slope_of_colours_is_at_most_4_from_grey():
    """Blue beside a green of nearly its luma: the regression says 7, and noise of luma would become blue noise of eight times as much."""
    stripe = np.arange(60) // 4 % 2 == 1
    colours = np.zeros((3, 60, 60), np.float32)
    colours[2][:, ~stripe], colours[1][:, stripe] = 1, (0.114 + 0.065) / 0.587
    slopes = colour_lines.slopes(colours, (60, 60), (0, 60), (0, 60), (0, 0))
    assert np.abs(slopes).max() == pytest.approx(4, rel=1e-5)
    noise = np.random.default_rng(0).normal(0, 0.02, (60, 60)).astype(np.float32)
    changed = colours.copy()
    colour_lines.add(changed, noise, slopes)
    assert (changed - colours)[2].std() < 3 * noise.std()


@pytest.mark.parametrize(("sigma", "better"), [(1.5, "clean"), (3.5, "photo")])
def test_noise_makes_a_photograph_where_that_is_nearer_to_the_truth(astronaut, sigma, better):
    """On either side of the least noise that counts the way that is taken is the better one."""
    truth = astronaut[:384, :384]
    noisy = shrink(truth, 2) + np.random.default_rng(0).normal(0, sigma, (192, 192, 3))
    noisy = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    error = {kind: np.square(upscale(noisy, 2, picture=kind).astype(float) - truth).mean() for kind in ("clean", "photo")}
    assert min(error, key=error.get) == better
    assert (treatment_of(Measurements(Picture(noisy), Runtime()), "auto") is Treatment.CLEAN) == (better == "clean")


def test_a_palette_leaves_grey_walls_without_coloured_noise():
    """A wall whose noise is one level becomes a painting's; a picture with colours of its own gets them all."""
    random = np.random.default_rng(0)
    painting = Palette.of(random.random((1000, 3)) * [1, 0.6, 0.8])
    wall = 0.6 + random.normal(0, 0.004, (200, 200, 3))
    matrix, offset = Palette.of(wall).towards(painting)
    assert (wall @ matrix.T + offset).std((0, 1)).max() < 0.04
    colourful = random.random((1000, 3))
    matrix, offset = Palette.of(colourful).towards(painting)
    assert (colourful @ matrix.T + offset).std(0) == pytest.approx(np.sqrt(np.diag(painting.covariance)), rel=0.05)


def test_a_picture_is_as_sharp_as_its_sharpest_quarter():
    """The blurred background, three fifths of the picture, is soft beside the rest, though most of the picture is as soft."""
    y, x = np.mgrid[:480, :640]
    pattern = ((x // 9 + y // 13) % 2).astype(np.float32)
    picture = np.where(x < 256, pattern, gaussian_filter(pattern, 4)).astype(np.float32)
    softness = Sharpness(Picture(picture)).read(0, 480, 0, 640)
    assert softness[:, :200].max() == 0
    assert softness[:, 320:].mean() > 1.2


def test_hidden_colours_are_filled_in_further_than_any_network_sees():
    """So what is behind that distance changes nothing that can be seen."""
    picture, cards = Picture(np.zeros((1200, 1200, 3), np.uint8)), models()
    plans = [(scale, None, treatment) for scale in (2, 3, 4, 8, 16) for treatment in Treatment]
    clean = Treatment.CLEAN
    for scale, model, treatment in plans + [(card.scale, card.name, clean) for card in cards if isinstance(card, EnlargingCard)]:
        at, side = 600 * scale, 1200 * scale
        node = EnlargeNode(picture, side, side, "onnxruntime", model, degradation=Degradation(5, 0.2), treatment=treatment)
        top, bottom, left, right = node.reads(at, at + 1, at, at + 1)
        assert max(600 - top, bottom - 601, 600 - left, right - 601) <= large.BLEEDS
    holes = np.zeros((1200, 1200))
    holes[600:609, 600:609] = 1
    assert Recipe(Fill(holes), Restore(1, 1, 1)).build(picture).margin <= large.BLEEDS
    small = Picture(np.random.default_rng(0).random((64, 64, 3)).astype(np.float32))
    coarse = max(Recipe(Coarse({card.name: 0.5})).build(small).margin for card in cards if isinstance(card, CoarseCard))
    styles = (Recipe(Stylize({card.name: 0.5})).build(small).margin for card in cards if isinstance(card, StyleCard))
    assert coarse + max(styles) <= large.BLEEDS


@pytest.mark.parametrize("task", [lambda x: upscale(x, 2, "smssr-x4"), lambda x: restore(x, 0.8), lambda x: stylize(x, {"canvas": 0.5})])
def test_what_can_be_seen_is_the_same_in_bounded_memory(monkeypatch, small, task):
    """A large picture with transparency is searched for visible colours around each window, not whole."""
    alpha = np.full((128, 128, 1), 255, np.uint8)
    alpha[30:100, 20:90], alpha[60:64, 50:54] = 0, 90
    picture = np.concatenate([small, alpha], -1)
    whole = task(picture)
    monkeypatch.setattr(large, "WHOLE", 1)
    assert isinstance(large.in_memory(picture), LargePicture)
    assert np.array_equal(task(picture), whole)


def test_blas_gets_its_threads_back_from_the_last(monkeypatch):
    """Else the program that calls us computes with one thread for ever."""
    events = []

    class Limits:
        def __init__(self, limits, user_api):
            events.append((limits, user_api))

        def restore_original_limits(self):
            events.append("given back")

    monkeypatch.setattr(tiling, "threadpool_limits", Limits)
    with tiling.one_blas_thread():
        with tiling.one_blas_thread():
            pass
        assert events == [(1, "blas")]
    assert events == [(1, "blas"), "given back"]
    with pytest.raises(ZeroDivisionError), tiling.one_blas_thread():
        raise ZeroDivisionError
    assert events[2:] == [(1, "blas"), "given back"]


def test_blas_is_held_to_one_thread_from_whatever_thread():
    """Also after the main thread has held it: else the engine's and Dask's products are cut up otherwise, and differ in the last bit."""
    def threads():
        return [library["num_threads"] for library in threadpoolctl.threadpool_info() if library["user_api"] == "blas"]

    def held():
        with tiling.one_blas_thread():
            return threads()

    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        before = threads()
        with ThreadPoolExecutor(1) as pool:
            assert set(pool.submit(held).result()) == {1}
        assert threads() == before and set(before) == {2}
