"""The styles that ship: the rows of `data/styles.toml`, their references, and training one after the other."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from smssr_infer.networks.cards import Pairs

from ..data.drawn_marks import MARKS
from ..data.drawn_nature import NATURE
from ..data.references import BY_CODE
from ..losses.vgg import VGG
from ..networks.shipped import begun
from .configuration import table
from .reference import Reference
from .style_trainer import EVEN_WEIGHT, PATCH, StyleTrainer, Targets

STYLES = Path(__file__).parent.parent / "data" / "styles.toml"
FIRST = "fur"
BAND = (0.7, 4.0)
STEPS = {True: 1200, False: 700}
"""Steps of the first style, and of every other one, which starts from it."""
CONTENTS = 192


@dataclasses.dataclass(frozen=True, kw_only=True)
class StyleRow:
    """A row of `styles.toml`."""

    title: str
    picture: str
    """A file below the folder of references, or the name of a drawing of `data/references.py`, `drawn_marks.py` or `drawn_nature.py`."""
    credit: str
    crop: tuple[int, int, int, int] | None = None
    """(left, top, right, bottom) in pixels, before `reduce`."""
    reduce: float = 1.0
    band: tuple[float, float] = BAND
    waves: Pairs = ()
    even: float = EVEN_WEIGHT
    steps: int | None = None
    further: int | None = None
    """Steps of a second training, from what the first one ended at; None where there was none."""
    strength: float | None = None
    kappa: float | None = None
    """The card's κ, where the network's residual holds more than its reference once it is shrunk, so that content would change."""
    turns: bool = False
    """Whether it learns to be turned, and follows the picture where the user says nothing else."""
    straight: bool = False
    """Whether its lines are long and straight, and follow a picture at large."""
    head: float | None = None
    """Of one that turns and has a head and a tail: where its heads (hairs' tips) point in the reference, about, in degrees
    counter-clockwise from the right."""

    def luma(self, references: Path) -> np.ndarray:
        """The reference's luma, H×W float32 in 0 … 1."""
        drawings = BY_CODE | MARKS | NATURE
        if self.picture in drawings:
            return drawings[self.picture]()
        with Image.open(references / self.picture) as image:
            grey = image.convert("L").crop(self.crop or (0, 0, *image.size))
        grey = grey.resize((round(grey.width / self.reduce), round(grey.height / self.reduce)), Image.Resampling.LANCZOS)
        return np.asarray(grey, np.float32) / 255

    def reference(self, references: Path) -> Reference:
        """The reference in the style's band."""
        return Reference(self.luma(references), self.band, PATCH)


def styles() -> dict[str, StyleRow]:
    """The rows of `styles.toml`, the first style first. Raises ValueError for a key that does not belong there."""
    rows: dict[str, dict[str, Any]] = tomllib.loads(STYLES.read_text(encoding="utf-8"))
    for row in rows.values():
        if "waves" in row:
            row["waves"] = [tuple(wave) for wave in row["waves"]]
    read = {name: table(StyleRow, row, f"{STYLES.name}, [{name}]") for name, row in rows.items()}
    return {FIRST: read[FIRST]} | read


def train_style(name: str, row: StyleRow, references: Path, contents: np.ndarray, vgg: VGG, folder: Path,
                minutes: float = math.inf, further: bool = False) -> dict[str, float]:
    """Train a style into `folder`/NAME.pt and return the last figures of its loss.

    It starts from the first style where it is not that itself, or, `further`, from its own weights: those that ship. Raises ValueError
    where the row has no steps for that.
    """
    if further and row.further is None:
        raise ValueError(f"{STYLES.name}, [{name}] has no steps of a further training")
    targets = Targets(contents, row.reference(references), vgg, turns=row.turns, heads=row.head is not None)
    start = None if name == FIRST and not further else begun(folder, name if further else FIRST, targets.device)
    lesson = StyleTrainer(targets, row.waves, vgg, seed=2 if further else 1, start=start, even_weight=row.even)
    steps = row.further if further else row.steps or STEPS[name == FIRST]
    with tqdm(total=steps, desc=name, unit="step", smoothing=0.05, mininterval=10) as bar:
        def tell(_part: float) -> None:
            bar.set_postfix({k: f"{v:.3f}" for k, v in lesson.figures.items()}, refresh=False)
            bar.update(lesson.done - bar.n)
        lesson.run(steps, minutes, tell)
    mu, sigma, kappa = lesson.constants()
    torch.save({"network": {key: tensor.cpu() for key, tensor in lesson.average.network.state_dict().items()}, "mu": mu, "sigma": sigma,
                "kappa": kappa, "texture": lesson.figures["texture"]}, folder / f"{name}.pt")
    return lesson.figures
