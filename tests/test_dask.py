"""Batches over Dask: the answers of a batch without it, whatever fails or dies on the way."""

import contextlib
import errno
import io
import os
import shutil
import signal
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dask
import distributed
import numpy as np
import psutil
import pytest
from PIL import Image

from smssr_infer.batch.existing import Summary
from smssr_infer.batch.run import run
from smssr_infer.batch.spec import BatchSpec, Job, jobs
from smssr_infer.checks.machines import Machines
from smssr_infer.cli import main
from smssr_infer.cluster import client, connection, worker, written
from smssr_infer.cluster.connection import Lost
from smssr_infer.cluster.written import Written
from smssr_infer.io.temporary_file import TemporaryFile
from smssr_infer.networks.cards import Space
from smssr_infer.recipe import Recipe
from smssr_infer.steps import Enlarge, Restore


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
    assert "4 written, 0 skipped (already exist), 1 failed" in printed.out
    assert [line for line in printed.err.splitlines() if "broken.png" in line] == [
        f"smssr: {folder}/broken.png is not a picture that can be read"]
    assert contents(tmp_path / "out") == plain
    (tmp_path / "out" / "a-x2.5.png").unlink()
    assert main(arguments) == 2
    assert "1 written, 3 skipped (already exist), 1 failed" in capsys.readouterr().out
    assert contents(tmp_path / "out") == plain


@pytest.mark.parametrize(("through_scheduler", "steps"), [
    (False, [Enlarge(2)]), (True, [Restore(0.7), Enlarge(3, "smssr-x4-quick")]), (False, [Restore(0.7)]),
    (True, [Enlarge(1.7, "smssr-x4-quick", (1.5, 1))]),
])
def test_large_answers_are_made_band_by_band_to_the_last_bit(tmp_path, chelsea, within, steps, through_scheduler, monkeypatch):
    monkeypatch.setattr(Space, "largest_tile", 100)
    source = tmp_path / "in"
    source.mkdir()
    Image.fromarray(chelsea[:90, :130]).save(source / "cat.jpg", quality=70, dpi=(96, 96))
    Image.fromarray(np.dstack([chelsea, chelsea[..., 0]])[:80, :60]).save(source / "seen-through.png")
    answers = {}
    shares = []

    def over_dask(spec, todo):
        return client.run(spec, todo, within, lambda _, share: shares.append(share), through_scheduler=through_scheduler, large=1000)

    for way in (run, over_dask):
        spec = BatchSpec(source=source, target=tmp_path / way.__name__, ending="png", recipe=Recipe(*steps))
        summary = way(spec, jobs(spec))
        assert (summary.written, summary.failures) == (2, [])
        answers[way] = contents(spec.target)
    assert len(shares) > 2
    assert answers[run] == answers[over_dask]


def test_what_goes_wrong_with_a_file_is_that_files(folder, plain, tmp_path, within, monkeypatch):
    """A full disk, a folder that cannot be written, a name too long, a picture that vanished: the rest is done, and nothing is left."""
    (folder / "sub" / "locked").mkdir()
    for name in ("sub/locked/e.png", "full.png", "gone.png", "n" * 250 + ".png"):
        (folder / name).write_bytes((folder / "a.png").read_bytes())
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2.5)), recursive=True)
    todo = jobs(spec)
    (folder / "gone.png").unlink()
    access, finish = os.access, TemporaryFile.finish

    def full(partial):
        if partial.target.name.startswith("full"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finish(partial)

    monkeypatch.setattr(TemporaryFile, "finish", full)
    monkeypatch.setattr(os, "access", lambda path, mode: not (mode == os.W_OK and Path(path).name == "locked") and access(path, mode))
    for through_scheduler in (False, True):
        summary = client.run(spec, todo, within, through_scheduler=through_scheduler)
        said = {source.name[:6]: words for source, words in summary.failures}
        assert set(said) == {"broken", "e.png", "full.p", "gone.p", "nnnnnn"}
        assert "No space left" in said["full.p"]
        assert "no permission" in said["e.png"]
        assert "File name too long" in said["nnnnnn"]
        assert "No such file" in said["gone.p"]
        assert not any("\n" in words for words in said.values())
        assert contents(tmp_path / "out") == plain
        shutil.rmtree(tmp_path / "out")


def test_two_batches_at_once_into_one_folder(folder, plain, tmp_path, within):
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2.5)), recursive=True, existing="replace")
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(client.run, spec, jobs(spec), within) for _ in range(2)]
    assert [len(one.result().failures) for one in both] == [1, 1]
    assert [one.result().written for one in both] == [4, 4]
    assert contents(tmp_path / "out") == plain


