"""What `upscale` promises: the same answer however it is computed, every kind of picture, alpha, scales, cancel, clear errors."""

import threading

import numpy as np
import pytest
from conftest import shrink
from hypothesis import given, settings
from hypothesis import strategies as st

import smssr_infer as smssr
from smssr_infer.arrays.resample import resize
from smssr_infer.nodes.model_choice import plan
from smssr_infer.nodes.result import Result

CARDS = {card.name: card for card in smssr.models() if isinstance(card, smssr.EnlargingCard)}
SR = list(CARDS)
EIGHT_BITS = [card.name for card in CARDS.values() if card.made_from]


def tolerance(model, exact):
    """How far answers that should agree may differ: a model in 8 bits may round a number that lies between two of its steps either way, and
    processors without VNNI clip sums of two products to 16 bits."""
    return 0.04 if model in EIGHT_BITS else exact


def difference(a, b):
    return np.abs(a.astype(np.float64) - b).max()


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(np.float64) - b) ** 2))


@pytest.mark.parametrize("model", SR)
@pytest.mark.parametrize("tile", [40, 97, 150])
def test_tile_size_does_not_matter(small, model, tile):
    x = small[:90, 20:110].astype(np.float32) / 255
    scale = CARDS[model].scale
    whole = smssr.upscale(x, scale, model, tile=4096)
    assert difference(smssr.upscale(x, scale, model, tile=tile), whole) <= tolerance(model, 1e-5)


@pytest.mark.parametrize("scale", [1.3, 2.5, 7])
def test_tile_size_does_not_matter_for_other_scales(small, scale):
    x = small[:50, :60].astype(np.float32) / 255
    assert difference(smssr.upscale(x, scale, tile=33), smssr.upscale(x, scale, tile=4096)) <= 1e-5


@pytest.mark.parametrize("model", ["smssr-x4", "paper-x4"])
def test_the_best_answer_of_a_turned_picture_is_the_best_answer_turned(small, model):
    x = small[:60, 20:90].astype(np.float32) / 255
    turned, mirrored = x[::-1, ::-1], x.swapaxes(0, 1)
    best, plain = smssr.upscale(x, 4, model, best=True), smssr.upscale(x, 4, model)
    assert difference(smssr.upscale(turned, 4, model, best=True)[::-1, ::-1], best) <= 1e-5
    assert difference(smssr.upscale(mirrored, 4, model, best=True).swapaxes(0, 1), best) <= 1e-5
    assert difference(smssr.upscale(mirrored, 4, model).swapaxes(0, 1), plain) > 1e-3
    assert difference(smssr.upscale(x, 4, model, best=True, tile=50), best) <= 1e-5


def test_best_is_yes_or_no(small):
    with pytest.raises(ValueError, match="best is True or False, not 'off'"):
        smssr.upscale(small, 2, best="off")


def test_the_best_answer_is_nearer_to_the_truth(astronaut):
    truth = astronaut[:256, :256]
    best, plain = (smssr.upscale(shrink(truth, 4), 4, picture="clean", best=best) for best in (True, False))
    assert psnr(best, truth) > psnr(plain, truth) + 0.03


def test_thread_count_and_run_do_not_matter(small):
    x = small.astype(np.float32) / 255
    one = smssr.upscale(x, 4, threads=1, tile=128)
    assert difference(smssr.upscale(x, 4, threads=3, tile=128), one) <= 1e-5
    assert np.array_equal(smssr.upscale(x, 4, threads=1, tile=128), one)


@pytest.mark.parametrize("model", SR)
def test_backends_agree(small, model):
    x = small[:64, :64].astype(np.float32) / 255
    scale = CARDS[model].scale
    one, other = (smssr.upscale(x, scale, model, backend=backend) for backend in ("numpy", "onnxruntime"))
    assert difference(one, other) <= tolerance(model, 1e-4)
    assert np.abs(one - other).mean() < tolerance(model, 1e-5) / 10


@pytest.mark.parametrize("model", EIGHT_BITS)
def test_eight_bits_change_little(small, model):
    card = CARDS[model]
    answer, original = smssr.upscale(small, card.scale, model), smssr.upscale(small, card.scale, card.made_from)
    assert 45 < psnr(answer, original) < 70


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_better_than_bicubic(chelsea, astronaut, scale):
    for picture in (chelsea, astronaut):
        truth = picture[:picture.shape[0] // scale * scale, :picture.shape[1] // scale * scale]
        low = shrink(truth, scale)
        bicubic = resize(low.transpose(2, 0, 1).astype(np.float32), *truth.shape[:2]).transpose(1, 2, 0).clip(0, 255)
        assert psnr(smssr.upscale(low, scale), truth) > psnr(bicubic, truth) + 0.4


@pytest.mark.parametrize("model", SR)
def test_a_crop_is_a_crop_of_the_answer(small, model):
    """No seams, and a preview that is right: far enough from its border a crop gives what the whole gives, but for what is invented, whose
    noise belongs to places."""
    x = small.astype(np.float32) / 255
    card = CARDS[model]
    detail = 0 if card.invents else None
    whole, part = (smssr.upscale(some, card.scale, model, detail=detail) for some in (x, x[20:100, 20:100]))
    m = 28
    s = card.scale
    same = whole[(20 + m) * s:(100 - m) * s, (20 + m) * s:(100 - m) * s]
    assert difference(part[m * s:-m * s, m * s:-m * s], same) <= tolerance(model, 1e-5)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [None, 1, 2, 3, 4])
