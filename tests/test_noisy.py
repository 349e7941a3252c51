"""Noise as cameras, film and scanners make it, and a network that is told how much. Needs torch (`make test-export`)."""

import dataclasses
import math

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from tiny import CPU, SCHEDULE, WORDS  # noqa: E402

from export.data import camera, noisy  # noqa: E402
from export.networks.build import build  # noqa: E402
from export.training.configuration import Configuration  # noqa: E402
from export.training.run import train  # noqa: E402
from smssr_infer.arrays.pixels import LUMA  # noqa: E402

DOG = ((0.0, 1.0), (1.0, 2.6), (2.6, math.inf))
NETWORK = {"kind": "restoring", "bands": 3, "width": 8, "inner": 8, "blocks": 1, "times": 2, "planes": 5, "deep": 8}


@pytest.fixture
def scene(astronaut):
    return astronaut[100:260, 120:280].astype(np.float32)


@pytest.fixture
def large_photos(tmp_path, astronaut):
    Image.fromarray(astronaut).save(tmp_path / "astronaut.png")
    return [tmp_path / "astronaut.png"]


@pytest.mark.parametrize("demosaic", [camera.bilinear, camera.gradient_corrected])
def test_demosaicing_keeps_what_is_flat(demosaic):
    assert np.abs(demosaic(np.full((12, 14), 0.4, np.float32)) - 0.4).max() < 1e-6


def test_gradient_corrected_demosaicing_is_nearer_to_a_grey_picture_than_bilinear(scene):
    grey = scene @ LUMA
    errors = [np.abs(demosaic(grey) - grey[..., None])[4:-4, 4:-4].mean() for demosaic in (camera.gradient_corrected, camera.bilinear)]
    assert errors[0] < 0.8 * errors[1]


def test_a_camera_without_noise_gives_the_truth(scene, monkeypatch):
    monkeypatch.setattr(camera, "SHOT", (1e-14, 1e-13))
    for seed in range(4):
        noised, truth = camera.camera(scene, np.random.default_rng(seed))
        assert np.abs(noised - truth).max() < 1
        assert np.corrcoef((truth @ LUMA).ravel(), (scene @ LUMA).ravel())[0, 1] > 0.9


def test_a_cameras_noise_is_shared_by_the_colours_and_wider_than_a_pixel():
    flat = np.full((128, 128, 3), 110, np.float32)
    between, neighbours = [], []
    for seed in range(12):
        noised, truth = camera.camera(flat, np.random.default_rng(seed))
        noise = noised - truth
        between.append(np.corrcoef(noise.reshape(-1, 3).T)[0, 1])
        luma = noise @ LUMA
        neighbours.append((luma[1:] * luma[:-1]).mean() / luma.var())
    assert np.median(between) > 0.15
    assert np.median(neighbours) > 0.15


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_correlated_noise_has_the_strength_and_the_share_that_are_asked(share):
    noise = camera.correlated(np.zeros((256, 256, 3), np.float32), 20, share, 1.0, np.random.default_rng(0))
    assert noise.std() == pytest.approx(20, rel=0.05)
    assert np.corrcoef(noise.reshape(-1, 3).T)[0, 2] == pytest.approx(share, abs=0.05)


def test_grain_is_weak_in_black_and_white():
    steps = np.repeat(np.array([0, 128, 255], np.float32), 200)[None, :, None] * np.ones((200, 1, 3), np.float32)
    strength = np.zeros(3)
    for seed in range(6):
        noised, truth = camera.grain(steps, np.random.default_rng(seed))
        strength += [(noised - truth)[:, 200 * i:200 * i + 200].std() for i in range(3)]
    assert strength[1] > 1.3 * max(strength[0], strength[2])


def test_batches_are_seeded_and_tell_the_noise_that_there_is(large_photos, monkeypatch):
    monkeypatch.setattr(noisy, "TOLD", (0.0, 0.0))
    monkeypatch.setattr(noisy, "FAINT", 0.0)
    source = noisy.Noisy(large_photos, 64, (1,))
    batches = []
    for _ in range(2):
        torch.manual_seed(3)
        batches.append(source.batch(12))
    (given, truth), again = batches
    assert torch.equal(given, again[0]) and torch.equal(truth, again[1])
    assert given.shape == (12, 5, 64, 64) and truth.shape == (12, 3, 64, 64)
    found = [np.sqrt(noisy.squares(*(255 * x[i, :3].permute(1, 2, 0).numpy() for x in (given, truth))).mean((0, 1))) for i in range(12)]
    told = 255 * given[:, 3:].square().mean((2, 3)).sqrt().numpy()
    assert told == pytest.approx(np.array(found), rel=0.35, abs=0.05)


def test_real_pairs_are_trained_on_without_the_camera_that_judges(large_photos, tmp_path):
    for name in ("Canon_1", "Nikon_1"):
        for kind, level in (("real", 90 if name[0] == "C" else 200), ("mean", 90)):
            Image.fromarray(np.full((300, 300, 3), level, np.uint8)).save(tmp_path / f"{name}_{kind}.JPG")
    source = noisy.Noisy(large_photos, 64, (1,), tmp_path)
    assert [int(pair[0].mean()) for pair in source.real] == [90]


def test_the_network_sees_as_far_as_it_says():
    network = build(NETWORK).double().eval()
    for p in network.parameters():
        torch.nn.init.normal_(p, 0, 0.1) if p.ndim == 4 else torch.nn.init.constant_(p, 0.5)
    side, at = 32 * network.GRID, 16 * network.GRID
    x = torch.rand(1, 5, side, side, dtype=torch.float64, requires_grad=True)
    maps = network(x)
    far = 0
    for place in range(at, at + network.GRID):
        seen, = torch.autograd.grad(maps[0, :, place, place].sum(), x, retain_graph=True)
        where = seen[0].abs().sum(0).nonzero()
        far = max(far, int((where - place).abs().max()))
    assert network.reach - network.GRID < far <= network.reach


def test_a_told_network_trains(large_photos, tmp_path):
    tiny = Configuration(name="tiny-told", dog=DOG, network=NETWORK, card=dataclasses.replace(WORDS, purpose="clean"),
                         train=dataclasses.replace(SCHEDULE, patch=32, damage="told_noise", loss="log_mse", steps=30))
    run = train(tiny, [large_photos[0].parent], tmp_path / "run", CPU)
    assert run.done == 30 and np.isfinite(run.loss.item())
