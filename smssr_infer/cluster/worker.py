"""What a Dask worker is asked to do for a batch: to show what it is made of, a picture, or a band of a large one.

A task is a specification and a job, and needs nothing else of the client: so Dask may run it again, or twice, and the result is the same.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from .. import __version__, files
from ..analysis.measurements import Measurements
from ..arrays import tiling
from ..arrays.large import in_memory
from ..batch.existing import said
from ..batch.run import make_folder
from ..batch.spec import BatchSpec, Job
from ..io import masks
from ..io.block_reader import Blocks
from ..io.process import begin, check_target, finish
from ..io.reading import read_large
from ..networks import backends
from ..networks.cards import Card
from ..recipe import Recipe
from ..runtime import Runtime
from . import bands
from .written import Written

Result = TypeVar("Result")


@dataclasses.dataclass(frozen=True)
class Failed:
    """Why a picture cannot be done, wherever it is tried; in one line. Returned, since Dask logs what is raised."""

    words: str


@dataclasses.dataclass(frozen=True)
class IncompatibleWorker:
    """Why a worker cannot take part: its results would differ from the client's, or not arrive; in one line."""

    words: str


@dataclasses.dataclass(frozen=True)
class WorkerRequirements:
    """What a worker must have in common with the client, so that its results are the client's."""

    version: str
    backend: str
    weights: tuple[tuple[str, str], ...]
    """Name, sha256 of the file and fingerprint of the models that it may need."""

    def missed(self, other: WorkerRequirements) -> str:
        """What `other` has otherwise; empty where nothing."""
        for word in ("version", "backend"):
            mine, its = getattr(self, word), getattr(other, word)
            if mine != its:
                return f"{word} {its}, not {mine}"
        differing = [name for name, sha256 in self.weights if dict(other.weights).get(name) != sha256]
        return f"other weights of {', '.join(differing)} (sha256 or constants differ)" if differing else ""


def requirements(spec: BatchSpec) -> WorkerRequirements:
    """What this process has for a specification. Raises ValueError for a model that is not here."""
    backend = backends.choose()
    cards = [card for step in spec.recipe.steps for card in step.cards(backend)]
    weights = {card.name: (_sha256(card.path, card.path.stat().st_mtime_ns) if isinstance(card, Card) else "") + card.fingerprint
               for card in cards}
    return WorkerRequirements(__version__, backend, tuple(sorted(weights.items())))


