"""Materials by example: as strong on flat colours as anywhere, in colour, turned and sized as asked, the same in every tile."""

import numpy as np
import pytest

import smssr_infer as smssr
from smssr_infer.arrays.pixels import LUMA
from smssr_infer.networks import manifest
from smssr_infer.nodes.material_layer import sample
from smssr_infer.textures.preparing import direction, prepare

MATERIALS = [card for card in smssr.models() if isinstance(card, smssr.MaterialCard)]
TURNS = [card.name for card in MATERIALS if card.steerable]
FUR, STONES = "long-fur", "slate-gravel"


def flat(height, width, colour=(128, 128, 128)):
    return np.full((height, width, 3), colour, np.uint8)


def angle_between(a, b):
    """Of two lines, in degrees."""
    return abs((a - b + 90) % 180 - 90)


@pytest.mark.parametrize("name", [*(card.name for card in MATERIALS), "fur", "canvas", "brick"])
def test_a_flat_square_is_as_strong_in_its_middle_as_at_its_rim(name):
    """Of materials, and of networks' styles, which find a flat colour by themselves. Boards are wider than the windows."""
    drawing = flat(400, 400, (90, 140, 200))
    drawing[40:360, 40:360] = 200, 120, 80
    residual = smssr.style_residual(drawing, name)[40:360, 40:360]
    strength = [residual[i:i + 64, j:j + 64].std() for i in range(0, 257, 64) for j in range(0, 257, 64)]
    assert min(strength) >= (0.5 if name == "boards" else 0.7) * max(strength)


def test_on_a_photograph_a_networks_style_is_as_strong_as_the_picture(chelsea):
    auto, picture, even = (smssr.style_residual(chelsea, "fur", wish=smssr.Style(contrast=contrast)) for contrast in
                           ("auto", "picture", "even"))
    assert np.array_equal(auto, picture)
    assert not np.allclose(auto, even, atol=0.01)


@pytest.mark.parametrize("card", MATERIALS, ids=lambda card: card.name)
def test_contrast_and_mean_are_as_the_card_says(card):
    residual = smssr.style_residual(flat(300, 300), card.name)
    assert (residual @ LUMA).std() == pytest.approx(card.contrast, rel=0.2)
    assert np.abs(residual.mean((0, 1))).max() < 0.2 * card.contrast


@pytest.mark.parametrize("name", [FUR, STONES, "linen", "flaking-rust"])
def test_the_histogram_of_each_channel_is_the_samples(name):
    card = manifest.find(name)
    residual = smssr.style_residual(flat(600, 600), name)
    own = sample(card)
    wanted = own.back(own.gaussian).reshape(3, -1).T * card.contrast / own.deviation
    for channel in range(3):
        values = np.linspace(wanted[:, channel].min(), wanted[:, channel].max(), 200)
        shares = [np.searchsorted(np.sort(x), values) / len(x) for x in (wanted[:, channel], residual[..., channel].ravel())]
        assert np.abs(shares[0] - shares[1]).max() <= 0.05


@pytest.mark.parametrize("name", [FUR, STONES, "primed-canvas"])
def test_tiles_crops_and_threads_change_nothing(chelsea, name):
    whole = smssr.style_residual(chelsea, name)
    assert np.abs(smssr.style_residual(chelsea, name, tile=64, threads=2) - whole).max() <= 1e-6
    part = smssr.style_residual(chelsea, name, window=(31, 140, 77, 205))
    assert np.abs(part - whole[31:140, 77:205]).max() <= 1e-6


@pytest.mark.parametrize("angle", [0, 35, 90, 150])
@pytest.mark.parametrize("name", [FUR, "worn-wood", "pen-hatching"])
def test_a_material_is_turned_by_degrees(name, angle):
    card = manifest.find(name)
    residual = smssr.style_residual(flat(300, 300), name, wish=smssr.Style(direction=angle, sharpness=False))
    assert angle_between(direction(residual @ LUMA)[0], card.reference_angle + angle) <= 12


def test_a_material_follows_a_turning_field():
    height, width = 300, 600
    angles = np.broadcast_to(np.linspace(0, 120, width, dtype=np.float32), (height, width))
    residual = smssr.style_residual(flat(height, width), FUR, wish=smssr.Style(direction=angles)) @ LUMA
    lies = manifest.find(FUR).reference_angle
    errors = [angle_between(direction(residual[:, x:x + 100])[0], lies + angles[0, x + 50]) for x in range(0, 501, 50)]
    assert max(errors) <= 12


