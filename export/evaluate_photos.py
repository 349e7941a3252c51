"""Gains over bicubic on small pictures with JPEG artefacts and noise: enlarged as clean ones, as photographs, and as `auto` decides.

    python -m export.evaluate_photos HELD [--scale 4] [--real-noise DIR]

HELD is what `python -m export.validation_set` makes. With a folder of pairs of real noise, also what `auto` loses on files of a
camera that no training saw, against the best of the four ways to treat them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from .measure.photos import DAMAGES, KINDS, TREATED, behind, gains
from .measure.treatments import LEFT_OUT, lost_on_shots

COUNT = 100
CLOSE = 0.3
"""dB that nobody sees."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_photos", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=int, default=4)
    parser.add_argument("--real-noise", type=Path, help="folder of pairs NAME_real.JPG, NAME_mean.JPG")
    arguments = parser.parse_args()
    print(f"| small picture | {' | '.join(KINDS)} | treated |\n{'| --- ' * (len(KINDS) + 2)}|")
    lost = []
    for name, damage in DAMAGES.items():
        found = gains(arguments.folder, arguments.scale, damage)
        print(f"| {name} | {' | '.join(f'{found[kind].mean():+.2f}' for kind in KINDS)} | {found[TREATED].mean():.0%} |", flush=True)
        lost.append(behind(found))
    lost = np.concatenate(lost)
    print(f"auto, of {len(lost)} pictures: within {CLOSE} dB of the better of clean and photo for {(lost <= CLOSE).mean():.0%}, "
          f"{lost.max():.2f} dB behind at most")
    if arguments.real_noise:
        lost = lost_on_shots(arguments.real_noise, COUNT)
        print(f"{LEFT_OUT}, {COUNT} windows of its files: {lost.mean():.2f} dB lost against the best way, within {CLOSE} dB for "
              f"{(lost <= CLOSE).mean():.0%}")


if __name__ == "__main__":
    main()
