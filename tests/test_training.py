"""Patches, losses, and runs that learn, resume and repeat: small, on drawn pictures. Needs torch (`make test-export`)."""

import copy
import csv
import dataclasses

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from foreign import enlarging  # noqa: E402
from tiny import CPU, GATED, PAPER, TRUNK, with_schedule  # noqa: E402

from export import curves, pack  # noqa: E402
from export.data import graphics, pages, photographs  # noqa: E402
from export.data.patches import Patches, recontrast  # noqa: E402
from export.data.teacher import Teacher  # noqa: E402
from export.losses import perceptual  # noqa: E402
from export.networks.build import parameters  # noqa: E402
from export.networks.matrices import resize  # noqa: E402
from export.networks.trunk import TrunkNetwork  # noqa: E402
from export.packing.to_onnx import fold, to_onnx  # noqa: E402
from export.training.orientation_seams import along, seams  # noqa: E402
from export.training.run import train, trained  # noqa: E402
from export.training.trainer import Training  # noqa: E402
from smssr_infer.arrays import resample  # noqa: E402


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


def test_photographs_are_packed_as_luma(photos, tmp_path, monkeypatch, capsys):
    before = photographs.photographs(photos)
    (tmp_path / "names.txt").write_text(before[0].name)
    monkeypatch.setattr(photographs, "HELD_BACK", tmp_path / "names.txt")
    command = ["pack", str(photos), "--out", str(tmp_path / "packed"), "--most"]
    monkeypatch.setattr("sys.argv", [*command, "4"])
    pack.main()
    after = photographs.photographs(tmp_path / "packed")
    assert [path.stem for path in after] == [path.stem for path in before[1:]]
    for path, original in zip(after, before[1:], strict=True):
        luma, packed = (np.asarray(Image.open(p).convert("L"), float) for p in (original, path))
        assert Image.open(path).mode == "L"
        assert np.abs(luma - packed).mean() < 2
    assert "quality 97" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", [*command, "0.001"])
    with pytest.raises(SystemExit, match="quality 75, too"):
        pack.main()


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


@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize("name", graphics.GRAPHICS)
def test_a_graphic_is_the_same_small_and_large(name, scale):
    small, large = graphics.graphic(name, 3, scale)
    again = graphics.graphic(name, 3, scale)
    assert np.array_equal(small, again[0]) and np.array_equal(large, again[1])
    assert large.shape == (small.shape[0] * scale, small.shape[1] * scale, *small.shape[2:]) and small.dtype == large.dtype == np.uint8
    seen = [part[..., 3] if name == "fringes" else part.astype(np.float64).reshape(*part.shape[:2], -1).mean(2) for part in (small, large)]
    means = seen[1].reshape(small.shape[0], scale, small.shape[1], scale).mean((1, 3))
    assert np.abs(means - seen[0]).mean() < 9 and seen[0].std() > 3
    assert (small.ndim == 2) == (name in graphics.TRAINED)


def test_a_share_of_patches_is_graphics(tmp_path, monkeypatch):
    monkeypatch.setattr(graphics, "TRAINED", ("checks", "dither"))
    monkeypatch.setattr(graphics, "EACH", 1)
    Image.fromarray(np.full((128, 128), 130, np.uint8)).save(tmp_path / "grey.png")
    torch.manual_seed(0)
    large = Patches([tmp_path / "grey.png"], 4, 16, (1,), CPU, 1.0, from_graphics=0.3).batch(600)[1]
    assert 0.2 < (large.std((1, 2, 3)) > 0.005).float().mean() < 0.36


