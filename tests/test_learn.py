"""Learning styles: targets, training, files, the command. Needs torch (`make test-export`); VGG-16's filters are random here."""

import math
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")


from export.data import contents  # noqa: E402
from export.data.contents import dead_leaves  # noqa: E402
from export.losses import vgg  # noqa: E402
from export.networks import matrices  # noqa: E402
from export.networks.shipped import tensors  # noqa: E402
from export.packing import own_style, style  # noqa: E402
from export.training import painting_trainer as painting  # noqa: E402
from export.training import reference, styling  # noqa: E402
from export.training import style_trainer as learning  # noqa: E402
from export.training import styles as shipped_styles  # noqa: E402
from smssr_infer import CoarseCard, StyleCard, style_residual  # noqa: E402
from smssr_infer.analysis.palette import Palette  # noqa: E402
from smssr_infer.arrays.scale_space import difference_of_gaussians  # noqa: E402
from smssr_infer.cli import main  # noqa: E402
from smssr_infer.networks import backends, manifest  # noqa: E402
from smssr_infer.networks.network import median  # noqa: E402
from smssr_infer.networks.places import learnt, shipped  # noqa: E402
from smssr_infer.own_styles import thumbnail  # noqa: E402
from smssr_infer.textures import random_fields  # noqa: E402
from smssr_infer.textures.learning import Wish  # noqa: E402

BAND = (0.7, 4.0)


@pytest.fixture(scope="module")
def bars():
    """Wavy bars, 8 pixels a period: a texture that is learnt fast."""
    y, x = np.mgrid[:260, :280]
    return (0.5 + 0.3 * np.sin((x + 3 * np.sin(y / 9)) * 2 * np.pi / 8)).astype(np.float32)


@pytest.fixture(scope="module")
def targets(filters, bars):
    bar = reference.Reference(bars, BAND, learning.PATCH)
    return learning.Targets(contents.dead_leaves(8, learning.SIDE, seed=1), bar, vgg.VGG(filters), crops=2)


def test_what_has_a_head_learns_a_whole_turn(filters, bars):
    bar = reference.Reference(bars, BAND, learning.PATCH)
    patches = contents.dead_leaves(16 * learning.BATCH, learning.SIDE, seed=1)
    some = learning.Targets(patches, bar, vgg.VGG(filters), crops=1, turns=True, heads=True)
    assert some.angles == [22.5 * k for k in range(16)]
    assert len(some.spectra) == 16
    noise = torch.zeros(1, 1, 2, 2)
    assert torch.allclose(styling.turn_planes(20, noise, 2), styling.turn_planes(200, noise, 2), atol=1e-6)
    assert (styling.turn_planes(20, noise, 1) + styling.turn_planes(200, noise, 1) - 1).abs().max() < 1e-6


