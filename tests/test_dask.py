"""Batches over Dask: the answers of a batch without it, whatever fails or dies on the way."""

import distributed
import numpy as np
import pytest
from PIL import Image

from smssr_infer.cli import main
from smssr_infer.disk.wishes import Restoring, Strength
from smssr_infer.folders import cluster
from smssr_infer.folders.jobs import Order, jobs
from smssr_infer.folders.run import run
from smssr_infer.networks.cards import Space


@pytest.fixture(scope="module")
def address():
    """A cluster of two worker processes."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def within():
    """A cluster in this process."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def folder(tmp_path, small):
    """Four small pictures, and a broken one."""
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    Image.fromarray(small[:30, :40]).save(source / "a.png")
    Image.fromarray(small[40:70, :40]).save(source / "b.jpg", quality=60)
    Image.fromarray(small[:20, 50:90, 0]).save(source / "sub" / "c.tif")
    Image.fromarray(np.dstack([small, small[..., :1]])).save(source / "d.png", dpi=(96, 96))
    (source / "broken.png").write_bytes(b"\x89PNG no")
    return source


def contents(folder):
    """Every file of a folder, hidden ones as well."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def plain(folder, tmp_path):
    """What a batch without Dask makes of them."""
    assert main(["batch", str(folder), str(tmp_path / "plain"), "--scale", "2.5", "--recursive"]) == 2
    return contents(tmp_path / "plain")


@pytest.mark.parametrize("options", [[], ["--through-scheduler"]])
def test_a_folder_over_dask_is_the_folder_without(folder, plain, tmp_path, address, options, capsys):
    arguments = ["batch", str(folder), str(tmp_path / "out"), "--scale", "2.5", "--recursive", "--dask", address, *options]
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert "4 written, 0 there already, 1 failed" in printed.out
    assert [line for line in printed.err.splitlines() if "broken.png" in line] == [
        f"smssr: {folder}/broken.png is not a picture that can be read"]
    assert contents(tmp_path / "out") == plain
    (tmp_path / "out" / "a-x2.5.png").unlink()
    assert main(arguments) == 2
    assert "1 written, 3 there already, 1 failed" in capsys.readouterr().out
    assert contents(tmp_path / "out") == plain


@pytest.mark.parametrize("through_scheduler", [False, True])
@pytest.mark.parametrize("wishes", [
    {"scale": 4}, {"scale": 3, "restoring": Restoring(clean=Strength(0.7), sharpen=Strength(0.5))},
    {"scale": 1, "restoring": Restoring(clean=Strength(0.7))}, {"scale": 1.7, "model": "smssr-x4-quick", "bands": (1.5, 1)},
])
def test_large_answers_are_made_band_by_band_to_the_last_bit(tmp_path, chelsea, within, wishes, through_scheduler, monkeypatch):
    monkeypatch.setattr(Space, "largest_tile", 150)
    source = tmp_path / "in"
    source.mkdir()
    Image.fromarray(chelsea[:90, :130]).save(source / "cat.jpg", quality=70, dpi=(96, 96))
    Image.fromarray(np.dstack([chelsea, chelsea[..., 0]])[:80, :60]).save(source / "seen-through.png")
    answers = {}
    shares = []

    def over_dask(order, todo):
        return cluster.run(order, todo, within, lambda _, share: shares.append(share), through_scheduler=through_scheduler, large=1000)

    for way in (run, over_dask):
        order = Order(source=source, target=tmp_path / way.__name__, ending="png", **wishes)
        summary = way(order, jobs(order))
        assert (summary.written, summary.failures) == (2, [])
        answers[way] = contents(order.target)
    assert len(shares) > 4
    assert answers[run] == answers[over_dask]
