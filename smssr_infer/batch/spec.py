"""A folder of pictures into another folder: what the user wants done, and which file becomes which."""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Iterator
from pathlib import Path

from ..io import formats
from ..networks import external
from ..nodes.model_choice import plan
from ..recipe import Recipe
from ..steps import Enlarge

EXISTING = ("skip", "replace", "rename")
"""What to do where the output already exists: leave it, replace it, or write beside it as NAME-2, NAME-3 …"""

PATTERN = "{name}-x{scale}"
RESTORED_PATTERN = "{name}-restored"
"""Where nothing is enlarged."""
FIELDS = {"name", "scale", "model"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class BatchSpec:
    """What a user wants done with a folder. Raises ValueError, in one line, for what cannot be."""

    source: Path
    target: Path
    recipe: Recipe
    """What is done to each picture; a mask may be a folder of masks (`io.masks.MaskFile`)."""
    pattern: str = ""
    """The outputs' names without ending, with `{name}`, `{scale}`, `{model}` to be filled in; empty for PATTERN or RESTORED_PATTERN."""
    ending: str | None = None
    """The outputs' ending, such as `png`; None takes the picture's own where that can be written, else `png`."""
    existing: str = "skip"
    recursive: bool = False
    """Whether sub-folders are gone through, too; the outputs lie in sub-folders of the same names."""

    def __post_init__(self) -> None:
        if not self.source.is_dir():
            raise ValueError(f"{self.source} is not a folder")
        if not self.pattern:
            object.__setattr__(self, "pattern", PATTERN if self.enlarges else RESTORED_PATTERN)
        if self.target.exists() and not self.target.is_dir():
            raise ValueError(f"{self.target} is not a folder")
        try:
            parts = list(string.Formatter().parse(self.pattern))
            fields = {field for _, field, _, _ in parts if field is not None}
        except ValueError as error:
            raise ValueError(f"the pattern {self.pattern!r} is broken: {error}") from error
        if any(form or conversion for _, _, form, conversion in parts) or set(self.pattern) & set('/\\:*?"<>|!'):
            raise ValueError(f'the pattern for names cannot contain / \\ : * ? " < > | or !, as {self.pattern!r} does')
        if "name" not in fields or fields - FIELDS:
            raise ValueError("the pattern for names must contain {name}, and may contain {scale} and {model}; "
                             f"it is {self.pattern!r}")
        if self.ending and not formats.writable(_suffix(self.ending)):
            raise ValueError(f"{self.ending!r} is not a format that can be written; try png, jpg, tif or webp")
        if self.in_place and self.pattern.strip() == "{name}":
            raise ValueError("the output would replace the pictures; choose another folder, or a pattern such as {name}-x{scale}")
        if self.existing not in EXISTING:
            raise ValueError(f"existing files can be {', '.join(EXISTING)}, not {self.existing!r}")
        if not self.recipe.steps:
            raise ValueError("nothing is to be done: say what to enlarge, restore or paint (at scale 1: --clean, --sharpen, --fill, "
                             "--style)")

    @property
    def enlarges(self) -> bool:
        """Whether the pictures become larger."""
        return self.recipe.find(Enlarge) is not None

    @property
    def in_place(self) -> bool:
        """Whether the results go into the folder that the pictures come from."""
        return self.source.resolve() == self.target.resolve()


@dataclasses.dataclass(frozen=True)
class Job:
    """One picture to enlarge: from where to where."""

    source: Path
    target: Path


def _suffix(ending: str) -> str:
    return f".{ending.lower().lstrip('.')}"


def is_picture(path: Path) -> bool:
    """Whether a file's ending is that of a format that can be read."""
    return formats.readable(path.suffix)


def pictures(spec: BatchSpec) -> Iterator[Path]:
    """The pictures of the folder, by name, apart from those in the folder of outputs."""
    results = spec.target.resolve()
    for path in sorted(spec.source.rglob("*") if spec.recursive else spec.source.iterdir()):
        an_output = not spec.in_place and results in path.resolve().parents
        if is_picture(path) and not path.name.startswith(".") and path.is_file() and not an_output:
            yield path


def jobs(spec: BatchSpec) -> list[Job]:
    """Every picture of the folder and where its enlargement goes."""
    enlarge = spec.recipe.find(Enlarge)
    named = plan(enlarge.scale, enlarge.model, photo=enlarge.picture == "photo") if enlarge else []  # `auto` may take another for some
    scale = "1" if enlarge is None else f"{enlarge.width}w" if enlarge.width else f"{enlarge.height}h" if enlarge.height else \
        f"{float(enlarge.scale):g}"
    names = (Path(m.name).stem if external.is_file(m.name) else m.name for m in named)
    model = "+".join(dict.fromkeys(names))
    found = []
    for path in pictures(spec):
        ending = _suffix(spec.ending) if spec.ending else path.suffix.lower()
        if not formats.writable(ending):
            ending = ".png"
        name = spec.pattern.format(name=path.stem, scale=scale, model=model)
        found.append(Job(path, spec.target / path.parent.relative_to(spec.source) / f"{name}{ending}"))
    if spec.in_place:  # results of an earlier run, at whatever scale, are no pictures to enlarge
        fields = {"name": "(?P<name>.+)", "scale": r"[0-9.]+", "model": ".+"}
        parts = string.Formatter().parse(spec.pattern)
        an_output = re.compile("".join(re.escape(text) + (fields[field] if field else "") for text, field, _, _ in parts))
        stems = {job.source.with_suffix("").name for job in found}
        found = [job for job in found if not ((match := an_output.fullmatch(job.source.stem)) and match["name"] in stems)]
    return found
