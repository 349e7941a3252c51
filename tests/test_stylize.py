"""What `stylize` promises: nothing where β is 0, the same answer however it is computed, the stated strength, clear errors."""

import numpy as np
import pytest
from conftest import shrink
from hypothesis import given, settings
from hypothesis import strategies as st

import smssr_infer as smssr
from smssr_infer.analysis.contrast import Contrast
from smssr_infer.arrays.pixels import Picture
from smssr_infer.arrays.resample import resize
from smssr_infer.networks import manifest
from smssr_infer.nodes.style_layer import EVEN

STYLES = [card.name for card in smssr.models() if isinstance(card, smssr.StyleCard)]
ONE, WITH_WAVES = "gravel", "brick"


def feathered(height, width):
    """A disc with a soft edge, 0 outside."""
    y, x = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
    return np.clip(1.5 - 2.5 * np.hypot(x, y), 0, 1).astype(np.float32)


@pytest.fixture(scope="module")
def picture(astronaut):
    return astronaut[60:260, 100:330]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [0, 1, 2, 3, 4])
def test_nothing_changes_where_beta_is_zero(picture, dtype, channels):
    x = picture.astype(np.float32) / 255
    alpha = np.where(feathered(*x.shape[:2]) > 0.2, 1.0, 0.0)[..., None]
    x = {0: x[..., 0], 1: x[..., :1], 2: np.concatenate([x[..., :1], alpha], 2), 3: x, 4: np.concatenate([x, alpha], 2)}[channels]
    x = (x * {np.uint8: 255, np.uint16: 65535, np.float32: 1}[dtype] + (0 if dtype == np.float32 else 0.5)).astype(dtype)
    if dtype == np.float32:
        x = x * 1.2 - 0.1  # floats may leave 0 … 1
    before = x.copy()
    assert np.array_equal(smssr.stylize(x, {ONE: 0.0}), x)
    assert np.array_equal(smssr.stylize(x, {}), x)
    mask = feathered(*x.shape[:2])
    mask[:, :80] = 0
    y = smssr.stylize(x, {ONE: mask, WITH_WAVES: mask}, tile=77)
    assert np.array_equal(x, before)
    assert (y.shape, y.dtype) == (x.shape, x.dtype)
    assert np.array_equal(y[mask == 0], x[mask == 0])
    assert not np.array_equal(y, x)
    if channels in (2, 4):
        assert np.array_equal(y[..., -1], x[..., -1])
        assert np.array_equal(y[x[..., -1] <= 0], x[x[..., -1] <= 0])


@pytest.mark.parametrize("style", [ONE, WITH_WAVES])
def test_tile_thread_count_and_run_do_not_matter(picture, style):
    whole = smssr.style_residual(picture, style, tile=4096, threads=1)
    assert whole.dtype == np.float32
    assert whole.shape == picture.shape[:2]
    for options in ({"tile": 50, "threads": 3}, {"tile": 97}, {"threads": 2}, {}):
        assert np.abs(smssr.style_residual(picture, style, **options) - whole).max() <= 1e-5


@settings(deadline=None, max_examples=12)
@given(st.data())
def test_a_window_is_that_part_of_the_whole(picture, data):
    top, left = data.draw(st.integers(0, 190)), data.draw(st.integers(0, 220))
    bottom, right = data.draw(st.integers(top + 1, 200)), data.draw(st.integers(left + 1, 230))
    part = smssr.style_residual(picture, ONE, window=(top, bottom, left, right))
    assert np.abs(part - smssr.style_residual(picture, ONE)[top:bottom, left:right]).max() <= 1e-5


def test_backends_agree(picture):
    x = picture[:90, :100]
    for style in (ONE, WITH_WAVES):
        difference = np.abs(smssr.style_residual(x, style, backend="numpy") - smssr.style_residual(x, style, backend="onnxruntime"))
        assert difference.max() <= 1e-4


@pytest.mark.parametrize("style", STYLES)
def test_strength_is_as_the_card_says(astronaut, chelsea, style):
    card = manifest.find(style, smssr.StyleCard)
    for x in (astronaut[:256, :256], chelsea[20:276, 100:356], shrink(astronaut, 2)):
        residual = smssr.style_residual(x, style, wish=smssr.Style(sharpness=False))
        sigma = Contrast(Picture(x), card.window, card.floor, card.ceiling).read(0, 256, 0, 256)
        assert abs(residual.mean()) <= 0.002
        assert residual.std() == pytest.approx(card.kappa * np.sqrt(np.mean(sigma**2)), rel=0.15)
        power = np.abs(np.fft.fft2(residual)) ** 2
        frequency = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.fftfreq(256))
        assert power[frequency > 0.45].sum() <= 0.02 * power.sum()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("contrast", ["auto", "picture"])
