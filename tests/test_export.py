"""Training, resuming, folding, exporting, publishing: small, on drawn pictures. Needs torch (`make test-export`)."""

import copy
import csv
import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

import export.evaluate  # noqa: E402
import export.held_back  # noqa: E402
import export.publish  # noqa: E402
from export.data import pages, photographs  # noqa: E402
from export.data.patches import Patches, recontrast  # noqa: E402
from export.losses import perceptual  # noqa: E402
from export.measure import parity, quality  # noqa: E402
from export.networks.build import build, parameters  # noqa: E402
from export.networks.matrices import blur, resize  # noqa: E402
from export.networks.trunk import TrunkNetwork  # noqa: E402
from export.packing.to_onnx import fold, to_onnx  # noqa: E402
from export.ship import eight_bits  # noqa: E402
from export.ship import networks as shipping  # noqa: E402
from export.training import configuration  # noqa: E402
from export.training.configuration import Configuration, Schedule, Words  # noqa: E402
from export.training.run import Training, train  # noqa: E402
from export.training.superres import SuperResolution  # noqa: E402
from smssr_infer import EnlargingCard, upscale  # noqa: E402
from smssr_infer.networks import backends, manifest  # noqa: E402
from smssr_infer.networks.places import shipped  # noqa: E402
from smssr_infer.planes import resample, scalespace  # noqa: E402
from smssr_infer.planes.pixels import luma  # noqa: E402

ALL = [configuration.read(p) for p in sorted((Path(export.publish.__file__).parent / "configs").rglob("*.toml"))]
SHIPPED = [config for config in ALL if config.card]
CPU = torch.device("cpu")
SCHEDULE = Schedule(steps=40, batch=4, patch=12, shrink=(1, 1.5), rate=2e-3, loss="l1_frequency", seed=7)
WORDS = Words(title="a test", default=True, training_data="drawn", loss="L1", licence="none")
TRUNK = Configuration(name="tiny-x4", dog=((0.0, 1.0), (1.0, 2.6), (2.6, 5.2)), train=SCHEDULE, card=WORDS,
                      network={"kind": "trunk", "scale": 4, "bands": 3, "width": 8, "blocks": 1})
PAPER = Configuration(name="paper", dog=((1.0, 2.0), (0.0, 1.0)), network={"kind": "paper", "scale": 2, "channels": [4, 6]},
                      train=dataclasses.replace(SCHEDULE, loss="mse", shrink=(1,)), card=WORDS)
GATED = dataclasses.replace(TRUNK, name="gated", network={"kind": "gated", "scale": 4, "bands": 3, "width": 8, "blocks": [2, 3]})


def with_schedule(config, **changes):
    """A configuration trained otherwise."""
    return dataclasses.replace(config, train=dataclasses.replace(config.train, **changes))


@pytest.fixture
def bench(tmp_path, small):
    """A benchmark of one picture at ×4."""
    folder = tmp_path / "Bench"
    for name, picture in (("HR", Image.fromarray(small)), ("LRx4", Image.fromarray(small).resize((32, 32), Image.Resampling.BICUBIC))):
        (folder / name).mkdir(parents=True)
        picture.save(folder / name / "a.png")
    return folder


@pytest.mark.parametrize("config", SHIPPED, ids=lambda c: c.name)
def test_shipped_configurations_have_the_size_their_card_says(config):
    net = build(config.network)
    card = manifest.find(config.name, EnlargingCard)
    assert parameters(fold(copy.deepcopy(net))) == card.params
    assert card.dog == config.dog
    assert card.receptive_field == 2 * net.reach + 1
    if config.name == "paper-x4":
        assert abs(parameters(net) - 120_000) <= 1000


@pytest.mark.parametrize("config", [c for c in ALL if c.name.startswith("smssr")], ids=lambda c: c.name)
def test_ours_keep_within_their_parameters(config):
    assert parameters(build(config.network)) <= 120_000


