"""The way to the training code, which needs PyTorch and is not part of the runtime."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Callable

NEEDED = ("torch", "onnx")

DEFAULTS = {"title": None, "crop": None, "reduce": 1.0, "minutes": 8.0, "photos": None, "vgg_weights": None, "replace": False}
"""The options of `smssr learn-style`, apart from the picture and the name."""


def learn_style(progress: Callable[[float], None] | None = None, **options: object) -> None:
    """What `smssr learn-style` does: `picture`, `name`, and any of DEFAULTS. `progress` is told the share done.

    Raises ValueError, in one line, also where PyTorch is missing.
    """
    missing = [package for package in NEEDED if importlib.util.find_spec(package) is None]
    if missing:
        raise ValueError(f"learning a style needs {' and '.join(missing)}: {sys.executable} -m pip install {' '.join(missing)}")
    importlib.import_module("smssr_export.learn_style").learn(argparse.Namespace(**{**DEFAULTS, **options}), progress)
