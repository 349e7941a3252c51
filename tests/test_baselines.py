"""The networks of the literature: as their papers say, run by the runtime as by PyTorch, trained, compared."""

import json
import re

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

import export.compare  # noqa: E402
import export.evaluate_scales  # noqa: E402
import export.published  # noqa: E402
import export.results  # noqa: E402
from export.baselines.any_scale import ASDN, MetaRDN  # noqa: E402
from export.baselines.reference import TTSR, Extractor, transferred  # noqa: E402
from export.baselines.table import BASELINES, COUNTS, WITH_REFERENCE  # noqa: E402
from export.data.patches import Patches  # noqa: E402
from export.data.photographs import photographs  # noqa: E402
from export.losses import pixels  # noqa: E402
from export.measure import comparison, runs  # noqa: E402
from export.networks import matrices  # noqa: E402
from export.networks.build import multiply_adds  # noqa: E402
from export.networks.trunk import TrunkNetwork  # noqa: E402
from export.packing.to_onnx import to_onnx  # noqa: E402
from export.training import configuration  # noqa: E402
from export.training.any_scale import AnyScalePatches  # noqa: E402
from export.training.configuration import Configuration, Schedule  # noqa: E402
from export.training.run import train, trained  # noqa: E402
from export.training.superres import model  # noqa: E402
from smssr_infer import StyleCard, upscale  # noqa: E402
from smssr_infer.arrays import resample  # noqa: E402
from smssr_infer.arrays.pixels import grey, luma  # noqa: E402
from smssr_infer.networks import manifest  # noqa: E402
from smssr_infer.networks.cards import Space  # noqa: E402
from smssr_infer.nodes import model_choice  # noqa: E402

CPU = torch.device("cpu")


def test_baselines_have_their_papers_parameters():
    layers = torch.nn.Conv2d, torch.nn.ConvTranspose2d, torch.nn.Linear
    assert COUNTS.keys() == {**BASELINES, **WITH_REFERENCE}.keys()
    for name, build in {**BASELINES, **WITH_REFERENCE}.items():
        network = build()
        weights = sum(m.weight.numel() for m in network.modules() if isinstance(m, layers))
        count, how = COUNTS[name]
        weights -= {"lapsrn": 2, "ms-lapsrn": 1}.get(name, 0) * 64 * 64 * (16 - 9)  # their papers count transposed convolutions as 3×3
        if "exactly" in how:
            assert sum(p.numel() for p in network.parameters()) == count
        assert abs(weights / count - 1) < (0.0005 if "weights alone" in how else 0.006), name


@pytest.mark.parametrize(("name", "options"), [
    *((name, {}) for name in ("fsrcnn", "espcn", "lapsrn", "srresnet", "edsr-baseline", "srcnn", "span")),
    ("vdsr", {"depth": 4}), ("drcn", {"width": 16, "recursions": 3}), ("drrn", {"width": 16, "units": 2}),
    ("ms-lapsrn", {"width": 16, "depth": 2, "recursions": 2}), ("memnet-supervised", {"width": 8, "blocks": 2, "recursions": 2}),
    ("rdn", {"width": 8, "blocks": 2, "count": 2}), ("dbdn", {"width": 8, "blocks": 2, "count": 2}),
    ("esrgan", {"width": 8, "blocks": 1, "growth": 4}), ("meta-rdn", {"width": 8, "blocks": 2, "count": 2})])
def test_a_rival_is_run_by_the_runtime_as_by_pytorch(tmp_path, name, options):
    """Those with channel attention look at a whole tile, and cannot be."""
    torch.manual_seed(0)
    network = BASELINES[name](**options).eval()
    path = tmp_path / f"{name}.onnx"
    path.write_bytes(to_onnx(network, network.channels))
    if network.space is Space.LARGE:
        path.with_suffix(".json").write_text(json.dumps({"scale": 4}))
    card = model_choice.find(str(path))
    assert (card.scale, card.channels, card.space) == (4, network.channels, network.space)
    assert card.receptive_field <= 2 * network.reach + 1
    image = np.random.default_rng(0).random((100, 90, 3), np.float32)
    planes = np.ascontiguousarray(image.transpose(2, 0, 1))
    source = planes if network.space is Space.SMALL else resample.resize(planes, 400, 360)
    x = torch.from_numpy((luma(source)[None] if network.channels == 1 else np.clip(source, 0, 1))[None])
    with torch.no_grad():
        expected = network(x)[0].numpy()
    answer = upscale(image, 4, str(path)).transpose(2, 0, 1)
    edge = 4 * network.reach  # where ours mirrors the picture and theirs pads it with zeros
    inside = np.s_[edge:400 - edge, edge:360 - edge]
    if network.channels == 1:
        assert np.abs(grey(answer)[inside] - expected[0][inside]).max() < 1e-4
    else:
        assert np.abs(answer[(..., *inside)] - expected[(..., *inside)]).max() < 1e-4


