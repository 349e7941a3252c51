"""Doing the jobs of an order one after the other.

An answer appears whole or not at all, so what is there is done: a second run does what is missing.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from ..api import restore, upscale
from ..disk.kinds import kind_of
from ..disk.reading import read
from ..disk.writing import check, write
from ..networks import backends
from ..stages.plan import check_scale, gains, network
from .jobs import Job, Order


@dataclasses.dataclass
class Summary:
    """What came of a batch: how many were written and skipped, and which failed why."""

    written: int = 0
    skipped: int = 0
    failures: list[tuple[Path, str]] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.written} written, {self.skipped} there already, {len(self.failures)} failed"


def free_name(path: Path) -> Path:
    """`path`, or the first of NAME-2, NAME-3 … that is not there."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free


def make(job: Job, order: Order, progress: Callable[[float], None] | None) -> None:
    """Restore and enlarge one file into another. Raises ValueError, in one line, where that cannot be."""
    picture = read(job.source)
    size = picture.pixels.shape[:2]
    check(job.target, picture, *(check_scale(order.scale, *size) if order.enlarges else size))
    kind = kind_of(picture, order.picture)
    pixels = picture.pixels
    share = 0.0
    if order.restoring.anything:
        share = 0.5 if order.enlarges else 1.0
        pixels = restore(pixels, **order.restoring.arguments(job.source), model=order.cleaner,
                         progress=progress and (lambda done: progress(share * done)))
        if order.picture == "auto" and order.restoring.clean:
            kind = "clean"  # the noise and the blocks are gone
    if order.enlarges:
        pixels = upscale(pixels, order.scale, order.model, order.bands, progress and (lambda done: progress(share + (1 - share) * done)),
                         kind)
    write(job.target, picture.with_pixels(pixels))


def run(order: Order, todo: Iterable[Job], progress: Callable[[Job, float], None] | None = None, summary: Summary | None = None) -> Summary:
    """Do all jobs; one that fails, for whatever reason, is listed, and the rest is done.

    `progress(job, share)`: the share of that file; what it raises cancels the batch. A file that is done stays. `summary`: one to be filled
    in, for whoever wants to know how far a cancelled batch came. Raises ValueError for a model or bands that cannot be.
    """
    backend = backends.choose()
    for step in order.steps(backend):
        gains(order.bands, network(step, backend))
    summary = summary or Summary()
    targets: dict[Path, Path] = {}
    cancels: list[BaseException] = []

    def told(job: Job, share: float) -> None:
        try:
            if progress:
                progress(job, share)
        except BaseException as cancel:
            cancels.append(cancel)
            raise

    for job in todo:
        target = job.target
        if target in targets:
            summary.failures.append((job.source, f"would become {target}, as {targets[target].name} does; rename one, or keep the format"))
            continue
        targets[target] = job.source
        if target.exists():
            if order.existing == "skip":
                summary.skipped += 1
                continue
            if order.existing == "rename":
                job = Job(job.source, free_name(target))
        try:
            _make(job.target.parent)
            make(job, order, lambda share, job=job: told(job, share))  # type: ignore[misc]
            summary.written += 1
        except Exception as error:
            if cancels:
                raise
            summary.failures.append((job.source, _said(error)))
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
