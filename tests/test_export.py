"""Training, resuming, folding, exporting, publishing: small, on drawn pictures. Needs torch (`make test-export`)."""

import copy
import csv
import json
import shutil
import tomllib
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from export import drawings, evaluate, held_back, losses, networks, parity, publish, quantise, train  # noqa: E402
from export.data import Patches, photographs, recontrast  # noqa: E402
from export.superres import SuperResolution, blur, resize  # noqa: E402
from export.to_onnx import fold, to_onnx  # noqa: E402
from smssr_infer import backends, manifest, resample, scalespace, upscale  # noqa: E402
from smssr_infer.pixels import luma  # noqa: E402
from smssr_infer.upscale import network as runtime_network  # noqa: E402

CONFIGS = [p for p in sorted((Path(networks.__file__).parent / "configs").glob("*.toml")) if "card" in tomllib.loads(p.read_text())]
CPU = torch.device("cpu")
TRUNK = {"dog": [[0.0, 1.0], [1.0, 2.6], [2.6, 5.2]],
         "network": {"kind": "trunk", "scale": 4, "bands": 3, "width": 8, "blocks": 1},
         "train": {"steps": 40, "batch": 4, "patch": 12, "shrink": [1, 1.5], "rate": 2e-3, "loss": "l1_frequency", "seed": 7},
         "card": {"title": "a test", "default": True, "training_data": "drawn", "loss": "L1", "licence": "none"}}
PAPER = {"dog": [[1.0, 2.0], [0.0, 1.0]], "network": {"kind": "paper", "scale": 2, "channels": [4, 6]},
         "train": {**TRUNK["train"], "loss": "mse", "shrink": [1]}, "card": TRUNK["card"]}


@pytest.fixture
def bench(tmp_path, small):
    """A benchmark of one picture at ×4."""
    folder = tmp_path / "Bench"
    for name, picture in (("HR", Image.fromarray(small)), ("LRx4", Image.fromarray(small).resize((32, 32), Image.Resampling.BICUBIC))):
        (folder / name).mkdir(parents=True)
        picture.save(folder / name / "a.png")
    return folder


@pytest.mark.parametrize("config", CONFIGS, ids=lambda p: p.stem)
def test_shipped_configurations_have_the_size_their_card_says(config):
    settings = tomllib.loads(config.read_text())
    net = networks.build(settings["network"])
    card = manifest.find(config.stem)
    assert networks.parameters(fold(copy.deepcopy(net))) == card.params
    assert [list(pair) for pair in card.dog] == settings["dog"]
    assert card.receptive_field == 2 * net.reach + 1
    if config.stem == "paper-x4":
        assert abs(networks.parameters(net) - 120_000) <= 1000


def test_training_and_running_share_one_mathematics():
    x = np.random.default_rng(0).random((40, 50)).astype(np.float32)
    ours = scalespace.difference_of_gaussians(x, 1.0, 2.6)
    theirs = blur(torch.from_numpy(x), 1.0) - blur(torch.from_numpy(x), 2.6)
    assert np.abs(ours - theirs.numpy()).max() < 1e-6
    assert np.abs(resample.resize(x, 90, 70) - resize(torch.from_numpy(x), 90, 70).numpy()).max() < 1e-6


@pytest.mark.parametrize("config", [TRUNK, PAPER], ids=["trunk", "paper"])
def test_the_runtime_computes_what_torch_computes(config, small):
    """The graph on both backends, and the whole enlargement away from the edges (where torch pads with zeros)."""
    torch.manual_seed(0)
    model = SuperResolution(networks.build(config["network"]), config["dog"]).train()
    with torch.no_grad():
        for _ in range(3):
            model(torch.rand(2, 1, 24, 24))  # gives the batch-norms statistics of their own
        for p in model.parameters():
            p.add_(0.05 * torch.randn_like(p))
    model.eval()
    graph = to_onnx(fold(copy.deepcopy(model.network)))
    luma = np.ascontiguousarray(small[..., 1], np.float32) / 255
    for difference in parity.check(model, graph, luma).values():
        assert difference <= 1e-4