@pytest.mark.parametrize(("name", "options"), [
    ("rcan", {"width": 16, "groups": 1, "blocks": 1}), ("csfm", {"width": 16, "modules": 2, "blocks": 1}),
    ("asdn", {"width": 16, "blocks": 1, "count": 1})])
def test_attention_is_exported(tmp_path, name, options):
    path = tmp_path / f"{name}.onnx"
    path.write_bytes(to_onnx(BASELINES[name](**options), 3))
    path.with_suffix(".json").write_text(json.dumps({"scale": 4, "receptive_field": 21}))
    assert upscale(np.full((40, 50, 3), 128, np.uint8), 4, str(path)).shape == (160, 200, 3)


@torch.no_grad()
def test_any_scale_at_four_is_what_they_are_at_any():
    x = torch.rand(1, 3, 9, 11, generator=torch.Generator().manual_seed(1))
    meta, asdn = MetaRDN(16, 2, 2, 32).eval(), ASDN(16, 2, 2).eval()
    assert torch.allclose(meta(x), meta.enlarge(x, 4), atol=1e-5)
    assert torch.equal(asdn(x), asdn.enlarge(x, 4))
    assert meta.enlarge(x, 2.5).shape == asdn.enlarge(x, 2.5).shape == (1, 3, 22, 27)
    for branch in asdn.branches[6]:  # of 1.6, silent: only that of 1.5 counts, by a half
        if isinstance(branch, torch.nn.Conv2d):
            branch.weight.zero_()
            branch.bias.zero_()
    enlarged = torch.nn.functional.interpolate(x, size=(13, 17), mode="bicubic")
    half = enlarged + asdn.branches[5](asdn.features(enlarged)) / 2
    assert torch.allclose(asdn.enlarge(x, 1.55), half, atol=1e-5)


@torch.no_grad()
def test_meta_sr_enlarges_several_pictures_as_one():
    torch.manual_seed(2)
    several, network = torch.rand(3, 1, 9, 11), MetaRDN(8, 1, 2, 16, channels=1).eval()
    for scale in (1.1, 1.7, 2.9, 4):
        together = network.enlarge(several, scale)
        assert together.shape == (3, 1, int(9 * scale), int(11 * scale))
        assert torch.allclose(together, torch.cat([network.enlarge(one[None], scale) for one in several]), atol=1e-5)


@pytest.fixture
def sharp(tmp_path):
    """A folder with a picture of squares, 300 pixels a side."""
    squares = np.kron(np.random.default_rng(5).integers(0, 256, (60, 60), np.uint8), np.ones((5, 5), np.uint8))
    (tmp_path / "sharp").mkdir()
    Image.fromarray(squares).save(tmp_path / "sharp/squares.png")
    return tmp_path / "sharp"


def test_patches_of_any_scale_are_reduced_inside_their_picture(sharp):
    """Their edges are not the picture's: the small patch is what the same place of the whole small picture is."""
    torch.manual_seed(3)
    patches = AnyScalePatches(photographs(sharp), (1.1, 4.0), 20, (1,), CPU)
    seen = set()
    for _ in range(20):
        small, large = patches.batch(2)
        assert small.shape == (2, 1, 20, 20)
        scale = large.shape[-1] / 20
        assert large.shape[-1] == large.shape[-2] == round(10 * scale) * 2
        seen.add(scale)
        inside = np.s_[..., 3:-3, 3:-3]
        assert (matrices.resize(large, 20, 20).clamp(0, 1)[inside] - small[inside]).abs().max() < 1.01 / 255
    assert len(seen) > 8
    assert 1.1 <= min(seen) < 2 < max(seen) <= 4
    with pytest.raises(ValueError, match="multiple of 10"):
        AnyScalePatches(photographs(sharp), (1.1, 4.0), 24, (1,), CPU)


