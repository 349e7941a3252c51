"""Gains over bicubic on small pictures with JPEG artefacts and noise: enlarged as clean ones, as photographs, and as `auto` decides.

    python -m export.evaluate_photos HELD [--scale 4]

HELD is what `python -m export.validation_set` makes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .measure.photos import DAMAGES, KINDS, gains


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_photos", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=int, default=4)
    arguments = parser.parse_args()
    print(f"| small picture | {' | '.join(KINDS)} | treated |\n{'| --- ' * (len(KINDS) + 2)}|")
    for name, damage in DAMAGES.items():
        found = gains(arguments.folder, arguments.scale, damage)
        print(f"| {name} | {' | '.join(f'{found[kind]:+.2f}' for kind in KINDS)} | {found['share']:.0%} |", flush=True)


if __name__ == "__main__":
    main()
