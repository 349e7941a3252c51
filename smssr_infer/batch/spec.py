"""A folder of pictures into another folder: what the user wants done, and which file becomes which."""

from __future__ import annotations

import dataclasses
import os
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..io import formats
from ..io.reading import size_of
from ..io.recognising import ending_of, looks_like_one
from ..io.save_options import SaveOptions
from ..networks import external
from ..nodes.model_choice import plan
from ..recipe import Recipe
from ..steps import Enlarge, Fill, Restore

EXISTING = ("skip", "replace", "rename")
"""What to do where the output already exists: leave it, replace it, or write beside it as NAME-2, NAME-3 …"""

PATTERN, SIZED_PATTERN = "{name}-x{scale}", "{name}-{scale}"
"""By how many times, as in `cat-x2`, and to which size, as in `cat-1600px`."""
RESTORED_PATTERN, PAINTED_PATTERN = "{name}-restored", "{name}-painted"
"""Where nothing is enlarged, and where nothing is restored either."""
FIELDS = {"name": "(?P<name>.+)", "stem": "(?P<name>.+)", "ext": r"\w+", "n": "[0-9]+", "width": "[0-9]+", "height": "[0-9]+",
          "folder": ".*", "scale": "[0-9.]+(?:w|h|px|Mpx)?|[0-9]+x[0-9]+px", "model": ".+"}
"""What is filled in, and which words it may become: the picture's name without and as `ext` its ending, its number in the folder, the
result's size, the picture's folder, the scale or size that was asked for, and the models."""
SIZED = "[0-9.]+(?:w|h|px|Mpx)|[0-9]+x[0-9]+px"
"""What the scale is of a size: `IMG-2.jpg` is no result of `IMG.jpg`."""
NUMBERS = {"n", "width", "height"}
"""Which may be written with leading zeros: `{n:04}`."""

GONE = "is a link to nothing"

NO_DOCUMENTS = {".xmp", ".db", ".ini"}
"""Endings of files that programs keep beside pictures, and of which nobody wants to be told."""

NOT_WALKED = {"@eadir", "#recycle", "@recycle", "$recycle.bin", "system volume information", "lost+found", "__macosx"}
"""Folders of thumbnails and trash, in small letters. Neither are those gone through whose names begin with a dot, such as .thumbnails."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class BatchSpec:
    """What a user wants done with a folder. Raises ValueError, in one line, for what cannot be."""

    source: Path
    target: Path
    recipe: Recipe
    """What is done to each picture; a mask may be a folder of masks (`io.masks.MaskFile`)."""
    pattern: str = ""
    """The outputs' names without ending, with FIELDS such as `{name}` to be filled in; empty for the default."""
    ending: str | None = None
    """The outputs' ending, such as `png`; None takes the picture's own where that can be written, else `png`."""
    existing: str = "skip"
    recursive: bool = False
    """Whether sub-folders are gone through, too; the outputs lie in sub-folders of the same names."""
    options: SaveOptions = SaveOptions()
    """How the outputs are saved; what a picture's format does not have is passed over."""

    def __post_init__(self) -> None:
        if not self.source.is_dir():
            raise ValueError(f"{self.source} is not a folder")
        if not self.pattern:
            object.__setattr__(self, "pattern", _usual(self.recipe))
        if self.target.exists() and not self.target.is_dir():
            raise ValueError(f"{self.target} is not a folder")
        try:
            parts = list(string.Formatter().parse(self.pattern))
            fields = {field for _, field, _, _ in parts if field is not None}
        except ValueError as error:
            raise ValueError(f"the pattern {self.pattern!r} is broken: {error}") from error
        words = "".join(text for text, _, _, _ in parts)
        if any(conversion for _, _, _, conversion in parts) or set(words) & set('/\\:*?"<>|!'):
            raise ValueError(f'the pattern for names cannot contain / \\ : * ? " < > | or !, as {self.pattern!r} does')
        for _, field, form, _ in parts:
            if form and not (field in NUMBERS and re.fullmatch("0?[1-9]", form)):
                raise ValueError("the pattern for names may say how many digits n, width and height have, such as {n:04}; "
                                 f"it is {self.pattern!r}")
        if not fields & {"name", "stem", "n"} or fields - set(FIELDS):
            others = ", ".join(f"{{{field}}}" for field in FIELDS if field not in ("name", "stem", "n"))
            raise ValueError(f"the pattern for names must contain {{name}}, {{stem}} or {{n}}, and may contain {others}; "
                             f"it is {self.pattern!r}")
        if self.ending and not formats.writable(_suffix(self.ending)):
            raise ValueError(f"{self.ending!r} is not a format that can be written; try png, jpg, tif or webp")
        if self.ending:
            self.options.check(formats.named(_suffix(self.ending)) or formats.of(self.ending))
        if self.in_place and not fields & {"name", "stem"}:
            raise ValueError("where the outputs lie beside the pictures the pattern must contain {name}, to tell the two apart")
        if self.in_place and self.pattern.strip() in ("{name}", "{stem}"):
            raise ValueError("the output would replace the pictures; choose another folder, or a pattern such as {name}-x{scale}")
        if self.existing not in EXISTING:
            raise ValueError(f"existing files can be {', '.join(EXISTING)}, not {self.existing!r}")
        if not self.recipe.steps:
            raise ValueError("nothing is to be done: say what to enlarge, restore or paint (at scale 1: --clean, --sharpen, --fill, "
                             "--style)")

    @property
    def in_place(self) -> bool:
        """Whether the results go into the folder that the pictures come from."""
        return self.source.resolve() == self.target.resolve()