def test_every_kind_of_picture(small, dtype, channels):
    rgba = np.dstack([small, np.full((128, 128, 1), 255, np.uint8)])[:24, :20]
    pick = {None: 1, 1: [1], 2: [1, 3], 3: [0, 1, 2], 4: [0, 1, 2, 3]}[channels]
    eight = rgba[..., pick]
    picture = {np.uint8: eight, np.uint16: eight.astype(np.uint16) * 257, np.float32: eight.astype(np.float32) / 255}[dtype]
    answer = smssr.upscale(picture, 3)
    assert answer.dtype == dtype
    assert answer.shape == (72, 60, *picture.shape[2:])
    top = {np.uint8: 255, np.uint16: 65535, np.float32: 1.0}[dtype]
    assert difference((answer / top).clip(0, 1), smssr.upscale(eight, 3) / 255) < 0.51 / 255
    if channels in (2, 4):
        assert np.allclose(answer[..., -1], top, atol=1e-6)


@pytest.mark.parametrize("scale", [2, 3, 4, 6])
@pytest.mark.parametrize("level", [0, 1, 30, 90, 128, 200, 255])
def test_colours_stay_where_nothing_is_to_be_sharpened(level, scale):
    """No pattern, no frame: a flat picture keeps its level to a tenth of a step, up to the corners."""
    flat = np.full((20, 17, 3), level / 255, np.float32)
    assert difference(smssr.upscale(flat, scale), level / 255) < 0.1 / 255


def test_hidden_colours_do_not_bleed_and_are_not_lost():
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[...] = (0, 255, 0, 0)
    picture[10:30, 10:30] = (200, 40, 40, 255)
    answer = smssr.upscale(picture, 4)
    seen = answer[..., 3] > 0
    assert np.abs(answer[seen][:, :3].astype(int) - (200, 40, 40)).max() <= 1
    assert (answer[:20, :20] == (0, 255, 0, 0)).all()
    assert (answer[60:100, 60:100, 3] == 255).all()


def test_alpha_is_bicubic(small):
    alpha = small[..., 0]
    rgba = np.dstack([small, np.maximum(alpha, 1)]).astype(np.float32) / 255
    expected = resize(np.ascontiguousarray(rgba[..., 3]), 512, 512).clip(0, 1)
    assert difference(smssr.upscale(rgba, 4)[..., 3], expected) < 1e-6


def test_an_entirely_transparent_picture():
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[..., 1] = 77
    assert (smssr.upscale(picture, 2) == (0, 77, 0, 0)).all()


@settings(deadline=None, max_examples=25)
@given(h=st.integers(1, 12), w=st.integers(1, 12), scale=st.floats(1.01, 9, allow_nan=False))
def test_size_and_range(h, w, scale):
    picture = np.random.default_rng(0).integers(0, 256, (h, w), dtype=np.uint8)
    assert smssr.upscale(picture, scale).shape == (round(scale * h), round(scale * w))


def test_plan():
    for arguments, names in (((1.5,), ["smssr-x2"]), ((2,), ["smssr-x2"]), ((2.01,), ["smssr-x3"]), ((4,), ["smssr-x4"]),
                             ((4.4,), ["smssr-x4"]), ((4.5,), ["smssr-x4", "smssr-x2"]), ((5,), ["smssr-x4", "smssr-x2"]),
                             ((16,), ["smssr-x4", "smssr-x4"]), ((2, "paper-x4"), ["paper-x4"]),
                             ((64, "paper-x4"), ["paper-x4"] * 3)):
        assert [model.name for model in plan(*arguments)] == names


