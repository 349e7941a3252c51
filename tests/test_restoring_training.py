"""Damages, and networks that learn to take them away: small, on drawn pictures. Needs torch (`make test-export`)."""

import dataclasses
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tiny import CPU, SCHEDULE, WORDS  # noqa: E402

from export.data import damaged, degrade, photographs  # noqa: E402
from export.data.damaged import Damaged  # noqa: E402
from export.losses.pixels import root_l1, root_l1_luma_chroma  # noqa: E402
from export.measure import directions, restoration  # noqa: E402
from export.networks.build import build, parameters  # noqa: E402
from export.packing.to_onnx import to_onnx  # noqa: E402
from export.ship import restoring as shipping  # noqa: E402
from export.training.configuration import Configuration  # noqa: E402
from export.training.restoration import Restoration  # noqa: E402
from export.training.run import train  # noqa: E402
from smssr_infer import restore  # noqa: E402
from smssr_infer.networks import backends, manifest  # noqa: E402

DOG = ((0.0, 1.0), (1.0, 2.6), (2.6, math.inf))
NETWORK = {"kind": "restoring", "bands": 3, "width": 8, "inner": 8, "blocks": 1}
TINY = Configuration(name="tiny-clean", dog=DOG, network=NETWORK, card=dataclasses.replace(WORDS, purpose="clean"),
                     train=dataclasses.replace(SCHEDULE, patch=16, damage="noise", loss="root_l1_luma_chroma"))


@pytest.fixture
def flat():
    return np.full((64, 80, 3), 128, np.float32)


def test_noise_has_the_size_that_is_asked(flat):
    rng = np.random.default_rng(0)
    assert (degrade.white_noise(flat, 20, rng) - flat).std() == pytest.approx(20, rel=0.05)
    grainy = degrade.grainy_noise(flat, 20, 1.0, rng) - flat
    assert grainy.std() == pytest.approx(20, rel=0.01)
    assert (grainy[1:] * grainy[:-1]).mean() > 0.5 * grainy.var(), "neighbours must go together"
    grey = degrade.grainy_noise(flat, 20, 0.5, rng, grey=True)
    assert np.ptp(grey - flat, axis=2).max() < 1e-3


def test_a_cameras_noise_grows_with_light_and_leaves_the_picture_alone(flat):
    rng = np.random.default_rng(0)
    dark, light = (np.full((128, 128, 3), level, np.float32) for level in (60, 200))
    of_dark, of_light = ((degrade.camera_noise(x, 3e-3, rng) - x) for x in (dark, light))
    slope = (200 / 60) ** (1 / degrade.GAMMA - 1)  # what the tone curve makes of equal noise
    assert of_light.std() > 1.3 * slope * of_dark.std()
    assert abs(of_light.mean()) < 0.5
    assert np.abs(degrade.camera_noise(light, 1e-12, rng) - light).max() < 0.1


def test_jpeg_and_blur_and_reductions(astronaut):
    x = astronaut[:96, :128].astype(np.float32)
    errors = [np.abs(degrade.jpeg(x, quality, True) - x).mean() for quality in (20, 60, 95)]
    assert errors == sorted(errors, reverse=True)
    rng = np.random.default_rng(0)
    assert degrade.some_jpeg(x, 20, 30, rng).shape == x.shape
    for _ in range(12):
        blurred = degrade.some_blur(x, rng)
        assert blurred.shape == x.shape
        assert np.abs(np.diff(blurred, axis=1)).mean() < np.abs(np.diff(x, axis=1)).mean()
        assert blurred.mean() == pytest.approx(x.mean(), rel=0.02)
    for kind in set(damaged.REDUCTIONS):
        small = degrade.reduced(x, 4, kind)
        assert small.shape == (24, 32, 3)
        assert small.mean() == pytest.approx(x.mean(), rel=0.1)


def test_holes_are_thin_and_never_all():
    rng = np.random.default_rng(0)
    shares = [degrade.holes(80, 80, rng).mean() for _ in range(40)]
    assert 0.005 < np.mean(shares) < 0.35
    assert degrade.scratches(200, 240, rng).any()


@pytest.mark.parametrize("recipe", [*damaged.RECIPES, "fill"])
def test_pairs(photos, recipe):
    scale = 4 if recipe == "photo" else 1
    patches = Damaged(photographs.photographs(photos), recipe, scale, 16, (1,))
    torch.manual_seed(0)
    small, large = patches.batch(6)
    channels = {"photo": 1, "fill": 4}.get(recipe, 3)
    assert small.shape == (6, channels, 16, 16)
    assert large.shape == (6, 1 if scale > 1 else 3, 16 * scale, 16 * scale)
    assert small.min() >= 0
    assert small.max() <= 1
    torch.manual_seed(0)
    assert torch.equal(patches.batch(6)[0], small)
    with pytest.raises(ValueError, match="no damage 'rain'"):
        Damaged(photographs.photographs(photos), "rain", 1, 16, (1,))


def test_planes_tell_where_blocks_begin(photos):
    """Of JPEG patches the planes' waves fit the place where the patch was cut; with so many pictures most are told right."""
    patches = Damaged(photographs.photographs(photos), "jpeg", 1, 16, (1,), grid=True)
    torch.manual_seed(0)
    small, _ = patches.batch(4)
    assert small.shape == (4, 7, 16, 16)
    assert torch.equal(small[:, 3:, :8, :8], small[:, 3:, 8:, 8:])


