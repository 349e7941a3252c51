"""Doing the jobs of an order one after the other; reading and writing go on beside the computing.

An answer appears whole or not at all, so what is there is done: a second run does what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..analysis.degradation import Condition
from ..arrays.large import in_memory
from ..arrays.pixels import Picture
from ..io.fingerprint import read_for, stamp
from ..io.jpeg_degradation import condition_of
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
from ..nodes.result import Answer
from .existing import Choice, Summary
from .spec import Job, Order


def condition_for(picture: Picture, jpeg: int | None, order: Order) -> Condition | None:
    """As what a picture is enlarged: the condition of a photograph, or None of a clean one, or where an order names a model.

    `jpeg`: as `disk.kinds.condition_of` has it.
    """
    if not order.enlarges or order.model is not None or (order.picture == "auto" and order.restoring.clean):
        return None  # cleaned before, it has no noise and no blocks
    return condition_of(picture, jpeg, order.picture)


def prepared(picture: Picture, job: Job, order: Order, progress: Callable[[float], None] | None = None) -> Picture:
    """What an answer is computed from: the picture, restored first where it is to be enlarged as well. Raises ValueError as `answer_of`."""
    if order.enlarges and order.restoring.anything:
        return in_memory(_restoration(picture, job, order).whole(progress=progress))
    return picture


def answer_of(picture: Picture, job: Job, order: Order, condition: Condition | None) -> Answer:
    """What a picture, as `prepared` gives it, becomes. Raises ValueError, in one line, where that cannot be."""
    if not order.enlarges:
        return _restoration(picture, job, order)
    size = check_scale(order.scale, *picture.shape, most_pixels(job.target))
    return Enlargement(picture, *size, order.model, order.bands, condition=condition, best=order.best)


def check_job(file: PictureFile, job: Job, order: Order) -> tuple[int, int]:
    """Height and width of a picture's answer. Raises ValueError, in one line, where it cannot be written."""
    height, width = file.pixels.shape[:2]
    if order.enlarges:
        height, width = check_scale(order.scale, height, width, most_pixels(job.target))
    check(job.target, file, height, width)
    spare(job.target, [path for path in parts(order, job) if isinstance(path, Path)])
    return height, width


def parts(order: Order, job: Job) -> list[object]:
    """All of an order that decides what a picture's answer holds, for `disk.orders.stamp`; the first path is the picture's."""
    return [order, job.source, *order.restoring.masks(job.source).values(), *read_for(order.model)]


def _restoration(picture: Picture, job: Job, order: Order) -> Restoration:
    return Restoration(picture, **order.restoring.arguments(job.source), model=order.cleaner)


def make(file: PictureFile, job: Job, order: Order, progress: Callable[[float], None]) -> Output:
    """A picture restored and enlarged into a file that is left to be finished. Raises ValueError, in one line, where that cannot be."""
    check_job(file, job, order)
    share = 0.5 if order.enlarges and order.restoring.anything else 0.0
    picture = file.picture()
    condition = condition_for(picture, file.jpeg, order)
    answer = answer_of(prepared(picture, job, order, lambda done: progress(share * done)), job, order, condition)
    output = Output(job.target, file, *answer.shape, order=stamp(*answer.weights, *parts(order, job)))
    try:
        stream(answer, output, lambda done: progress(share + (1 - share) * done))
    except BaseException:
        output.discard()
        raise
    return output


class _Batch(Choice):
    """Jobs under way: one is computed, while the picture of the next is read and the answer before is written."""

    def __init__(self, order: Order, summary: Summary, progress: Callable[[Job, float], None] | None):
        super().__init__(order, summary)
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
            if words := left_out(job.target, file, *check_job(file, job, self.order)):
                self.summary.without.setdefault(words, []).append(job.target)
            output = make(file, job, self.order, lambda share: self._told(job, share))
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


def run(order: Order, todo: Iterable[Job], progress: Callable[[Job, float], None] | None = None, summary: Summary | None = None) -> Summary:
    """Do all jobs; one that fails, for whatever reason, is listed, and the rest is done.

    `progress(job, share)`: the share of that file; what it raises cancels the batch. A file that is done stays. `summary`: one to be filled
    in, for whoever wants to know how far a cancelled batch came. Raises ValueError for a model or bands that cannot be.
    """
    check_models(order)
    summary = summary or Summary()
    todo = list(todo)
    tidy({job.target.parent for job in todo})
    _Batch(order, summary, progress).run(todo)
    return summary


def check_models(order: Order) -> None:
    """Raises ValueError for a model or bands that cannot be."""
    backend = backends.choose()
    for step in order.steps(backend):
        gains(order.bands, network(step, backend))


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
