"""Train the shipped styles of `styles.toml`, one after the other.

    python -m export.train_styles --references DIR --photos DIR --vgg-weights FILE.npz --out runs/styles [NAME …]

`grass` is trained first and longest; every other style starts from it. A style whose file is there already is skipped, so the same
command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import math
import tomllib
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from .contents import photographed
from .data import photographs
from .drawn import DRAWN
from .learn import EVEN_WEIGHT, PATCH, SIDE, Lesson, Targets
from .texture import Reference
from .train import HELD_BACK
from .vgg import VGG

STYLES = Path(__file__).with_name("styles.toml")
FIRST = "grass"
BAND = (0.7, 4.0)
STEPS = {"first": 1200, "others": 700}
CONTENTS = 192


def styles() -> dict[str, dict]:
    """The rows of `styles.toml`, the first style first."""
    rows = tomllib.loads(STYLES.read_text(encoding="utf-8"))
    return {FIRST: rows[FIRST]} | rows


def picture(row: dict, references: Path) -> np.ndarray:
    """The luma of a style's reference, H×W float32 in 0 … 1."""
    if row["picture"] in DRAWN:
        return DRAWN[row["picture"]]()
    with Image.open(references / row["picture"]) as image:
        grey = image.convert("L").crop(row.get("crop", (0, 0, *image.size)))
    reduce = row.get("reduce", 1)
    grey = grey.resize((round(grey.width / reduce), round(grey.height / reduce)), Image.Resampling.LANCZOS)
    return np.asarray(grey, np.float32) / 255


def reference(row: dict, references: Path) -> Reference:
    """A style's reference in its band."""
    return Reference(picture(row, references), tuple(row.get("band", BAND)), PATCH)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.train_styles", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="styles to train; without a name, all")
    parser.add_argument("--references", type=Path, required=True, help="folder of the reference pictures")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs to lay the textures over")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz; without, torchvision's")
    parser.add_argument("--out", type=Path, required=True, help="folder for the trained styles")
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most so long for each style")
    arguments = parser.parse_args()
    held = set(HELD_BACK.read_text().split())
    paths = [p for p in photographs(arguments.photos) if p.name not in held]
    contents = photographed(paths, CONTENTS, SIDE, seed=1)
    vgg = VGG(arguments.vgg_weights)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, row in styles().items():
        target = arguments.out / f"{name}.pt"
        if target.exists() or (arguments.names and name not in arguments.names):
            continue
        targets = Targets(contents, reference(row, arguments.references), vgg)
        start = None if name == FIRST else torch.load(arguments.out / f"{FIRST}.pt", weights_only=True)["network"]
        lesson = Lesson(targets, row.get("waves", []), vgg, start=start, even_weight=row.get("even", EVEN_WEIGHT))
        steps = row.get("steps", STEPS["first" if name == FIRST else "others"])
        with tqdm(total=steps, desc=name, unit="step", smoothing=0.05, mininterval=10) as bar:
            def tell(part: float, bar=bar, lesson=lesson) -> None:
                bar.set_postfix({k: f"{v:.3f}" for k, v in lesson.figures.items()}, refresh=False)
                bar.update(lesson.done - bar.n)
            lesson.run(steps, arguments.minutes, tell)
        mu, sigma, kappa = lesson.constants()
        torch.save({"network": lesson.average.network.state_dict(), "mu": mu, "sigma": sigma, "kappa": kappa,
                    "texture": lesson.figures["texture"]}, target)
        print(f"{name}: {lesson.figures}, mu {mu:.4f}, sigma {sigma:.3f}, kappa {kappa:.3f}", flush=True)


if __name__ == "__main__":
    main()
