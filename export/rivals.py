"""Ours beside networks of others with their own weights, as ONNX files: quality and speed in one run of this runtime; a table and a plot.

    python -m export.rivals PEERS/*.onnx --bench BENCH/Set5 BENCH/Set14 BENCH/BSD100
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tqdm import tqdm

from smssr_infer.arrays import tiling

from .measure.comparison import Row, measure, ours, plot, table, without_network
from .measure.page import renew
from .packing.to_onnx import count

BEGIN, END = "<!-- rivals -->", "<!-- end -->"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.rivals", description=__doc__.split("\n")[0])
    parser.add_argument("peers", type=Path, nargs="+", help="ONNX files that enlarge by 4")
    parser.add_argument("--bench", type=Path, nargs="+", required=True, help="benchmark folders")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of comparison.md (its table is renewed) and rivals.svg")
    arguments = parser.parse_args()
    rows = [*ours(), *(Row(path.stem, str(path), count(path.read_bytes())) for path in arguments.peers)]
    for row in tqdm(rows, desc="networks", disable=None):
        measure(row, arguments.bench)
    rows = [without_network(arguments.bench), *sorted(rows, key=lambda row: -row.speed)]
    names = [folder.name for folder in arguments.bench]
    lines = table(rows, names)
    print("\n".join(lines))
    renew(arguments.out / "comparison.md", BEGIN, END, [f"Measured on {tiling.cores()} threads.", "", *lines])
    plot(rows, names[-1], arguments.out / "rivals.svg")


if __name__ == "__main__":
    main()
