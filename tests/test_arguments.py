"""Arguments of every kind: Python's and NumPy's numbers, any byte spec, and whatever else somebody may give. They work, or are refused
in one line; none is ignored."""

import itertools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

import smssr_infer as smssr
from smssr_infer.arrays.masks import Mask
from smssr_infer.cli import main

IMAGE = np.random.default_rng(0).integers(0, 256, (20, 24, 3), dtype=np.uint8)
QUICK = "smssr-x4-quick"


class Unreadable:
    """What cannot be made an array."""

    def __array__(self, *_, **__):
        raise RuntimeError("no array")


def refused(call, words="."):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("scale", [np.uint8(2), np.int8(2), np.int64(2), np.float16(2), np.float64(2), Fraction(2), 2.0], ids=repr)
def test_scales_of_every_kind(scale):
    assert np.array_equal(smssr.upscale(IMAGE, scale, QUICK), smssr.upscale(IMAGE, 2, QUICK))


def test_scales_of_lazy_pictures():
    array = pytest.importorskip("dask.array").from_array(IMAGE)
    import smssr_infer.lazy

    assert smssr_infer.lazy.upscale(array, np.uint8(16), QUICK).shape == (320, 384, 3)
    refused(lambda: smssr_infer.lazy.upscale(array, 10**400), "scale")
    refused(lambda: smssr_infer.lazy.upscale(array, 2, QUICK, picture="photo"), "leave out one")


@pytest.mark.parametrize("scale", [10**400, -10**400, float("nan"), float("inf"), True, "2", b"2", None, 2j, np.full((3, 3), 2), [2],
                                   Decimal(2),
                                   np.bool_(True), Unreadable()], ids=lambda value: f"{value!r:.20}")
def test_what_is_no_scale(scale):
    refused(lambda: smssr.upscale(IMAGE, scale), "scale")


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int64, np.uint64, int])
def test_tiles_and_threads_of_every_kind(kind):
    image = np.tile(IMAGE, (8, 8, 1))
    expected = smssr.upscale(image, 2, QUICK, tile=100, threads=2)
    assert np.array_equal(smssr.upscale(image, 2, QUICK, tile=kind(100), threads=kind(2)), expected)
    assert smssr.style_residual(IMAGE, "fur", window=tuple(map(kind, (1, 9, 2, 7))), tile=kind(4)).shape == (8, 5)


FUNCTIONS = {"upscale": lambda **words: smssr.upscale(IMAGE, 2, QUICK, **words),
             "restore": lambda **words: smssr.restore(IMAGE, 1, **words),
             "stylize": lambda **words: smssr.stylize(IMAGE, {"fur": 0.5}, **words),
             "style_residual": lambda **words: smssr.style_residual(IMAGE, "fur", **words)}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("words", [{"tile": True}, {"tile": 2.5}, {"tile": 0}, {"tile": "64"}, {"tile": np.full((2, 2), 4)},
                                   {"threads": np.bool_(True)},
                                   {"threads": -1}, {"threads": np.float64(2)}, {"progress": "x"}, {"progress": 5}, {"backend": 5},
                                   {"backend": ""},
                                   {"backend": np.zeros((2, 2))}], ids=str)
def test_what_every_function_refuses(name, words):
    refused(lambda: FUNCTIONS[name](**words), next(iter(words)))


BETAS = {"big-endian uint16": np.full((20, 24), 65535, ">u2"), "little-endian uint16": np.full((20, 24), 65535, "<u2"),
         "uint8": np.full((20, 24), 255, np.uint8),
         "bool": np.ones((20, 24), bool), "int": np.ones((20, 24), int), "float16": np.ones((20, 24), np.float16),
         "big-endian float": np.ones((20, 24), ">f8"),
         "unmasked": np.ma.masked_array(np.ones((20, 24)), False), "list": np.ones((20, 24), int).tolist(), "number": 1,
         "0-d": np.array(1.0), "Fraction": Fraction(1), "True": True}


@pytest.mark.parametrize("kind", BETAS)
def test_masks_of_every_kind(kind):
    beta = np.broadcast_to(Mask(BETAS[kind], 20, 24, "x").read(0, 20, 0, 24), (20, 24))
    assert np.array_equal(beta, np.ones((20, 24)))
    assert np.array_equal(smssr.stylize(IMAGE, {"canvas": BETAS[kind]}), smssr.stylize(IMAGE, {"canvas": 1.0}))


