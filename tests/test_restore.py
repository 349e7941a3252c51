"""What `restore` promises: nothing where it is not asked for, the same answer however it is computed, less noise, clear errors."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

import smssr_infer as smssr
from smssr_infer import Enlarge, Recipe, Restore
from smssr_infer.analysis.measurements import Measurements
from smssr_infer.arrays.holes import smooth
from smssr_infer.arrays.large import in_memory
from smssr_infer.nodes.fill import DEEPEST, depth
from smssr_infer.runtime import Runtime

CARDS = [card for card in smssr.models() if isinstance(card, smssr.RestoringCard)]
CLEANERS = [card.name for card in CARDS if card.purpose.value == "clean" and not card.blocks]
FOR_JPEGS = [card.name for card in CARDS if card.blocks]
RANGE = {np.uint8: 255, np.uint16: 65535, np.float32: 1}


def disc(height, width):
    """A disc with a soft edge, 0 outside."""
    y, x = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
    return np.clip(1.5 - 2.5 * np.hypot(x, y), 0, 1).astype(np.float32)


def lines(height, width):
    """A hand's width of scratches, 3 pixels wide."""
    mask = np.zeros((height, width), bool)
    mask[20:23, 10:-10] = mask[30:-20, 50:53] = True
    return mask


def distance(a, b):
    return float(np.sqrt(np.mean((a.astype(float) - b) ** 2)))


@pytest.fixture(scope="module")
def picture(astronaut):
    return astronaut[60:213, 100:321]


@pytest.fixture(scope="module")
def noisy(picture):
    return np.clip(picture + np.random.default_rng(0).normal(0, 20, picture.shape), 0, 255).astype(np.uint8)


def ask(shape):
    """Everything at once."""
    return {"clean": disc(*shape), "chroma": 0.5 * disc(*shape), "sharpen": disc(*shape), "fill": lines(*shape)}


@pytest.mark.parametrize("dtype", RANGE)
@pytest.mark.parametrize("channels", [0, 1, 2, 3, 4])
def test_nothing_changes_where_nothing_is_asked(picture, dtype, channels):
    x = picture.astype(np.float32) / 255
    alpha = np.where(disc(*x.shape[:2]) > 0.2, 1.0, 0.0)[..., None]
    x = {0: x[..., 0], 1: x[..., :1], 2: np.concatenate([x[..., :1], alpha], 2), 3: x, 4: np.concatenate([x, alpha], 2)}[channels]
    x = (x * RANGE[dtype] + (0 if dtype == np.float32 else 0.5)).astype(dtype)
    if dtype == np.float32:
        x = x * 1.2 - 0.1  # floats may leave 0 … 1
    before = x.copy()
    shape = x.shape[:2]
    assert np.array_equal(smssr.restore(x), x)
    assert np.array_equal(smssr.restore(x, clean=0.0, sharpen=np.zeros(shape), fill=np.zeros(shape, bool)), x)
    y = smssr.restore(x, **ask(shape), tile=77)
    assert np.array_equal(x, before)
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    untouched = (disc(*shape) == 0) & ~lines(*shape)
    assert np.array_equal(y[untouched], x[untouched])
    assert not np.array_equal(y, x)
    if channels in (2, 4):
        assert np.array_equal(y[..., -1], x[..., -1])
        assert np.array_equal(y[x[..., -1] <= 0], x[x[..., -1] <= 0])


def test_tile_thread_count_and_run_do_not_matter(noisy):
    x = noisy.astype(np.float32) / 255
    whole = smssr.restore(x, **ask(x.shape[:2]), tile=4096, threads=1)
    for options in ({"tile": 50, "threads": 3}, {"tile": 97}, {"threads": 2}, {}):
        assert np.abs(smssr.restore(x, **ask(x.shape[:2]), **options) - whole).max() <= 1e-5


def test_backends_agree(noisy):
    x = noisy[:80, :90].astype(np.float32) / 255
    for wanted in ({"clean": 1}, {"sharpen": 1}, {"fill": lines(80, 90)}):
        numpy, onnxruntime = (smssr.restore(x, **wanted, backend=name) for name in ("numpy", "onnxruntime"))
        assert np.abs(numpy - onnxruntime).max() <= 1e-4


@pytest.mark.parametrize("model", CLEANERS)
def test_noise_becomes_less(picture, noisy, model):
    if model == "paper-clean":  # it sees luma alone
        picture, noisy = picture[..., 1], noisy[..., 1]
    assert distance(smssr.restore(noisy, clean=1, model=model), picture) < 0.7 * distance(noisy, picture)


def poor(picture, quality=20):
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))


