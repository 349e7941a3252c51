"""Doing jobs one after the other; reading and writing go on beside the computing.

A result appears whole or not at all, so what is there is done: a second run does what is missing.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..io.picture_file import PictureFile
from ..io.process import begin, check_target, finish
from ..io.reading import read_large
from ..io.sequences import Sequence
from ..io.temporary_file import sweep
from ..io.thumbnail import thumbnail
from ..io.writing import Output, left_out, not_kept
from ..networks import backends
from ..networks.loading import load
from ..nodes.model_choice import gains
from ..runtime import Runtime
from ..steps import Enlarge
from .existing import Choice, Row, Summary
from .spec import BatchSpec, Job


class _Batch(Choice):
    """Jobs under way: one is computed, while the picture of the next is read and the result before is written."""

    def __init__(self, spec: BatchSpec, summary: Summary, progress: Callable[[Job, float], None] | None, thumbnails: bool):
        super().__init__(spec, summary)
        self._thumbnails = thumbnails
        self._progress = progress
        self._cancel: BaseException | None = None
        self._pool = ThreadPoolExecutor(2)
        self._writing: tuple[Job, Output | Sequence, Future[None]] | None = None

    def run(self, jobs: Iterable[Job]) -> None:
        """Do them all. What the progress raises ends it, once the result before is written."""
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
        row, began = self.summary.row(job), time.monotonic()
        try:
            make_folder(job.target.parent)
            file = picture.result()
            row.size = file.pixels.shape[0], file.pixels.shape[1]
            row.result_size = size = check_target(self.spec.recipe, file, job.source, job.target, self.spec.options)
            if words := left_out(job.target, file, *size, self.spec.options):
                self.summary.without.setdefault(words, []).append(job.target)
                row.remarks.append(not_kept(words))
            runtime = Runtime.of(progress=lambda share: self._told(job, share))
            remarks: list[str] = []
            output = begin(self.spec.recipe, file, job.source, job.target, runtime, remarks.append, self.spec.options)
        except Exception as error:
            if self._cancel:
                raise
            self.failed(job, error)
            return
        row.models, row.seconds = list(output.models), time.monotonic() - began
        for words in (remark.removeprefix(str(job.source)).lstrip(": ") for remark in remarks):
            row.remarks.append(words)
            self.summary.remarks.setdefault(words, []).append(job.source)
        if self._thumbnails:
            row.before = thumbnail(file)
        self._written()
        self._writing = job, output, self._pool.submit(self._finish, output, row)

    def _finish(self, output: Output | Sequence, row: Row) -> None:
        finish(output, row.source, self.spec.options)
        if self._thumbnails:
            with contextlib.suppress(ValueError):  # a PDF, which is written and not read
                row.after = thumbnail(read_large(output.path))

    def _written(self) -> None:
        """Wait for the result that is being written."""
        if self._writing:
            job, output, future = self._writing
            self._writing = None
            try:
                future.result()
                self.written(job)
            except Exception as error:
                output.discard()
                self.failed(job, error)

    def _told(self, job: Job, share: float) -> None:
        try:
            if self._progress:
                self._progress(job, share)
        except BaseException as cancel:
            self._cancel = cancel
            raise


def run(spec: BatchSpec, todo: Iterable[Job], progress: Callable[[Job, float], None] | None = None,
        summary: Summary | None = None, *, thumbnails: bool = False) -> Summary:
    """Do all jobs; one that fails, for whatever reason, is listed, and the rest is done.

    `progress(job, share)`: the share of that file; what it raises cancels the batch. A file that is done stays. `summary`: one to be filled
    in, for whoever wants to know how far a cancelled batch came. `thumbnails`: whether to keep some, for a report. Raises ValueError for a
    model or bands that cannot be.
    """
    check_models(spec)
    summary = summary or Summary()
    todo = list(todo)
    tidy({job.target.parent for job in todo})
    _Batch(spec, summary, progress, thumbnails).run(todo)
    return summary


def check_models(spec: BatchSpec) -> None:
    """Raises ValueError for a model or bands that cannot be."""
    backend = backends.choose()
    for step in spec.recipe.steps:
        step.cards(backend)
        if isinstance(step, Enlarge):
            for model in step.models(step.scale, backend):
                gains(step.bands, step.detail, load(model, backend, bool(step.best)))


def tidy(folders: Iterable[Path]) -> None:
    """Take away what killed writers have left in these folders, also where nothing is to be written now."""
    sweep.cache_clear()
    for folder in folders:
        sweep(folder)


def make_folder(folder: Path) -> None:
    """Make a folder of results. Raises ValueError naming it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"cannot make the folder {folder}: {error.strerror}") from error
