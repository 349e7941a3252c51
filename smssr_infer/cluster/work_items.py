"""What is asked of a cluster: a job, or a band of a large one; and what comes back, written."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from ..batch.spec import BatchSpec, Job
from ..io.masks import MaskFile
from ..io.writing import Output
from ..networks import external
from ..recipe import Recipe
from ..steps import Enlarge
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


def everywhere(spec: BatchSpec) -> BatchSpec:
    """A specification whose paths mean the same on every machine that shares them."""
    def absolute(beta: Any) -> Any:
        return dataclasses.replace(beta, path=beta.path.absolute()) if isinstance(beta, MaskFile) else beta

    steps = [dataclasses.replace(step, model=str(Path(step.model).absolute()))
             if isinstance(step, Enlarge) and step.model and external.is_file(str(step.model)) else step for step in spec.recipe.steps]
    return dataclasses.replace(spec, source=spec.source.absolute(), target=spec.target.absolute(),
                               recipe=Recipe(*steps).with_betas(absolute))
