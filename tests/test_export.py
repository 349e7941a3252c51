"""Training, resuming, folding, exporting, publishing: small, on drawn pictures. Needs torch (`make test-export`)."""

import copy
import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from tiny import CPU, GATED, PAPER, SCHEDULE, TRUNK, WORDS  # noqa: E402

import export.drawn_pages  # noqa: E402
import export.evaluate  # noqa: E402
import export.measure_cards  # noqa: E402
import export.publish  # noqa: E402
import export.validation_set  # noqa: E402
from export.data import photographs  # noqa: E402
from export.measure import parity, perception, quality  # noqa: E402
from export.networks.build import build, parameters  # noqa: E402
from export.networks.detailed import DetailedNetwork  # noqa: E402
from export.networks.matrices import blur, resize  # noqa: E402
from export.packing.to_onnx import fold, to_onnx  # noqa: E402
from export.ship import eight_bits  # noqa: E402
from export.ship import networks as shipping  # noqa: E402
from export.training import configuration  # noqa: E402
from export.training.run import train  # noqa: E402
from export.training.superres import SuperResolution  # noqa: E402
from smssr_infer import EnlargingCard, upscale  # noqa: E402
from smssr_infer.arrays import resample, scale_space  # noqa: E402
from smssr_infer.arrays.pixels import luma  # noqa: E402
from smssr_infer.networks import backends, manifest  # noqa: E402
from smssr_infer.networks.places import shipped  # noqa: E402

ALL = [configuration.read(p) for p in sorted((Path(export.publish.__file__).parent / "configs").rglob("*.toml"))]
SHIPPED = [config for config in ALL if config.card]


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
    card = manifest.find(config.name)
    assert parameters(fold(copy.deepcopy(net))) == card.params
    assert card.dog == config.dog
    assert card.receptive_field == 2 * net.reach + 1
    if config.name == "paper-x4":
        assert abs(parameters(net) - 120_000) <= 1000


@pytest.mark.parametrize("config", [c for c in ALL if c.name.startswith("smssr")], ids=lambda c: c.name)
def test_ours_keep_within_their_parameters(config):
    """A branch beside the network is as small as a style's."""
    network = fold(build(config.network))
    branch = sum(parameters(layer) for layer in network.invents) if isinstance(network, DetailedNetwork) else 0
    assert parameters(network) - branch <= 120_000
    assert branch < 35_000


@pytest.mark.parametrize("config", [c for c in ALL if c.name.startswith("restore")], ids=lambda c: c.name)
def test_those_that_restore_keep_within_theirs(config):
    assert parameters(fold(build(config.network))) <= 200_000


def test_training_and_running_share_one_mathematics():
    x = np.random.default_rng(0).random((40, 50)).astype(np.float32)
    ours = scale_space.difference_of_gaussians(x, 1.0, 2.6)
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
    kinds, before = ([node.op_type for node in onnx.load_from_string(file).graph.node] for file in (graph, model))
    assert kinds.count("Conv") == before.count("Conv") == 12
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


@pytest.mark.parametrize("network", [
    {"kind": "gated", "scale": 2, "bands": 1, "width": 4, "blocks": [2, 1], "again": 1, "widen": 2},
    {"kind": "restoring", "bands": 1, "width": 4, "inner": 4, "blocks": 1, "times": 2, "planes": 1, "deep": 4, "widen": 2},
], ids=lambda network: network["kind"])
def test_folding_a_widened_kernel_keeps_the_function(network):
    net = build(network)
    with torch.no_grad():
        for module in net.modules():
            if hasattr(module, "back"):
                module.back.normal_(std=0.1)
    x = torch.rand(1, 1, 16, 16)
    folded = fold(copy.deepcopy(net))
    assert parameters(folded) < parameters(net)
    assert (folded(x) - net(x)).abs().max() < 1e-5


def test_maps_added_to_fill_up_keep_the_function():
    net = build({"kind": "gated", "scale": 2, "bands": 1, "width": 5, "blocks": [2, 1], "again": 1})
    before = parameters(net)
    x = torch.rand(1, 1, 12, 12)
    filled = net.filled()
    assert {m.out_channels for m in filled.modules() if isinstance(m, torch.nn.Conv2d)} == {16, 4}
    assert (filled(x) - net(x)).abs().max() < 1e-6
    assert parameters(net) == before
    assert sum(int(p.count_nonzero()) for p in filled.parameters()) == sum(int(p.count_nonzero()) for p in net.parameters())


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