@pytest.mark.parametrize("model", FOR_JPEGS)
@pytest.mark.parametrize("cut", [(0, 0), (3, 6)])
def test_jpegs_become_better_wherever_their_blocks_begin(astronaut, model, cut):
    down, across = cut
    truth = astronaut[60 + down:360, 100 + across:420]
    damaged = poor(astronaut[60:360, 100:420])[down:, across:]
    assert distance(smssr.restore(damaged, clean=1, model=model), truth) < 0.96 * distance(damaged, truth)
    assert np.array_equal(smssr.restore(damaged, clean=1), smssr.restore(damaged, clean=1, model=model)), "it is what cleans a JPEG"


def test_noise_without_blocks_is_cleaned_by_the_other(noisy):
    assert np.array_equal(smssr.restore(noisy, clean=1), smssr.restore(noisy, clean=1, model="restore-noise-told"))


def test_luma_and_chroma_apart(noisy):
    """With `chroma` alone no lightness changes; without it no hue."""
    x = noisy.astype(np.float32) / 255
    weights = np.array([0.299, 0.587, 0.114])
    of_chroma, of_luma = (smssr.restore(x, clean=a, chroma=1 - a) - x for a in (0, 1))
    assert np.abs(of_chroma @ weights).max() < 1e-5
    assert np.abs(of_chroma).max() > 0.02
    assert np.ptp(of_luma, axis=2).max() < 1e-5


def test_strength_is_a_blend(noisy):
    x = noisy.astype(np.float32) / 255
    full, half = (smssr.restore(x, clean=strength) for strength in (1, 0.5))
    assert np.abs((x + full) / 2 - half).max() < 1e-5


def test_blur_becomes_less(astronaut):
    from scipy.ndimage import gaussian_filter

    truth = astronaut[:200, 150:350]
    blurred = gaussian_filter(truth, (1.2, 1.2, 0))
    assert distance(smssr.restore(blurred, sharpen=1), truth) < 0.9 * distance(blurred, truth)


def test_holes_are_filled(picture):
    hole = lines(*picture.shape[:2])
    damaged = np.where(hole[..., None], 255, picture).astype(np.uint8)
    answer = smssr.restore(damaged, fill=hole)
    assert distance(answer[hole], picture[hole]) < 0.2 * distance(damaged[hole], picture[hole])
    other = smssr.restore(np.where(hole[..., None], 0, picture).astype(np.uint8), fill=hole)
    assert np.array_equal(answer, other), "what the hole hid must not matter"
    assert np.array_equal(smssr.restore(damaged, fill=hole.astype(np.uint8) * 255), answer)


def test_wide_holes_in_several_passes_and_too_wide_ones_not_at_all(picture):
    hole = np.zeros(picture.shape[:2], bool)
    hole[60:60 + 2 * DEEPEST, 60:60 + 2 * DEEPEST] = True
    answer = smssr.restore(picture, fill=hole, tile=64)
    assert np.abs(answer.astype(int) - smssr.restore(picture, fill=hole, tile=500)).max() <= 1
    assert answer[hole].std() > 0
    hole[60:120, 60:120] = True
    with pytest.raises(ValueError, match=r"hole around \(\d+, \d+\) is more than 30 pixels wide"):
        smssr.restore(picture, fill=hole)
    with pytest.raises(ValueError, match="everything is marked"):
        smssr.restore(picture, fill=np.ones_like(hole))


def test_depth_counts_from_the_rim():
    hole = np.zeros((9, 20), bool)
    hole[2:7, 3:17] = True
    assert depth(hole).max() == 3
    assert (depth(hole)[hole] >= 1).all()
    assert not depth(hole)[~hole].any()


def test_a_smooth_guess_is_exact_on_a_flat_picture():
    hole = lines(80, 120)
    flat = np.full((3, 80, 120), 0.3, np.float32)
    assert np.abs(smooth(np.where(hole, 9.0, flat).astype(np.float32), ~hole) - 0.3).max() < 1e-3


def test_progress_and_cancel(noisy):
    told = []
    smssr.restore(noisy, clean=1, tile=64, progress=told.append)
    assert told[0] == 0
    assert told[-1] == 1
    assert told == sorted(told)

    class Enough(Exception):
        pass

    def stop(done):
        if done > 0.2:
            raise Enough

    with pytest.raises(Enough):
        smssr.restore(noisy, clean=1, tile=32, progress=stop)