@pytest.mark.parametrize(("size", "within"), [(2, 0.15), (3, 0.15), (0.5, 0.4)])  # at half size a feather's barbs are finer than pixels
def test_features_are_as_large_as_asked(size, within):
    def reach(residual):
        """Pixels over which neighbours have half in common."""
        luma = residual @ LUMA
        alike = [np.corrcoef(luma[:, d:].ravel(), luma[:, :luma.shape[1] - d].ravel())[0, 1] for d in range(40)]
        first = next(d for d, share in enumerate(alike) if share < 0.5)
        return first - 1 + (alike[first - 1] - 0.5) / (alike[first - 1] - alike[first])

    wanted, usual = (reach(smssr.style_residual(flat(512, 512), "plumage", wish=smssr.Style(size=s, direction=0))) for s in (size, 1))
    assert wanted / usual == pytest.approx(size, rel=within)


def test_no_landmark_is_repeated():
    luma = smssr.style_residual(flat(768, 768), STONES) @ LUMA
    luma -= luma.mean()
    correlation = np.fft.irfft2(np.abs(np.fft.rfft2(luma)) ** 2)
    correlation /= correlation[0, 0]
    reach = int(manifest.find(STONES).cell) + 1
    correlation[:reach, :reach] = correlation[-reach:, :reach] = correlation[:reach, -reach:] = correlation[-reach:, -reach:] = 0
    assert np.abs(correlation).max() <= 0.15


def test_where_beta_is_zero_nothing_changes(chelsea):
    beta = np.zeros(chelsea.shape[:2])
    beta[:, 200:] = 1
    painted = smssr.stylize(chelsea, {STONES: beta})
    assert np.array_equal(painted[:, :200], chelsea[:, :200])
    assert not np.array_equal(painted[:, 200:], chelsea[:, 200:])


def test_colour_comes_along_as_far_as_asked(chelsea):
    grey, half, full = (smssr.style_residual(chelsea, "flaking-rust", wish=smssr.Style(colour=colour)) for colour in (0, 0.5, 1))
    assert np.ptp(grey, axis=2).max() < 1e-6
    assert np.ptp(full, axis=2).mean() > 0.02
    assert np.allclose(half, (grey + full) / 2, atol=1e-6)
    assert np.allclose(full @ LUMA, grey[..., 0], atol=1e-5)


def test_a_grey_picture_stays_grey(chelsea):
    assert smssr.style_residual(chelsea[..., 0], STONES).shape == chelsea.shape[:2]
    assert smssr.stylize(chelsea[..., 0], {STONES: 1}).shape == chelsea.shape[:2]


def test_with_the_contrast_of_the_picture_flat_colours_get_little(chelsea):
    on_flat, on_cat = (smssr.style_residual(x, FUR, wish=smssr.Style(contrast="picture")).std() for x in (flat(200, 200), chelsea))
    assert on_flat < 0.5 * on_cat


def test_near_white_a_texture_is_weaker_but_there():
    strength = [smssr.style_residual(flat(200, 200, (level,) * 3), "plumage").std() for level in (128, 255)]
    assert 0.2 * strength[0] < strength[1] < 0.6 * strength[0]


def test_another_seed_is_another_draw(chelsea):
    first, second = (smssr.style_residual(chelsea, STONES, seed=seed) for seed in (1, 2))
    assert np.abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.1


@pytest.mark.parametrize(("wish", "words"), [({"contrast": "loud"}, "a contrast is one of auto, picture, even"),
                                             ({"colour": 2}, "colour must lie"), ({"colour": "red"}, "colour must lie")])
def test_wishes_that_cannot_be(wish, words):
    with pytest.raises(ValueError, match=words):
        smssr.Style(**wish)


def test_a_networks_style_has_no_colour(chelsea):
    with pytest.raises(ValueError, match=r"fur is the style of a network.*\Z"):
        smssr.stylize(chelsea, {"fur": smssr.Style(colour=0.5)})


def test_a_sample_too_small_or_flat_is_refused(chelsea):
    with pytest.raises(ValueError, match="at least 64×64 pixels, not 60×200"):
        prepare(chelsea[:200, :60], 8)
    with pytest.raises(ValueError, match="flat"):
        prepare(flat(100, 100), 8)