def test_the_reference_in_its_band(bars):
    bar = reference.Reference(bars, BAND, learning.PATCH)
    assert float(bar.residual.std()) == pytest.approx(1, abs=1e-3)
    band = difference_of_gaussians(bars, *BAND)
    assert bar.contrast == pytest.approx(band.std() / bars.std(), rel=0.05)
    crops = bar.crops(5, torch.Generator().manual_seed(1))
    assert crops.shape == (5, 1, learning.PATCH, learning.PATCH)
    # κ: at the ceiling of σ_x the shrunk residual stays below the content's PSNR
    small = matrices.resize(crops * bar.kappa() * styling.CEILING, learning.PATCH // 4, learning.PATCH // 4)
    assert -10 * math.log10(float(small.square().mean())) >= reference.CONTENT_PSNR - 0.5
    with pytest.raises(ValueError, match="flat"):
        reference.Reference(np.full((300, 300), 0.5, np.float32), BAND, learning.PATCH)
    with pytest.raises(ValueError, match="at least 184"):
        reference.Reference(bars[:150], BAND, learning.PATCH)


def test_training_and_running_share_waves_and_median():
    ours = random_fields.waves(5, 30, 7, 32, [(0.1, 0.03), (0.0, 0.2)])
    top, left = torch.tensor([[5.0], [7.0]], dtype=torch.float64)
    theirs = styling.wave_planes([(0.1, 0.03), (0.0, 0.2)], top, left, 25)
    assert np.abs(ours - theirs[0].numpy()).max() < 1e-5
    x = np.random.default_rng(1).random((9, 11)).astype(np.float32)
    four = np.stack([x[:-1, :-1], x[:-1, 1:], x[1:, :-1], x[1:, 1:]])
    assert np.allclose(median(x), np.median(four, axis=0), atol=1e-6)
    assert np.allclose(matrices.median(torch.from_numpy(x)).numpy(), median(x), atol=1e-6)


def test_a_lesson_learns_and_publishes(targets, filters, tmp_path, monkeypatch):
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path))
    lesson = learning.StyleTrainer(targets, (), vgg.VGG(filters))
    lesson.run(10)
    first = lesson.figures["texture"]
    lesson.fold_gain()
    lesson = learning.StyleTrainer(targets, (), vgg.VGG(filters), start=lesson.average.network.state_dict())
    lesson.run(50)
    assert lesson.done == 50
    assert lesson.figures["texture"] < 0.7 * first
    mu, sigma, kappa = lesson.constants()
    assert abs(mu) < sigma
    assert 0 < kappa <= targets.kappa
    trained = style.TrainedStyle("tiny", lesson.average.network.state_dict(), mu, sigma, kappa, BAND)
    network = trained.network()
    graph = style.graph_of(network)
    inputs = torch.rand(1, 2, 70, 80)
    with torch.no_grad():
        expected = network(inputs).numpy()
    for backend in backends.NAMES:
        assert np.abs(backends.graph(graph, backend)(inputs.numpy()) - expected).max() < 1e-4
    written = style.pack(trained, learnt(), title="a test", training_data="drawn", licence="none")
    card = manifest.find("tiny", StyleCard)
    assert card == written
    assert card.params < 35_000
    assert thumbnail(manifest.find("tiny")).size == (96, 96)
    assert "tiny" in style.markdown(card, "by hand")
    assert torch.equal(tensors(manifest.load(card))["last.weight"], network.last.weight)
    # the runtime's residual has the strength that training gave it
    picture = contents.dead_leaves(1, 200, seed=3)[0]
    residual = style_residual(picture, "tiny")
    assert residual.std() > 0.3 * card.kappa * card.floor


def test_ctrl_c_keeps_the_best_so_far(targets, filters):
    lesson = learning.StyleTrainer(targets, (), vgg.VGG(filters))

    def stop(part):
        if lesson.done == 3:
            raise KeyboardInterrupt

    lesson.run(100, progress=stop)
    assert lesson.done == 3
    lesson.run(100, minutes=1e-9)
    assert lesson.done == 3


def test_ctrl_c_keeps_what_was_learnt_of_a_painting(filters, astronaut):
    contents = dead_leaves(4, painting.SIDE, seed=1)
    palettes = [Palette.of(c / np.float32(255)) for c in contents]
    lesson = painting.PaintingTrainer(contents, palettes, astronaut[:160, :170], vgg.VGG(filters))

    def stop(_part):
        if lesson.done == 2:
            raise KeyboardInterrupt

    lesson.run(9, tell=stop)
    assert lesson.done == 2 and lesson.figures


def test_waves_begin_from_a_style_without(targets, filters):
    vgg16 = vgg.VGG(filters)
    start = learning.StyleTrainer(targets, (), vgg16).average.network.state_dict()
    lesson = learning.StyleTrainer(targets, ((0.1, 0.0),), vgg16, start=start)
    assert lesson.model.network.lift.in_channels == 4
    assert torch.equal(lesson.model.network.lift.weight[:, :2], start["lift.weight"])
    lesson.step(0.0)


def wish(**given):
    return Wish(**{"name": "mine", **given})