def test_cards_are_measured_anew_and_say_how_results_look(tmp_path, monkeypatch, bench, filters, capsys):
    folder = tmp_path / "weights"
    monkeypatch.setattr(export.measure_cards, "shipped", lambda: folder)
    old = manifest.find("smssr-x4-quick")
    folder.mkdir()
    card = dataclasses.replace(old, folder=folder, metrics={"Before ×4": old.metrics["Set5 ×4"]})
    manifest.write(card, manifest.load(old))
    monkeypatch.setattr(quality.smssr_infer, "upscale", lambda small, scale, **options: quality.bicubic_picture(small, scale))
    monkeypatch.setattr("sys.argv", ["measure_cards", str(bench), str(tmp_path), "--vgg-weights", str(filters)])
    export.measure_cards.main()
    card, = manifest.read(folder)
    assert set(card.metrics) == {"Before ×4", "Bench ×4"}
    measured = card.metrics["Bench ×4"]
    assert measured["model"] == measured["bicubic"]
    assert set(measured["model"]) == {*quality.MEASURES, *perception.measures(filters)}
    text = card.path.with_suffix(".md").read_text()
    assert f"| Bench ×4 | {quality.shown(measured['bicubic'])} |" in text
    assert f"| Bench ×4 | VGG-16 distance ↓ | {measured['model']['VGG-16 distance ↓']:.4g} |" in text


def test_evaluation_says_how_results_look(monkeypatch, bench, filters, capsys):
    monkeypatch.setattr("sys.argv", ["evaluate", str(bench), "--model", "smssr-x4-quick", "--vgg-weights", str(filters)])
    export.evaluate.main()
    head, *rows = capsys.readouterr().out.splitlines()
    assert all(name in head for name in ("psnr", "VGG-16 distance ↓", "SSIMULACRA 2 ↑"))
    assert [row.split()[1] for row in rows] == ["bicubic", "smssr-x4-quick"]
    assert {len(row.split()) for row in rows} == {10}


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


def test_held_back_photographs_become_a_benchmark(tmp_path, monkeypatch, capsys):
    photos = tmp_path / "photos"
    photos.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (500, 700, 3), np.uint8)
    Image.fromarray(pixels).save(photos / "a.png")
    (tmp_path / "names.txt").write_text("a.png\n")
    monkeypatch.setattr(photographs, "HELD_BACK", tmp_path / "names.txt")
    monkeypatch.setattr("sys.argv", ["validation_set", str(photos), str(tmp_path / "out"), "--reduce", "1.25"])
    export.validation_set.main()
    assert Image.open(tmp_path / "out/HR/a.png").size == (480, 396)
    assert Image.open(tmp_path / "out/LRx3/a.png").size == (160, 132)
    assert "bicubic" in quality.evaluate(tmp_path / "out", 4, [])


def test_drawn_pages_become_benchmarks(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["drawn_pages", str(tmp_path), "--scale", "3", "--rounds", "1"])
    export.drawn_pages.main()
    levels = {}
    for name in ("reduced", "unsmoothed", "covered", "sharper"):
        large, small = (np.asarray(Image.open(tmp_path / name / folder / "1002.png")) for folder in ("HR", "LRx3"))
        assert (large.shape, small.shape) == ((1020, 1020), (340, 340))
        assert np.abs(small.astype(float) - large[1::3, 1::3]).mean() < 12, "the two lie over each other"
        levels[name] = len(np.unique(small))
        assert len(list((tmp_path / name / "HR").iterdir())) == 4
    assert levels["unsmoothed"] < levels["covered"]
    assert levels["unsmoothed"] < 40


def test_a_measure_is_one_entry(bench, monkeypatch, capsys):
    """A new one is measured, kept in cards and printed without another line of code."""
    monkeypatch.setitem(quality.MEASURES, "worst", lambda answer, truth: float(np.abs(answer - truth).max()))
    figures = quality.evaluate(bench, 4, ["smssr-x4-quick"])
    assert set(figures["smssr-x4-quick"]) == {"psnr", "ssim", "worst"}
    assert set(shipping.measured(figures, "smssr-x4-quick")["model"]) == {"psnr", "ssim", "worst"}
    monkeypatch.setattr("sys.argv", ["evaluate", str(bench), "--model", "smssr-x4-quick"])
    export.evaluate.main()
    assert "worst" in capsys.readouterr().out


def test_colours_are_measured_together(bench, monkeypatch, capsys):
    truth, answer = np.zeros((2, 12, 12, 3), np.uint8)
    answer[..., 0] = 100  # a third of the squared error is in one colour
    assert quality.measure(answer, truth, 2, colour=True) == {"psnr": pytest.approx(10 * np.log10(3 * 255**2 / 100**2))}
    monkeypatch.setattr("sys.argv", ["evaluate", str(bench), "--model", "smssr-x4-quick", "--colour"])
    export.evaluate.main()
    out = capsys.readouterr().out
    assert "ssim" not in out
    assert "smssr-x4-quick" in out


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
