"""A batch over Dask: every picture is a task, large ones are a task for each band of rows.

The client chooses the jobs, as it does without Dask, keeps a few tasks under way for each thread of the cluster, and counts what comes
back. Whatever dies, a task can be done again: a result appears whole or not at all, and is the same whoever makes it.
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
from ..batch.run import check_models, make_folder, tidy
from ..batch.spec import BatchSpec, Job
from ..io.fingerprint import stamp
from ..io.masks import MaskFile
from ..io.process import finish
from ..io.temporary_file import TemporaryFile, write_bytes
from ..io.writing import writer
from . import bands, worker
from .connection import Lost, Refused, Watch, check_workers, connected
from .work_items import Large, WorkItem, everywhere
from .written import Written, check_bytes, fault, looked_at

LARGE = 64 << 20
"""A result of more pixels is given to the cluster band by band."""

AHEAD = 3
"""Tasks under way for each thread of the cluster: enough that no thread waits for the client."""

RETRIES = 2
"""How often a picture is given out again after Dask itself gave up, because every worker that took it died."""


class Dispatch(Choice):
    """Jobs given to a cluster."""

    def __init__(self, spec: BatchSpec, summary: Summary, client: Any, progress: Callable[[Job, float], None] | None = None, *,
                 through_scheduler: bool = False, retries: int = RETRIES, large: int = LARGE):
        super().__init__(spec, summary)
        self._client, self._watch, self._progress = client, Watch(client), progress
        self._through, self._retries, self._largest = through_scheduler, retries, large
        self._spec, self._requirements = everywhere(spec), worker.requirements(spec)
        self._probe: Path | None = None
        self._in_flight: dict[Any, WorkItem] = {}
        self._done_queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._again: collections.deque[WorkItem] = collections.deque()
        self._large: list[Large] = []
        self._unseen: list[tuple[Job, Written]] = []
        self._run = uuid.uuid4().hex
        self._number = 0

    def run(self, jobs: Iterable[Job]) -> None:
        """Do them all. Raises ValueError where a worker is not fit or the cluster is lost; what the progress raises ends it."""
        todo = self.todo(jobs)
        with self._probing() as self._probe:
            check_workers(self._client, worker.Task(self._spec, Job(Path(), Path()), self._requirements, 1, 0, self._probe))
            try:
                while self._fill(todo):
                    self._take(self._watch.next(self._done_queue, self._in_flight))
                for job, why in looked_at(self._unseen):
                    if why:
                        self.failed(job, ValueError(why))
                    else:
                        self.written(job)
                    self._told(job, 1)
            except Refused as error:
                raise ValueError(str(error)) from None
            finally:
                self._count_done()
                self._watch.cancel([*self._in_flight, *(large.pixels for large in self._large)])
                for large in self._large:
                    large.output.discard()

    @contextlib.contextmanager
    def _probing(self) -> Iterator[Path | None]:
        """A file in the folder of results by which a worker knows that it sees that folder, too."""
        if self._through:
            yield None
            return
        try:
            make_folder(self._spec.target)
            probe = TemporaryFile(self._spec.target / "probe")  # it never gets that name
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
        while len(self._in_flight) < room and (item := self._next(todo, room)):
            self._submit(item)
        return bool(self._in_flight)

    def _next(self, todo: Iterator[Job], room: int) -> WorkItem | None:
        """What is to be given out next: what was lost, then bands, then another picture."""
        if self._again:
            return self._again.popleft()
        for large in self._large:
            if large.asked < min(len(large.plan.bands), large.written + room):  # so few bands wait for the one before them
                large.asked += 1
                return WorkItem(large.task.job, large.task, large, large.asked - 1)
        for job in todo:
            try:
                return self._item(job)
            except (ValueError, OSError) as error:
                self.failed(job, error)
                self._told(job, 1)
        return None

    def _item(self, job: Job) -> WorkItem:
        """The task of a job. Raises ValueError where it cannot be done."""
        bundle = None
        if self._through:
            make_folder(job.target.parent)
            writer(job.target)
            bundle = worker.pack(self.spec, job)
        there = Job(job.source.absolute(), job.target.absolute())
        return WorkItem(job, worker.Task(self._spec, there, self._requirements, tiling.cores(), self._largest, self._probe, bundle))

    def _submit(self, item: WorkItem) -> None:
        if large := item.large:
            if large.pixels.status in ("error", "cancelled", "lost"):
                large.pixels = self._future(worker.prepare, large.task)
            task = large.task
            if task.bundle:  # the pixels are there already
                masks = tuple(file for file in task.bundle.files if file[0] != "source")
                task = dataclasses.replace(task, bundle=worker.FileBundle(masks))
            future = self._future(worker.band, task, large.pixels, large.plan, large.plan.bands[item.band])
        else:
            future = self._future(worker.do, item.task)
        self._in_flight[future] = item
        future.add_done_callback(self._done_queue.put)

    def _future(self, work: Callable[..., Any], *arguments: Any) -> Any:
        self._number += 1
        return self._client.submit(work, *arguments, key=f"smssr-{work.__name__}-{self._run}-{self._number}", pure=False)

    def _take(self, future: Any) -> None:
        """See to a future that is done: count it, write it, or give it out again."""
        item = self._in_flight.pop(future)
        if item.large and item.large.failed:
            return
        try:
            result = self._watch.result(future)
            if item.large:
                self._band(item, item.large, result)
            elif isinstance(result, bands.Large):
                self._begin(item, result)
            elif isinstance(result, Written):
                if fault(item.job.target, result):
                    self._unseen.append((item.job, result))
                else:
                    self._done(item.job)
            else:
                write_bytes(item.job.target, check_bytes(result, item.job.target))
                self._done(item.job)
        except Lost as lost:
            item.tries += lost.counts
            if item.tries <= self._retries:
                self._again.append(item)
            else:
                self._given_up(item, ValueError(str(lost)))
        except (ValueError, OSError) as error:
            self._given_up(item, error)

    def _count_done(self) -> None:
        """Count the results that a cancelled batch has not come to count."""
        for future, item in self._in_flight.items():
            if future.status == "finished" and not item.large and not self._through:
                with contextlib.suppress(Exception):  # a failure, or a cluster that is gone
                    written = self._watch.result(future)
                    if isinstance(written, Written) and not fault(item.job.target, written):
                        self.written(item.job)

    def _begin(self, item: WorkItem, plan: bands.Large) -> None:
        """The result is large: begin with its bands, or go on after those that an earlier run has written."""
        output = plan.output(item.job.target, stamp(self._requirements, self._fingerprint(item.job), item.job.source, self.spec.options),
                             self.spec.options)
        done = sum(tiles[-1][1] <= output.done for tiles in plan.bands)
        self._large.append(Large(plan, item.task, self._future(worker.prepare, item.task), output, done, done))

    def _fingerprint(self, job: Job) -> str:
        """Of the recipe with the masks of a job's picture, as far as they are files here."""
        return self.spec.recipe.with_betas(lambda beta: beta.beta(job.source) if isinstance(beta, MaskFile) else beta).fingerprint

    def _band(self, item: WorkItem, large: Large, rows: Any) -> None:
        tiles = large.plan.bands[item.band]
        if np.shape(rows)[:2] != (tiles[-1][1] - tiles[0][0], large.plan.shape[1]):
            raise ValueError("a worker sent no pixels, or of another size")
        large.there[item.band] = rows
        while large.written in large.there:
            large.output.put(large.there.pop(large.written))
            large.written += 1
        self._told(item.job, large.written / len(large.plan.bands))
        if large.written == len(large.plan.bands):
            self._large.remove(large)
            finish(large.output, item.job.source, self.spec.options)
            self._done(item.job)

    def _done(self, job: Job) -> None:
        self.written(job)
        self._told(job, 1)

    def _given_up(self, item: WorkItem, error: Exception) -> None:
        """A job has failed."""
        if item.large:
            item.large.failed = True
            item.large.output.discard()
            with contextlib.suppress(ValueError):
                self._large.remove(item.large)
        self.failed(item.job, error)
        self._told(item.job, 1)

    def _told(self, job: Job, share: float) -> None:
        if self._progress:
            self._progress(job, share)


def run(spec: BatchSpec, todo: Iterable[Job], address: str, progress: Callable[[Job, float], None] | None = None,
        summary: Summary | None = None, *, through_scheduler: bool = False, retries: int = RETRIES, large: int = LARGE) -> Summary:
    """`batch.run.run` over the Dask cluster at `address`, or over one on this machine alone, `local`.

    `through_scheduler`: the workers do not see the folders; bytes are sent. `retries`: how often a picture is given out again after the
    workers that took it died. `large`: results of more pixels are done band by band. Raises ValueError, in one line, where the cluster or
    a worker of it is not fit, or is lost; what is done stays.
    """
    check_models(spec)
    summary = summary or Summary()
    todo = list(todo)
    folders = {job.target.parent for job in todo} | {spec.target}
    tidy(folders)
    try:
        with connected(address) as client:
            Dispatch(spec, summary, client, progress, through_scheduler=through_scheduler, retries=retries, large=large).run(todo)
    finally:
        if address == "local":
            tidy(folders)  # what workers were writing when they were ended
    return summary