@functools.lru_cache(maxsize=64)
def _sha256(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclasses.dataclass(frozen=True)
class FileBundle:
    """The files that a job reads, for a worker that does not see the client's storage."""

    files: tuple[tuple[str, str, bytes], ...]
    """What each is (`source`, or the number of a mask of the recipe), its name, and its bytes."""


def pack(spec: BatchSpec, job: Job) -> FileBundle:
    """The files of a job. Raises ValueError, in one line, for one that cannot be read."""
    places = {"source": job.source, **{str(number): mask.file(job.source) for number, mask in enumerate(masks.files(spec.recipe))}}
    try:
        return FileBundle(tuple((use, path.name, files.read_bytes(path)) for use, path in places.items()))
    except OSError as error:
        raise ValueError(f"cannot read {error.filename}: {error.strerror}") from error


@dataclasses.dataclass(frozen=True)
class Task:
    """One job for a worker."""

    spec: BatchSpec
    job: Job
    requirements: WorkerRequirements
    threads: int
    """How many threads the tiles are cut for: as many as the client has, so that the result is the client's to the last bit."""
    large: int
    """A result of more pixels is done band by band."""
    probe: Path | None = None
    """A file in the folder of results that whoever shares the client's storage sees."""
    bundle: FileBundle | None = None

    def run(self, work: Callable[[BatchSpec, Job], Result]) -> Result | Failed | IncompatibleWorker:
        """`work(spec, job)` on files that are here."""
        if incompatible := self.check(_worker().address):
            return incompatible
        with tiling.shared(self.threads, 1), tiling.one_blas_thread():  # as many tasks run at once as the worker has threads
            try:
                if not self.bundle:
                    return work(self.spec, self.job)
                with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
                    return self._unpacked(Path(folder), work)
            except Exception as error:
                return Failed(said(error))

    def check(self, address: str) -> IncompatibleWorker | None:
        """Whether this worker, whose address that is, can do its part."""
        try:
            reason = self.requirements.missed(requirements(self.spec))
        except (ValueError, OSError) as error:
            reason = str(error)
        if not reason and self.probe and not self.probe.exists():
            reason = f"it does not see {self.probe.parent}; share that folder between the machines, or use --through-scheduler"
        return IncompatibleWorker(f"the worker {address} on {socket.gethostname()} is incompatible: {reason}") if reason else None

    def _unpacked(self, folder: Path, work: Callable[[BatchSpec, Job], Result]) -> Result:
        """`work` on the bundle's files in a folder of their own."""
        assert self.bundle
        places: dict[str, Path] = {}
        for use, name, data in self.bundle.files:
            places[use] = folder / use / name
            places[use].parent.mkdir()
            places[use].write_bytes(data)
        for use in ("source", "result"):
            (folder / use).mkdir(exist_ok=True)
        number = itertools.count()

        def unpacked(beta: Any) -> Any:
            return dataclasses.replace(beta, path=places[str(next(number))]) if isinstance(beta, masks.MaskFile) else beta

        spec = dataclasses.replace(self.spec, source=folder / "source", target=folder / "result",
                                   recipe=self.spec.recipe.with_betas(unpacked))
        job = Job(folder / "source" / self.job.source.name, folder / "result" / self.job.target.name)
        try:
            return work(spec, job)
        except Exception as error:
            words = said(error)
            for here, there in ((job.source, self.job.source), (job.target, self.job.target)):
                words = words.replace(str(here), str(there))
            raise ValueError(words) from None


def examine(task: Task, dask_worker: Any = None) -> IncompatibleWorker | None:
    """Whether a worker can do its part of a task; Dask says which worker."""
    return task.check(dask_worker.address)


def do(task: Task) -> Written | bytes | bands.Large | Failed | IncompatibleWorker:
    """Do a job. The result is written, or given back as its file's bytes where the task is a bundle; a large one is looked at only."""
    def work(spec: BatchSpec, job: Job) -> Written | bytes | bands.Large:
        file = read_large(job.source)
        make_folder(job.target.parent)
        height, width = check_target(spec.recipe, file, job.source, job.target, spec.options)
        if height * width > task.large and file.frames == 1 and spec.options.cmyk == "convert" and bands.possible(spec.recipe):
            return bands.look(file, job, spec)
        output = begin(spec.recipe, file, job.source, job.target, Runtime(), options=spec.options)
        try:
            finish(output, job.source, spec.options)
        except BaseException:
            output.discard()
            raise
        return job.target.read_bytes() if task.bundle else Written(job.target.stat().st_size)

    return task.run(work)


def prepare(task: Task) -> np.ndarray | Failed | IncompatibleWorker | None:
    """The pixels that a large picture's bands are computed from; None where each band reads its own from a large file."""
    def work(spec: BatchSpec, job: Job) -> np.ndarray | None:
        file = read_large(job.source)
        *before, _ = masks.read_for(spec.recipe, job.source, file.picture().shape).parts()
        if not before:
            if isinstance(file.pixels, Blocks):
                return file.pixels[:file.pixels.shape[0], :file.pixels.shape[1]] if task.bundle else None
            return file.picture().array
        steps = [step for part in before for step in part.steps]
        picture, runtime = file.picture(), Runtime()
        return Recipe(*steps).build(picture, runtime, Measurements(picture, runtime, file.jpeg)).whole()

    return task.run(work)


def band(task: Task, pixels: np.ndarray | Failed | IncompatibleWorker | None, plan: bands.Large,
         tiles: tuple[tiling.Tile, ...]) -> np.ndarray | Failed | IncompatibleWorker:
    """Some tiles of a large picture's result that are a band of rows together; `pixels`: what `prepare` has given."""
    if isinstance(pixels, (Failed, IncompatibleWorker)):
        return pixels

    def work(spec: BatchSpec, job: Job) -> np.ndarray:
        picture = read_large(job.source).picture() if pixels is None else in_memory(pixels)
        return bands.band(spec, job, picture, plan, tiles)

    return task.run(work)


def _worker() -> Any:
    from distributed import get_worker

    return get_worker()


def _scratch() -> str:
    """The folder that Dask clears away when a worker has died."""
    return _worker().local_directory