def test_a_worker_that_dies_takes_nothing_with_it(folder, plain, tmp_path, address):
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2.5)), recursive=True)
    killed = []

    def kill(_job, _share):
        if not killed:
            with distributed.Client(address, set_as_default=False) as client:
                killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    summary = client.run(spec, jobs(spec), address, kill, large=1000)
    assert killed
    assert [source.name for source, _ in summary.failures] == ["broken.png"], summary.failures
    assert summary.written == 4
    client.run(spec, jobs(spec), address)
    assert contents(tmp_path / "out") == plain


def test_what_a_killed_writer_left_is_taken_away_and_what_is_being_written_is_not(folder, tmp_path, within):
    out = tmp_path / "out"
    spec = BatchSpec(source=folder, target=out, recipe=Recipe(Enlarge(2.5)), recursive=True)
    client.run(spec, jobs(spec), within)
    (out / ".smssr-0123.partial").write_bytes(b"half")
    writing = TemporaryFile(out / "z.png")
    client.run(spec, jobs(spec), within)  # in which nothing is to be written
    hidden = [path for path in out.iterdir() if path.name.startswith(".")]
    assert hidden == [writing.path]
    writing.leave()


@pytest.mark.parametrize(("fault", "words"), [
    (lambda m: m.setattr(worker, "__version__", "9.9"), "version"),
    (lambda m: m.setattr(worker, "_sha256", lambda *_: "0"), "other weights of paper-clean"),
    (lambda m: m.setenv("SMSSR_BACKEND", "numpy"), "backend onnxruntime, not numpy"),
    (lambda m: m.setattr(client.Dispatch, "_probing", lambda _: contextlib.nullcontext(Path("/elsewhere/probe"))), "--through-scheduler"),
])
def test_a_worker_that_is_not_fit_is_refused(folder, tmp_path, address, monkeypatch, capsys, fault, words):
    fault(monkeypatch)
    assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "2.5", "--dask", address]) == 2
    line, = capsys.readouterr().err.splitlines()
    assert "is incompatible" in line
    assert words in line


def test_a_worker_that_joins_later_is_looked_at_as_well(folder, tmp_path, address, monkeypatch):
    monkeypatch.setattr(client, "check_workers", lambda *_: None)
    monkeypatch.setattr(worker, "__version__", "9.9")
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2.5)))
    with pytest.raises(ValueError, match="is incompatible: version"):
        client.run(spec, jobs(spec), address)


@pytest.mark.parametrize(("options", "words"), [
    (["--dask", "tcp://127.0.0.1:1"], "no Dask scheduler answers"), (["--dask", "tls://127.0.0.1:1"], "certificate"),
    (["--dask", "nowhere at all"], "no Dask scheduler answers"),
    (["--through-scheduler"], "is for --dask"), (["--retries", "1"], "is for --dask"),
    (["--dask", "local", "--retries", "-1"], "at least 0"),
    (["--dask", "local", "--model", "nope"], "no model"),
])
def test_what_cannot_be_is_one_line(folder, tmp_path, options, words, capsys):
    with dask.config.set({"distributed.comm.timeouts.connect": "200ms"}):
        assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "2", *options]) == 2
    line, = capsys.readouterr().err.splitlines()
    assert words in line


def writes_nothing(task):
    return Written(1000)


def says_nothing(task):
    return None


def writes_less(task):
    task.job.target.parent.mkdir(exist_ok=True)
    task.job.target.write_bytes(b"\x89PNG\r\n\x1a\n")
    return Written(1000)


def writes_no_picture(task):
    task.job.target.parent.mkdir(exist_ok=True)
    task.job.target.write_bytes(b"garbage")
    return Written(7)


def sends_no_picture(task):
    return b"garbage"


def sends_half_a_picture(task):
    data = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (30, 30, 3), dtype=np.uint8)).save(data, "PNG")
    return data.getvalue()[:1000]


@pytest.mark.parametrize(("work", "words"), [
    (writes_nothing, "does it see the same folder"), (writes_less, "but here it has 8"), (writes_no_picture, "no such picture"),
    (says_nothing, "no such picture"), (sends_no_picture, "no such picture"), (sends_half_a_picture, "damaged")])
