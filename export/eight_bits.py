"""Ship a shipped model's copy with its inner convolutions in 8-bit integers, as `NAME-int8`.

    python -m export.eight_bits smssr-x4 --photos DIR --bench BENCH/Set5 BENCH/Set14 BENCH/BSD100
"""

from __future__ import annotations

import argparse
from pathlib import Path

from smssr_infer import EnlargingCard
from smssr_infer.networks import manifest

from .ship.eight_bits import publish


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.eight_bits", description=__doc__.split("\n")[0])
    parser.add_argument("model", help="name of a shipped super-resolution model")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--bench", type=Path, nargs="+", required=True, help="benchmark folders to measure on")
    arguments = parser.parse_args()
    try:
        publish(manifest.find(arguments.model, EnlargingCard), arguments.photos, arguments.bench)
    except ValueError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