def test_a_plane_tells_the_quality(photos):
    """Of some JPEGs it tells nothing, of the others about the true one: those that are told less have more to be taken away."""
    patches = Damaged(photographs.photographs(photos), "told_jpeg", 1, 16, (1,), grid=True)
    torch.manual_seed(0)
    small, large = patches.batch(200)
    assert small.shape == (200, 8, 16, 16)
    told = small[:, 7, 0, 0]
    assert torch.equal(small[:, 7], told[:, None, None].expand(-1, 16, 16))
    assert 0.08 < (told == 0).float().mean() < 0.3
    errors = (small[:, :3] - large).square().mean((1, 2, 3))
    assert errors[(told > 0) & (told < 0.3)].mean() > 2 * errors[told > 0.6].mean()


def test_losses_are_zero_only_for_the_truth():
    x = torch.rand(2, 3, 8, 8)
    for loss in (root_l1, root_l1_luma_chroma):
        assert loss(x, x) < loss(x + 0.01, x) < loss(x + 0.1, x)
    grey, coloured = x + 0.1, x + torch.tensor([0.1, -0.1, 0.1]).view(1, 3, 1, 1)
    assert root_l1_luma_chroma(grey, x) > root_l1_luma_chroma(coloured, x)


@pytest.mark.parametrize("planes", [3, 4, 7, 8])
def test_the_runtime_computes_what_torch_computes(planes):
    network = build({**NETWORK, "planes": planes, "times": 2}).eval()
    x = np.random.default_rng(0).random((1, planes, 24, 32), np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(x)).numpy()
    assert expected.shape == (1, 9, 24, 32)
    graph = to_onnx(network, planes)
    for name in backends.NAMES:
        assert np.abs(backends.graph(graph, name)(x) - expected).max() < 1e-5


def test_nothing_reaches_further_than_the_reach():
    network = build({**NETWORK, "times": 2}).eval()
    x = torch.rand(1, 3, 128, 128)
    y = x.clone()
    y[..., 64, 64] += 1
    with torch.no_grad():
        changed = (network(x) != network(y)).any(1)[0].nonzero()
    assert changed.min() >= 64 - network.reach
    assert changed.max() <= 64 + network.reach


def test_the_mask_says_where():
    model = Restoration(build({**NETWORK, "planes": 4}), DOG).eval()
    x = torch.rand(1, 4, 16, 16)
    x[:, 3] = 0
    x[:, 3, 4:8] = 1
    with torch.no_grad():
        changed = (model(x) != x[:, :3]).any(1)[0]
    assert changed[4:8].any()
    assert not changed[:4].any()
    assert not changed[8:].any()


def test_shipping_gives_a_model_that_runs(photos, tmp_path, monkeypatch, astronaut):
    from PIL import Image

    run = train(TINY, [photos], tmp_path / "run", CPU)
    assert parameters(run.model.network) < 10_000
    weights, pictures = tmp_path / "weights", tmp_path / "pictures"
    for folder in (weights, pictures):
        folder.mkdir()
    monkeypatch.setattr(shipping, "WEIGHTS", weights)
    monkeypatch.setattr(manifest, "shipped", lambda: weights)
    Image.fromarray(astronaut[:96, :96]).save(pictures / "a.png")
    card = shipping.publish(TINY, tmp_path / "run", pictures / "a.png", pictures, pictures)
    assert card == manifest.find("tiny-clean")
    assert card.dog == DOG
    assert {"noise σ = 15", "noise σ = 25", "noise σ = 50", "grey, noise σ = 25", "camera", "nothing"} <= set(card.metrics)
    text = card.path.with_suffix(".md").read_text()
    assert "| noise σ = 50 |" in text
    assert "G(1) − G(2.6), G(2.6) |" in text
    answer = restore(astronaut[:70, :90], clean=1, model="tiny-clean")
    assert answer.shape == (70, 90, 3)


def test_measuring_finds_what_is_better(tmp_path, astronaut):
    trial = restoration.TRIALS[0]
    truths = [("a.png", astronaut[:64, :64])]
    found = restoration.measure(trial, truths, {"truth": lambda case, _trial: astronaut[:64, :64], "none": lambda case, _trial: case[0]})
    assert found["truth"] == 60
    assert found["none"] == found["damaged"] == pytest.approx(24.6, abs=0.5)
    with pytest.raises(ValueError, match="holds no PNG"):
        restoration.pictures(tmp_path)


def test_orientation_of_stripes():
    rows, columns = np.mgrid[:160, :160]
    for angle in (0, 30, 90, 150):
        lines = np.sin((rows * np.cos(np.radians(angle)) + columns * np.sin(np.radians(angle))) / 2)
        assert abs(directions.apart(np.array(directions.lies(lines)), angle)) < 2
        for head in (angle - 20, angle + 200):
            assert abs(directions.lies(lines, head) - head) == pytest.approx(20, abs=2)
        assert np.abs(directions.apart(directions.orientation(lines)[20:-20, 20:-20], angle)).max() < 3
    assert directions.constant(np.array([[8.0, 12.0], [9.0, 11.0]])) == pytest.approx(10, abs=0.1)