def test_training_and_running_share_one_mathematics():
    x = np.random.default_rng(0).random((40, 50)).astype(np.float32)
    ours = scalespace.difference_of_gaussians(x, 1.0, 2.6)
    theirs = blur(torch.from_numpy(x), 1.0) - blur(torch.from_numpy(x), 2.6)
    assert np.abs(ours - theirs.numpy()).max() < 1e-6
    assert np.abs(resample.resize(x, 90, 70) - resize(torch.from_numpy(x), 90, 70).numpy()).max() < 1e-6


@pytest.mark.parametrize("config", [TRUNK, PAPER, GATED], ids=lambda c: c.name)
def test_the_runtime_computes_what_torch_computes(config, small):
    """The graph on both backends, and the whole enlargement away from the edges (where torch pads with zeros)."""
    torch.manual_seed(0)
    model = SuperResolution(build(config.network), config.dog).train()
    with torch.no_grad():
        for _ in range(3):
            model(torch.rand(2, 1, 24, 24))  # gives the batch-norms statistics of their own
        for p in model.parameters():
            p.add_(0.05 * torch.randn_like(p))
    model.eval()
    graph = to_onnx(fold(copy.deepcopy(model.network)))
    luma = np.ascontiguousarray(small[..., 1], np.float32) / 255
    for difference in parity.check(model.network, graph, luma).values():
        assert difference <= 1e-4


def test_parity_finds_a_difference(small):
    model = SuperResolution(build(TRUNK.network), TRUNK.dog).eval()
    other = SuperResolution(build(TRUNK.network), TRUNK.dog).eval()
    with torch.no_grad():
        other.network.heads.bias.add_(0.01)
    with pytest.raises(ValueError, match="differs"):
        parity.check(model.network, to_onnx(other.network), np.zeros((16, 16), np.float32))


def test_eight_bits(small, bench, tmp_path, monkeypatch):
    """Inner convolutions in 8 bits, the outer ones as they were, nearly the same answer; a model that loses too much is not kept."""
    model = manifest.load(manifest.find("smssr-x4-quick", EnlargingCard))
    photos = bench / "HR"
    graph = eight_bits.rounded(model, photos)
    kinds = [node.op_type for node in onnx.load_from_string(graph).graph.node]
    assert kinds.count("Conv") == 11
    assert kinds.count("QuantizeLinear") >= 8
    y = luma(small.transpose(2, 0, 1).astype(np.float32) / 255)[None, None]
    for backend in backends.NAMES:
        maps = backends.graph(model, backend)(y)
        assert 0 < (backends.graph(graph, backend)(y) - maps).std() < 0.2 * maps.std()

    weights = tmp_path / "weights"
    shutil.copytree(shipped(), weights)
    before = (weights / "manifest.json").read_bytes()
    monkeypatch.setattr(eight_bits, "WEIGHTS", weights)
    monkeypatch.setattr(manifest, "shipped", lambda: weights)
    original = manifest.find("smssr-x4-quick", EnlargingCard)
    monkeypatch.setattr(eight_bits, "MOST_LOSS", -99.0)
    with pytest.raises(ValueError, match="not kept"):
        eight_bits.publish(original, photos, [bench])
    assert (weights / "manifest.json").read_bytes() == before
    assert not (weights / "smssr-x4-quick-int8.onnx").exists()
    monkeypatch.setattr(eight_bits, "MOST_LOSS", 1.0)
    eight_bits.publish(original, photos, [bench])
    assert manifest.find("smssr-x4-quick-int8", EnlargingCard).made_from == "smssr-x4-quick"
    assert upscale(np.zeros((20, 20, 3), np.uint8), 4, "smssr-x4-quick-int8").shape == (80, 80, 3)


def test_folding_keeps_the_function():
    net = build(PAPER.network)
    for _ in range(3):
        net(torch.rand(2, 1, 16, 16))
    net.eval()
    x = torch.rand(1, 1, 20, 20)
    folded = fold(copy.deepcopy(net))
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in folded.modules())
    assert (folded(x) - net(x)).abs().max() < 1e-5


