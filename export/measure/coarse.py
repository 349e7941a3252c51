"""How a coarse style changes pictures that nobody trained on, by the runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from smssr_infer import Style, stylize
from smssr_infer.analysis.palette import Palette, root
from smssr_infer.arrays.pixels import grey
from smssr_infer.arrays.resample import resize
from smssr_infer.networks.cards import CoarseNetworkCard

from ..data.photographs import unseen
from ..losses.vgg import VGG
from ..training.painting_trainer import PATCH, covariance, crops, distance, maps, patch_on
from ..training.styling import luma

LIMITS = {"forms": 0.85, "palette": 0.15, "chroma": 1.5}
LEAST_KEPT = 0.8


def wholes(photos: Path) -> list[np.ndarray]:
    """The photographs of the validation set, `[H, W, 3]` uint8."""
    found = []
    for path in unseen(photos):
        with Image.open(path) as picture:
            found.append(np.asarray(picture.convert("RGB")))
    return found


def apart(a: Palette, b: Palette) -> float:
    """The 2-Wasserstein distance of normal distributions with these means and covariances, of colours in 0 … 1."""
    sqrt = root(a.covariance)
    spread = np.trace(a.covariance) + np.trace(b.covariance) - 2 * np.trace(root(sqrt @ b.covariance @ sqrt))
    return float(np.sqrt(np.square(a.mean - b.mean).sum() + max(0.0, spread)))


def _small(rgb: np.ndarray, grid: int) -> np.ndarray:
    """RGB `[H, W, 3]` in 0 … 1 on the grid, `[3, h, w]`."""
    planes = np.ascontiguousarray(rgb.transpose(2, 0, 1), np.float32)
    return np.clip(resize(planes, planes.shape[1] // grid, planes.shape[2] // grid), 0, 1)


def _chroma(rgb: np.ndarray) -> float:
    """How much chroma changes from pixel to pixel, `[3, h, w]`: root of the mean square of the second difference."""
    chroma = rgb - grey(rgb)
    return float(np.sqrt(np.mean(np.square(np.diff(chroma, 2, axis=1))) + np.mean(np.square(np.diff(chroma, 2, axis=2)))))


@torch.no_grad()
def measure(card: CoarseNetworkCard, painting: np.ndarray, pictures: list[np.ndarray], vgg: VGG) -> dict[str, float]:
    """The figures of a coarse style. `painting`: RGB `[h, w, 3]` uint8 on the style's grid; `pictures`: RGB `[H, W, 3]` uint8."""
    def features(rgb: np.ndarray) -> dict:
        seen = maps(vgg, torch.from_numpy(rgb)[None])
        return {key: covariance(crops(x, patch_on(key, PATCH))) for key, x in seen.items()}

    palette = Palette(np.array(card.mean), np.array(card.covariance).reshape(3, 3))
    wanted = {key: found.mean(0) for key, found in features(painting.transpose(2, 0, 1).astype(np.float32) / 255).items()}

    def forms(rgb: np.ndarray) -> float:
        return float(np.mean([distance(found, wanted[key]).mean() for key, found in features(rgb).items()]))

    rows = []
    for picture in pictures:
        x = picture.astype(np.float32) / 255
        before = Palette.of(x)
        matrix, offset = before.towards(palette)
        matched = _small(np.clip(x @ matrix.T + offset, 0, 1), card.grid)
        painted = stylize(x, coarse={card.name: Style(1.0, size=1)})
        small = _small(painted, card.grid)
        half = luma(torch.from_numpy((x + painted) / 2).permute(2, 0, 1)[None]).numpy().ravel()
        kept = np.corrcoef(half, luma(torch.from_numpy(x).permute(2, 0, 1)[None]).numpy().ravel())[0, 1]
        rows.append((forms(small) / forms(matched), apart(before, palette), apart(Palette.of(painted), palette),
                     _chroma(small) / max(_chroma(matched), 1e-3), kept))
    return dict(zip(("forms", "palette_before", "palette", "chroma", "kept"), np.mean(rows, 0).tolist(), strict=True))


def misses(metrics: dict[str, float]) -> list[str]:
    """Which figures do not reach their bars."""
    return [key for key, most in LIMITS.items() if metrics[key] > most] + (["kept"] if metrics["kept"] < LEAST_KEPT else [])