def test_parity_finds_a_difference(small):
    model = SuperResolution(networks.build(TRUNK["network"]), TRUNK["dog"]).eval()
    other = SuperResolution(networks.build(TRUNK["network"]), TRUNK["dog"]).eval()
    with torch.no_grad():
        other.network.heads.bias.add_(0.01)
    with pytest.raises(ValueError, match="differs"):
        parity.check(model, to_onnx(other.network), np.zeros((16, 16), np.float32))


def test_eight_bits(small, bench, tmp_path, monkeypatch):
    """Inner convolutions in 8 bits, the outer ones as they were, nearly the same answer; a model that loses too much is not kept."""
    model = manifest.load(manifest.find("smssr-x4-quick"))
    photos = bench / "HR"
    graph = quantise.quantise(model, photos)
    kinds = [node.op_type for node in onnx.load_from_string(graph).graph.node]
    assert kinds.count("Conv") == 11
    assert kinds.count("QuantizeLinear") >= 8
    y = luma(small.transpose(2, 0, 1).astype(np.float32) / 255)[None, None]
    for backend in backends.NAMES:
        maps = backends.graph(model, backend)(y)
        assert 0 < (backends.graph(graph, backend)(y) - maps).std() < 0.2 * maps.std()

    weights = tmp_path / "weights"
    shutil.copytree(manifest.shipped(), weights)
    before = (weights / "manifest.json").read_bytes()
    for module in (quantise, publish):
        monkeypatch.setattr(module, "WEIGHTS", weights)
    monkeypatch.setattr(manifest, "shipped", lambda: weights)
    monkeypatch.setattr("sys.argv", ["quantise", "smssr-x4-quick", "--photos", str(photos), "--bench", str(bench)])
    monkeypatch.setattr(quantise, "MOST_LOSS", -99.0)
    with pytest.raises(SystemExit, match="not kept"):
        quantise.main()
    assert (weights / "manifest.json").read_bytes() == before
    assert not (weights / "smssr-x4-quick-int8.onnx").exists()
    monkeypatch.setattr(quantise, "MOST_LOSS", 1.0)
    quantise.main()
    assert manifest.find("smssr-x4-quick-int8").made_from == "smssr-x4-quick"
    assert upscale(np.zeros((20, 20, 3), np.uint8), 4, "smssr-x4-quick-int8").shape == (80, 80, 3)


def test_folding_keeps_the_function():
    net = networks.build(PAPER["network"])
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
    patches = Patches(photographs(photos), 2, 16, (1, 1.5), CPU)
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
        page = drawings.page(number)
        assert page.shape == (drawings.SIDE, drawings.SIDE)
        assert page.dtype == np.uint8
        assert page.std() > 10
        assert len(np.unique(page)) > 20
    assert np.array_equal(drawings.page(1), drawings.page(1))
    assert not np.array_equal(drawings.page(1), drawings.page(5))


def test_a_share_of_patches_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(drawings, "PAGES", 4)
    Image.fromarray(np.full((128, 128), 130, np.uint8)).save(tmp_path / "grey.png")
    torch.manual_seed(0)
    large = Patches([tmp_path / "grey.png"], 4, 16, (1,), CPU, 1.0, 0.3).batch(600)[1]
    assert 0.2 < (large.std((1, 2, 3)) > 0.005).float().mean() < 0.36


def test_a_folder_without_pictures(tmp_path):
    with pytest.raises(ValueError, match="no pictures"):
        photographs(tmp_path)


def test_a_run_may_end_before_its_schedule(photos, tmp_path):
    short = {**TRUNK, "train": {**TRUNK["train"], "until": 6}}
    run = train.train(short, photos, tmp_path / "a", CPU)
    assert run.done == 6
    assert run.rate() > 0