def test_patches_are_pairs(photos):
    """A small patch is the large one, reduced: also when flipped, turned and cut from anywhere."""
    torch.manual_seed(0)
    patches = Patches(photographs.photographs(photos), 2, 16, (1, 1.5), CPU)
    small, large = patches.batch(32)
    assert small.shape == (32, 1, 16, 16)
    assert large.shape == (32, 1, 32, 32)
    again = resample.resize(large.numpy(), 16, 16).clip(0, 1)
    inside = (slice(None), slice(None), slice(3, -3), slice(3, -3))
    assert np.abs(again - small.numpy())[inside].max() < 0.01
    assert len(np.unique(large.numpy().reshape(32, -1), axis=0)) == 32


def test_detailed_places_are_drawn_more_often(tmp_path):
    """A picture of two halves, grey and noise: of equal chances without `detail`, nearly all noise with it; grey is never left out."""
    picture = np.full((256, 512), 128, np.uint8)
    picture[:, 256:] = np.random.default_rng(0).integers(0, 256, (256, 256))
    Image.fromarray(picture).save(tmp_path / "halves.png")

    def share_of_noise(detail: float) -> float:
        torch.manual_seed(0)
        large = Patches([tmp_path / "halves.png"], 2, 16, (1,), CPU, detail).batch(600)[1]
        return (large.std((1, 2, 3)) > 0.01).float().mean().item()

    assert 0.4 < share_of_noise(0.0) < 0.65
    assert 0.95 < share_of_noise(1.0) < 1


def test_drawn_pages():
    """Each kind of page is the same again, has paper and ink, and edges a few levels wide."""
    for number in range(4):
        page = pages.page(number)
        assert page.shape == (pages.SIDE, pages.SIDE)
        assert page.dtype == np.uint8
        assert page.std() > 10
        assert len(np.unique(page)) > 20
    assert np.array_equal(pages.page(1), pages.page(1))
    assert not np.array_equal(pages.page(1), pages.page(5))


def test_a_share_of_patches_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "PAGES", 4)
    Image.fromarray(np.full((128, 128), 130, np.uint8)).save(tmp_path / "grey.png")
    torch.manual_seed(0)
    large = Patches([tmp_path / "grey.png"], 4, 16, (1,), CPU, 1.0, 0.3).batch(600)[1]
    assert 0.2 < (large.std((1, 2, 3)) > 0.005).float().mean() < 0.36


def test_a_folder_without_pictures(tmp_path):
    with pytest.raises(ValueError, match="no pictures"):
        photographs.photographs(tmp_path)


def test_a_run_may_end_before_its_schedule(photos, tmp_path):
    run = train(with_schedule(TRUNK, until=6), [photos], tmp_path / "a", CPU)
    assert run.done == 6
    assert run.rate() > 0


