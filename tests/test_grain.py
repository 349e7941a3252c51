"""Grain to match: what is measured of a picture's flat places, and laid over what was filled, cleaned or enlarged."""

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer.analysis.grain import Look
from smssr_infer.arrays.pixels import luma
from smssr_infer.cli import main
from smssr_infer.textures.grain import grain

FINE = Look((10.0,) * 8, chroma=1.3)
FILM = Look((12.0, 12.0, 11.0, 10.0, 8.0, 7.0, 7.0, 7.0), width=0.9, chroma=0.4, chroma_width=1.5)


def scene():
    """Smooth places of many lightnesses and a few edges, `[3, 360, 480]`."""
    y, x = np.mgrid[:360, :480] / 480
    plane = 0.15 + 0.6 * x + 0.1 * np.sin(9 * y)
    plane[100:200, 150:300] -= 0.12
    return np.stack([plane, 0.9 * plane, 0.8 * plane + 0.05]).astype(np.float32)


def grained(look, planes=None):
    """The scene with grain, uint8 RGB."""
    planes = scene() if planes is None else planes
    noisy = planes + grain(look, (0, planes.shape[1], 0, planes.shape[2]), luma(planes), len(planes), 7)
    return np.rint(255 * noisy.clip(0, 1)).astype(np.uint8).transpose(1, 2, 0)


@pytest.mark.parametrize("look", [FINE, FILM])
def test_what_is_measured_is_what_was_laid(look):
    found = smssr.grain_of(grained(look))
    assert found.sigma[1:7] == pytest.approx(look.sigma[1:7], rel=0.25)
    assert found.width == pytest.approx(look.width, abs=0.15)
    assert found.chroma == pytest.approx(look.chroma, abs=0.3)
    assert found.chroma_width == pytest.approx(look.chroma_width, abs=0.4)


def test_a_grey_picture_has_no_colour_in_its_grain():
    grey = grained(Look((9.0,)))[..., 1]
    found = smssr.grain_of(grey)
    assert found.chroma == found.chroma_width == 0
    assert smssr.process(grey, smssr.Recipe(found)).shape == grey.shape


def test_a_clean_picture_has_hardly_any():
    assert max(smssr.grain_of(np.rint(255 * scene()).astype(np.uint8).transpose(1, 2, 0)).sigma) < 1


def test_tiles_and_crops_change_nothing():
    picture = np.rint(255 * scene()).astype(np.uint8).transpose(1, 2, 0)
    recipe = smssr.Recipe(smssr.Grain(sigma=(4, 9), width=1.2, chroma=0.5, chroma_width=2))
    whole = smssr.process(picture, recipe)
    assert np.array_equal(smssr.process(picture, recipe, tile=64, threads=2), whole)
    assert not np.array_equal(whole, picture)
    assert not np.array_equal(smssr.process(picture, smssr.Recipe(smssr.Grain(sigma=(4, 9), seed=3))), whole)


def test_a_filled_hole_has_the_grain_of_what_is_around():
    picture = grained(FILM)
    holes = np.zeros(picture.shape[:2])
    for x in range(30, 480, 90):
        holes[20:340, x:x + 12] = 1
    hole = holes > 0
    bare, matched = (smssr.process(picture, smssr.Recipe(smssr.Fill(holes), *more)) for more in ((), (smssr.Grain(beta=holes),)))
    assert np.array_equal(matched[~hole], picture[~hole])
    smooth = scene().transpose(1, 2, 0)

    def strength(made, where):
        return (made / 255 - smooth)[..., 1][where].std()

    assert strength(bare, hole) < 0.75 * strength(picture, ~hole)
    assert strength(matched, hole) == pytest.approx(strength(picture, ~hole), rel=0.3)


def test_enlarged_it_is_as_fine_as_it_was():
    picture = grained(FINE)
    plain, matched = (smssr.process(picture, smssr.Recipe(smssr.Restore(clean=1), smssr.Enlarge(scale=2), *more))
                      for more in ((), (smssr.Grain(),)))
    added = (matched.astype(int) - plain)[..., 1]
    assert 5 < added.std() < 15
    assert abs(np.corrcoef(added[:, 1:].ravel(), added[:, :-1].ravel())[0, 1]) < 0.15


@pytest.mark.parametrize(("settings", "words"), [({"sigma": -1}, "noise is"), ({"sigma": 5, "width": 9}, "width must lie in 0 … 3"),
                                                 ({"width": 1}, "set sigma, too"), ({"sigma": 5, "seed": 0.5}, "seed")])
def test_settings_that_cannot_be(settings, words):
    with pytest.raises(ValueError, match=words):
        smssr.Grain(**settings)


def test_the_command_and_its_recipe(tmp_path, capsys):
    noisy, clean, mask = (tmp_path / name for name in ("noisy.png", "clean.png", "mask.png"))
    Image.fromarray(grained(FILM)).save(noisy)
    Image.fromarray(np.rint(255 * scene()).astype(np.uint8).transpose(1, 2, 0)[:64, :96]).save(clean)
    holes = np.zeros((360, 480), np.uint8)
    holes[100:108, 50:400] = 255
    Image.fromarray(holes).save(mask)

    def run(*words):
        return main([str(tmp_path / word) if word.endswith((".png", ".toml")) else word for word in words])

    assert run("restore", "noisy.png", "own.png", "--fill", "mask.png", "--match-grain") == 0
    own, before = (np.asarray(Image.open(tmp_path / name)) for name in ("own.png", "noisy.png"))
    assert np.array_equal(own[holes == 0], before[holes == 0])
    assert run("restore", "noisy.png", "bare.png", "--fill", "mask.png") == 0
    assert own[holes > 0].std() > np.asarray(Image.open(tmp_path / "bare.png"))[holes > 0].std()
    assert run("upscale", "clean.png", "large.png", "--scale", "2", "--match-grain", "noisy.png", "--save-recipe", "grain.toml") == 0
    assert run("run", "grain.toml", "clean.png", "again.png") == 0
    large, again = (np.asarray(Image.open(tmp_path / name)) for name in ("large.png", "again.png"))
    assert np.array_equal(large, again)
    assert run("restore", "clean.png", "only.png", "--match-grain", "noisy.png") == 0
    only, given = (np.asarray(Image.open(tmp_path / name)) for name in ("only.png", "clean.png"))
    assert np.array_equal(only, smssr.process(given, smssr.Recipe(smssr.grain_of(grained(FILM)))))
    assert run("stylize", "clean.png", "painted.png", "--painting", "starry-night", "--match-grain", "noisy.png") == 0
    capsys.readouterr()
    for words, message in ((["stylize", "clean.png", "o.png", "--style", "canvas", "--match-grain"], "lays grain over what was filled"),
                           (["restore", "noisy.png", "o.png", "--clean", "--match-grain"], "name the picture FROM"),
                           (["upscale", "clean.png", "o.png", "--match-grain", "nowhere.png"], "nowhere.png")):
        assert run(*words) == 2
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1
