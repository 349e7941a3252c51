"""What coarse styles promise: a painting's colours, the same answer however it is computed, nothing where β is 0, clear errors."""

import numpy as np
import pytest
from conftest import shrink
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import smssr_infer as smssr
from smssr_infer.analysis.palette import Palette
from smssr_infer.arrays.pixels import Picture
from smssr_infer.cli import main
from smssr_infer.networks import manifest
from smssr_infer.textures.random_fields import clouds, white

COARSE = [card.name for card in smssr.models() if isinstance(card, smssr.CoarseCard)]
ONE = COARSE[0]


@pytest.fixture(scope="module")
def picture(astronaut):
    return astronaut[40:300, 60:400]


def painted(image, beta=1.0, name=ONE, **options):
    return smssr.stylize(image, {}, coarse={name: beta}, **options)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [0, 1, 2, 3, 4])
def test_kind_alpha_and_what_no_mask_touches_are_kept(picture, dtype, channels):
    x = picture.astype(np.float32) / 255
    alpha = np.ones((*x.shape[:2], 1), np.float32)
    alpha[:30] = 0
    x = {0: x[..., 0], 1: x[..., :1], 2: np.concatenate([x[..., :1], alpha], 2), 3: x, 4: np.concatenate([x, alpha], 2)}[channels]
    x = (x * {np.uint8: 255, np.uint16: 65535, np.float32: 1}[dtype] + (0 if dtype == np.float32 else 0.5)).astype(dtype)
    before = x.copy()
    mask = np.zeros(x.shape[:2], np.float32)
    mask[:, 100:] = 0.7
    y = painted(x, mask)
    assert np.array_equal(x, before)
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    assert np.array_equal(y[mask == 0], x[mask == 0])
    assert not np.array_equal(y, x)
    assert np.array_equal(painted(x, 0.0), x)
    if channels in (2, 4):
        assert np.array_equal(y[..., -1], x[..., -1])
        assert np.array_equal(y[:30], x[:30])


@pytest.mark.parametrize("name", COARSE)
def test_the_painting_s_palette_comes_near(picture, name):
    card = manifest.find(name, smssr.CoarseCard)
    x = picture.astype(np.float32) / 255
    before, after = (np.abs(Palette.of(image).mean - card.mean).sum() for image in (x, painted(x, name=name)))
    assert after < max(0.5 * before, 0.1)


@pytest.mark.parametrize("shape", [(260, 340), (33, 57), (8, 9), (1, 40)])
def test_tiles_threads_and_runs_do_not_matter(picture, shape):
    x = picture[:shape[0], :shape[1]].astype(np.float32) / 255
    whole = painted(x, tile=4096, threads=1)
    assert np.isfinite(whole).all()
    for options in ({"tile": 50, "threads": 3}, {"tile": 97}, {}):
        assert np.abs(painted(x, **options) - whole).max() <= 1e-4


def test_a_texture_lies_on_what_was_painted_anew(picture):
    x = picture.astype(np.float32) / 255
    first = painted(x, 0.8)
    both = smssr.stylize(x, {"fur": 0.5}, coarse={ONE: 0.8}, tile=113, threads=2)
    assert np.abs(both - smssr.stylize(first, {"fur": 0.5})).max() <= 1e-4


def test_several_are_laid_one_over_the_other(picture):
    x = picture.astype(np.float32) / 255
    mask = np.zeros(x.shape[:2], np.float32)
    mask[:, :150] = 1
    y = smssr.stylize(x, {}, coarse={COARSE[0]: mask, COARSE[1]: 1 - mask})
    assert np.abs(y[:, :150] - painted(x, name=COARSE[0])[:, :150]).max() <= 1e-5
    assert np.abs(y[:, 150:] - painted(x, name=COARSE[1])[:, 150:]).max() <= 1e-5


def test_strength_lies_between(picture):
    x = picture.astype(np.float32) / 255
    assert np.allclose(painted(x, 0.5), (x + painted(x)) / 2, atol=1e-5)


def test_backends_agree(picture):
    x = picture[:96, :120].astype(np.float32) / 255
    assert np.abs(painted(x, backend="numpy") - painted(x, backend="onnxruntime")).max() <= 1e-3