NONE = {"text": "0.5", "bytes": b"0.5", "array of text": np.full((20, 24), "0.5"), "complex": 0.5 + 0j, "complex array": np.full((20, 24),
                                                                                                                                 0.5 + 0j),
        "masked": np.ma.masked_array(np.ones((20, 24)), np.eye(20, 24)), "objects": np.ones((20, 24), object), "ragged": [[1], [1, 0]],
        "huge": 1e300,
        "huger": 10**400, "NaN": np.full((20, 24), np.nan), "dictionary": {}, "unreadable": Unreadable(), "dates": np.zeros((20, 24),
                                                                                                                            "M8[s]")}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_mask(kind):
    beta = NONE[kind]
    for call in (lambda: smssr.stylize(IMAGE, {"canvas": beta}), lambda: smssr.stylize(IMAGE, coarse={"starry-night": beta}),
                 lambda: smssr.restore(IMAGE, beta), lambda: smssr.restore(IMAGE, 0.1, chroma=beta), lambda: smssr.restore(IMAGE,
                                                                                                                           sharpen=beta),
                 lambda: smssr.restore(IMAGE, fill=beta)):
        refused(call, "β")


@pytest.mark.parametrize("image", [Unreadable(), np.ma.masked_array(IMAGE, IMAGE > 100), IMAGE.astype(complex), "in.png", None,
                                   IMAGE.astype(object)],
                         ids=lambda value: type(value).__name__)
def test_what_is_no_picture(image):
    for call in (lambda: smssr.upscale(image, 2), lambda: smssr.restore(image, 1), lambda: smssr.stylize(image, {"fur": 1}),
                 lambda: smssr.mask(image, [(1, 1)]), lambda: smssr.style_residual(image, "fur")):
        refused(call, "a picture")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("call", [
    lambda: smssr.style_residual(IMAGE, "fur", window=5), lambda: smssr.style_residual(IMAGE, "fur", window="abcd"),
    lambda: smssr.style_residual(IMAGE, "fur", window=np.array(5)), lambda: smssr.style_residual(IMAGE, "fur", window=(0, 5, 0, 2.0)),
    lambda: smssr.style_residual(IMAGE, "fur", window=(0, True, 0, 2)), lambda: smssr.style_residual(IMAGE, "fur", wish=0.5),
    lambda: smssr.style_residual(IMAGE, 5), lambda: smssr.style_residual(IMAGE, "fur", seed="1"), lambda: smssr.stylize(IMAGE, coarse=0),
    lambda: smssr.stylize(IMAGE, coarse=[]), lambda: smssr.stylize(IMAGE, {5: 0.5}), lambda: smssr.stylize(IMAGE, {"fur": 0.5}, seed=True),
    lambda: smssr.stylize(IMAGE, {}, seed="1"), lambda: smssr.Style(size=np.full((2, 2), 2.0)), lambda: smssr.Style(size="2"),
    lambda: smssr.stylize(IMAGE, {"fur": smssr.Style(seed=1.5)}), lambda: smssr.Style(sharpness=np.zeros((2, 2))), lambda: smssr.Along(5),
    lambda: smssr.Along(np.array(5)),
    lambda: smssr.Along([["a", "b"]]), lambda: smssr.stylize(IMAGE, {"fur": smssr.Style(direction=1j)}),
    lambda: smssr.stylize(IMAGE, {"fur": smssr.Style(direction=1e300)}), lambda: smssr.stylize(IMAGE,
                                                                                               {"fur": smssr.Style(direction=[["1"]])}),
    lambda: smssr.upscale(IMAGE, 4, QUICK, bands="111"), lambda: smssr.upscale(IMAGE, 4, QUICK, bands=np.array(1.0)),
    lambda: smssr.upscale(IMAGE, 4, QUICK, bands=(10**400, 1, 1)), lambda: smssr.upscale(IMAGE, 4, QUICK, bands=(1e38, 1, 1)),
    lambda: smssr.upscale(IMAGE, 4, QUICK, bands=5), lambda: smssr.upscale(IMAGE, 4, b"x"), lambda: smssr.upscale(IMAGE, 4, np.zeros((2,
                                                                                                                                      2))),
    lambda: smssr.upscale(IMAGE, 4, best=np.zeros((2, 2))), lambda: smssr.upscale(IMAGE, 4, picture=["auto"]),
    lambda: smssr.mask(IMAGE, np.array(5)), lambda: smssr.mask(IMAGE, [("1", "2")]), lambda: smssr.mask(IMAGE, [(1j, 2)]),
    lambda: smssr.mask(IMAGE, [(10**400, 2)]), lambda: smssr.mask(IMAGE, [(1, 2)], radius="2"), lambda: smssr.mask(IMAGE, [(1, 2)],
                                                                                                                   radius=10**400),
    lambda: smssr.mask(IMAGE, [(1, 2)], connected="no"), lambda: smssr.mask(IMAGE, np.ma.masked_array(np.eye(20, 24) > 0, np.eye(20, 24)))])
