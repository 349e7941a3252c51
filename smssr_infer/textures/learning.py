"""The way to the training code, which needs PyTorch and is not part of the runtime."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path

from ..networks.places import home

NEEDED = ("torch", "onnx")
FETCHES = "torchvision"
"""What downloads VGG-16's weights where there are none."""

VGG_FILE = "vgg16_to_conv3_3.npz"
"""Where in the user's folder those lie that were given once."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wish:
    """A style that somebody wants to learn: what `smssr learn-style` is told."""

    picture: Path
    name: str
    title: str | None = None
    crop: tuple[int, int, int, int] | None = None
    """(left, top, width, height) of the part to learn from, in pixels."""
    reduce: float | None = None
    """By how much the picture is reduced first; None: a texture not at all, a painting as suits it."""
    minutes: float = 8.0
    photos: Path | None = None
    vgg_weights: Path | None = None
    replace: bool = False
    coarse: bool = False
    """Whether the forms and the palette of a painting are learnt, not a texture."""


def missing(*, weights: bool) -> list[str]:
    """The packages that learning needs and that are not installed. `weights`: whether VGG-16's are given."""
    return [package for package in (*NEEDED, *(() if weights else (FETCHES,))) if importlib.util.find_spec(package) is None]


def weights_kept() -> bool:
    """Whether VGG-16's weights lie in the user's folder."""
    folder = home()
    return folder is not None and (folder / VGG_FILE).exists()


def learn_style(wish: Wish, progress: Callable[[float], None] | None = None) -> None:
    """Learn a style into the user's folder. `progress` is told the share done; what it raises ends the work, nothing kept.

    Raises ValueError, in one line, for what does not fit, also where PyTorch is missing.
    """
    if not re.fullmatch(r"[\w-]{1,40}", wish.name):
        raise ValueError(f"a style's name may contain letters, digits, - and _, unlike {wish.name!r}")
    if not wish.picture.exists():
        raise ValueError(f"there is no picture {wish.picture}")
    if home() is None:
        raise ValueError("there is no home folder to keep a style in; say in SMSSR_HOME which folder is to hold yours")
    if absent := missing(weights=True):  # where they are not, the lesson itself says what there is to choose from
        raise ValueError(f"learning a style needs {' and '.join(absent)}: {sys.executable} -m pip install {' '.join(absent)}")
    importlib.import_module("smssr_export.learn_style").learn(wish, progress)
