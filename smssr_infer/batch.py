"""A folder of pictures into another folder: which file becomes which, and doing them one after the other.

An answer appears whole or not at all, so what is there is done: a second run does what is missing.
"""

from __future__ import annotations

import dataclasses
import os
import re
import string
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PIL import Image

from . import backends, files, foreign
from .upscale import check_scale, gains, network, plan, upscale

EXISTING = ("skip", "replace", "rename")
"""What to do where the output is there already: leave it, replace it, or write beside it as NAME-2, NAME-3 …"""

PATTERN = "{name}-x{scale}"
FIELDS = {"name", "scale", "model"}


@dataclasses.dataclass(frozen=True)
class Job:
    """One picture to enlarge: from where to where."""

    source: Path
    target: Path


@dataclasses.dataclass
class Summary:
    """What came of a batch: how many were written and skipped, and which failed why."""

    written: int = 0
    skipped: int = 0
    failures: list[tuple[Path, str]] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.written} written, {self.skipped} there already, {len(self.failures)} failed"


def pictures(folder: Path, recursive: bool, apart_from: Path) -> Iterator[Path]:
    """The files of a folder whose ending is one that can be read, by name, apart from those in the folder of answers."""
    Image.init()
    for path in sorted(folder.rglob("*") if recursive else folder.iterdir()):
        an_answer = apart_from != folder.resolve() and apart_from in path.resolve().parents
        if path.suffix.lower() in Image.EXTENSION and not path.name.startswith(".") and path.is_file() and not an_answer:
            yield path


def jobs(source: Path, target: Path, *, scale: float, model: str | None = None, pattern: str = PATTERN, format_: str | None = None,
         recursive: bool = False) -> list[Job]:
    """Every picture of a folder and where its enlargement goes.

    `pattern`: the name without ending, with `{name}`, `{scale}`, `{model}` to be filled in. `format_`: the ending, such as `png`; without
    it, the picture's own where that can be written, else `png`. Sub-folders (`recursive`) are kept. Raises ValueError, in one line.
    """
    if not source.is_dir():
        raise ValueError(f"{source} is not a folder")
    if target.exists() and not target.is_dir():
        raise ValueError(f"{target} is not a folder")
    try:
        fields = {field for _, field, _, _ in string.Formatter().parse(pattern) if field is not None}
    except ValueError as error:
        raise ValueError(f"the pattern {pattern!r} is broken: {error}") from error
    if "name" not in fields or fields - FIELDS or set(pattern) & set('/\\:*?"<>|'):
        raise ValueError(f"the pattern for names holds {{name}} and may hold {{scale}} and {{model}}, not {pattern!r}")
    Image.init()
    if format_ and Image.EXTENSION.get(f".{format_.lower().lstrip('.')}") not in Image.SAVE:
        raise ValueError(f"{format_!r} is no format that can be written; try png, jpg, tif or webp")
    if source.resolve() == target.resolve() and pattern.strip() == "{name}":
        raise ValueError("the answers would replace the pictures; take another folder, or a pattern such as {name}-x{scale}")
    check_scale(scale, 1, 1)
    model = "+".join(Path(name).stem if foreign.is_file(name) else name for name in dict.fromkeys(plan(scale, model)))
    found = []
    for path in pictures(source, recursive, target.resolve()):
        ending = f".{format_.lower().lstrip('.')}" if format_ else path.suffix.lower()
        if Image.EXTENSION[ending] not in Image.SAVE:
            ending = ".png"
        name = pattern.format(name=path.stem, scale=f"{scale:g}", model=model)
        found.append(Job(path, target / path.parent.relative_to(source) / f"{name}{ending}"))
    if source.resolve() == target.resolve():  # answers of an earlier run, at whatever scale, are no pictures to enlarge
        fields = {"name": "(?P<name>.+)", "scale": r"[0-9.]+", "model": ".+"}
        parts = string.Formatter().parse(pattern)
        an_answer = re.compile("".join(re.escape(text) + (fields[field] if field else "") for text, field, _, _ in parts))
        stems = {job.source.with_suffix("").name for job in found}
        found = [job for job in found if not ((match := an_answer.fullmatch(job.source.stem)) and match["name"] in stems)]
    return found


def free_name(path: Path) -> Path:
    """`path`, or the first of NAME-2, NAME-3 … that is not there."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free


def enlarge(job: Job, scale: float, model: str | None, bands: list[float] | None, progress: Callable[[float], None] | None) -> None:
    """Enlarge one file into another. Raises ValueError, in one line, where that cannot be."""
    picture = files.read(job.source)
    files.check(job.target, picture, *check_scale(scale, *picture.pixels.shape[:2]))
    files.write(job.target, picture.with_pixels(upscale(picture.pixels, scale, model, bands, progress)))


def run(todo: Iterable[Job], *, scale: float, model: str | None = None, bands: list[float] | None = None, existing: str = "skip",
        progress: Callable[[Job, float], None] | None = None, summary: Summary | None = None) -> Summary:
    """Do all jobs; one that fails is listed, and the rest is done.

    `progress(job, share)`: the share of that file; what it raises cancels the batch. A file that is done stays. `summary`: one to be filled
    in, for whoever wants to know how far a cancelled batch came.
    """
    if existing not in EXISTING:
        raise ValueError(f"existing files can be {', '.join(EXISTING)}, not {existing!r}")
    for name in plan(scale, model):
        gains(bands, network(name, backends.choose()))
    summary, targets = summary or Summary(), {}
    for job in todo:
        target = job.target
        if target in targets:
            summary.failures.append((job.source, f"would be {target} as {targets[target].name} is; rename one, or keep the format"))
            continue
        targets[target] = job.source
        if target.exists():
            if existing == "skip":
                summary.skipped += 1
                continue
            if existing == "rename":
                job = Job(job.source, free_name(target))
        try:
            job.target.parent.mkdir(parents=True, exist_ok=True)
            enlarge(job, scale, model, bands, progress and (lambda done, job=job: progress(job, done)))
            summary.written += 1
        except MemoryError:
            summary.failures.append((job.source, "not enough memory; take a smaller scale"))
        except (ValueError, OSError) as error:
            summary.failures.append((job.source, str(error) if isinstance(error, ValueError) else f"{os.strerror(error.errno or 0)}"))
    return summary