@dataclasses.dataclass(frozen=True)
class Job:
    """One picture to enlarge: from where to where."""

    source: Path
    target: Path
    trouble: str = ""
    """Why there is nothing to read, in words that follow its name; empty where there is."""


def _suffix(ending: str) -> str:
    return f".{ending.lower().lstrip('.')}"


def _walked(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in NOT_WALKED


def _closed(error: OSError) -> str:
    """What to say of a folder that cannot be read."""
    return f"cannot be looked into: {error.strerror}"


def found(spec: BatchSpec) -> Iterator[tuple[Path, str]]:
    """All that looks like a picture in the folder, by name, apart from the outputs; and why there is nothing to read, where that is so."""
    results = spec.target.resolve()
    seen = set[tuple[int, int]]()
    pictures: list[tuple[Path, str]] = []

    def trouble(error: OSError) -> None:
        pictures.append((Path(error.filename), _closed(error)))

    for folder, folders, names in os.walk(spec.source, onerror=trouble, followlinks=True):
        state = os.stat(folder)
        known, seen = (state.st_dev, state.st_ino) in seen, seen | {(state.st_dev, state.st_ino)}
        if known or (not spec.in_place and Path(folder).resolve() == results):
            folders.clear()  # a link that leads round in a circle, or the outputs
            continue
        folders[:] = [name for name in folders if spec.recursive and _walked(name)]
        for name in names:
            path = Path(folder, name)
            if _pictured(path):
                gone = os.path.islink(path) and not os.path.exists(path)  # which, unlike Path's, raise nothing
                pictures.append((path, GONE if gone else ""))
    yield from sorted(pictures)


def _pictured(path: Path) -> bool:
    """Whether a file is a picture, by its name or, where that has no ending, by how it begins."""
    return not path.name.startswith(".") and (formats.pictured(path.suffix) or (not path.suffix and looks_like_one(path)))


def no_pictures(spec: BatchSpec) -> list[str]:
    """The names of files right in the folder that are no pictures, and that somebody may take for such."""
    paths = (spec.source / name for name in _names(str(spec.source)))
    return sorted(path.name for path in paths if os.path.isfile(path) and not path.name.startswith(".")
                  and path.suffix.lower() not in NO_DOCUMENTS and not _pictured(path))


def left_out(spec: BatchSpec) -> list[str]:
    """The names of folders right within the folder that hold pictures, and that nobody looks into."""
    if spec.recursive:
        return []
    results = spec.target.resolve()
    within = [entry for entry in os.scandir(spec.source) if _walked(entry.name) and entry.is_dir() and Path(entry).resolve() != results]
    return sorted(entry.name for entry in within if any(
        formats.pictured(Path(name).suffix) and not name.startswith(".") for name in _names(entry.path)))


def _names(folder: str) -> list[str]:
    """What a folder holds; nothing where it cannot be looked into."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def jobs(spec: BatchSpec) -> list[Job]:
    """Every picture of the folder and where its enlargement goes, each to a name of its own."""
    pictures = list(found(spec))
    common = _common(spec)
    if spec.in_place:  # results of an earlier run, at whatever scale, are no pictures to enlarge
        stems, longer = {path.stem for path, _ in pictures}, {_with_ending(path) for path, _ in pictures}
        of_outputs = _outputs(spec.pattern)
        pictures = [(path, trouble) for path, trouble in pictures if not any(
            match["name"] in stems | longer or re.sub("-[0-9]+$", "", match["name"]) in longer
            for match in (form.fullmatch(path.stem) for form in of_outputs) if match)]
    targets = [_target(spec, path, path.stem, number, common) for number, (path, _) in enumerate(pictures, 1)]
    for again in (lambda path, count: _with_ending(path), lambda path, count: f"{_with_ending(path)}-{count}"):
        meeting, counts = Counter(map(_folded, targets)), Counter[str]()
        for number, (path, _) in enumerate(pictures, 1):
            if meeting[key := _folded(targets[number - 1])] > 1:
                counts[key] += 1
                targets[number - 1] = _target(spec, path, again(path, counts[key]), number, common)
    return [Job(path, target, trouble) for (path, trouble), target in zip(pictures, targets, strict=True)]


def beside(spec: BatchSpec, path: Path) -> Path:
    """Where the result of one picture of the folder goes."""
    return _target(spec, path, path.stem, 1, _common(spec))


def _common(spec: BatchSpec) -> dict[str, str]:
    """What the names of all results have in common."""
    enlarge = spec.recipe.find(Enlarge)
    named = plan(enlarge.scale, enlarge.model, photo=enlarge.picture == "photo") if enlarge else []  # `auto` may take another for some
    names = (Path(m.name).stem if external.is_file(m.name) else m.name for m in named)
    return {"scale": enlarge.sized if enlarge else "1", "model": "+".join(dict.fromkeys(names))}


def _with_ending(path: Path) -> str:
    """A picture's name with its ending, for where two pictures differ in nothing else."""
    return f"{path.stem}-{path.suffix[1:] or 'file'}"


def _folded(path: Path) -> str:
    """What is the same of two names that some file systems take for one."""
    return str(path).casefold()


def _target(spec: BatchSpec, path: Path, stem: str, number: int, common: dict[str, str]) -> Path:
    """Where a picture's result goes."""
    ending = _suffix(spec.ending) if spec.ending else path.suffix.lower() or (ending_of(path) if path.is_file() else "")
    if not formats.writable(ending):
        ending = ".png"
    fields: dict[str, str | int] = {"name": stem, "stem": stem, "ext": path.suffix[1:], "n": number,
                                    "folder": path.parent.resolve().name, **common}
    if re.search(r"\{(width|height)[:}]", spec.pattern):
        try:
            fields["height"], fields["width"] = spec.recipe.size(size_of(path), 1 << 62)
        except ValueError:
            fields["height"] = fields["width"] = 0  # one that fails when its turn comes
    return spec.target / path.parent.relative_to(spec.source) / f"{spec.pattern.format(**fields)}{ending}"


def _usual(recipe: Recipe) -> str:
    """The pattern of what a recipe makes, where none is given."""
    if enlarge := recipe.find(Enlarge):
        return SIZED_PATTERN if enlarge.by_size else PATTERN
    return RESTORED_PATTERN if recipe.find(Restore) or recipe.find(Fill) else PAINTED_PATTERN


def _outputs(pattern: str) -> list[re.Pattern[str]]:
    """What the names of outputs look like, also of an earlier run to a size instead of by a scale; their group `name` is the picture's."""
    if pattern in (PATTERN, SIZED_PATTERN):
        return [_output(PATTERN), _output(SIZED_PATTERN, SIZED)]
    return [_output(pattern)]


def _output(pattern: str, scale: str = FIELDS["scale"]) -> re.Pattern[str]:
    """What names of a pattern look like."""
    words, given = "", False
    for text, field, _, _ in string.Formatter().parse(pattern):
        form = f"(?:{scale})" if field == "scale" else FIELDS.get(field or "", "")
        if "?P<name>" in form and given:
            form = "(?P=name)"
        given |= "?P<name>" in form
        words += re.escape(text) + form
    return re.compile(words)
