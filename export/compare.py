"""Ours beside the networks of the literature: size, work, speed, memory, quality; a table and a plot.

    python -m export.compare --baselines RUNS --bench BENCH/Set5 BENCH/Set14 BENCH/BSD100 --vgg-weights FILE.npz

RUNS holds a training run of each network in `export/configs/baselines/` (equal time on the same data, see docs/comparison.md). Whatever has
none there is timed with random weights, and the table says so.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
from pathlib import Path

from tqdm import tqdm

from smssr_infer.arrays import tiling

from .measure.comparison import against_fsrcnn, clock, compared, export, judge, looks_table, ours, peers, plot, table, without_network
from .measure.page import renew
from .measure.perception import measures

BEGIN, END = "<!-- table -->", "<!-- end -->"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.compare", description=__doc__.split("\n")[0])
    parser.add_argument("--baselines", type=Path, required=True, help="folder of the baselines' training runs")
    parser.add_argument("--bench", type=Path, nargs="+", required=True, help="benchmark folders")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of comparison.md (its table is renewed) and comparison.svg")
    parser.add_argument("--peers", type=Path, help="folder of others' networks as .onnx, RGB in and out, ×4, with their own weights")
    parser.add_argument("--kept", type=Path, help="file that keeps the qualities, so that a run that was stopped goes on")
    parser.add_argument("--only", nargs="*", help="names of networks; by default all")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz: a second table says how the results look")
    arguments = parser.parse_args()
    looks = measures(arguments.vgg_weights) if arguments.vgg_weights else None
    with tempfile.TemporaryDirectory() as folder:
        rows = [export(name, arguments.baselines, Path(folder)) for name in compared(arguments.baselines)
                if not arguments.only or name in arguments.only]
        rows += [row for row in ours(arguments.baselines) if not arguments.only or row.name in arguments.only]
        rows += list(peers(arguments.peers)) if arguments.peers else []
        kept = json.loads(arguments.kept.read_text()) if arguments.kept and arguments.kept.exists() else {}
        for row in tqdm(rows, desc="quality", disable=None):
            row.quality.update(kept.get(row.name, {}))
            judge(row, arguments.bench, looks)
            kept[row.name] = row.quality
            if arguments.kept:
                arguments.kept.write_text(json.dumps(kept))
        for row in tqdm(rows, desc="speed", disable=None):
            clock(row)
        rows.insert(0, without_network(arguments.bench, looks))
        beside = against_fsrcnn(rows)
    names = [folder.name for folder in arguments.bench]
    lines = table(rows, names)
    if looks:
        lines += ["", *looks_table(rows, names[0])]
    print("\n".join(lines))
    said = f"Measured on {tiling.cores()} threads, {platform.processor() or platform.machine()}.{beside}"
    renew(arguments.out / "comparison.md", BEGIN, END, [said, "", *lines])
    plot([row for row in rows if names[-1] in row.quality], names[-1], arguments.out / "comparison.svg")


if __name__ == "__main__":
    main()