def test_learn_style_from_picture_to_picture(tmp_path, monkeypatch, filters, bars, astronaut, capsys):
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(own_style, "STEPS", 25)
    monkeypatch.setattr(own_style, "CONTENTS", 4)
    Image.fromarray((255 * np.tile(bars, (2, 2))).astype(np.uint8)).save(tmp_path / "bars.png")
    own_style.learn(wish(picture=tmp_path / "bars.png", crop=(10, 10, 440, 420), reduce=2, vgg_weights=filters))
    assert "learnt mine" in capsys.readouterr().out
    card = manifest.find("mine", StyleCard)
    assert card.folder == tmp_path / "home" / "styles"
    for ending in (".onnx", ".md", ".png"):
        assert card.path.with_suffix(ending).exists()
    Image.fromarray(astronaut[:100, :100]).save(tmp_path / "in.png")
    assert main(["stylize", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--style", "mine:1"]) == 0
    assert main(["models"]) == 0
    assert "learnt from bars.png" in capsys.readouterr().out
    with pytest.raises(ValueError, match="rename or replace that one"):
        own_style.learn(wish(picture=tmp_path / "bars.png"))
    own_style.learn(wish(picture=tmp_path / "bars.png", replace=True, title="anew"))  # VGG's file was kept
    assert manifest.find("mine").title == "anew"


def test_learn_a_coarse_style_from_painting_to_picture(tmp_path, monkeypatch, filters, astronaut, capsys):
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(own_style, "STEPS", 21)
    monkeypatch.setattr(own_style, "CONTENTS", 4)
    monkeypatch.setattr(painting, "BATCH", 1)
    Image.fromarray(astronaut[:300, :260, ::-1]).save(tmp_path / "painting.png")
    own_style.learn(wish(picture=tmp_path / "painting.png", coarse=True, reduce=1.5, vgg_weights=filters))
    assert "learnt mine" in capsys.readouterr().out
    card = manifest.find("mine", CoarseCard)
    assert card.params <= 50_000
    for ending in (".onnx", ".md", ".png"):
        assert card.path.with_suffix(ending).exists()
    Image.fromarray(astronaut[:100, :100]).save(tmp_path / "in.png")
    assert main(["stylize", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--coarse", "mine:0.5"]) == 0
    with pytest.raises(ValueError, match="a coarse style is learnt from 128 pixels a side"):
        own_style.learn(wish(name="other", picture=tmp_path / "painting.png", coarse=True, reduce=3))


def test_a_painting_s_forms_are_learnt(filters, astronaut):
    """Trained for a while, the network's answer is nearer to the painting's forms, and not far from the picture."""
    rng = np.random.default_rng(2)
    contents = dead_leaves(6, painting.SIDE, seed=1)
    stripes = np.tile((np.arange(400) // 6 % 2 * 160 + 40).astype(np.uint8), (300, 1))
    image = np.stack([stripes, stripes // 2, 255 - stripes], 2) + rng.integers(0, 20, (300, 400, 3)).astype(np.uint8)
    lesson = painting.PaintingTrainer(contents, [Palette.of(c / np.float32(255)) for c in contents], image, vgg.VGG(filters))
    lesson.step(0.0)
    before = dict(lesson.figures)
    lesson.run(26)
    assert lesson.figures["texture"] < 0.9 * before["texture"]
    assert np.isfinite(list(lesson.figures.values())).all()


@pytest.mark.parametrize(("given", "words"), [
    ({"name": "gravel"}, "ships with smssr"), ({"name": "smssr-x4"}, "ships with smssr"),
    ({"crop": (1, 2, 3)}, "LEFT"), ({"crop": (0, 0, 999, 999)}, "LEFT"), ({"reduce": 0.5}, "reduce"), ({"reduce": 3}, "pixels a side"),
    ({"minutes": 0}, "minutes"), ({"picture": "missing.png"}, "missing.png"), ({"vgg_weights": "missing.npz"}, "missing.npz"),
])
def test_wrong_wishes_are_one_line(tmp_path, bars, given, words):
    Image.fromarray((255 * bars).astype(np.uint8)).save(tmp_path / "bars.png")
    if "picture" in given:
        given = {"picture": tmp_path / given["picture"]}
    with pytest.raises(ValueError, match=words) as caught:
        own_style.learn(wish(**{"picture": tmp_path / "bars.png", **given}))
    assert "\n" not in str(caught.value)


def test_the_table_of_styles():
    rows = shipped_styles.styles()
    assert next(iter(rows)) == shipped_styles.FIRST
    assert set(rows) >= {card.name for card in manifest.models() if isinstance(card, StyleCard) and card.folder == shipped()}
    assert rows.keys() == tomllib.loads(shipped_styles.STYLES.read_text()).keys()
    for row in rows.values():
        assert row.title
        assert row.credit
        assert not row.picture.startswith("/")


def test_learning_needs_nothing_that_measures_or_draws_plots():
    """With `pip install torch onnx` alone, as the README says."""
    code = ("import sys\nfor name in ('skimage', 'matplotlib', 'pytest', 'hypothesis'): sys.modules[name] = None\n"
            "import export.learn_style")
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)


def test_a_bar_that_nobody_reads_is_not_drawn(tmp_path, monkeypatch, filters, bars, capsys):
    """From GIMP, standard error is a pipe: what is written there without end would stop the learning."""
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(own_style, "STEPS", 21)
    monkeypatch.setattr(own_style, "CONTENTS", 4)
    Image.fromarray((255 * bars).astype(np.uint8)).save(tmp_path / "bars.png")
    own_style.learn(wish(picture=tmp_path / "bars.png", vgg_weights=filters))
    assert len(capsys.readouterr().err) < 200
