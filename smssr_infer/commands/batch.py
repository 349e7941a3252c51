"""`smssr batch IN_DIR OUT_DIR`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .arguments import Commands, add_restoring, add_scale_and_model, numbers, progress_bar, restoring


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("batch", help="enlarge or restore a folder of pictures",
                                 description="Enlarge every picture of a folder into another, restored first if wanted, or restored alone "
                                             "(--scale 1). A mask may be a folder of masks, of the pictures' names. A picture that fails "
                                             "is listed and the rest is done; run again, it does what is missing. Exit status 0 if every "
                                             "picture is done, else 2.")
    parser.add_argument("input", type=Path, metavar="IN_DIR")
    parser.add_argument("output", type=Path, metavar="OUT_DIR", help="created if it does not exist")
    add_scale_and_model(parser)
    parser.add_argument("--bands", type=numbers, metavar="FINE,…,COARSE", help="a gain for each band of detail, as in 'smssr upscale'")
    add_restoring(parser)
    parser.add_argument("--format", metavar="ENDING", help="png, jpg, tif, webp … (default: each picture's own)")
    parser.add_argument("--names", default="", metavar="PATTERN",
                        help="names of the output files: {name}, {scale} and {model} are filled in (default '{name}-x{scale}', at scale 1 "
                             "'{name}-restored')")
    parser.add_argument("--existing", choices=("skip", "replace", "rename"), default="skip",
                        help="what to do where an output file already exists (default skip)")
    parser.add_argument("--recursive", action="store_true", help="folders within, too")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Enlarge a folder. Raises ValueError where a picture failed, after the rest is done."""
    from ..folders.jobs import Order, jobs
    from ..folders.run import Summary
    from ..folders.run import run as do

    order = Order(source=arguments.input, target=arguments.output, scale=arguments.scale, model=arguments.model,
                  bands=tuple(arguments.bands) if arguments.bands else None, pattern=arguments.names, ending=arguments.format,
                  existing=arguments.existing, recursive=arguments.recursive, picture=arguments.picture, restoring=restoring(arguments),
                  cleaner=arguments.cleaner)
    todo = jobs(order)
    if not todo:
        raise ValueError(f"{order.source} holds no pictures{'' if order.recursive else '; --recursive looks into its folders'}")
    number = {job.source: i for i, job in enumerate(todo)}
    summary = Summary()
    try:
        with progress_bar("batch") as progress:
            do(order, todo, lambda job, done: progress((number[job.source] + done) / len(todo)), summary)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"cancelled: {summary}; run the same command again to do the rest") from None
    for source, reason in summary.failures:
        print(f"smssr: {reason}" if str(source) in reason else f"smssr: {source}: {reason}", file=sys.stderr)
    print(summary)
    if summary.skipped:
        print("smssr: existing files were left as they are, whatever made them; --existing replace makes them again", file=sys.stderr)
    if summary.failures:
        rest = "; the rest is done" if len(summary.failures) < len(todo) else ""
        raise ValueError(f"{len(summary.failures)} of {len(todo)} pictures failed{rest}")