def test_training_learns_resumes_and_repeats(photos, tmp_path):
    whole = train.train(TRUNK, photos, tmp_path / "a", CPU)
    assert whole.done == 40
    again = train.train(TRUNK, photos, tmp_path / "b", CPU)
    for a, b in zip(whole.model.state_dict().values(), again.model.state_dict().values(), strict=True):
        assert torch.equal(a, b)

    first = train.train(TRUNK, photos, tmp_path / "c", CPU, minutes=0)
    assert first.done == 0
    run = train.Training(TRUNK, first.patches, CPU)
    run.load(tmp_path / "c" / "checkpoint.pt")
    run.model.train()
    for _ in range(15):
        run.step()
    run.save(tmp_path / "c" / "checkpoint.pt")
    resumed = train.train(TRUNK, photos, tmp_path / "c", CPU)
    assert resumed.done == 40
    for a, b in zip(whole.average.state_dict().values(), resumed.average.state_dict().values(), strict=True):
        assert torch.equal(a, b)


def test_training_lowers_the_loss(photos, tmp_path):
    config = {**TRUNK, "train": {**TRUNK["train"], "steps": 700, "rate": 5e-3}}
    run = train.train(config, photos, tmp_path, CPU)
    with open(tmp_path / "log.csv") as log:
        assert [int(row[0]) for row in csv.reader(log)] == [100, 200, 300, 400, 500, 600, 700]
    small, large = run.patches.batch(64)
    run.average.eval()
    with torch.no_grad():
        learned = (run.average(small) - large).abs().mean()
        bicubic = (resize(small, 48, 48) - large).abs().mean()
    assert learned < 0.9 * bicubic


def test_fine_tuning_takes_the_trunk_over(photos, tmp_path):
    train.train(TRUNK, photos, tmp_path / "a", CPU)
    config = copy.deepcopy(TRUNK)
    config["network"]["scale"] = 2
    config["train"]["steps"] = 0
    config["train"]["start"] = ["../a/checkpoint.pt"]
    run = train.train(config, photos, tmp_path / "b", CPU)
    source = torch.load(tmp_path / "a" / "checkpoint.pt", weights_only=True)["average"]
    assert torch.equal(run.average.state_dict()["network.lift.weight"], source["network.lift.weight"])
    assert run.average.state_dict()["network.heads.weight"].shape != source["network.heads.weight"].shape


def test_a_run_may_be_the_mean_of_others(photos, tmp_path):
    runs = [train.train({**TRUNK, "train": {**TRUNK["train"], "steps": 3, "seed": seed}}, photos, tmp_path / str(seed), CPU)
            for seed in (1, 2)]
    options = {**TRUNK["train"], "steps": 0, "start": ["../1/checkpoint.pt", "../2/checkpoint.pt"]}
    mean = train.train({**TRUNK, "train": options}, photos, tmp_path / "mean", CPU).average.state_dict()
    one, other = (run.average.state_dict() for run in runs)
    assert all(torch.allclose(t, (one[name] + other[name]) / 2) for name, t in mean.items())
    assert not all(torch.equal(one[name], other[name]) for name in mean)


def test_held_batch_norm_keeps_its_statistics_but_learns(photos, tmp_path):
    config = {**PAPER, "train": {**PAPER["train"], "steps": 5, "hold_batch_norm": True}}
    state = train.train(config, photos, tmp_path, CPU).model.state_dict()
    assert all((t == 0).all() for name, t in state.items() if name.endswith("running_mean"))
    assert any(not (t == t.round()).all() for name, t in state.items() if name.endswith("branches.0.1.weight"))


