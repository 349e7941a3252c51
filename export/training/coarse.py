"""The coarse styles that ship: the rows of `data/coarse.toml`, and training one after the other."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from smssr_infer.analysis.palette import Palette

from ..losses.vgg import VGG
from ..networks.shipped import begun
from .configuration import table
from .painting_trainer import CONTENT_WEIGHT, TONE_WEIGHT, PaintingTrainer

COARSE = Path(__file__).parent.parent / "data" / "coarse.toml"
STEPS = {True: 700, False: 400}
"""Steps of the first coarse style, and of every other one, which starts from it."""

EACH = 4
"""Patches from every photograph."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CoarseRow:
    """A row of `coarse.toml`."""

    title: str
    picture: str
    """A file below the folder of references."""
    credit: str
    crop: tuple[int, int, int, int] | None = None
    """(left, top, right, bottom) in pixels, before `reduce`."""
    reduce: float = 1.0
    content: float = CONTENT_WEIGHT
    """How much the picture's own forms count against the painting's."""
    tone: float = TONE_WEIGHT
    """How much its own light and dark do."""
    steps: int | None = None

    def painting(self, references: Path) -> np.ndarray:
        """The painting on the network's grid, RGB `[h, w, 3]` uint8."""
        with Image.open(references / self.picture) as image:
            return painting(image, self.crop, self.reduce)


def painting(image: Image.Image, crop: tuple[int, int, int, int] | None, reduce: float) -> np.ndarray:
    """A part of a picture, reduced, RGB `[h, w, 3]` uint8."""
    part = image.convert("RGB").crop(crop or (0, 0, *image.size))
    return np.asarray(part.resize((round(part.width / reduce), round(part.height / reduce)), Image.Resampling.LANCZOS))


def coarse_styles() -> dict[str, CoarseRow]:
    """The rows of `coarse.toml`. Raises ValueError for a key that does not belong there."""
    rows = tomllib.loads(COARSE.read_text(encoding="utf-8"))
    return {name: table(CoarseRow, row, f"{COARSE.name}, [{name}]") for name, row in rows.items()}


def train_coarse(name: str, row: CoarseRow, references: Path, contents: tuple[np.ndarray, list[Palette]], vgg: VGG, folder: Path,
                 minutes: float = math.inf) -> dict[str, float]:
    """Train a coarse style into `folder`/NAME.pt, from the first one where it is not that itself. Returns the last figures of its loss."""
    first = next(iter(coarse_styles()))
    lesson = PaintingTrainer(*contents, row.painting(references), vgg, row.content, row.tone,
                            start=None if name == first else begun(folder, first, vgg.mean.device))
    steps = row.steps or STEPS[name == first]
    with tqdm(total=steps, desc=name, unit="step", smoothing=0.05, mininterval=10) as bar:
        def tell(_part: float) -> None:
            bar.set_postfix({k: f"{v:.3f}" for k, v in lesson.figures.items()}, refresh=False)
            bar.update(lesson.done - bar.n)
        lesson.run(steps, minutes, tell)
    torch.save({"network": {key: tensor.cpu() for key, tensor in lesson.average.network.state_dict().items()},
                "mean": lesson.palette.mean.tolist(), "covariance": lesson.palette.covariance.tolist(),
                "texture": lesson.figures["texture"]}, folder / f"{name}.pt")
    return lesson.figures