def test_what_else_is_refused(call):
    refused(call)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: smssr.restore(IMAGE, sharpen=1, model="nope"), "no model 'nope'"), (lambda: smssr.restore(IMAGE, sharpen=1,
                                                                                                       model="restore-noise"),
                                                                                                       "nothing is to be"),
    (lambda: smssr.restore(IMAGE, np.zeros((20, 24)), sharpen=1, model="nope"), "no model 'nope'"), (lambda: smssr.restore(IMAGE,
                                                                                                                           model=5),
                                                                                                                           "no model 5"),
    (lambda: smssr.upscale(IMAGE, 2, QUICK, picture="photo"), "leave out one"), (lambda: smssr.upscale(IMAGE, 2, QUICK, picture="clean"),
                                                                                 "leave out one"),
    (lambda: smssr.upscale(IMAGE, 2, QUICK, picture="x"), "not 'x'")])
def test_no_argument_is_ignored(call, words):
    refused(call, words)


def test_a_model_to_clean_with_where_a_mask_is_black():
    assert np.array_equal(smssr.restore(IMAGE, np.zeros((20, 24)), model="restore-noise"), IMAGE)


@pytest.mark.parametrize(("words", "said"), [
    (["restore", "IN", "OUT", "--sharpen", "--cleaner", "nope"], "--cleaner"), (["restore", "IN", "OUT", "--sharpen", "--cleaner",
                                                                                 "restore-noise"], "--clean or"),
    (["restore", "IN", "OUT", "--cleaner", "nope"], "no model 'nope'"), (["upscale", "IN", "OUT", "--model", QUICK, "--picture", "photo"],
                                                                         "--picture"),
    (["batch", "FOLDER", "OUT", "--model", QUICK, "--picture", "photo"], "--picture"), (["batch", "FOLDER", "OUT", "--cleaner",
                                                                                         "restore-noise"], "--clean or"),
    (["batch", "FOLDER", "OUT", "--scale", "1", "--clean", "--picture", "photo"], "--picture"),
    (["batch", "FOLDER", "OUT", "--sharpen", "--cleaner", "nope"], "--cleaner"),
    (["mask", "IN", "OUT", "--here", "IN", "--radius", "3"], "--radius"), (["upscal", "IN", "OUT"], "did you mean upscale?"),
    (["upscale", "IN", "OUT", "--picture", "foto"], "did you mean photo?")])
def test_no_option_is_ignored(tmp_path, capsys, words, said):
    Image.fromarray(IMAGE).save(tmp_path / "in.png")
    places = {"IN": tmp_path / "in.png", "OUT": tmp_path / "out.png", "FOLDER": tmp_path}
    assert main([str(places.get(word, word)) for word in words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out.png").exists()


def test_styles_can_be_compared():
    plane = np.eye(3)
    same = [smssr.Style(plane, 2, seed=3), smssr.Style(plane.copy(), 2.0, seed=np.int64(3))]
    others = [smssr.Style(1 - plane, 2, seed=3), smssr.Style(0.5, 2, seed=3), smssr.Style(plane, 2), smssr.Style(plane, 2, plane, seed=3),
              smssr.Style()]
    assert same[0] == same[1]
    assert hash(same[0]) == hash(same[1])
    assert all(a != b for a, b in itertools.combinations([same[0], *others], 2))
    assert same[0] != plane.shape
    assert len({*same, *others}) == 1 + len(others)
