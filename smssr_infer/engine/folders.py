"""What the engine does with folders: tells what would be done, does it, and writes a report of the last one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..arrays import stopping
from ..batch import report
from ..batch.existing import Choice, Summary
from ..batch.forecast import told
from ..batch.run import run
from ..batch.spec import PATTERN, SIZED_PATTERN, BatchSpec, Job, jobs
from ..io import recipe_file
from ..io.reading import size_of
from ..io.save_options import SaveOptions
from ..recipe import Recipe
from ..steps import Enlarge, Restore
from . import protocol

Tell = Callable[[dict[str, Any]], None]

USUAL_PATTERNS = {PATTERN, SIZED_PATTERN}
"""The patterns that a dialog begins with; what is named after one is named as the recipe's results usually are."""


def spec_of(request: protocol.Folder) -> BatchSpec:
    """What a request wants of a folder. Raises ValueError for what cannot be."""
    if request.recipe:
        recipe = recipe_file.load(Path(request.recipe))
    else:
        sizes = {name: value for name in ("scale", "width", "height", "long_edge", "megapixels")
                 if (value := getattr(request, name)) is not None}
        if len(sizes) != 1:
            raise ValueError(f"one of scale, width, height, long_edge and megapixels says how large a result is, not {len(sizes)}")
        enlarge = [] if sizes.get("scale") == 1 else [Enlarge(model=request.model, picture=request.kind, best=request.best, **sizes)]
        restore = [Restore(clean=request.clean, sharpen=request.sharpen)] * bool(request.clean or request.sharpen)
        recipe = Recipe(*restore, *enlarge)
    names = "" if request.names in USUAL_PATTERNS else request.names
    return BatchSpec(source=Path(request.input), target=Path(request.output), recipe=recipe, pattern=names, ending=request.format,
                     existing=request.existing, recursive=request.recursive,
                     options=SaveOptions(quality=request.quality, background=_colour(request.background), keep_date=request.keep_date,
                                         instead=_colour(request.instead)))


def _colour(text: str | None) -> tuple[int, int, int] | None:
    """`#rrggbb` as numbers. Raises ValueError for anything else."""
    if text is None:
        return None
    if not re.fullmatch("#[0-9a-fA-F]{6}", text):
        raise ValueError(f"a colour is written as #rrggbb, not {text!r:.60}")
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


class Folders:
    """Folders, one after the other; what came of the last one is kept for its report."""

    def __init__(self) -> None:
        self._last: tuple[list[Job], Summary] | None = None

    def do(self, request: protocol.Batch, tell: Tell) -> None:
        """Do every picture of a folder."""
        spec, summary = spec_of(request), Summary()
        todo = _pictures(spec)
        index = {job.source: number for number, job in enumerate(todo)}
        shares = _shares(spec, todo)

        def progress(job: Job, share: float) -> None:
            stopping.check()
            before, own = shares[job.source]
            tell({"file": job.source.name, "index": index[job.source], "files": len(todo), "share": share, "done": before + own * share})

        self._last = todo, summary
        run(spec, todo, progress, summary, thumbnails=request.thumbnails)
        rows = [summary.rows[job.source] for job in todo if job.source in summary.rows]
        folders = re.compile("|".join(re.escape(str(folder / "_")[:-1]) for folder in (spec.source, spec.target)))
        tell({"end": True, "summary": str(summary), "written": summary.written, "skipped": summary.skipped,
              "failures": [[str(path), reason] for path, reason in summary.failures],
              "rows": [[str(row.source.relative_to(spec.source)), row.state, [folders.sub("", words) for words in row.remarks]]
                       for row in rows]})

    def foresee(self, request: protocol.Foresee, tell: Tell) -> None:
        """Tell how many pictures would be done, how long that takes, and how large the results would be."""
        spec = spec_of(request)
        choice = Choice(spec, Summary())
        todo = _pictures(spec)
        seconds = nbytes = 0.0
        count = 0
        for source, target, forecast in told(spec.recipe, spec.options, ((job.source, job.target) for job in choice.todo(todo))):
            stopping.check()
            if isinstance(forecast, ValueError):
                choice.failed(Job(source, target), forecast)
                continue
            count, seconds, nbytes = count + 1, seconds + forecast.seconds, nbytes + forecast.nbytes
        summary = choice.summary
        tell({"end": True, "pictures": len(todo), "todo": count, "skipped": summary.skipped, "seconds": seconds, "bytes": nbytes,
              "failures": [[str(path), reason] for path, reason in summary.failures]})

    def report(self, request: protocol.Report, tell: Tell) -> None:
        """Write the report of the last folder. Raises ValueError where there was none, or where it cannot be written."""
        path = Path(request.file)
        report.check(path)
        if self._last is None:
            raise ValueError("no folder has been done yet")
        report.write(path, *self._last)
        tell({"end": True})


def _pictures(spec: BatchSpec) -> list[Job]:
    """All pictures of a folder. Raises ValueError where there are none."""
    todo = jobs(spec)
    if not todo:
        raise ValueError(f"{spec.source} holds no pictures")
    return todo


def _shares(spec: BatchSpec, todo: list[Job]) -> dict[Path, tuple[float, float]]:
    """Of all pixels that are read and written, the share before each picture and its own: a large one takes longer than a small one."""
    pixels = {job.source: 0 for job in todo}
    for job in Choice(spec, Summary()).todo(todo):
        stopping.check()
        try:
            size = size_of(job.source)
            pixels[job.source] = math.prod(size) + math.prod(spec.recipe.size(size, 1 << 62))
        except ValueError:  # it will be said when its turn comes
            pixels[job.source] = 1
    total, before, found = max(1, sum(pixels.values())), 0, {}
    for source, own in pixels.items():
        found[source] = before / total, own / total
        before += own
    return found
