"""PSNR and SSIM on Y of models on benchmark folders, bicubic beside them; and, with VGG-16's filters, how their results look.

    python -m export.evaluate BENCH/Set5 BENCH/Set14 --scale 4 --model smssr-x4 --vgg-weights FILE.npz
"""

from __future__ import annotations

import argparse
from pathlib import Path

import smssr_infer
from smssr_infer import EnlargingCard

from .measure.perception import measures
from .measure.quality import BICUBIC, MEASURES, evaluate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="benchmark folders, with HR and LRx2, LRx3 or LRx4 inside")
    parser.add_argument("--scale", type=int, default=4, choices=(2, 3, 4))
    parser.add_argument("--model", action="append", help="repeatable; by default every super-resolution model of that scale")
    parser.add_argument("--best", action="store_true", help="average four answers, as 'smssr upscale --best'")
    parser.add_argument("--colour", action="store_true", help="PSNR of red, green and blue together")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz: measure how the results look, too")
    arguments = parser.parse_args()
    looks = measures(arguments.vgg_weights) if arguments.vgg_weights and not arguments.colour else {}
    models = arguments.model or [c.name for c in smssr_infer.models() if isinstance(c, EnlargingCard) and c.scale == arguments.scale]
    names = ["psnr"] if arguments.colour else [*MEASURES, *looks]
    widths = [max(9, len(name) + 2) for name in names]
    print(f"{'set':10}{'model':20}" + "".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True)) + f"{'gain, dB':>10}")
    for folder in arguments.folders:
        figures = evaluate(folder, arguments.scale, models, arguments.best, arguments.colour, looks)
        for name, own in figures.items():
            gain = own["psnr"] - figures[BICUBIC]["psnr"]
            cells = (f"{value:{width}.4f}" for value, width in zip(own.values(), widths, strict=True))
            print(f"{folder.name:10}{name:20}{''.join(cells)}{gain:+10.2f}")


if __name__ == "__main__":
    main()
