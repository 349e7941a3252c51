"""Doing the jobs of an order one after the other; reading and writing go on beside the computing.

An answer appears whole or not at all, so what is there is done: a second run does what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..analysis.degradation import Degradation
from ..arrays.large import in_memory
from ..arrays.pixels import Picture
from ..io.fingerprint import read_for, stamp
from ..io.jpeg_degradation import degradation_of_file
from ..io.picture_file import PictureFile
from ..io.reading import read_large
from ..io.streaming import stream
from ..io.targets import spare
from ..io.temporary_file import sweep
from ..io.writing import Output, check, left_out, most_pixels
from ..networks import backends
from ..nodes.enlargement import Enlargement
from ..nodes.model_choice import check_scale, gains, network
from ..nodes.restoration import Restoration
from ..nodes.result import Result
from .existing import Choice, Summary
from .spec import BatchSpec, Job


def degradation_for(picture: Picture, jpeg: int | None, spec: BatchSpec) -> Degradation | None:
    """As what a picture is enlarged: the degradation of a photograph, or None of a clean one, or where an order names a model.

    `jpeg`: as `disk.kinds.degradation_of_file` has it.
    """
    if not spec.enlarges or spec.model is not None or (spec.picture == "auto" and spec.restoring.clean):
        return None  # cleaned before, it has no noise and no blocks
    return degradation_of_file(picture, jpeg, spec.picture)


def prepared(picture: Picture, job: Job, spec: BatchSpec, progress: Callable[[float], None] | None = None) -> Picture:
    """What an answer is computed from: the picture, restored first where it is to be enlarged as well. Raises ValueError as `answer_of`."""
    if spec.enlarges and spec.restoring.anything:
        return in_memory(_restoration(picture, job, spec).whole(progress=progress))
    return picture


def answer_of(picture: Picture, job: Job, spec: BatchSpec, degradation: Degradation | None) -> Result:
    """What a picture, as `prepared` gives it, becomes. Raises ValueError, in one line, where that cannot be."""
    if not spec.enlarges:
        return _restoration(picture, job, spec)
    size = check_scale(spec.scale, *picture.shape, most_pixels(job.target))
    return Enlargement(picture, *size, spec.model, spec.bands, degradation=degradation, best=spec.best)


def check_job(file: PictureFile, job: Job, spec: BatchSpec) -> tuple[int, int]:
    """Height and width of a picture's answer. Raises ValueError, in one line, where it cannot be written."""
    height, width = file.pixels.shape[:2]
    if spec.enlarges:
        height, width = check_scale(spec.scale, height, width, most_pixels(job.target))
    check(job.target, file, height, width)
    spare(job.target, [path for path in parts(spec, job) if isinstance(path, Path)])
    return height, width


def parts(spec: BatchSpec, job: Job) -> list[object]:
    """All of an order that decides what a picture's answer holds, for `disk.orders.stamp`; the first path is the picture's."""
    return [spec, job.source, *spec.restoring.masks(job.source).values(), *read_for(spec.model)]


def _restoration(picture: Picture, job: Job, spec: BatchSpec) -> Restoration:
    return Restoration(picture, **spec.restoring.arguments(job.source), model=spec.cleaner)


def make(file: PictureFile, job: Job, spec: BatchSpec, progress: Callable[[float], None]) -> Output:
    """A picture restored and enlarged into a file that is left to be finished. Raises ValueError, in one line, where that cannot be."""
    check_job(file, job, spec)
    share = 0.5 if spec.enlarges and spec.restoring.anything else 0.0
    picture = file.picture()
    degradation = degradation_for(picture, file.jpeg, spec)
    answer = answer_of(prepared(picture, job, spec, lambda done: progress(share * done)), job, spec, degradation)
    output = Output(job.target, file, *answer.shape, fingerprint=stamp(*answer.weights, *parts(spec, job)))
    try:
        stream(answer, output, lambda done: progress(share + (1 - share) * done))
    except BaseException:
        output.discard()
        raise
    return output


class _Batch(Choice):
    """Jobs under way: one is computed, while the picture of the next is read and the answer before is written."""

    def __init__(self, spec: BatchSpec, summary: Summary, progress: Callable[[Job, float], None] | None):
        super().__init__(spec, summary)
        self._progress = progress
        self._cancel: BaseException | None = None
        self._pool = ThreadPoolExecutor(2)
        self._writing: tuple[Job, Output, Future[None]] | None = None

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
            make_folder(job.target.parent)
            file = picture.result()
            if words := left_out(job.target, file, *check_job(file, job, self.spec)):
                self.summary.without.setdefault(words, []).append(job.target)
            output = make(file, job, self.spec, lambda share: self._told(job, share))
        except Exception as error:
            if self._cancel:
                raise
            self.failed(job, error)
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
                self.failed(job, error)

    def _told(self, job: Job, share: float) -> None:
        try:
            if self._progress:
                self._progress(job, share)
        except BaseException as cancel:
            self._cancel = cancel
            raise


def run(spec: BatchSpec, todo: Iterable[Job], progress: Callable[[Job, float], None] | None = None, summary: Summary | None = None) -> Summary:
    """Do all jobs; one that fails, for whatever reason, is listed, and the rest is done.

    `progress(job, share)`: the share of that file; what it raises cancels the batch. A file that is done stays. `summary`: one to be filled
    in, for whoever wants to know how far a cancelled batch came. Raises ValueError for a model or bands that cannot be.
    """
    check_models(spec)
    summary = summary or Summary()
    todo = list(todo)
    tidy({job.target.parent for job in todo})
    _Batch(spec, summary, progress).run(todo)
    return summary


def check_models(spec: BatchSpec) -> None:
    """Raises ValueError for a model or bands that cannot be."""
    backend = backends.choose()
    for step in spec.steps(backend):
        gains(spec.bands, network(step, backend))


def tidy(folders: Iterable[Path]) -> None:
    """Take away what killed writers have left in these folders, also where nothing is to be written now."""
    sweep.cache_clear()
    for folder in folders:
        sweep(folder)


def make_folder(folder: Path) -> None:
    """Make a folder of answers. Raises ValueError naming it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"cannot make the folder {folder}: {error.strerror}") from error
