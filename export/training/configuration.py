"""A configuration file of `configs/` as dataclasses. A key that nobody reads is an error, and so is one that is missing."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from smssr_infer.networks.cards import Pairs

Table = TypeVar("Table")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Schedule:
    """The `[train]` table: how a network is trained."""

    steps: int
    batch: int
    patch: int
    """Side of the small patches, in pixels."""
    shrink: tuple[float, ...]
    """Every photograph is there once for each of these, reduced so many times."""
    rate: float
    loss: str
    seed: int
    start: tuple[str, ...] = ()
    """Checkpoints of other runs, relative to the output folder: their weights are taken over where names and shapes fit, of several
    their mean (0 `steps` leave it at that). One that ends in .onnx is a shipped network's, in `weights/`."""
    hold_batch_norm: bool = False
    """Train with the statistics that the weights came with, as the exported network runs."""
    detail: float = 0.0
    """How much more often patches with detail are drawn (see `patches.chances`)."""
    pages: float = 0.0
    """The share of patches, 0 … 1, from pages of line art and letters (`data.pages`)."""
    graphics: float = 0.0
    """The share of patches, 0 … 1, from maps, shadows, dither, halftone and other graphics (`data.graphics`)."""
    taught: float = 0.0
    """Which share of what photographs' patches should become is a teacher's result, 0 … 1 (see `data.teacher`)."""
    scales: tuple[float, float] | None = None
    """The least and the largest factor, in tenths, that a network learns which enlarges by any (see `training.any_scale`)."""
    damage: str | None = None
    """What happens to the small patches (see `data.damaged`): one of RECIPES, `told_jpeg`, `fill`, `told_noise` (see `data.noisy`),
    or `told_blur` (see `data.blurred`); None: nothing."""
    recontrast: bool = False
    """Whether contrast and brightness of patches vary."""
    warm_up: int = 500
    """For how many steps the rate rises."""
    until: int | None = None
    """The run ends at this step, though its rate is that of a run of `steps`."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Words:
    """The `[card]` table: what people are told of a model that ships."""

    title: str
    about: str
    built: str
    training_data: str
    loss: str
    licence: str
    default: bool = False
    photo: bool = False
    """Whether an enlarging network is for photographs as they come."""
    purpose: str | None = None
    """What a restoring network is for: `clean`, `sharpen` or `fill`."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configuration:
    """A network, how it is trained, and what is said of it where it ships. `dog`: None for a network that gives the whole picture."""

    name: str
    network: Mapping[str, Any]
    train: Schedule
    dog: Pairs | None = None
    median: bool = False
    card: Words | None = None


def table(kind: type[Table], row: Mapping[str, Any], where: str) -> Table:
    """A table of a configuration as its dataclass. Raises ValueError naming a key that is unknown or missing."""
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for key in row:
        if key not in fields:
            raise ValueError(f"{where}: unknown key {key!r}; there are {', '.join(fields)}")
    for key, field in fields.items():
        if key not in row and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ValueError(f"{where}: {key!r} is missing")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})


def read(path: Path) -> Configuration:
    """A configuration file. Raises ValueError, in one line, for one that is broken or has a key that does not belong there."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"cannot read {path}: {error}") from error
    rows["name"] = path.stem
    if "dog" in rows:
        rows["dog"] = [(float(fine), float(coarse)) for fine, coarse in rows["dog"]]
    rows["train"] = table(Schedule, rows.get("train", {}), f"{path}, [train]")
    if "card" in rows:
        rows["card"] = table(Words, rows["card"], f"{path}, [card]")
    return table(Configuration, rows, str(path))
