"""Salt and pepper and hot pixels go before the network cleans; drawn dots, lines and textures stay."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import smssr_infer as smssr
from smssr_infer.analysis.hot_pixels import hot
from smssr_infer.analysis.salt import salted
from smssr_infer.arrays.large import in_memory
from smssr_infer.arrays.pixels import Picture
from smssr_infer.nodes.despeckle import Unsalted


def psnr(a, b):
    return 10 * np.log10(255**2 / np.square(a.astype(float) - b).mean())


def peppered(picture, share, rng):
    out, draw = picture.copy(), rng.random(picture.shape[:2])
    out[draw < share / 2] = 0
    out[draw > 1 - share / 2] = 255
    return out


@pytest.mark.parametrize(("share", "least"), [(0.005, 36), (0.02, 36), (0.05, 36), (0.1, 35), (0.3, 30)])
def test_salt_and_pepper(chelsea, share, least):
    """A 3×3 median takes the picture with 2 % to some 31.6 dB; the network alone to 23."""
    damaged = peppered(chelsea, share, np.random.default_rng(1))
    assert salted(Picture(damaged)) == pytest.approx(share, rel=0.2)
    assert psnr(smssr.restore(damaged, clean=1), chelsea) > least


def test_white_and_black_that_belong_there_stay(chelsea):
    """A sign with white and black surfaces and thin lines, under salt and pepper."""
    sign = Image.fromarray(chelsea)
    draw = ImageDraw.Draw(sign)
    draw.rectangle((20, 20, 140, 80), fill="white")
    draw.rectangle((160, 20, 280, 80), fill="black")
    for k in range(5):
        draw.line((20, 100 + 8 * k, 140, 100 + 8 * k), fill="white")
        draw.line((160 + 8 * k, 100, 160 + 8 * k, 140), fill="black")
    sign = np.asarray(sign)
    made = Unsalted(Picture(peppered(sign, 0.1, np.random.default_rng(5))), 0.1).read(0, 300, 0, 451)
    off = np.abs(made.transpose(1, 2, 0) * 255 - sign).mean(-1)
    assert np.mean(off[22:79, 22:139] > 1) < 0.01
    assert np.mean(off[22:79, 162:279] > 1) < 0.01
    assert np.mean(off[100:133:8, 24:136] > 30) < 0.35, "of straight lines a pixel wide"


@pytest.mark.parametrize("share", [0.01, 0.04])
def test_salt_and_pepper_is_not_enlarged(chelsea, share):
    damaged = peppered(chelsea[:200, :300], share, np.random.default_rng(1))
    result = smssr.Recipe(smssr.Enlarge(2)).build(in_memory(damaged))
    assert result.remarks[0].startswith("has salt and pepper")
    clean = smssr.upscale(chelsea[:200, :300], 2, picture="clean")
    assert psnr(result.whole(), clean) > 33
    assert psnr(smssr.upscale(damaged, 2, picture="clean"), clean) < 27, "as it is, where that is wanted"


def test_hot_pixels(chelsea):
    rng = np.random.default_rng(2)
    damaged = chelsea.copy()
    places = rng.integers(2, 298, 200), rng.integers(2, 448, 200), rng.integers(0, 3, 200)
    damaged[places] = 255
    before, after = (np.abs(x[places].astype(float) - chelsea[places]).mean() for x in (damaged, smssr.restore(damaged, clean=1)))
    assert before > 80
    assert after < 10


def test_pictures_without_any_are_not_taken_for_such(chelsea, astronaut):
    for picture in (chelsea, astronaut):
        assert not salted(Picture(picture))
        marked = hot(picture.astype(np.float32).transpose(2, 0, 1) / 255)
        assert marked.mean() < 1e-5


def test_strong_noise_is_the_networks(chelsea, astronaut):
    rng = np.random.default_rng(4)
    for picture in (chelsea, astronaut):
        for sigma in (25, 50):
            noisy = np.clip(np.rint(picture + sigma * rng.standard_normal(picture.shape)), 0, 255).astype(np.uint8)
            assert not salted(Picture(noisy))


def test_drawn_dots_and_lines_stay():
    page = Image.new("RGB", (200, 160), "white")
    draw = ImageDraw.Draw(page)
    for k in range(40):
        draw.point((7 + 37 * k % 190, 5 + 53 * k % 150), fill="black")
    draw.line((10, 150, 190, 20), fill="black")
    page = np.asarray(page)
    assert not salted(Picture(page))
    assert np.array_equal(hot(page.astype(np.float32).transpose(2, 0, 1) / 255), np.zeros((3, 158, 198), bool))


def test_tiles_and_beta(chelsea):
    damaged = peppered(chelsea, 0.02, np.random.default_rng(3)).astype(np.float32) / 255
    whole = smssr.restore(damaged, clean=1, tile=4096, threads=1)
    assert np.abs(smssr.restore(damaged, clean=1, tile=70, threads=2) - whole).max() <= 1e-4
    beta = np.zeros(damaged.shape[:2], np.float32)
    beta[:, 200:] = 1
    part = smssr.restore(damaged, clean=beta)
    assert np.array_equal(part[:, :200], damaged[:, :200])
    assert np.abs(part[:, 200:] - whole[:, 200:]).max() <= 1e-4