def test_what_a_worker_says_is_looked_at(folder, tmp_path, within, monkeypatch, capsys, work, words):
    (folder / "broken.png").unlink()
    monkeypatch.setattr(worker, "do", work)
    monkeypatch.setattr(written, "SEEN_WITHIN", 0)
    options = ["--through-scheduler"] if work.__name__.startswith("sends") else []
    assert main(["batch", str(folder), str(tmp_path / "out"), "--scale", "2", "--format", "png", "--dask", within, *options]) == 2
    printed = capsys.readouterr()
    assert "0 written, 0 skipped (already exist), 3 failed" in printed.out
    assert [words in line for line in printed.err.splitlines()] == [True, True, True, False, False]  # and what is left out, and the end


def test_a_file_that_is_seen_late_is_waited_for(tmp_path, monkeypatch):
    """As network file systems show it."""
    target = tmp_path / "a.png"
    job = Job(tmp_path / "in.png", target)
    monkeypatch.setattr(written.time, "sleep", lambda _: Image.fromarray(np.zeros((5, 5), np.uint8)).save(target))
    Image.fromarray(np.zeros((5, 5), np.uint8)).save(target)
    said = Written(target.stat().st_size)
    target.unlink()
    assert list(written.looked_at([(job, said)])) == [(job, "")]


def test_only_what_the_task_may_have_died_of_counts_as_a_try(folder, tmp_path, within):
    """A lost scheduler is nobody's fault: the picture is given out again however often that happens."""
    spec = BatchSpec(source=folder, target=tmp_path / "out", recipe=Recipe(Enlarge(2)))
    todo = jobs(spec)[0]
    with distributed.Client(within, set_as_default=False) as connected:
        dispatch = client.Dispatch(spec, Summary(), connected, retries=2)
        dispatch._watch = types.SimpleNamespace(result=None)
        for counts, tries in ((False, 9), (True, 2)):
            item = dispatch._item(todo)

            def lost(_future, counts=counts):
                raise Lost("gone", counts=counts)

            dispatch._watch.result = lost
            for number in range(tries):
                dispatch._in_flight[number] = item
                dispatch._take(number)
                assert dispatch._again.pop() is item and not dispatch.summary.failures
        dispatch._in_flight[0] = item
        dispatch._take(0)
    assert [words for _, words in dispatch.summary.failures] == ["gone"]


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def listening(processes):
    """The addresses at which processes and their children listen."""
    every = [child for process in processes for child in (process, *process.children(recursive=True))]
    return [each.laddr.ip for process in every for each in process.net_connections("tcp") if each.status == psutil.CONN_LISTEN]


def test_no_cluster_of_ours_listens_to_other_machines(tmp_path):
    with Machines(tmp_path, workers=1) as machines:
        found = listening(psutil.Process(process.pid) for process in (machines.scheduler, *machines.workers))
        assert len(found) >= 4
        assert set(found) == {"127.0.0.1"}
    before = listening([psutil.Process()])
    with connection.connected("local"):
        assert set(listening([psutil.Process()])) - set(before) <= {"127.0.0.1"}


def test_a_scheduler_that_is_too_slow_is_no_empty_reason(monkeypatch):
    """What Dask raises then has no words."""
    def slow(*_args, **_options):
        raise TimeoutError

    monkeypatch.setattr(distributed, "Client", slow)
    with pytest.raises(ValueError, match="TimeoutError"), connection.connected("tcp://127.0.0.1:1"):
        pass


@pytest.mark.parametrize("options", [[], ["--through-scheduler"]])
def test_names_that_are_no_utf_8_over_dask(tmp_path, address, small, options):
    source, name = tmp_path / os.fsdecode(b"photos\xe9"), os.fsdecode(b"caf\xe9.png")
    source.mkdir()
    Image.fromarray(small[:30, :40]).save(source / name)
    out = tmp_path / os.fsdecode(b"out\xff")
    assert main(["batch", str(source), str(out), "--scale", "2", "--names", "{name}", "--dask", address, *options]) == 0
    assert [path.name for path in out.iterdir()] == [name]


def test_ctrl_c_keeps_what_is_done(folder, plain, tmp_path, address, monkeypatch, capsys):
    done = client.Dispatch._done

    def once(self, job):
        done(self, job)
        raise KeyboardInterrupt

    monkeypatch.setattr(client.Dispatch, "_done", once)
    arguments = ["batch", str(folder), str(tmp_path / "out"), "--scale", "2.5", "--recursive", "--dask", address]
    assert main(arguments) == 130
    assert "run the same command again" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(arguments) == 2
    assert contents(tmp_path / "out") == plain
