"""What is no photograph, beside Lanczos: `python -m export.graphics` prints the table of docs/results.md.

Pairs are drawn by `export.data.graphics`, by numbers that no training sees; Y-PSNR in dB, without a rim of as many pixels as the scale;
what has transparency is laid on grey.
"""

from __future__ import annotations

import argparse

import numpy as np
from PIL import Image

import smssr_infer as smssr

from .data.graphics import GRAPHICS, graphic

FIRST = 1_000_000
GREY = 128


def seen(pixels: np.ndarray) -> np.ndarray:
    """Luma as it is seen, 0 … 255."""
    pixels = pixels.astype(np.float64)
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        alpha = pixels[..., 3:] / 255
        pixels = pixels[..., :3] * alpha + GREY * (1 - alpha)
    return pixels @ (0.299, 0.587, 0.114) if pixels.ndim == 3 else pixels


def psnr(result: np.ndarray, large: np.ndarray, rim: int) -> float:
    """Y-PSNR in dB."""
    part = np.s_[rim:-rim, rim:-rim]
    return float(10 * np.log10(255**2 / np.mean((seen(result)[part] - seen(large)[part]) ** 2)))


def lanczos(small: np.ndarray, scale: int) -> np.ndarray:
    """As Pillow enlarges it."""
    size = small.shape[1] * scale, small.shape[0] * scale
    return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.LANCZOS))


def main() -> None:
    """Measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3, help="of each kind (default 3)")
    parser.add_argument("--scales", type=int, nargs="+", default=[2, 3, 4])
    parser.add_argument("--model", help="another model, or an ONNX file (default: the default of each scale)")
    arguments = parser.parse_args()
    head = [f"×{scale} {way}" for scale in arguments.scales for way in ("Lanczos", "smssr", "better by")]
    print(f"| | {' | '.join(head)} |\n| --- |{' --- |' * len(head)}")
    for name in GRAPHICS:
        cells: list[str] = []
        for scale in arguments.scales:
            pairs = [graphic(name, FIRST + number, scale) for number in range(arguments.pairs)]
            old = float(np.mean([psnr(lanczos(small, scale), large, scale) for small, large in pairs]))
            new = float(np.mean([psnr(smssr.upscale(small, scale, arguments.model), large, scale) for small, large in pairs]))
            cells += [f"{old:.2f}", f"{new:.2f}", f"{new - old:+.2f}"]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