def test_a_flat_picture_gets_texture_up_to_its_edges(style, contrast):
    """By itself as much as a photograph of middling contrast does; with the picture's own contrast as much as a smooth place does."""
    card = manifest.find(style, smssr.StyleCard)
    residual = smssr.style_residual(np.full((150, 160), 128, np.uint8), style, wish=smssr.Style(contrast=contrast))
    assert residual.std() == pytest.approx(card.kappa * (EVEN if contrast == "auto" else card.floor), rel=0.25)
    edge = np.concatenate([residual[0], residual[-1], residual[:, 0], residual[:, -1]])
    assert edge.std() == pytest.approx(residual.std(), rel=0.35)


def test_content_survives(astronaut):
    for style in STYLES:
        residual = smssr.style_residual(astronaut, style)
        assert -10 * np.log10(np.mean(resize(residual, 128, 128) ** 2)) >= 30


def test_the_answer_is_picture_plus_beta_times_residual(picture):
    x = picture.astype(np.float32) / 255
    mask = feathered(*x.shape[:2])
    expected = x + (mask * smssr.style_residual(x, ONE) + 0.3 * smssr.style_residual(x, WITH_WAVES))[..., None]
    for betas in ({ONE: mask, WITH_WAVES: 0.3}, {WITH_WAVES: 0.3, ONE: mask}):
        assert np.abs(smssr.stylize(x, betas) - expected).max() <= 1e-6
    eight = smssr.stylize(picture, {ONE: mask, WITH_WAVES: 0.3})
    assert np.abs(eight / 255 - np.clip(expected, 0, 1)).max() <= 0.51 / 255


def test_masks_are_scaled_and_may_be_integers(picture):
    x = picture.astype(np.float32) / 255
    exact = smssr.stylize(x, {ONE: feathered(*x.shape[:2])})
    assert np.abs(smssr.stylize(x, {ONE: feathered(400, 460)}) - exact).max() < 0.01
    for dtype, most in ((np.uint8, 255), (np.uint16, 65535)):
        mask = (feathered(*x.shape[:2]) * most).astype(dtype)
        assert np.abs(smssr.stylize(x, {ONE: mask}) - exact).max() < 0.002
    half = np.zeros((2, 2), bool)
    half[:, 1] = True
    y = smssr.stylize(x, {ONE: half})
    assert np.array_equal(y[:, :50], x[:, :50])
    assert np.abs(y[:, -50:] - smssr.stylize(x, {ONE: 1.0})[:, -50:]).max() < 1e-6


def test_another_seed_is_another_draw(picture):
    a, b = (smssr.style_residual(picture, ONE, seed=seed) for seed in (1, 2))
    assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.3
    own = manifest.find(ONE, smssr.StyleCard).seed
    assert np.array_equal(smssr.style_residual(picture, ONE), smssr.style_residual(picture, ONE, seed=own))


def test_progress_rises_and_cancels(picture):
    seen = []
    smssr.stylize(picture, {ONE: 1}, seen.append, tile=64)
    assert seen[-1] == 1
    assert seen == sorted(seen)

    class Stop(Exception):
        pass

    def stop(done):
        if done > 0.3:
            raise Stop

    with pytest.raises(Stop):
        smssr.stylize(picture, {ONE: 1}, stop, tile=64)


@pytest.mark.parametrize(("styles", "words"), [
    ({"nope": 1}, "there is no style 'nope'"), ({"smssr-x4": 1}, "smssr-x4 is a model, not a style"),
    ({ONE: 1.5}, "0 … 1"), ({ONE: -0.1}, "0 … 1"),
    ({ONE: float("nan")}, "0 … 1"), ({ONE: "strong"}, "number or an array"), ({ONE: np.zeros((3, 3, 3))}, "number or an array"),
    ({ONE: np.full((4, 4), np.nan)}, "0 … 1"), ({ONE: np.zeros((0, 4))}, "number or an array"), ([ONE], "dictionary"),
    ({ONE: None}, "number or an array"),
])
def test_bad_styles_are_one_line(picture, styles, words):
    with pytest.raises(ValueError, match=words) as caught:
        smssr.stylize(picture, styles)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("options", [{"tile": 0}, {"threads": 1.5}, {"seed": -1}, {"seed": 1.5}, {"backend": "cuda"},
                                     {"window": (0, 5, 0, 500)}, {"window": (5, 5, 0, 5)}])
def test_bad_options_are_one_line(picture, options):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words differ
        smssr.style_residual(picture, ONE, **options)
    assert "\n" not in str(caught.value)


def centroid(residual):
    """The mean frequency of a residual, cycles per pixel."""
    power = np.abs(np.fft.fft2(residual * np.outer(*map(np.hanning, residual.shape)))) ** 2
    return float((power * np.hypot(*np.meshgrid(*map(np.fft.fftfreq, residual.shape), indexing="ij"))).sum() / power.sum())


@pytest.mark.parametrize("size", [0.5, 2, 3.5, 8])
def test_features_are_as_large_as_wanted(size):
    flat = np.full((900, 900), 0.5, np.float32)
    one, other = (centroid(smssr.style_residual(flat, ONE, wish=smssr.Style(size=s))) for s in (1, size))
    assert other * size == pytest.approx(one, rel=0.15)