@pytest.mark.parametrize("kind", ["meta-rdn", "asdn"])
def test_networks_of_any_scale_are_trained_and_measured(sharp, tmp_path, monkeypatch, capsys, kind):
    network = f'kind = "{kind}"\nwidth = 16\nblocks = 1\ncount = 2\nchannels = 1'
    (tmp_path / "tiny.toml").write_text(f"""[network]
{network}
[train]
steps = 60
warm_up = 3
batch = 4
patch = 10
scales = [1.1, {4.0 if kind == "meta-rdn" else 2.0}]
shrink = [1]
rate = 3e-3
loss = "l1_frequency"
seed = 4
""")
    config = configuration.read(tmp_path / "tiny.toml")
    torch.manual_seed(0)
    small, large = AnyScalePatches(photographs(sharp), (1.5, 1.5), 10, (1,), CPU).batch(16)
    untrained = model(config).eval()
    train(config, [sharp], tmp_path / "tiny", CPU)
    with torch.no_grad():
        before, after = (pixels.l1(network.enlarge(small, 1.5), large) for network in (untrained, trained(config, tmp_path / "tiny")))
    assert after < 0.9 * before
    monkeypatch.setattr(runs, "CONFIGS", tmp_path)
    for scale in (1.7, 5):
        assert runs.Run("tiny", tmp_path)(np.full((20, 30, 3), 128, np.uint8), int(20 * scale), int(30 * scale)).shape == (
            int(20 * scale), int(30 * scale), 3)
    monkeypatch.setattr(export.evaluate_scales, "RUNS", {"tiny": "tiny"})
    monkeypatch.setattr("sys.argv", ["evaluate_scales", str(sharp), "--baselines", str(tmp_path), "--scales", "1.3", "6"])
    export.evaluate_scales.main()
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head == "| scale | bicubic | Lanczos | smssr | tiny |"
    assert [row.split("|")[1].strip() for row in rows] == ["1.3", "6"]
    assert all(row.count(" / ") == 4 for row in rows)


