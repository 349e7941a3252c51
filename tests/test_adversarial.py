"""A branch of detail that is trained against a discriminator, on a network that is held. Needs torch (`make test-export`)."""

import dataclasses

import pytest

torch = pytest.importorskip("torch")

from tiny import CPU, GATED, TRUNK, with_schedule  # noqa: E402

from export.losses import adversarial  # noqa: E402
from export.networks.gated import GatedNetwork  # noqa: E402
from export.packing.to_onnx import fold  # noqa: E402
from export.training.run import train, trained  # noqa: E402

DETAILED = dataclasses.replace(
    with_schedule(GATED, loss="adversarial", steps=6, patch=12, start=("../faithful/checkpoint.pt",)),
    name="detailed", dog=(*GATED.dog, (0.0, 1.3)), network={**GATED.network, "kind": "detailed", "convolutions": 2})


@pytest.fixture
def faithful(photos, tmp_path):
    return train(GATED, [photos], tmp_path / "faithful", CPU).average.eval()


def test_without_its_last_band_the_result_is_the_held_networks(photos, tmp_path, faithful, filters):
    run = train(DETAILED, [photos], tmp_path / "detailed", CPU, vgg=filters)
    small = torch.rand(2, 1, 20, 20)
    with torch.no_grad():
        enlarged, maps = run.average.eval().seen(small)
        *bands, invented = run.average.bands(maps)
        assert (enlarged + sum(bands) - faithful(small)).abs().max() < 1e-6
        other = run.average.bands(run.average.seen(small)[1])[-1]
    assert invented.abs().max() > 1e-4
    assert (invented - other).abs().max() > 1e-6, "noise makes no difference"


def test_it_resumes_with_its_discriminator(photos, tmp_path, faithful, filters):
    whole = train(DETAILED, [photos], tmp_path / "a", CPU, vgg=filters)
    train(with_schedule(DETAILED, until=3), [photos], tmp_path / "b", CPU, vgg=filters)
    resumed = train(DETAILED, [photos], tmp_path / "b", CPU, vgg=filters)
    for a, b in zip(whole.state()["discriminator"].values(), resumed.state()["discriminator"].values(), strict=True):
        assert torch.equal(a, b)
    for a, b in zip(whole.average.state_dict().values(), resumed.average.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_the_filled_file_is_the_same_function(photos, tmp_path, faithful, filters):
    train(DETAILED, [photos], tmp_path / "detailed", CPU, vgg=filters)
    network = fold(trained(DETAILED, tmp_path / "detailed").network)
    assert isinstance(network, GatedNetwork)
    small = torch.rand(1, 2, 14, 15)
    with torch.no_grad():
        assert (network.filled()(small) - network(small)).abs().max() < 1e-6


def test_only_a_network_with_a_branch_is_trained_so(photos, tmp_path, filters):
    with pytest.raises(ValueError, match="detailed"):
        train(with_schedule(TRUNK, loss="adversarial"), [photos], tmp_path, CPU, vgg=filters)


def test_the_discriminator_sees_nothing_coarse():
    y = torch.rand(1, 1, 48, 48, generator=torch.Generator().manual_seed(0))
    assert adversarial.fine_bands(y + 0.2).allclose(adversarial.fine_bands(y), atol=1e-4)
    assert not adversarial.fine_bands(1.2 * y).allclose(adversarial.fine_bands(y), atol=1e-2)


def test_energy_is_alike_where_the_same_texture_lies_elsewhere():
    texture = 0.5 + 0.1 * torch.randn(1, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    assert adversarial.energy(texture.roll(5, -1), texture) < adversarial.energy(0.5 + 0 * texture, texture) / 5
    assert adversarial.energy(texture + 0.2, texture) < 1e-4


def test_artefacts_are_where_the_faithful_answer_is_nearer():
    generator = torch.Generator().manual_seed(0)
    truth = torch.rand(1, 1, 32, 32, generator=generator)
    rough = truth + 0.1 * torch.randn(1, 1, 32, 32, generator=generator)
    assert adversarial.artefacts(rough, truth, truth) > 1e-3
    assert adversarial.artefacts(rough, truth, rough + 1) == 0
    assert adversarial.artefacts(truth + 0.1, truth, truth) < 1e-5
