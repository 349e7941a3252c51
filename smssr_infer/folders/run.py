"""Doing the jobs of an order one after the other; reading and writing go on beside the computing.

An answer appears whole or not at all, so what is there is done: a second run does what is missing.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..disk.kinds import condition_of
from ..disk.orders import stamp
from ..disk.picture_file import PictureFile
from ..disk.reading import read_large
from ..disk.stream import stream
from ..disk.writing import Output, check, most_pixels
from ..networks import backends
from ..planes.pixels import Picture
from ..stages.answer import Answer
from ..stages.enlargement import Enlargement
from ..stages.plan import check_scale, gains, network
from ..stages.restoration import Restoration
from .jobs import Job, Order


@dataclasses.dataclass
class Summary:
    """What came of a batch: how many were written and skipped, and which failed why."""

    written: int = 0
    skipped: int = 0
    failures: list[tuple[Path, str]] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.written} written, {self.skipped} there already, {len(self.failures)} failed"


def free_name(path: Path, taken: Container[Path]) -> Path:
    """`path`, or the first of NAME-2, NAME-3 … that is neither there nor `taken`."""
    number = 2
    free = path
    while free.exists() or free in taken:
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free


def make(file: PictureFile, job: Job, order: Order, progress: Callable[[float], None]) -> Output:
    """A picture restored and enlarged into a file that is left to be finished. Raises ValueError, in one line, where that cannot be."""
    picture = file.picture()
    large = check_scale(order.scale, *picture.shape, most_pixels(job.target)) if order.enlarges else picture.shape
    check(job.target, file, *large)
    condition = condition_of(picture, file.jpeg, order.picture) if order.enlarges and order.model is None else None
    answer: Answer
    share = 0.0
    if order.restoring.anything:
        answer = Restoration(picture, **order.restoring.arguments(job.source), model=order.cleaner)
        if order.enlarges:
            share = 0.5
            picture = Picture(answer.whole(progress=lambda done: progress(share * done)))
            if order.picture == "auto" and order.restoring.clean:
                condition = None  # the noise and the blocks are gone
    if order.enlarges:
        answer = Enlargement(picture, *large, order.model, order.bands, condition=condition)
    output = Output(job.target, file, *large, order=stamp(order, job.source))
    try:
        stream(answer, output, lambda done: progress(share + (1 - share) * done))
    except BaseException:
        output.discard()
        raise
    return output


class _Batch:
    """Jobs under way: one is computed, while the picture of the next is read and the answer before is written."""

    def __init__(self, order: Order, summary: Summary, progress: Callable[[Job, float], None] | None):
        self.order, self.summary, self._progress = order, summary, progress
        self._taken: dict[Path, Path] = {}
        """Which source becomes which answer."""
        self._cancel: BaseException | None = None
        self._pool = ThreadPoolExecutor(2)
        self._writing: tuple[Job, Output, Future[None]] | None = None

    def todo(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """The jobs that are to be done, each with a name of its own for its answer; the others are counted."""
        for job in jobs:
            target = job.target
            if target in self._taken:
                self._failed(job, ValueError(f"would become {target}, as {self._taken[target].name} does; rename one, or keep the format"))
                continue
            if target.exists():
                if self.order.existing == "skip":
                    self._taken[target] = job.source
                    self.summary.skipped += 1
                    continue
                if self.order.existing == "rename":
                    job = Job(job.source, free_name(target, self._taken))
            self._taken[target] = self._taken[job.target] = job.source
            yield job

    def run(self, jobs: Iterable[Job]) -> None:
        """Do them all. What the progress raises ends it, once the answer before is written."""
        try:
            todo = self.todo(jobs)
            ahead = self._read(todo)
            while ahead:
                (job, picture), ahead = ahead, self._read(todo)
                self._do(job, picture)
        finally:
            self._written()
            self._pool.shutdown(cancel_futures=True)

    def _read(self, todo: Iterator[Job]) -> tuple[Job, Future[PictureFile]] | None:
        """Begin to read the picture of the next job."""
        job = next(todo, None)
        return (job, self._pool.submit(read_large, job.source)) if job else None

    def _do(self, job: Job, picture: Future[PictureFile]) -> None:
        try:
            _make(job.target.parent)
            output = make(picture.result(), job, self.order, lambda share: self._told(job, share))
        except Exception as error:
            if self._cancel:
                raise
            self._failed(job, error)
            return
        self._written()
        self._writing = job, output, self._pool.submit(output.finish)

    def _written(self) -> None:
        """Wait for the answer that is being written."""
        if self._writing:
            job, output, future = self._writing
            self._writing = None
            try:
                future.result()
                self.summary.written += 1
            except Exception as error:
                output.discard()
                self._failed(job, error)

    def _told(self, job: Job, share: float) -> None:
        try:
            if self._progress:
                self._progress(job, share)
        except BaseException as cancel:
            self._cancel = cancel
            raise

    def _failed(self, job: Job, error: Exception) -> None:
        self.summary.failures.append((job.source, _said(error)))


def run(order: Order, todo: Iterable[Job], progress: Callable[[Job, float], None] | None = None, summary: Summary | None = None) -> Summary:
    """Do all jobs; one that fails, for whatever reason, is listed, and the rest is done.

    `progress(job, share)`: the share of that file; what it raises cancels the batch. A file that is done stays. `summary`: one to be filled
    in, for whoever wants to know how far a cancelled batch came. Raises ValueError for a model or bands that cannot be.
    """
    backend = backends.choose()
    for step in order.steps(backend):
        gains(order.bands, network(step, backend))
    summary = summary or Summary()
    _Batch(order, summary, progress).run(todo)
    return summary


def _make(folder: Path) -> None:
    """Make a folder of answers. Raises ValueError naming it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"cannot make the folder {folder}: {error.strerror}") from error


def _said(error: Exception) -> str:
    """What to say of a file that failed."""
    if isinstance(error, MemoryError):
        return "not enough memory; try a smaller scale"
    if isinstance(error, ValueError):
        return str(error)
    if isinstance(error, OSError):
        return os.strerror(error.errno or 0)
    return f"{type(error).__name__}: {' '.join(str(error).split())} (unforeseen; please report it)"