def test_seed_and_size_count(picture):
    x = picture.astype(np.float32) / 255
    assert np.abs(painted(x, seed=5) - painted(x)).max() > 0.01
    assert np.abs(painted(x, smssr.Style(size=2)) - painted(x)).max() > 0.05
    assert np.array_equal(painted(x, smssr.Style(seed=5)), painted(x, seed=5))
    assert np.array_equal(smssr.stylize(x, coarse={ONE: 1.0}), painted(x))


def test_forms_belong_to_the_whole_picture(astronaut):
    """An enlargement is painted with the forms of the picture."""
    large = smssr.upscale(astronaut, 4, model="smssr-x4-quick")
    once, twice = shrink(painted(large[::2, ::2].copy()), 4).astype(float), shrink(painted(large), 8).astype(float)
    assert np.corrcoef((once - shrink(large, 8)).ravel(), (twice - shrink(large, 8)).ravel())[0, 1] > 0.9


def test_flat_and_grey_pictures(picture):
    for x in (np.full((60, 70, 3), 0.5, np.float32), np.zeros((60, 70, 3), np.float32), np.full((50, 50), 1.0, np.float32)):
        y = painted(x)
        assert np.isfinite(y).all()
        assert y.min() >= 0
        assert y.max() <= 1
    grey = picture.mean(2).astype(np.uint8)
    assert painted(grey).shape == grey.shape


@pytest.mark.parametrize(("coarse", "words"), [
    ({"no-such": 1}, "there is no painting 'no-such'"), ({"fur": 1}, "fur is a style, not a painting"), ({ONE: 2.0}, "0 … 1"),
    ({ONE: None}, "not None"), (["x"], "coarse must be a dictionary"),
    ({ONE: smssr.Style(seed=-1)}, "seed")])
def test_what_does_not_fit_is_one_line(picture, coarse, words):
    with pytest.raises(ValueError, match=words) as caught:
        smssr.stylize(picture, {}, coarse=coarse)
    assert "\n" not in str(caught.value)


@given(st.integers(-70, 70), st.integers(-70, 70), st.integers(1, 12))
@settings(deadline=None)
def test_clouds_belong_to_places(top, left, cell):
    whole = clouds(-80, 80, -80, 80, cell, 3)
    assert np.array_equal(clouds(top, top + 9, left, left + 8, cell, 3), whole[top + 80:top + 89, left + 80:left + 88])
    assert whole.min() >= 0
    assert whole.max() <= 1
    if cell == 1:
        assert np.allclose(whole, white(-80, 80, -80, 80, 3))


def test_palettes(picture):
    x = picture.astype(np.float32) / 255
    palette = Palette.measured(Picture(x), 2, None)
    wanted = Palette.of(x)
    assert np.allclose(palette.mean, wanted.mean, atol=1e-5)
    assert np.allclose(palette.covariance, wanted.covariance, atol=1e-5)
    other = Palette(np.array([0.2, 0.5, 0.7]), np.diag([0.02, 0.03, 0.01]))
    wide = Palette(wanted.mean, wanted.covariance + 0.2 * np.eye(3))  # beside which what is added against noise is little
    matrix, offset = wide.towards(other)
    assert np.allclose(matrix @ wide.covariance @ matrix.T, other.covariance, atol=3e-4)
    assert np.allclose(matrix @ wide.mean + offset, other.mean, atol=1e-5)


def test_command_line(tmp_path, picture, capsys):
    Image.fromarray(picture).save(tmp_path / "in.png")
    mask = np.zeros(picture.shape[:2], np.uint8)
    mask[:, 170:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    order = ["stylize", str(tmp_path / "in.png"), str(tmp_path / "out.png")]
    assert main([*order, "--coarse", f"{ONE}={tmp_path / 'mask.png'}:0.5,size=2", "--style", "canvas:0.5"]) == 0
    expected = smssr.stylize(picture, {"canvas": 0.5}, coarse={ONE: smssr.Style(mask * np.float32(0.5 / 255), size=2)})
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out.png")), expected)
    for wrong, words in ((["--coarse", "fur"], "fur is a style, not a painting"), ([], "--style NAME or --painting NAME"),
                         (["--coarse", f"{ONE},sharpness=on"], "a painting has no option 'sharpness'"),
                         (["--coarse", f"{ONE}:2"], "0 … 1")):
        assert main([*order, *wrong]) == 2
        error = capsys.readouterr().err
        assert words in error
        assert error.count("\n") == 1
    assert main(["models"]) == 0
    assert ONE in capsys.readouterr().out
