"""What is to be restored of a picture file, as users order it, and the masks for it read from files."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from ..analysis.noise import sigma_of
from .reading import read_mask


@dataclasses.dataclass(frozen=True)
class Strength:
    """How much, in 0 … 1, and where: `mask` is a picture, or a folder with one for each picture, of the same name but for its ending."""

    value: float = 1.0
    mask: Path | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Restoring:
    """The options of `restore`. Raises ValueError, in one line, for a strength outside 0 … 1, or a mask that does not exist."""

    clean: Strength | None = None
    chroma: float | None = None
    sharpen: Strength | None = None
    fill: Path | None = None
    noise: float | None = None
    """σ of luma's noise in levels; None to estimate it."""

    def __post_init__(self) -> None:
        for name in ("clean", "sharpen"):
            if wanted := getattr(self, name):
                _check(wanted.value, name)
                _check_mask(wanted.mask)
        if self.chroma is not None:
            _check(self.chroma, "chroma")
        _check_mask(self.fill)
        if self.noise is not None:
            sigma_of(self.noise)

    @property
    def anything(self) -> bool:
        """Whether anything is ordered."""
        return any(value is not None for value in (self.clean, self.chroma, self.sharpen, self.fill))

    def arguments(self, picture: Path) -> dict[str, Any]:
        """The arguments of `api.restore` for that file. Raises ValueError for a mask that cannot be read."""
        return {"clean": _beta(self.clean, picture), "chroma": self.chroma, "sharpen": _beta(self.sharpen, picture),
                "fill": read_mask(_mask_of(self.fill, picture)) if self.fill else None,
                "noise": "auto" if self.noise is None else self.noise}

    def masks(self, picture: Path) -> dict[str, Path]:
        """The file of each wish that has a mask for that picture. Raises ValueError where a folder of masks holds none for it."""
        found = {"clean": self.clean and self.clean.mask, "sharpen": self.sharpen and self.sharpen.mask, "fill": self.fill}
        return {wish: _mask_of(mask, picture) for wish, mask in found.items() if mask}

    def absolute(self) -> Restoring:
        """The same with paths that do not depend on the working folder."""
        clean, sharpen = (wanted and dataclasses.replace(wanted, mask=wanted.mask and wanted.mask.absolute())
                          for wanted in (self.clean, self.sharpen))
        return dataclasses.replace(self, clean=clean, sharpen=sharpen, fill=self.fill and self.fill.absolute())


def _check(value: float, name: str) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"the strength of {name} must lie in 0 … 1, not {value:g}")


def _check_mask(mask: Path | None) -> None:
    if mask is not None and not mask.exists():
        raise ValueError(f"there is no mask {mask}")


def _beta(wanted: Strength | None, picture: Path) -> float | np.ndarray:
    if wanted is None:
        return 0.0
    return read_mask(_mask_of(wanted.mask, picture)) * np.float32(wanted.value) if wanted.mask else wanted.value


def _mask_of(mask: Path, picture: Path) -> Path:
    """The mask of a picture: `mask` itself, or the file of the picture's name in that folder."""
    if not mask.is_dir():
        return mask
    found = sorted(path for path in mask.iterdir() if path.stem == picture.stem and path.is_file())
    if not found:
        raise ValueError(f"{mask} holds no mask for {picture.name}")
    return found[0]
