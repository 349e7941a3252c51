"""Which jobs are to be done, under which names, and what came of them."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from .. import files
from ..io.targets import identity
from .spec import BatchSpec, Job


@dataclasses.dataclass
class Row:
    """What became of one picture."""

    source: Path
    target: Path | None = None
    state: str = "not done"
    """Or `written`, `skipped`, `failed`."""
    remarks: list[str] = dataclasses.field(default_factory=list)
    """What a user should know: what it was taken for, what its result cannot hold, why it failed."""
    size: tuple[int, int] | None = None
    result_size: tuple[int, int] | None = None
    """Height and width."""
    models: list[str] = dataclasses.field(default_factory=list)
    seconds: float | None = None
    before: bytes = b""
    after: bytes = b""
    """Thumbnails, as JPEG."""


@dataclasses.dataclass
class Summary:
    """What came of a batch: how many were written and skipped, and which failed why."""

    written: int = 0
    skipped: int = 0
    failures: list[tuple[Path, str]] = dataclasses.field(default_factory=list)
    without: dict[str, list[Path]] = dataclasses.field(default_factory=dict)
    """What results could not hold of their pictures, in words, and which results."""
    remarks: dict[str, list[Path]] = dataclasses.field(default_factory=dict)
    """What a user should know of how pictures were read and treated, in words that follow their names, and which pictures."""
    rows: dict[Path, Row] = dataclasses.field(default_factory=dict)
    """By the picture's file."""

    def row(self, job: Job) -> Row:
        """The row of a job."""
        return self.rows.setdefault(job.source, Row(job.source, job.target))

    def __str__(self) -> str:
        return f"{self.written} written, {self.skipped} skipped (already exist), {len(self.failures)} failed"


def free_name(path: Path, taken: Container[str]) -> Path:
    """`path`, or the first of NAME-2, NAME-3 … that is neither there nor `taken`."""
    number = 2
    free = path
    while free.exists() or files.same_name(free) in taken:
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free


class Choice:
    """Which jobs are to be done, and what came of them."""

    def __init__(self, spec: BatchSpec, summary: Summary):
        self.spec, self.summary = spec, summary
        self._taken: dict[str, Path] = {}
        """Which source becomes the result of which name, as of `files.same_name`."""

    def todo(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """The jobs that are to be done, each with a name of its own for its result; the others are counted."""
        jobs = list(jobs)
        sources = set()
        for job in jobs:
            with contextlib.suppress(OSError):
                sources.add(identity(job.source))
        for job in jobs:
            if job.trouble:
                self.failed(job, ValueError(f"{job.source} {job.trouble}"))
                continue
            target = job.target
            if other := self._taken.get(files.same_name(target)):
                self.failed(job, ValueError(f"would become {target}, as {other.name} does; give it another name"))
                continue
            try:
                there = target.exists()
                a_source = there and self.spec.existing == "replace" and identity(target) in sources
            except OSError as error:  # a name too long, a folder that cannot be looked into
                self.failed(job, error)
                continue
            if a_source:
                self.failed(job, ValueError(f"{target} is one of the pictures that are read; choose another folder or other names"))
                continue
            if there:
                if self.spec.existing == "skip":
                    self._taken[files.same_name(target)] = job.source
                    self.summary.skipped += 1
                    self.summary.row(job).state = "skipped"
                    continue
                if self.spec.existing == "rename":
                    job = Job(job.source, free_name(target, self._taken))
            self._taken[files.same_name(target)] = self._taken[files.same_name(job.target)] = job.source
            yield job

    def failed(self, job: Job, error: Exception) -> None:
        """List a job that failed."""
        row, words = self.summary.row(job), said(error)
        row.state, row.target = "failed", None
        row.remarks.append(words)
        self.summary.failures.append((job.source, words))

    def written(self, job: Job) -> None:
        """Count a job that is done."""
        self.summary.written += 1
        row = self.summary.row(job)
        row.state, row.target = "written", job.target


def said(error: Exception) -> str:
    """What to say of a file that failed."""
    if isinstance(error, MemoryError):
        return "not enough memory; try a smaller scale"
    if isinstance(error, ValueError):
        return str(error)
    if isinstance(error, OSError):
        return os.strerror(error.errno or 0)
    return f"{type(error).__name__}: {' '.join(str(error).split())} (internal error; please report it)"
