"""What is asked of a cluster: a job, or a band of a large one; and what comes back, written."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from ..batch.spec import BatchSpec, Job
from ..io.temporary_file import TemporaryFile
from ..io.writing import Output
from ..networks import external
from . import bands, worker


@dataclasses.dataclass(eq=False)
class Large:
    """A large picture under way: its bands come in any order and are written from the top down."""

    plan: bands.Large
    task: worker.Task
    pixels: Any
    """The future of what the bands are computed from; it stays on the cluster."""
    output: Output
    asked: int = 0
    written: int = 0
    there: dict[int, Any] = dataclasses.field(default_factory=dict)
    failed: bool = False


@dataclasses.dataclass(eq=False)
class WorkItem:
    """What a future is for: a job, or a band of a large one."""

    job: Job
    task: worker.Task
    large: Large | None = None
    band: int = 0
    tries: int = 0


def write_bytes(path: Path, data: bytes) -> None:
    """A file's bytes, whole or not at all. Raises ValueError where they cannot be written."""
    try:
        partial = TemporaryFile(path)
        try:
            partial.stream.write(data)
            partial.finish()
        finally:
            partial.leave()
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror}") from error


def everywhere(spec: BatchSpec) -> BatchSpec:
    """An order whose paths mean the same on every machine that shares them."""
    model = str(Path(spec.model).absolute()) if spec.model and external.is_file(spec.model) else spec.model
    return dataclasses.replace(spec, source=spec.source.absolute(), target=spec.target.absolute(), model=model,
                               restoring=spec.restoring.absolute())