def test_an_enlargement_has_the_texture_enlarged():
    """Where nobody says otherwise, large pictures have large features, and small ones those of the reference."""
    small = np.full((300, 500), 0.5, np.float32)
    assert np.array_equal(smssr.style_residual(small, ONE), smssr.style_residual(small, ONE, wish=smssr.Style(size=1)))
    large = np.full((300, 4000), 0.5, np.float32)
    assert np.array_equal(smssr.style_residual(large, ONE), smssr.style_residual(large, ONE, wish=smssr.Style(size=2)))


def test_a_texture_is_as_soft_as_its_place(astronaut):
    from scipy.ndimage import gaussian_filter

    soft = astronaut.copy()
    soft[:, 256:] = gaussian_filter(astronaut, (4, 4, 0))[:, 256:]
    with_, without = (smssr.style_residual(soft, ONE, wish=smssr.Style(sharpness=sharpness)) for sharpness in (True, False))
    assert centroid(with_[100:400, 300:500]) < 0.7 * centroid(without[100:400, 300:500])
    sharp = (slice(250, 500), slice(0, 200))  # the suit; what is above it was never in focus
    assert np.abs(with_ - without)[sharp].mean() < 0.1 * np.abs(without)[sharp].mean()
    tiled = smssr.style_residual(soft, ONE, tile=97)
    assert np.abs(tiled - with_).max() <= 1e-5


@pytest.mark.parametrize(("wish", "words"), [
    ({"size": 9}, "size must lie in 0.5 … 8, not 9"), ({"size": "large"}, "size must lie in"), ({"sharpness": 2}, "True, False or None"),
    ({"direction": "up"}, "a direction is degrees, an array H×W of them, or 'follow', not 'up'"),
])
def test_what_a_wish_cannot_be(wish, words):
    with pytest.raises(ValueError, match=words):
        smssr.Style(**wish)


def test_a_style_without_strength_has_its_own(picture):
    own = manifest.find(ONE, smssr.StyleCard).strength
    assert np.array_equal(smssr.stylize(picture, {ONE: smssr.Style()}), smssr.stylize(picture, {ONE: own}))
    with pytest.raises(ValueError, match="cannot be turned"):
        smssr.stylize(picture, {ONE: smssr.Style(direction=30)})


def test_a_style_that_turns_lies_as_asked_and_as_strong():
    flat = np.full((220, 220), 0.5, np.float32)
    card = manifest.find("fur", smssr.StyleCard)
    for degrees in (0, 40, 95, 150):
        residual = smssr.style_residual(flat, "fur", wish=smssr.Style(direction=degrees))
        down, across = np.gradient(residual.astype(float))
        lies = np.degrees(np.arctan2((2 * across * down).sum(), (down**2 - across**2).sum())) / 2
        assert abs((lies - card.reference_angle - degrees + 90) % 180 - 90) < 12
        assert residual.std() == pytest.approx(card.kappa * EVEN, rel=0.15)
    field = np.full((10, 10), 40.0)
    given = [smssr.style_residual(flat, "fur", wish=smssr.Style(direction=direction)) for direction in (40, field)]
    assert np.abs(given[0] - given[1]).max() < 1e-6


def test_half_a_turn_is_no_turn_but_for_what_has_a_head():
    flat = np.full((120, 120), 0.5, np.float32)
    line = [(10, 60), (110, 60)]
    for name, headed in (("fur", True), ("feathers", True), ("wood", False)):
        for one, other in ((0, 180), (smssr.Along([line]), smssr.Along([line[::-1]]))):
            a, b = (smssr.style_residual(flat, name, wish=smssr.Style(direction=direction)) for direction in (one, other))
            assert (np.abs(a - b).max() > 0.2 * a.std()) == headed


def test_a_style_that_turns_follows_the_picture_whatever_the_tile(picture):
    own, followed, tiled = (smssr.style_residual(picture, "fur", wish=smssr.Style(direction=direction), tile=tile)
                            for direction, tile in ((None, None), ("follow", None), ("follow", 61)))
    assert np.array_equal(own, followed)
    assert np.abs(tiled - followed).max() <= 1e-5


def test_even_contrast_does_not_fade_on_a_flat_colour():
    """In the middle of a drawing's square a texture is as strong as on a photograph of middling contrast, not as σ_x's floor."""
    drawing = np.full((400, 400, 3), (90, 140, 200), np.uint8)
    drawing[40:360, 40:360] = 200, 120, 80
    for name in ("bark", "canvas", "fur"):
        card = manifest.find(name)
        even, faded = (smssr.style_residual(drawing, name, wish=smssr.Style(contrast=contrast))[168:232, 168:232].std()
                       for contrast in ("even", "picture"))
        assert even / faded == pytest.approx(0.12 / card.floor, rel=0.35)