def test_training_learns_resumes_and_repeats(photos, tmp_path):
    whole = train(TRUNK, [photos], tmp_path / "a", CPU)
    assert whole.done == 40
    again = train(TRUNK, [photos], tmp_path / "b", CPU)
    for a, b in zip(whole.model.state_dict().values(), again.model.state_dict().values(), strict=True):
        assert torch.equal(a, b)

    first = train(TRUNK, [photos], tmp_path / "c", CPU, minutes=0)
    assert first.done == 0
    run = Training(TRUNK, first.patches, CPU)
    run.load(tmp_path / "c" / "checkpoint.pt")
    run.model.train()
    for _ in range(15):
        run.step()
    run.save(tmp_path / "c" / "checkpoint.pt")
    resumed = train(TRUNK, [photos], tmp_path / "c", CPU)
    assert resumed.done == 40
    for a, b in zip(whole.average.state_dict().values(), resumed.average.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_training_lowers_the_loss(photos, tmp_path):
    run = train(with_schedule(TRUNK, steps=700, rate=5e-3), [photos], tmp_path, CPU)
    with open(tmp_path / "log.csv") as log:
        assert [int(row[0]) for row in csv.reader(log)] == [100, 200, 300, 400, 500, 600, 700]
    small, large = run.patches.batch(64)
    run.average.eval()
    with torch.no_grad():
        learned = (run.average(small) - large).abs().mean()
        bicubic = (resize(small, 48, 48) - large).abs().mean()
    assert learned < 0.9 * bicubic


def test_fine_tuning_takes_the_trunk_over(photos, tmp_path):
    train(TRUNK, [photos], tmp_path / "a", CPU)
    config = dataclasses.replace(with_schedule(TRUNK, steps=0, start=("../a/checkpoint.pt",)), network={**TRUNK.network, "scale": 2})
    run = train(config, [photos], tmp_path / "b", CPU)
    source = torch.load(tmp_path / "a" / "checkpoint.pt", weights_only=True)["average"]
    assert torch.equal(run.average.state_dict()["network.lift.weight"], source["network.lift.weight"])
    assert run.average.state_dict()["network.heads.weight"].shape != source["network.heads.weight"].shape


def test_a_run_may_be_the_mean_of_others(photos, tmp_path):
    runs = [train(with_schedule(TRUNK, steps=3, seed=seed), [photos], tmp_path / str(seed), CPU) for seed in (1, 2)]
    config = with_schedule(TRUNK, steps=0, start=("../1/checkpoint.pt", "../2/checkpoint.pt"))
    mean = train(config, [photos], tmp_path / "mean", CPU).average.state_dict()
    one, other = (run.average.state_dict() for run in runs)
    assert all(torch.allclose(t, (one[name] + other[name]) / 2) for name, t in mean.items())
    assert not all(torch.equal(one[name], other[name]) for name in mean)


def test_held_batch_norm_keeps_its_statistics_but_learns(photos, tmp_path):
    state = train(with_schedule(PAPER, steps=5, hold_batch_norm=True), [photos], tmp_path, CPU).model.state_dict()
    assert all((t == 0).all() for name, t in state.items() if name.endswith("running_mean"))
    assert any(not (t == t.round()).all() for name, t in state.items() if name.endswith("branches.0.1.weight"))


def test_publishing_gives_a_model_that_runs(photos, tmp_path, monkeypatch, small, bench, capsys):
    train(TRUNK, [photos], tmp_path / "run", CPU)
    config = tmp_path / "tiny-x4.toml"
    lines = [f"dog = {json.dumps(TRUNK.dog)}"]
    for table, row in (("network", TRUNK.network), ("train", dataclasses.asdict(SCHEDULE)), ("card", dataclasses.asdict(WORDS))):
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in row.items() if value is not None)]
    config.write_text("\n".join(lines))
    weights = tmp_path / "weights"
    weights.mkdir()
    monkeypatch.setattr(shipping, "WEIGHTS", weights)
    monkeypatch.setattr(manifest, "shipped", lambda: weights)
    monkeypatch.setattr("sys.argv", ["publish", str(config), "--run", str(tmp_path / "run"), "--picture", str(bench / "HR" / "a.png"),
                                     "--bench", str(bench)])
    export.publish.main()
    card, = manifest.models()
    assert set(card.metrics) == {"Bench ×4"}
    assert set(card.metrics["Bench ×4"]["model"]) == set(quality.MEASURES)
    assert upscale(small[:16, :16], 4, "tiny-x4").shape == (64, 64, 3)
    assert backends.graph(manifest.load(card), "numpy")(np.zeros((1, 1, 8, 8), np.float32)).shape == (1, 3, 32, 32)
    assert "parity with PyTorch, numpy" in capsys.readouterr().out


