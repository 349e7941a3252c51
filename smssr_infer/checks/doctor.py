"""`smssr doctor`: what is installed, whether the weights are whole, and whether every model gives the right result here."""

from __future__ import annotations

import importlib.metadata
import platform

import numpy as np

from .. import __version__
from ..arrays import tiling
from ..engine import installing
from ..networks import backends, manifest
from ..networks.cards import Card
from ..networks.places import learnt, shipped
from ..tasks import TASKS

PACKAGES = ("numpy", "scipy", "pillow", "onnxruntime", "threadpoolctl", "tqdm", "onnx")
SIDE = 128


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def rings(side: int) -> np.ndarray:
    """Rings that get finer outwards, and a ramp: uint8 side×side×3."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    rings = 0.5 + 0.5 * np.cos(40 * (x**2 + y**2))
    return (255 * np.stack([rings, x, y], axis=-1)).astype(np.uint8)


def examine() -> None:
    """Print the report. Raises ValueError, after everything was looked at, where something is wrong."""
    print(f"smssr {__version__}, Python {platform.python_version()}, {platform.platform()}")
    print(", ".join(f"{package} {_version(package)}" for package in PACKAGES))
    print(f"backend {backends.choose()}, {tiling.cores()} threads, weights in {shipped()}, "
          f"your own styles in {learnt() or 'none: there is no home'}")
    print("\n".join(installing.standing()))
    picture = rings(SIDE)
    cards: list[Card] = manifest.read(shipped())
    wrong: list[str] = []

    def note(error: ValueError) -> None:
        if str(error) not in wrong:  # a damaged original is found again in what was made from it
            wrong.append(str(error))
            print(f"WRONG: {error}")

    try:
        cards += manifest.own()
    except ValueError as error:
        note(error)
    for card in cards:
        try:
            print(TASKS[type(card)].check(card, picture))
        except ValueError as error:
            note(error)
    if wrong:
        raise ValueError(wrong[0] if len(wrong) == 1 else f"{len(wrong)} things are wrong; see above")
    print("no problems found")
