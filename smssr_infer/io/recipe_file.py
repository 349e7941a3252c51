"""Recipes as TOML files: a table for each step, in their order.

    [[step]]
    do = "restore"
    clean = {mask = "sky.png", strength = 0.6}

    [[step]]
    do = "enlarge"
    scale = 4

    [[step]]
    do = "stylize"
    styles.canvas = 0.3
    styles.fur = {beta = {mask = "fur.png"}, size = 2}

A mask's path counts from the recipe's folder.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import tomli_w

from .. import files
from ..recipe import Recipe
from ..steps import STEPS, Step
from ..textures.style import Style
from .errors import reason
from .masks import MaskFile
from .temporary_file import write_bytes

MOST = 1 << 20
"""Bytes of a recipe's file."""


def load(path: Path) -> Recipe:
    """A recipe from its file. Raises ValueError, in one line, where it cannot be read or something in it cannot be."""
    try:
        if path.exists() and path.stat().st_size > MOST:
            raise ValueError("it is too long for a recipe")
        rows = tomllib.loads(files.read_bytes(path).decode())
        if set(rows) != {"step"} or not isinstance(rows["step"], list):
            raise ValueError("a recipe is a list of [[step]] tables and nothing else")
        return Recipe(*(_step(row, path.parent) for row in rows["step"]))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise ValueError(f"cannot use the recipe {path}: {' '.join(reason(error).split())}") from error


def save(recipe: Recipe, path: Path) -> None:
    """Write a recipe; the file appears whole or not at all. Raises ValueError for a mask that lies in no file, or where it cannot be."""
    rows = [{"do": type(step).__name__.lower(), **_row(step, path.parent)} for step in recipe.steps]
    write_bytes(path, tomli_w.dumps({"step": rows}).encode())


def _row(value: Step | Style, folder: Path) -> dict[str, Any]:
    """What differs from the defaults."""
    row = {}
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        setting = getattr(value, field.name)
        if setting is not None and not (field.default is not dataclasses.MISSING and _same(setting, field.default)):
            row[field.name] = _plain(setting, folder)
    return row


def _same(setting: object, default: object) -> bool:
    return type(setting) is type(default) and setting == default


def _plain(setting: Any, folder: Path) -> Any:
    """A setting as TOML has it."""
    if isinstance(setting, MaskFile):
        path = os.path.relpath(setting.path, folder) if not setting.path.is_absolute() else str(setting.path)
        return {"mask": path} if setting.strength == 1 else {"mask": path, "strength": setting.strength}
    if isinstance(setting, Style):
        return _row(setting, folder)
    if isinstance(setting, Mapping):
        plain = {name: _plain(part, folder) for name, part in setting.items()}
        if any(isinstance(part, dict) for part in plain.values()):  # TOML writes tables last, and the order of styles counts
            plain = {name: part if isinstance(part, dict) else {"beta": part} for name, part in plain.items()}
        return plain
    if isinstance(setting, Fraction):
        return float(setting)
    if isinstance(setting, (bool, int, float, str)):
        return setting
    if isinstance(setting, (list, tuple)) and all(isinstance(part, (int, float)) for part in setting):
        return list(setting)
    raise ValueError(f"a recipe in a file holds numbers, words and masks that lie in files, not {type(setting).__name__}")


def _step(row: Any, folder: Path) -> Step:
    """A step from its table. Raises ValueError for a task or a setting that there is not."""
    if not isinstance(row, dict) or not isinstance(row.get("do"), str) or row["do"] not in STEPS:
        raise ValueError(f"a step's do is one of {', '.join(STEPS)}, not {row.get('do') if isinstance(row, dict) else row!r:.60}")
    kind = STEPS[row["do"]]
    settings = {name: _setting(name, value, folder) for name, value in row.items() if name != "do"}
    return kind(**_known(kind, settings, row["do"]))


def _known(kind: type, settings: dict[str, Any], noun: str) -> dict[str, Any]:
    """Settings, each of which a class has, with all that it needs."""
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if unknown := set(settings) - set(fields):
        raise ValueError(f"{noun} has no {sorted(unknown)[0]}; there are {', '.join(fields)}")
    if missing := [name for name, field in fields.items() if field.default is dataclasses.MISSING and name not in settings]:
        raise ValueError(f"{noun} needs {missing[0]}")
    return settings


def _setting(name: str, value: Any, folder: Path) -> Any:
    """A setting from TOML's value."""
    if name == "styles":
        if not isinstance(value, dict):
            raise ValueError("styles is a table, such as styles.fur = 0.5")
        return {style: _wish(wish, folder) for style, wish in value.items()}
    if isinstance(value, list):
        return tuple(value)
    return _beta(value, folder) if isinstance(value, dict) else value


def _wish(value: Any, folder: Path) -> Any:
    """A style's β, or all that is said of it."""
    if isinstance(value, dict) and "mask" not in value:
        return Style(**_known(Style, {name: _setting(name, part, folder) for name, part in value.items()}, "a style"))
    return _beta(value, folder) if isinstance(value, dict) else value


def _beta(value: dict[str, Any], folder: Path) -> MaskFile:
    if not {"mask"} <= set(value) <= {"mask", "strength"} or not isinstance(value["mask"], str):
        raise ValueError('a mask is {mask = "FILE"}, or {mask = "FILE", strength = 0.5}')
    strength = value.get("strength", 1.0)
    if isinstance(strength, bool) or not isinstance(strength, (int, float)):
        raise ValueError(f"a mask's strength is a number in 0 … 1, not {strength!r:.40}")
    if not 0 <= strength <= 1:
        raise ValueError(f"a mask's strength must lie in 0 … 1, not {strength!r:.40}")
    return MaskFile(folder / value["mask"], float(strength))