def test_invented_detail_is_a_dial(small):
    """Without any it is the faithful model's result; its noise belongs to places, so tiles do not show."""
    x = np.float32(0.25) + small / np.float32(510)  # so that nothing is clipped
    faithful = smssr.upscale(x, 4, "smssr-x4")
    none, half, whole = (smssr.upscale(x, 4, "smssr-x4-detail", detail=detail) for detail in (0, 0.5, None))
    assert difference(none, faithful) < 1e-5
    assert difference(whole, faithful) > 0.02
    assert difference(half - faithful, (whole - faithful) / 2) < 1e-5
    assert difference(smssr.upscale(x, 4, "smssr-x4-detail", tile=32), whole) < 1e-5
    with pytest.raises(ValueError, match="smssr-x4 invents no detail; choose a model that does: smssr-x4-detail"):
        smssr.upscale(x, 4, "smssr-x4", detail=0.5)
    with pytest.raises(ValueError, match="0 … 2, not 2.5"):
        smssr.upscale(x, 4, "smssr-x4-detail", detail=2.5)


def test_bands_are_gains(small):
    x = small[:40, :40].astype(np.float32) / 255
    bicubic = resize(x.transpose(2, 0, 1), 160, 160).transpose(1, 2, 0)
    assert difference(smssr.upscale(x, 4, bands=(0, 0, 0)), bicubic) < 1e-5
    parts = sum(smssr.upscale(x, 4, bands=gains) - bicubic for gains in ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    assert difference(parts, smssr.upscale(x, 4) - bicubic) < 1e-5
    assert difference(smssr.upscale(x, 4, bands=(2, 2, 2)) - bicubic, 2 * parts) < 1e-5
    fine, coarse = (smssr.upscale(x, 4, bands=gains) - bicubic for gains in ((1, 0, 0), (0, 0, 1)))

    def roughness(r):
        return np.abs(np.diff(r, axis=0)).mean() / np.abs(r).mean()

    assert roughness(fine) > 2 * roughness(coarse)


def test_progress_rises_to_one(small):
    seen = []
    smssr.upscale(small, 4, tile=128, progress=seen.append)
    assert seen[0] == 0
    assert seen[-1] == 1
    assert seen == sorted(seen)
    assert len(seen) > 8


def test_what_progress_raises_cancels_at_once(astronaut, monkeypatch):
    class Cancelled(Exception):
        pass

    def progress(done):
        if done > 0:
            raise Cancelled

    tiles = []
    write = Result.write

    def counted(self, window, *rest):
        tiles.append(window)
        write(self, window, *rest)

    monkeypatch.setattr(Result, "write", counted)
    others = set(threading.enumerate())  # Dask keeps its own
    with pytest.raises(Cancelled):
        smssr.upscale(np.tile(astronaut, (3, 3, 1)), 4, tile=256, threads=2, progress=progress)
    assert len(tiles) <= 8  # of 576: those under way when the first was done, and what was begun until that was seen
    assert not set(threading.enumerate()) - others


@pytest.mark.parametrize("scale", [1, 0.5, 0, -2, float("nan"), float("inf"), 65, 1e9, "4", None])
def test_wrong_scales(scale):
    with pytest.raises(ValueError, match="scale"):
        smssr.upscale(np.zeros((4, 4), np.uint8), scale)


@pytest.mark.parametrize(("picture", "word"), [
    (np.zeros((4, 4, 5), np.uint8), "shape"), (np.zeros(4, np.uint8), "shape"), (np.zeros((1, 4, 4, 3), np.uint8), "shape"),
    (np.zeros((0, 4), np.uint8), "empty"), (np.zeros((4, 4), np.float64), "float64"), (np.zeros((4, 4), bool), "bool"),
    (np.full((4, 4), np.nan, np.float32), "NaN"), (np.full((4, 4), np.inf, np.float32), "NaN"), ("picture.png", "shape"),
])
def test_wrong_arrays(picture, word):
    with pytest.raises(ValueError, match=word) as caught:
        smssr.upscale(picture, 2)
    assert "\n" not in str(caught.value)


def test_other_wrong_arguments():
    picture = np.zeros((4, 4), np.uint8)
    with pytest.raises(ValueError, match="smssr-x4"):
        smssr.upscale(picture, 2, model="nope")
    with pytest.raises(ValueError, match="3 bands"):
        smssr.upscale(picture, 4, bands=(1, 2))
    with pytest.raises(ValueError, match="onnxruntime"):
        smssr.upscale(picture, 4, backend="cuda")
    with pytest.raises(ValueError, match="tile"):
        smssr.upscale(picture, 2, tile=0)
    with pytest.raises(ValueError, match="threads"):
        smssr.upscale(picture, 2, threads=-1)
    with pytest.raises(ValueError, match="Mpx"):
        smssr.upscale(np.zeros((9000, 9000), np.uint8), 4)


def test_floats_beyond_the_range_pass_through():
    """Wide-gamut and high-dynamic-range values are not clipped."""
    picture = np.full((16, 16, 3), 1.7, np.float32)
    assert difference(smssr.upscale(picture, 2), 1.7) < 0.01