def test_measures():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
    assert quality.measure(truth, truth // 2, 4)["psnr"] < 20
    white, black = (np.full((1, 1, 3), v, np.uint8) for v in (255, 0))
    assert quality.matlab_y(white) == pytest.approx(235, abs=0.01)
    assert quality.matlab_y(black) == pytest.approx(16, abs=0.01)
    off_by_one = np.clip(truth.astype(int), 1, 254).astype(np.uint8)
    expected = 10 * np.log10(255**2 / (219 / 255) ** 2)
    assert quality.measure(off_by_one, off_by_one + 1, 4)["psnr"] == pytest.approx(expected, abs=0.01)


def test_unknown_losses_are_named():
    with pytest.raises(ValueError, match="mse"):
        perceptual.criterion("nope")


def test_a_mesh_is_told_from_an_error_without_a_grid():
    truth = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    dots = torch.zeros(64, 64)
    dots[::4, ::4] = 0.01
    noise = 0.01 * torch.randn(2, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    assert perceptual.mesh(truth + 0.1, truth, 4, 8) < 1e-7
    assert perceptual.mesh(truth + dots, truth, 4, 8) > 1e-3
    assert perceptual.mesh(truth + noise, truth, 4, 8) < perceptual.mesh(truth + 10 * dots, truth, 4, 8) / 5


def test_texture_is_where_a_picture_is_more_than_flat():
    picture = torch.full((1, 1, 64, 64), 0.5)
    picture[..., 32:] += 0.2 * torch.rand(64, 8, generator=torch.Generator().manual_seed(0)).repeat_interleave(4, 1)
    found = perceptual.textured(picture, 4)[0, 0]
    assert found.shape == (64, 64)
    assert found[:, :8].max() == 0
    assert found[:, 48:].min() > 0.5


def test_recontrast_keeps_pairs_together_and_in_range():
    torch.manual_seed(0)
    large = torch.rand(64, 1, 16, 16)
    small = torch.nn.functional.avg_pool2d(large, 4)
    a, b = recontrast(small, large)
    assert torch.allclose(torch.nn.functional.avg_pool2d(b, 4), a, atol=1e-6)
    assert b.min() >= 0
    assert b.max() <= 1
    same = (b - large).abs().amax((1, 2, 3)) < 1e-6
    assert 16 < same.sum() < 48


def test_blocks_that_run_again_share_their_parameters():
    once, again = TrunkNetwork(4, 3, 8, 3), TrunkNetwork(4, 3, 8, 3, 2)
    assert parameters(once) == parameters(again)
    assert again.reach == once.reach + 4
    assert len(to_onnx(again)) < 1.1 * len(to_onnx(once))


def test_held_back_photographs_become_a_benchmark(tmp_path, monkeypatch, capsys):
    photos = tmp_path / "photos"
    photos.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (500, 700, 3), np.uint8)
    Image.fromarray(pixels).save(photos / "a.png")
    (tmp_path / "names.txt").write_text("a.png\n")
    monkeypatch.setattr(photographs, "HELD_BACK", tmp_path / "names.txt")
    monkeypatch.setattr("sys.argv", ["held_back", str(photos), str(tmp_path / "out"), "--reduce", "1.25"])
    export.held_back.main()
    assert Image.open(tmp_path / "out/HR/a.png").size == (480, 396)
    assert Image.open(tmp_path / "out/LRx3/a.png").size == (160, 132)
    assert "bicubic" in quality.evaluate(tmp_path / "out", 4, [])


def test_a_measure_is_one_entry(bench, monkeypatch, capsys):
    """A new one is measured, kept in cards and printed without another line of code."""
    monkeypatch.setitem(quality.MEASURES, "worst", lambda answer, truth: float(np.abs(answer - truth).max()))
    figures = quality.evaluate(bench, 4, ["smssr-x4-quick"])
    assert set(figures["smssr-x4-quick"]) == {"psnr", "ssim", "worst"}
    assert set(shipping.measured(figures, "smssr-x4-quick")["model"]) == {"psnr", "ssim", "worst"}
    monkeypatch.setattr("sys.argv", ["evaluate", str(bench), "--model", "smssr-x4-quick"])
    export.evaluate.main()
    assert "worst" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "words"), [
    ("[train]\nstep = 3", r"\[train\]: unknown key 'step'"), ("[train]\nsteps = 3", "'batch' is missing"),
    ("deg = 3", "'steps' is missing"), ("[card]\ntitel = 'x'", "'steps' is missing"), ("x = ", "cannot read")])
def test_a_configuration_with_a_wrong_key_is_refused(tmp_path, text, words):
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(ValueError, match=words):
        configuration.read(tmp_path / "a.toml")


def test_a_network_with_a_wrong_key_is_refused():
    for network, words in (({"kind": "nope"}, "no network 'nope'"), ({"kind": "trunk", "widht": 3}, "widht")):
        with pytest.raises(ValueError, match=words):
            build(network)