def test_publishing_gives_a_model_that_runs(photos, tmp_path, monkeypatch, small, bench, capsys):
    train.train(TRUNK, photos, tmp_path / "run", CPU)
    config = tmp_path / "tiny-x4.toml"
    lines = [f"dog = {TRUNK['dog']}"]
    for table in ("network", "train", "card"):
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in TRUNK[table].items())]
    config.write_text("\n".join(lines))
    weights = tmp_path / "weights"
    weights.mkdir()
    monkeypatch.setattr(publish, "WEIGHTS", weights)
    monkeypatch.setattr(manifest, "shipped", lambda: weights)
    monkeypatch.setattr("sys.argv", ["publish", str(config), "--run", str(tmp_path / "run"), "--picture", str(bench / "HR" / "a.png"),
                                     "--bench", str(bench)])
    runtime_network.cache_clear()
    try:
        publish.main()
        card, = manifest.models()
        assert set(card.metrics) == {"Bench ×4"}
        assert upscale(small[:16, :16], 4, "tiny-x4").shape == (64, 64, 3)
        assert backends.graph(manifest.load(card), "numpy")(np.zeros((1, 1, 8, 8), np.float32)).shape == (1, 3, 32, 32)
    finally:
        monkeypatch.undo()
        runtime_network.cache_clear()
    assert "parity with PyTorch, numpy" in capsys.readouterr().out


def test_measures():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
    assert evaluate.measure(truth, truth // 2, 4)[0] < 20
    white, black = (np.full((1, 1, 3), v, np.uint8) for v in (255, 0))
    assert evaluate.matlab_y(white) == pytest.approx(235, abs=0.01)
    assert evaluate.matlab_y(black) == pytest.approx(16, abs=0.01)
    off_by_one = np.clip(truth.astype(int), 1, 254).astype(np.uint8)
    expected = 10 * np.log10(255**2 / (219 / 255) ** 2)
    assert evaluate.measure(off_by_one, off_by_one + 1, 4)[0] == pytest.approx(expected, abs=0.01)


def test_unknown_losses_are_named():
    with pytest.raises(ValueError, match="mse"):
        losses.criterion("nope")


def test_a_mesh_is_told_from_an_error_without_a_grid():
    truth = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    dots = torch.zeros(64, 64)
    dots[::4, ::4] = 0.01
    noise = 0.01 * torch.randn(2, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    assert losses.mesh(truth + 0.1, truth, 4, 8) < 1e-7
    assert losses.mesh(truth + dots, truth, 4, 8) > 1e-3
    assert losses.mesh(truth + noise, truth, 4, 8) < losses.mesh(truth + 10 * dots, truth, 4, 8) / 5


def test_texture_is_where_a_picture_is_more_than_flat():
    picture = torch.full((1, 1, 64, 64), 0.5)
    picture[..., 32:] += 0.2 * torch.rand(64, 8, generator=torch.Generator().manual_seed(0)).repeat_interleave(4, 1)
    found = losses.texture(picture, 4)[0, 0]
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
    once, again = networks.TrunkNetwork(4, 3, 8, 3), networks.TrunkNetwork(4, 3, 8, 3, 2)
    assert networks.parameters(once) == networks.parameters(again)
    assert again.reach == once.reach + 4
    assert len(to_onnx(again)) < 1.1 * len(to_onnx(once))


def test_held_back_photographs_become_a_benchmark(tmp_path, monkeypatch, capsys):
    photos = tmp_path / "photos"
    photos.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (500, 700, 3), np.uint8)
    Image.fromarray(pixels).save(photos / "a.png")
    (tmp_path / "names.txt").write_text("a.png\n")
    monkeypatch.setattr(held_back, "HELD_BACK", tmp_path / "names.txt")
    monkeypatch.setattr("sys.argv", ["held_back", str(photos), str(tmp_path / "out"), "--reduce", "1.25"])
    held_back.main()
    assert Image.open(tmp_path / "out/HR/a.png").size == (480, 396)
    assert Image.open(tmp_path / "out/LRx3/a.png").size == (160, 132)
    assert "bicubic" in evaluate.evaluate(tmp_path / "out", 4, [])
