"""A batch over Dask: every picture is a task, large ones are a task for each band of rows.

The client chooses the jobs, as it does without Dask, keeps a few tasks under way for each thread of the cluster, and counts what comes
back. Whatever dies, a task can be done again: an answer appears whole or not at all, and is the same whoever makes it.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import queue
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import tiling
from ..batch.existing import Choice, Summary
from ..batch.run import check_models, make_folder, parts, tidy
from ..batch.spec import Job, Order
from ..io.fingerprint import stamp
from ..io.temporary_file import Partial
from ..io.writing import writer
from . import bands, worker
from .connection import Lost, Refused, Watch, check_workers, connected
from .work_items import Errand, Large, everywhere, write_bytes
from .written import Written, check_bytes, fault, looked_at

LARGE = 64 << 20
"""An answer of more pixels is given to the cluster band by band."""

AHEAD = 3
"""Tasks under way for each thread of the cluster: enough that no thread waits for the client."""

RETRIES = 2
"""How often a picture is given out again after Dask itself gave up, because every worker that took it died."""


class Dispatch(Choice):
    """Jobs of an order given to a cluster."""

    def __init__(self, order: Order, summary: Summary, client: Any, progress: Callable[[Job, float], None] | None = None, *,
                 through_scheduler: bool = False, retries: int = RETRIES, large: int = LARGE):
        super().__init__(order, summary)
        self._client, self._watch, self._progress = client, Watch(client), progress
        self._through, self._retries, self._largest = through_scheduler, retries, large
        self._order, self._kit = everywhere(order), worker.kit(order)
        self._probe: Path | None = None
        self._flying: dict[Any, Errand] = {}
        self._landed: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._again: collections.deque[Errand] = collections.deque()
        self._large: list[Large] = []
        self._unseen: list[tuple[Job, Written]] = []
        self._run = uuid.uuid4().hex
        self._number = 0

    def run(self, jobs: Iterable[Job]) -> None:
        """Do them all. Raises ValueError where a worker is not fit or the cluster is lost; what the progress raises ends it."""
        todo = self.todo(jobs)
        with self._probing() as self._probe:
            check_workers(self._client, worker.Task(self._order, Job(Path(), Path()), self._kit, 1, 0, self._probe))
            try:
                while self._fill(todo):
                    self._take(self._watch.next(self._landed, self._flying))
                for job, why in looked_at(self._unseen):
                    if why:
                        self.failed(job, ValueError(why))
                    self.summary.written += not why
                    self._told(job, 1)
            except Refused as error:
                raise ValueError(str(error)) from None
            finally:
                self._count_landed()
                self._watch.cancel([*self._flying, *(large.pixels for large in self._large)])
                for large in self._large:
                    large.output.discard()

    @contextlib.contextmanager
    def _probing(self) -> Iterator[Path | None]:
        """A file in the folder of answers by which a worker knows that it sees that folder, too."""
        if self._through:
            yield None
            return
        try:
            make_folder(self._order.target)
            probe = Partial(self._order.target / "probe")  # it never gets that name
        except (ValueError, OSError):  # a folder that cannot be written: each file will say so
            yield None
            return
        try:
            yield probe.path
        finally:
            probe.leave()

    def _fill(self, todo: Iterator[Job]) -> bool:
        """Give out as much as the cluster can take. Returns whether anything is under way."""
        room = AHEAD * self._watch.threads()
        while len(self._flying) < room and (errand := self._next(todo, room)):
            self._submit(errand)
        return bool(self._flying)

    def _next(self, todo: Iterator[Job], room: int) -> Errand | None:
        """What is to be given out next: what was lost, then bands, then another picture."""
        if self._again:
            return self._again.popleft()
        for large in self._large:
            if large.asked < min(len(large.plan.bands), large.written + room):  # so few bands wait for the one before them
                large.asked += 1
                return Errand(large.task.job, large.task, large, large.asked - 1)
        for job in todo:
            try:
                return self._errand(job)
            except (ValueError, OSError) as error:
                self.failed(job, error)
                self._told(job, 1)
        return None

    def _errand(self, job: Job) -> Errand:
        """The task of a job. Raises ValueError where it cannot be done."""
        parcel = None
        if self._through:
            make_folder(job.target.parent)
            writer(job.target)
            parcel = worker.pack(self.order, job)
        there = Job(job.source.absolute(), job.target.absolute())
        return Errand(job, worker.Task(self._order, there, self._kit, tiling.cores(), self._largest, self._probe, parcel))

    def _submit(self, errand: Errand) -> None:
        if large := errand.large:
            if large.pixels.status in ("error", "cancelled", "lost"):
                large.pixels = self._future(worker.prepare, large.task)
            task = large.task
            if task.parcel:  # the pixels are there already
                masks = tuple(file for file in task.parcel.files if file[0] in worker.MASKS)
                task = dataclasses.replace(task, parcel=worker.Parcel(masks))
            future = self._future(worker.band, task, large.pixels, large.plan.condition, large.plan.bands[errand.band])
        else:
            future = self._future(worker.do, errand.task)
        self._flying[future] = errand
        future.add_done_callback(self._landed.put)

    def _future(self, work: Callable[..., Any], *arguments: Any) -> Any:
        self._number += 1
        return self._client.submit(work, *arguments, key=f"smssr-{work.__name__}-{self._run}-{self._number}", pure=False)

    def _take(self, future: Any) -> None:
        """See to a future that is done: count it, write it, or give it out again."""
        errand = self._flying.pop(future)
        if errand.large and errand.large.failed:
            return
        try:
            result = self._watch.result(future)
            if errand.large:
                self._band(errand, errand.large, result)
            elif isinstance(result, bands.Large):
                self._begin(errand, result)
            elif isinstance(result, Written):
                if fault(errand.job.target, result):
                    self._unseen.append((errand.job, result))
                else:
                    self._done(errand.job)
            else:
                write_bytes(errand.job.target, check_bytes(result, errand.job.target))
                self._done(errand.job)
        except Lost as lost:
            errand.tries += lost.counts
            if errand.tries <= self._retries:
                self._again.append(errand)
            else:
                self._given_up(errand, ValueError(str(lost)))
        except (ValueError, OSError) as error:
            self._given_up(errand, error)

    def _count_landed(self) -> None:
        """Count the answers that a cancelled batch has not come to count."""
        for future, errand in self._flying.items():
            if future.status == "finished" and not errand.large and not self._through:
                with contextlib.suppress(Exception):  # a failure, or a cluster that is gone
                    written = self._watch.result(future)
                    self.summary.written += isinstance(written, Written) and not fault(errand.job.target, written)

    def _begin(self, errand: Errand, plan: bands.Large) -> None:
        """The answer is large: begin with its bands, or go on after those that an earlier run has written."""
        output = plan.output(errand.job.target, stamp(self._kit, *parts(self.order, errand.job)))
        done = sum(tiles[-1][1] <= output.done for tiles in plan.bands)
        self._large.append(Large(plan, errand.task, self._future(worker.prepare, errand.task), output, done, done))

    def _band(self, errand: Errand, large: Large, rows: Any) -> None:
        tiles = large.plan.bands[errand.band]
        if np.shape(rows)[:2] != (tiles[-1][1] - tiles[0][0], large.plan.shape[1]):
            raise ValueError("a worker sent no pixels, or of another size")
        large.there[errand.band] = rows
        while large.written in large.there:
            large.output.put(large.there.pop(large.written))
            large.written += 1
        self._told(errand.job, large.written / len(large.plan.bands))
        if large.written == len(large.plan.bands):
            self._large.remove(large)
            large.output.finish()
            self._done(errand.job)

    def _done(self, job: Job) -> None:
        self.summary.written += 1
        self._told(job, 1)

    def _given_up(self, errand: Errand, error: Exception) -> None:
        """A job has failed."""
        if errand.large:
            errand.large.failed = True
            errand.large.output.discard()
            with contextlib.suppress(ValueError):
                self._large.remove(errand.large)
        self.failed(errand.job, error)
        self._told(errand.job, 1)

    def _told(self, job: Job, share: float) -> None:
        if self._progress:
            self._progress(job, share)


def run(order: Order, todo: Iterable[Job], address: str, progress: Callable[[Job, float], None] | None = None,
        summary: Summary | None = None, *, through_scheduler: bool = False, retries: int = RETRIES, large: int = LARGE) -> Summary:
    """`folders.run.run` over the Dask cluster at `address`, or over one on this machine alone, `local`.

    `through_scheduler`: the workers do not see the folders; bytes are sent. `retries`: how often a picture is given out again after the
    workers that took it died. `large`: answers of more pixels are done band by band. Raises ValueError, in one line, where the cluster or
    a worker of it is not fit, or is lost; what is done stays.
    """
    check_models(order)
    summary = summary or Summary()
    todo = list(todo)
    folders = {job.target.parent for job in todo} | {order.target}
    tidy(folders)
    try:
        with connected(address) as client:
            Dispatch(order, summary, client, progress, through_scheduler=through_scheduler, retries=retries, large=large).run(todo)
    finally:
        if address == "local":
            tidy(folders)  # what workers were writing when they were ended
    return summary

