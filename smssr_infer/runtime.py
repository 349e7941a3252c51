"""How a recipe is run: what changes its speed and memory, and nothing of its result."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from .arrays import numbers, tiling
from .networks import backends

Progress = Callable[[float], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Runtime:
    """Backend, threads and tiles, progress and cancelling: what travels with a recipe to every node.

    Attributes
    ----------
    backend : str
        "onnxruntime" or "numpy"; by default the first where it is installed, or what SMSSR_BACKEND says.
    threads : int
        Tiles that are worked on at once, by default one a processor, at most 8.
    tile : int or None
        Side of the tiles in pixels of the result; by default what suits the networks.
    progress : callable or None
        Called with the share done, 0 … 1, in the thread that runs the recipe; what it raises cancels the work.
    check : callable or None
        Called between strips while a picture is measured, which has no share of its own; what it raises cancels the work.
    scratch : Path or None
        Where what is too large for memory is kept between two steps; by default the folder for temporary files.
    """

    backend: str = dataclasses.field(default_factory=backends.choose)
    threads: int = dataclasses.field(default_factory=tiling.cores)
    tile: int | None = None
    progress: Progress | None = None
    check: Callable[[], None] | None = None
    scratch: Path | None = None

    @classmethod
    def of(cls, *, backend: str | None = None, threads: int | None = None, tile: int | None = None,
           progress: Progress | None = None) -> Runtime:
        """As a caller gave it, checked. Raises ValueError, in one line, for what cannot be."""
        tile, threads = tiling.check(tile, threads)
        if progress is not None and not callable(progress):
            raise ValueError(f"progress is a function that is called with the share done, not {numbers.shown(progress)}")
        return cls(backend=backends.choose(backend), threads=threads or tiling.cores(), tile=tile, progress=progress,
                   check=progress and (lambda: progress(0.0)))

    def share(self, number: int, count: int) -> Runtime:
        """The same for one of `count` equal parts of the work, whose progress is a share of the whole."""
        progress = self.progress
        if progress is None or count == 1:
            return self
        return dataclasses.replace(self, progress=lambda done: progress((number + done) / count),
                                   check=lambda: progress(number / count))
