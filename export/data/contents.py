"""Pictures to lay textures over: patches of photographs as users have them, or drawn ones where there are no photographs.

Users stylise sharp pictures, bicubic enlargements and what super-resolution makes; a third of the patches is of each kind.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from smssr_infer import upscale
from smssr_infer.analysis.palette import Palette
from smssr_infer.arrays.resample import resize
from smssr_infer.arrays.scale_space import gaussian, separable

SCALE = 4


def photographed(paths: list[Path], count: int, side: int, seed: int) -> np.ndarray:
    """`count` RGB patches `[count, side, side, 3]` uint8: sharp, enlarged bicubically and enlarged by the default model in turn."""
    random = np.random.default_rng(seed)
    patches = []
    for i in tqdm(range(count), desc="content", unit="", disable=None):
        with Image.open(paths[random.integers(len(paths))]) as picture:
            width, height = picture.size
            large = side if i % 3 == 0 else side * SCALE
            large = min(large, width, height)
            left, top = random.integers(width - large + 1), random.integers(height - large + 1)
            crop = picture.convert("RGB").crop((left, top, left + large, top + large))
        patch = np.asarray(crop, np.float32) / 255
        if i % 3:
            small = np.stack([resize(np.ascontiguousarray(patch[..., c]), *2 * [-(-side // SCALE)]) for c in range(3)], 2)
            small = np.clip(small, 0, 1).astype(np.float32)
            if i % 3 == 1:
                patch = np.stack([resize(np.ascontiguousarray(small[..., c]), side, side) for c in range(3)], 2)
            else:
                patch = upscale(small, SCALE)[:side, :side]
        patches.append(np.clip(255 * patch + 0.5, 0, 255).astype(np.uint8))
    return np.stack(patches)


def dead_leaves(count: int, side: int, seed: int) -> np.ndarray:
    """`count` RGB patches of dead leaves `[count, side, side, 3]` uint8: discs, each in one slightly shaded colour, that cover each other.

    Such pictures share with photographs their edges, flat parts and power spectrum. A third is blurred slightly, a third strongly.
    """
    random = np.random.default_rng(seed)
    down, across = np.mgrid[:side, :side].astype(np.float32)
    patches = []
    for i in range(count):
        base, spread = random.uniform(0.15, 0.85, 3), random.uniform(0.02, 0.3)
        patch = np.broadcast_to(base, (side, side, 3)).astype(np.float32)
        for _ in range(60):
            r = min(side, 6 / random.uniform(0.04, 1) ** 0.8)
            y, x = random.uniform(-r, side + r, 2)
            inside = (down - y) ** 2 + (across - x) ** 2 < r * r
            shade = 1 + random.uniform(-0.004, 0.004) * (down - y) + random.uniform(-0.004, 0.004) * (across - x)
            colour = base + random.normal(0, spread) + random.normal(0, spread / 4, 3)
            patch = np.where(inside[..., None], colour * shade[..., None], patch).astype(np.float32)
        sigma = (0.4, 0.8, 2.0)[i % 3]
        blur = gaussian(side, sigma)
        planes = separable(np.ascontiguousarray(patch.transpose(2, 0, 1)), blur, blur, (0, side), (0, side))
        patches.append(np.clip(255 * planes.transpose(1, 2, 0) + 0.5, 0, 255).astype(np.uint8))
    return np.stack(patches)


def whole_and_cut(paths: list[Path], each: int, side: int, grid: int, seed: int) -> tuple[np.ndarray, list[Palette]]:
    """`each` RGB patches from every photograph, reduced about `grid` times, `[N, side, side, 3]` uint8, and the palettes of the whole
    photographs; every eighth patch is grey."""
    random = np.random.default_rng(seed)
    patches, palettes = [], []
    for path in tqdm(paths, desc="content", unit="", disable=None):
        with Image.open(path) as file:
            picture = file.convert("RGB")
        for _ in range(each):
            shown = picture.convert("L").convert("RGB") if len(patches) % 8 == 7 else picture
            shrink = min(grid * random.uniform(0.7, 1.2), min(picture.size) / side)
            small = shown.resize(tuple(max(side, round(n / shrink)) for n in picture.size), Image.Resampling.LANCZOS)
            left, top = random.integers(small.width - side + 1), random.integers(small.height - side + 1)
            patches.append(np.asarray(small.crop((left, top, left + side, top + side))))
            palettes.append(Palette.of(np.asarray(small, np.float32) / 255))
    return np.stack(patches), palettes