@pytest.mark.parametrize(("wanted", "words"), [
    ({"clean": 2}, "clean: β must lie in 0 … 1, not 2"),
    ({"sharpen": "much"}, "sharpen: β is a number or an array"),
    ({"clean": 1, "model": "fur"}, "there is no model 'fur' to clean"),
    ({"chroma": np.full((3, 3, 3), 0.5)}, "chroma: β is a number or an array H×W, not one of shape"),
    ({"fill": np.nan * np.ones((4, 4))}, "fill: β must lie in 0 … 1"),
    ({"fill": np.zeros((40, 80))}, "fill: the mask has 80×40 pixels, which is not the shape of a picture of"),
])
def test_errors_name_what_is_wrong(noisy, wanted, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        smssr.restore(noisy, **wanted)


@pytest.mark.parametrize(("sigma", "size", "colour"), [(25, 0, 0), (15, 1, 0), (15, 2, 0), (30, 0, 0.5), (20, 0, 1)])
def test_a_noisy_picture_that_was_no_jpeg_is_cleaned_of_noise(chelsea, astronaut, sigma, size, colour):
    """Grey noise and grain of several pixels look like JPEG artefacts to whoever looks at blocks alone."""
    random = np.random.default_rng(0)
    for picture in (chelsea[:240, 60:300], astronaut[20:260, 120:360]):
        noise = random.normal(0, 1, (*picture.shape[:2], 4))
        if size:
            noise = ndimage.gaussian_filter(noise, (size, size, 0))
        noise *= sigma / noise.std()
        noisy = picture + (1 - colour) ** 0.5 * noise[..., 3:] + colour**0.5 * noise[..., :3]
        noisy = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
        assert Recipe(Restore(clean=1)).build(in_memory(noisy)).models == ["restore-noise-told"]


@pytest.mark.parametrize("quality", [10, 40, 80])
def test_a_jpeg_is_cleaned_of_jpeg_artefacts(chelsea, astronaut, quality):
    for picture in (chelsea[:240, 60:300], astronaut[20:260, 120:360]):
        stream = io.BytesIO()
        Image.fromarray(picture).save(stream, "JPEG", quality=quality)
        node = Recipe(Restore(clean=1)).build(in_memory(np.asarray(Image.open(stream))))
        assert node.models == ["restore-jpeg"]


@pytest.mark.parametrize(("noise", "model"), [(9.0, "restore-noise-told"), (0.0, "restore-jpeg")])
def test_a_noisy_jpeg_is_cleaned_of_noise(chelsea, noise, model):
    """One that is a JPEG and nothing else stays with the network for JPEG artefacts."""
    random = np.random.default_rng(0)
    noisy = chelsea + noise * (random.normal(0, 1, chelsea.shape[:2])[..., None] + 0.8 * random.normal(0, 1, chelsea.shape))
    stream = io.BytesIO()
    Image.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=70)
    saved = np.asarray(Image.open(stream))
    result = Recipe(Restore(clean=1)).build(in_memory(saved))
    assert result.models == [model]
    assert result.remarks == [
        "has JPEG artefacts of quality 70: cleaned of them (--noise S cleans noise instead)" if noise == 0 else
        f"has noise of {Measurements(in_memory(saved), Runtime()).degradation.sigma.luma:.1f} levels of 255: cleaned of it "
        "(--noise S says how much there is)"]
    before, after = (10 * np.log10(255**2 / ((x.astype(float) - chelsea) ** 2).mean()) for x in (saved, result.whole()))
    assert after - before > (3 if noise else 0)
    assert model in Recipe(Enlarge(scale=2)).build(in_memory(saved)).models, "and so it is before it is enlarged"


@pytest.mark.parametrize("draw", ["shapes", "letters"])
def test_a_drawing_stays_as_it_is(draw):
    """Its edges are neither noise nor the blocks of a JPEG, wherever they lie."""
    page = Image.new("RGB", (400, 320), (250, 240, 220))
    pen = ImageDraw.Draw(page)
    for number, colour in enumerate([(200, 30, 30), (20, 90, 160), (30, 30, 30), (240, 180, 20)]):
        left = 16 + 96 * number
        if draw == "shapes":
            pen.rectangle((left, 40, left + 71, 151), colour)
            pen.ellipse((left, 180, left + 71, 251), colour)
        else:
            for line in range(18):
                pen.text((left, 8 + 16 * line), "smssr 12.50", colour)
    result = Recipe(Restore(clean=1)).build(in_memory(np.asarray(page)))
    assert np.array_equal(result.whole(), np.asarray(page))
    assert result.remarks == ["shows neither noise nor JPEG artefacts: it is not cleaned"]
    assert not np.array_equal(smssr.restore(np.asarray(page), clean=1, noise=9), np.asarray(page)), "unless somebody knows better"
