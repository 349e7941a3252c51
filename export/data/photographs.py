"""Folders of photographs, and which of their pictures no training sees."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

HELD_BACK = Path(__file__).with_name("validation_set.txt")

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"}


def photographs(*folders: Path) -> list[Path]:
    """The pictures of folders, by name. Raises ValueError where there is none in one."""
    found: list[Path] = []
    for folder in folders:
        paths = sorted(p for p in Path(folder).iterdir() if p.suffix.lower() in SUFFIXES)
        if not paths:
            raise ValueError(f"{folder} holds no pictures")
        found += paths
    return found


def validation_set() -> list[str]:
    """The names of the pictures that no training sees."""
    return HELD_BACK.read_text(encoding="utf-8").split()


def to_train_on(folders: Iterable[Path]) -> list[Path]:
    """The pictures of folders without those held back."""
    held = set(validation_set())
    return [p for p in photographs(*folders) if p.name not in held]


def unseen(folder: Path) -> list[Path]:
    """The pictures of a folder that are held back."""
    held = set(validation_set())
    return [p for p in photographs(folder) if p.name in held]


def reduced(paths: Iterable[Path], shrink: Iterable[float], least: int) -> list[np.ndarray]:
    """Photographs, uint8 RGB, each reduced so many times, in every size that has at least `least` pixels a side."""
    found = []
    for path in tqdm(list(paths), desc="photographs", unit="", disable=None):
        with Image.open(path) as picture:
            colours = picture.convert("RGB")
        for factor in shrink:
            width, height = int(colours.width / factor), int(colours.height / factor)
            if min(width, height) >= least:
                found.append(np.asarray(colours if factor == 1 else colours.resize((width, height), Image.Resampling.BICUBIC)))
    return found


def eight_bits(levels: np.ndarray) -> np.ndarray:
    """Levels in 0 … 255, rounded and clipped to uint8."""
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)