def test_a_teachers_result_stands_for_the_photograph(photos, tmp_path):
    """As large patches, by the share that is asked for; of a teacher of a larger scale, reduced; and it is computed once."""
    teacher = Teacher(enlarging(tmp_path / "mean.onnx", 3), tmp_path / "results")

    def batch(**how) -> torch.Tensor:
        torch.manual_seed(0)
        return Patches(photographs.photographs(photos), 2, 16, (1,), CPU, **how).batch(8)

    (small, truth), (small_too, taught), half = batch(), batch(teacher=teacher), batch(teacher=teacher, taught=0.5)[1]
    assert torch.equal(small, small_too)
    inside = (slice(None), slice(None), slice(4, -4), slice(4, -4))
    mean = torch.nn.functional.avg_pool2d(small, 5, 1, 2).repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert (taught - mean)[inside].abs().max() <= 0.51 / 255
    assert (half - (taught + truth) / 2).abs().max() <= 0.51 / 255
    files = sorted((tmp_path / "results").iterdir())
    assert len(files) == 3
    Image.fromarray(np.zeros_like(np.asarray(Image.open(files[0])))).save(files[0])
    assert (batch(teacher=teacher)[1] - taught).abs().max() > 0.5  # the file is taken, not computed anew
    assert teacher(np.full((20, 30), 90, np.uint8), 1).shape == (20, 30)


def test_a_taught_network_needs_a_teacher(photos, tmp_path):
    with pytest.raises(ValueError, match="--teacher"):
        train(with_schedule(TRUNK, taught=1.0), [photos], tmp_path, CPU)


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


def test_training_goes_on_from_a_file_filled_up_with_zeros(photos, tmp_path):
    train(GATED, [photos], tmp_path / "a", CPU)
    network = trained(GATED, tmp_path / "a").network
    (tmp_path / "filled.onnx").write_bytes(to_onnx(fold(copy.deepcopy(network)).filled()))
    widened = dataclasses.replace(GATED, network={**GATED.network, "widen": 2})
    config = with_schedule(widened, steps=0, start=(str(tmp_path / "filled.onnx"),))
    run = train(config, [photos], tmp_path / "b", CPU)
    x = torch.rand(1, 1, 12, 12)
    with torch.no_grad():
        assert (fold(run.average.network)(x) - network(x)).abs().max() < 1e-6


def test_a_widened_network_goes_on_without_widening(photos, tmp_path):
    """As the same function."""
    widened = dataclasses.replace(GATED, network={**GATED.network, "widen": 2})
    before = train(widened, [photos], tmp_path / "widened", CPU)
    after = train(with_schedule(GATED, steps=0, start=("../widened/checkpoint.pt",)), [photos], tmp_path / "plain", CPU)
    small = torch.rand(1, 1, 20, 20)
    with torch.no_grad():
        assert (before.average.eval()(small) - after.average.eval()(small)).abs().max() < 1e-5


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


def test_a_curve_is_the_mean_of_the_log(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "log.csv").write_text("".join(f"{100 * i},{i},{1 / i:.6f},1e-3\n" for i in range(1, 46)))
    steps, loss = curves.curve(tmp_path / "a")
    assert steps.tolist() == [2000, 4000]
    assert loss[0] == pytest.approx(np.mean([1 / i for i in range(1, 21)]), abs=1e-6)
    assert [steps.tolist() for steps, _ in curves.curves([tmp_path / "a"] * 2, in_a_row=True)] == [[2000, 4000], [6000, 8000]]
    assert [steps.tolist() for steps, _ in curves.curves([tmp_path / "a"] * 2, in_a_row=False)] == [[2000, 4000]] * 2
    monkeypatch.setattr("sys.argv", ["curves", str(tmp_path / "a"), "--out", str(tmp_path / "curves.svg")])
    curves.main()
    assert "</svg>" in (tmp_path / "curves.svg").read_text()
    (tmp_path / "a" / "log.csv").write_text("100,1,0.5,1e-3\n")
    with pytest.raises(ValueError, match="1 rows"):
        curves.curve(tmp_path / "a")


def test_a_bar_along_a_parting_is_seen():
    torch.manual_seed(1)
    parting = seams(400, 176)
    crosses = ((parting.amin((1, 2, 3)) < 0) & (parting.amax((1, 2, 3)) > 0)).float().mean()
    assert 0.6 < crosses < 0.9
    parting = parting[:40]
    assert along(torch.ones_like(parting), parting).max() == pytest.approx(1)
    noise = torch.randn_like(parting)
    bar = noise + ((parting > -4) & (parting < 4))
    assert along(bar, parting).square().mean() > 3 * along(noise, parting).square().mean()
    assert torch.allclose((along(bar, parting) - along(noise, parting))[:, [0, -1]], torch.zeros(40, 2), atol=1e-5)
