"""PSNR and SSIM on Y of models on benchmark folders, bicubic beside them.

    python -m export.evaluate BENCH/Set5 BENCH/Set14 --scale 4 --model smssr-x4

A folder holds `HR/` and `LRx2/`, `LRx3/`, `LRx4/` with files of the same names. Protocol: the small RGB picture is enlarged to an
8-bit RGB picture; Y is that of MATLAB's rgb2ycbcr (16 … 235); `scale` pixels are shaved off each border; figures are averages
over the pictures.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity
from tqdm import tqdm

import smssr_infer
from smssr_infer.resample import resize


def matlab_y(rgb: np.ndarray) -> np.ndarray:
    """Y of MATLAB's rgb2ycbcr for RGB in 0 … 255: 16 … 235, as float64."""
    return 16 + rgb.astype(np.float64) @ np.array([65.481, 128.553, 24.966]) / 255


def measure(answer: np.ndarray, truth: np.ndarray, shave: int) -> tuple[float, float]:
    """(PSNR in dB, SSIM) on Y of two 8-bit RGB pictures, `shave` pixels off each border."""
    a, b = (matlab_y(rgb)[shave:-shave, shave:-shave] for rgb in (answer, truth))
    psnr = 10 * np.log10(255**2 / np.mean((a - b) ** 2))
    ssim = structural_similarity(a, b, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    return float(psnr), float(ssim)


def bicubic_picture(rgb: np.ndarray, scale: int) -> np.ndarray:
    """An 8-bit RGB picture enlarged by bicubic alone."""
    planes = resize(rgb.transpose(2, 0, 1).astype(np.float32), rgb.shape[0] * scale, rgb.shape[1] * scale)
    return np.clip(np.rint(planes), 0, 255).astype(np.uint8).transpose(1, 2, 0)


def evaluate(folder: Path, scale: int, models: list[str]) -> dict[str, tuple[float, float]]:
    """Average (PSNR, SSIM) of "bicubic" and of each model. Raises ValueError where the folder holds no such pairs."""
    pairs = [(p, folder / "HR" / p.name) for p in sorted((folder / f"LRx{scale}").glob("*.*"))]
    if not pairs:
        raise ValueError(f"{folder} has no LRx{scale} pictures")
    figures: dict[str, list] = {name: [] for name in ["bicubic", *models]}
    for small_path, large_path in tqdm(pairs, desc=f"{folder.name} ×{scale}", disable=None, leave=False):
        small, truth = (np.asarray(Image.open(p).convert("RGB")) for p in (small_path, large_path))
        truth = truth[:small.shape[0] * scale, :small.shape[1] * scale]
        figures["bicubic"].append(measure(bicubic_picture(small, scale), truth, scale))
        for name in models:
            figures[name].append(measure(smssr_infer.upscale(small, scale, model=name), truth, scale))
    return {name: tuple(float(v) for v in np.mean(values, axis=0)) for name, values in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="benchmark folders, with HR and LRx2, LRx3 or LRx4 inside")
    parser.add_argument("--scale", type=int, default=4, choices=(2, 3, 4))
    parser.add_argument("--model", action="append", help="repeatable; by default every super-resolution model of that scale")
    arguments = parser.parse_args()
    models = arguments.model or [c.name for c in smssr_infer.models() if c.task == "sr" and c.scale == arguments.scale]
    print(f"{'set':10}{'model':14}{'PSNR':>8}{'SSIM':>9}{'gain':>8}")
    for folder in arguments.folders:
        figures = evaluate(folder, arguments.scale, models)
        for name, (psnr, ssim) in figures.items():
            print(f"{folder.name:10}{name:14}{psnr:8.2f}{ssim:9.4f}{psnr - figures['bicubic'][0]:+8.2f}")


if __name__ == "__main__":
    main()
