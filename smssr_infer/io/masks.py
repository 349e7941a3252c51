"""Masks that lie in files: one for every picture, or a folder with one for each."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..recipe import Recipe
from ..steps import Fill
from .reading import read_mask

ALIKE = 0.02
"""Proportions of a mask and its picture that differ by no more are the same."""


@dataclasses.dataclass(frozen=True)
class MaskFile:
    """β in a file: its white counts as `strength`, in 0 … 1. `path`: a picture, or a folder with one of each picture's name,
    also in folders within it.

    Raises ValueError for one that does not exist, or another strength.
    """

    path: Path
    strength: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise ValueError(f"the strength of {self.path} must lie in 0 … 1, not {self.strength:g}")
        if not self.path.exists():
            hint = "; what follows a colon must be a strength, a number in 0 … 1" if ":" in self.path.name else ""
            raise ValueError(f"there is no mask {self.path}{hint}")

    def file(self, picture: Path) -> Path:
        """The mask's file for a picture's. Raises ValueError where a folder of masks holds none."""
        if not self.path.is_dir():
            return self.path
        found = sorted(path for path in self.path.rglob("*") if path.stem == picture.stem and path.is_file())
        if not found:
            raise ValueError(f"{self.path} holds no mask for {picture.name}")
        best = max(map(self._likeness, found, itertools.repeat(picture)))
        found = [path for path in found if self._likeness(path, picture) == best]
        if len({path.parent for path in found}) > 1:
            raise ValueError(f"{self.path} holds several masks for {picture}: {found[0]} and {found[1]}; give it a folder of its own")
        return found[0]

    def _likeness(self, path: Path, picture: Path) -> tuple[int, int]:
        """How well a mask's place fits a picture's: by so many folders above both of the same name, and so few others."""
        folders, others = path.relative_to(self.path).parent.parts, picture.absolute().parent.parts
        alike = 0
        while alike < min(len(folders), len(others)) and folders[-1 - alike] == others[-1 - alike]:
            alike += 1
        return alike, alike - len(folders)

    def beta(self, picture: Path) -> np.ndarray:
        """β for a picture, float32 H×W in 0 … 1. Raises ValueError where it cannot be read."""
        beta = read_mask(self.file(picture))
        return beta if self.strength == 1 else beta * np.float32(self.strength)


def files(recipe: Recipe) -> list[MaskFile]:
    """The masks of a recipe that lie in files, in its order."""
    found: list[MaskFile] = []

    def look(beta: Any) -> Any:
        if isinstance(beta, MaskFile):
            found.append(beta)
        return beta

    recipe.with_betas(look)
    return found


def read_for(recipe: Recipe, picture: Path, shape: tuple[int, int], say: Callable[[str], None] = lambda words: None) -> Recipe:
    """A recipe with its masks read from their files, for a picture's file of that shape. `say`: told what looks like a mistake.

    Raises ValueError, in one line, for a mask that cannot be read.
    """
    said: set[str] = set()

    def once(words: str) -> None:  # one file may be several steps' mask
        if words not in said:
            said.add(words)
            say(words)

    def read(beta: Any, stretched: bool) -> Any:
        if not isinstance(beta, MaskFile):
            return beta
        mask, path = beta.beta(picture), beta.file(picture)
        if stretched and abs(mask.shape[0] * shape[1] / (mask.shape[1] * shape[0]) - 1) > ALIKE:
            once(f"{path} ({mask.shape[1]}×{mask.shape[0]}) does not have the picture's proportions and is stretched to fit")
        if not mask.any():
            once(f"{path} is black everywhere: nothing is done there")
        return mask

    return Recipe(*(step.with_betas(functools.partial(read, stretched=not isinstance(step, Fill))) for step in recipe.steps))