@torch.no_grad()
def test_ttsr_takes_texture_from_where_the_reference_is_alike():
    torch.manual_seed(0)
    reference = torch.rand(1, 3, 32, 48)
    maps = Extractor().eval()(reference)
    like, taken = transferred(maps[-1], maps[-1], maps)
    assert like.min() > 0.999
    for value, again in zip(maps, taken, strict=True):
        inside = np.s_[..., value.shape[-2] // 4:-(value.shape[-2] // 4), value.shape[-1] // 4:-(value.shape[-1] // 4)]
        assert torch.allclose(value[inside], again[inside], atol=1e-5)
    assert TTSR(blocks=(1, 1, 1, 1)).eval()(torch.rand(1, 3, 10, 12), reference).shape == (1, 3, 40, 48)


def test_a_rival_trains_without_bands(photos, tmp_path):
    config = Configuration(name="espcn", network={"kind": "espcn"},
                           train=Schedule(steps=150, batch=4, patch=12, shrink=(1, 1.5), rate=2e-3, loss="l1_frequency", seed=7, warm_up=5))
    torch.manual_seed(0)
    small, large = Patches(photographs(photos), 4, 12, (1,), CPU).batch(16)
    untrained = model(config)
    run = train(config, [photos], tmp_path / "run", CPU)
    with torch.no_grad():
        before, after = (pixels.l1(network(small), large) for network in (untrained, trained(config, tmp_path / "run")))
    assert run.done == 150
    assert after < 0.8 * before


def test_multiply_adds_are_counted():
    assert multiply_adds(TrunkNetwork(4, 3, 32, 5, 4)) == (9 * 32 + 19 * 9 * 32 * 32 + 9 * 32 * 48) / 16
    assert multiply_adds(BASELINES["fsrcnn"]()) == 12_464 / 16  # its transposed convolution, too, runs once for each small pixel
    assert multiply_adds(BASELINES["srcnn"]()) == 57_184


def test_the_comparison_makes_its_table_and_plot(tmp_path, monkeypatch, filters, capsys):
    for side in ("SIDE", "LARGE_SIDE"):
        monkeypatch.setattr(comparison, side, 48)
    folder = tmp_path / "drawn"
    for name, side in (("HR", 96), ("LRx4", 24)):
        (folder / name).mkdir(parents=True)
        Image.fromarray(np.random.default_rng(1).integers(0, 256, (side, side, 3), np.uint8)).save(folder / name / "a.png")
    (tmp_path / "comparison.md").write_text("before\n<!-- table -->\nold\n<!-- end -->\nafter\n")
    (tmp_path / "peers").mkdir()
    another = BASELINES["span"](width=8)
    (tmp_path / "peers/another.onnx").write_bytes(to_onnx(another, 3))
    monkeypatch.setattr("sys.argv", ["compare", "--baselines", str(tmp_path), "--bench", str(folder), "--out", str(tmp_path),
                                     "--peers", str(tmp_path / "peers"), "--kept", str(tmp_path / "kept.json"),
                                     "--vgg-weights", str(filters), "--only", "espcn", "fsrcnn", "smssr-x4", "smssr-x4-quick"])
    export.compare.main()
    page = (tmp_path / "comparison.md").read_text()
    assert page.startswith("before")
    assert page.rstrip().endswith("after")
    assert "old" not in page
    assert "| bicubic | – |" in page
    assert "| espcn | 24,752 |" in page
    assert "random weights" in page
    assert "**`smssr-x4`**" in page
    assert "| drawn | VGG-16 distance ↓ |" in page
    assert f"| another | {sum(p.numel() for p in another.parameters()):,} | {multiply_adds(another):,.0f} |" in page
    assert "FSRCNN's graph by onnxruntime alone" in page
    assert "smssr-x4" in (tmp_path / "comparison.svg").read_text()
    kept = json.loads((tmp_path / "kept.json").read_text())
    kept["smssr-x4"]["drawn"]["psnr"] = 12.34
    (tmp_path / "kept.json").write_text(json.dumps(kept))
    export.compare.main()
    assert "| 12.34 / " in (tmp_path / "comparison.md").read_text(), "what was measured before is not measured again"


def test_results_are_those_of_the_cards(tmp_path, monkeypatch):
    page = tmp_path / "results.md"
    page.write_text("before\n<!-- evaluation -->\nold\n<!-- end -->\nbetween\n<!-- styles -->\nold\n<!-- end -->\nafter\n")
    monkeypatch.setattr("sys.argv", ["results", "--page", str(page)])
    export.results.main()
    text = page.read_text()
    assert "old" not in text
    assert [word for word in text.split("\n") if word in ("before", "between", "after")] == ["before", "between", "after"]
    card = manifest.find("smssr-x4")
    assert f"| `smssr-x4` | {card.params:,} | Set5 ×4 | 28.43 / 0.8113 | {card.metrics['Set5 ×4']['model']['psnr']:.2f} / " in text
    assert "smssr-x4-photo" not in text
    worst = max(c.metrics["spectrum_db"] for c in manifest.models() if isinstance(c, StyleCard))
    assert f" | {worst:.1f} |" in text


def test_published_figures_stand_beside_ours_and_are_marked(tmp_path, monkeypatch):
    (tmp_path / "comparison.md").write_text("before\n<!-- published -->\nold\n<!-- end published -->\nafter\n")
    monkeypatch.setattr("sys.argv", ["published", "--out", str(tmp_path)])
    export.published.main()
    page = (tmp_path / "comparison.md").read_text()
    assert page.startswith("before")
    assert page.rstrip().endswith("after")
    assert "old" not in page
    assert re.search(r"\*\*`smssr-x4`\*\* \| [\d,]+ \| 3\d\.\d\d / 2\d\.\d\d / 2\d\.\d\d \| measured", page)
    assert f"| SPAN, 28 maps | {COUNTS['span'][0]:,} | 31.77 / 28.37 / 27.42 | published" in page
    assert "SAFMN" in (tmp_path / "published.svg").read_text()
