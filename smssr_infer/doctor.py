"""`smssr doctor`: what is installed, whether the weights are whole, and how fast a small picture goes."""

from __future__ import annotations

import importlib.metadata
import platform
import time
from collections.abc import Callable

import numpy as np

from . import __version__, backends, manifest, tiling
from .stylize import style_residual
from .upscale import upscale

PACKAGES = ("numpy", "scipy", "pillow", "onnxruntime", "threadpoolctl", "tqdm", "onnx")
SIDE = 128


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def test_picture(side: int) -> np.ndarray:
    """Rings that get finer outwards, and a ramp: uint8 side×side×3."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    rings = 0.5 + 0.5 * np.cos(40 * (x**2 + y**2))
    return (255 * np.stack([rings, x, y], axis=-1)).astype(np.uint8)


def check_model(card: manifest.Card, picture: np.ndarray) -> str:
    """What to print of a sound super-resolution model. Raises ValueError where its weights are damaged or its answer is wrong."""
    manifest.load(card)
    began = time.perf_counter()
    answer = upscale(picture, card.scale, card.name)
    seconds = time.perf_counter() - began
    s = card.scale
    if original := getattr(card, "made_from", None):
        error, most = np.abs(answer - upscale(picture, s, original).astype(float)).mean(), 1
    else:
        error, most = np.abs(answer.reshape(SIDE, s, SIDE, s, 3).mean(axis=(1, 3)) - picture).mean(), 4
    if error > most:
        raise ValueError(f"{card.name} gives a wrong picture here ({error:.1f} levels off); try SMSSR_BACKEND=numpy")
    return f"{card.name:15} weights whole, {SIDE}² → {SIDE * s}² in {seconds:.2f} s, right"


def check_style(card: manifest.Card, picture: np.ndarray) -> None:
    """Raises ValueError where a style's weights are damaged or its texture is wrong."""
    manifest.load(card)
    spread = float(style_residual(picture, card.name).std())
    if not 0.1 < spread / card.kappa < 0.5:  # σ_x of the test picture is about 0.3
        raise ValueError(f"the style {card.name} gives a wrong texture here (standard deviation {spread:.3f}); try SMSSR_BACKEND=numpy")


def examine() -> None:
    """Print the report. Raises ValueError, after everything was looked at, where something is wrong."""
    print(f"smssr {__version__}, Python {platform.python_version()}, {platform.platform()}")
    print(", ".join(f"{package} {_version(package)}" for package in PACKAGES))
    print(f"backend {backends.choose()}, {tiling.cores()} threads, weights in {manifest.shipped()}")
    picture, wrong = test_picture(SIDE), []
    cards = manifest.models()
    styles = [card for card in cards if card.task == "style"]

    def look(check: Callable[[manifest.Card, np.ndarray], str | None], card: manifest.Card) -> None:
        try:
            if said := check(card, picture):
                print(said)
        except ValueError as error:
            if str(error) not in wrong:  # a damaged original is found again in what was made from it
                wrong.append(str(error))
                print(f"WRONG: {error}")

    for card in cards:
        if card.task == "sr":
            look(check_model, card)
    began = time.perf_counter()
    for card in styles:
        look(check_style, card)
    print(f"{len(styles)} styles looked at, {SIDE}² in all of them in {time.perf_counter() - began:.2f} s; "
          f"your own are in {manifest.learnt()}")
    if wrong:
        raise ValueError(wrong[0] if len(wrong) == 1 else f"{len(wrong)} things are wrong, see above")
    print("all is well")
