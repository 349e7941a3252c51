"""`smssr batch IN_DIR OUT_DIR`"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .arguments import Commands, number, progress_bar
from .recipe_options import USUAL_SCALE, add_enlarging, add_painting, add_restoring, add_saving, recipe_of, save_recipe, say

if TYPE_CHECKING:
    from ..batch.existing import Summary
    from ..batch.spec import Job
    from ..recipe import Recipe


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("batch", help="enlarge, restore or paint on a folder of pictures",
                                 description="Enlarge every picture of a folder into another, restored before and painted on after if "
                                             "wanted, or at its size (--scale 1). A mask may be a folder of masks, of the pictures' names. "
                                             "A picture that fails is listed and the rest is done; run again, it does what is missing. "
                                             "Exit status 0 if every picture is done, else 2.")
    parser.add_argument("input", type=Path, metavar="IN_DIR")
    parser.add_argument("output", type=Path, metavar="OUT_DIR", help="created if it does not exist")
    add_enlarging(parser)
    add_restoring(parser)
    add_painting(parser)
    add_saving(parser)
    add_folder(parser)
    parser.set_defaults(run=run)


def add_folder(parser: argparse.ArgumentParser) -> None:
    """How a folder is gone through."""
    parser.add_argument("--format", metavar="ENDING", help="png, jpg, tif, webp … (default: each picture's own)")
    parser.add_argument("--names", default="", metavar="PATTERN",
                        help="names of the output files: {name}, {scale} and {model} are filled in (default '{name}-x{scale}', at scale 1 "
                             "'{name}-restored')")
    parser.add_argument("--existing", choices=("skip", "replace", "rename"), default="skip",
                        help="what to do where an output file already exists (default skip)")
    parser.add_argument("--recursive", action="store_true", help="folders within, too")
    parser.add_argument("--dask", metavar="ADDRESS", help="give the pictures to a Dask cluster: the scheduler's address, such as "
                                                          "tcp://host:8786, or 'local' for workers on this machine (docs/dask.md)")
    parser.add_argument("--through-scheduler", action="store_true",
                        help="with --dask, send the pictures' bytes through the scheduler (default: every worker sees both folders)")
    parser.add_argument("--retries", type=int, metavar="N",
                        help="with --dask, how often a picture is tried again after the workers that took it died (default 2)")
    parser.add_argument("--large", type=number, metavar="MPX",
                        help="with --dask, results of more megapixels are given out in bands of rows (default 64)")


def over_dask(arguments: argparse.Namespace) -> dict[str, Any]:
    """What is wanted of a cluster. Raises ValueError for options that do not go together."""
    wanted = {"through_scheduler": arguments.through_scheduler or None, "retries": arguments.retries,
              "large": arguments.large and int(arguments.large * 1e6)}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    if wanted and arguments.dask is None:
        raise ValueError(f"--{next(iter(wanted)).replace('_', '-')} is for --dask")
    if wanted.get("retries", 0) < 0 or wanted.get("large", 1) < 1:
        raise ValueError("--retries must be at least 0, --large above 0")
    return wanted


class Share:
    """The share of a batch that is done, told to `tell`: what is counted in the summary, and the parts of what is under way."""

    def __init__(self, summary: Summary, jobs: int, tell: Callable[[float], None]):
        self._summary, self._jobs, self._tell = summary, jobs, tell
        self._parts: dict[Path, float] = {}
        self._sum = 0.0

    def __call__(self, job: Job, share: float) -> None:
        self._sum += share - self._parts.get(job.source, 0.0)
        self._parts[job.source] = share
        self._tell(min(1.0, (self._summary.skipped + self._sum) / self._jobs))


def run(arguments: argparse.Namespace) -> None:
    """Enlarge a folder."""
    arguments.scale = USUAL_SCALE if arguments.scale is None else arguments.scale
    run_batch(arguments, recipe_of(arguments))


def run_batch(arguments: argparse.Namespace, recipe: Recipe) -> None:
    """Run a recipe on a folder. Raises ValueError where a picture failed, after the rest is done."""
    from ..batch.existing import Summary
    from ..batch.run import run as do
    from ..batch.spec import BatchSpec, jobs

    of_cluster = over_dask(arguments)
    spec = BatchSpec(source=arguments.input, target=arguments.output, recipe=recipe, pattern=arguments.names, ending=arguments.format,
                     existing=arguments.existing, recursive=arguments.recursive)
    save_recipe(arguments, recipe, [arguments.input])
    todo = jobs(spec)
    if not todo:
        raise ValueError(f"{spec.source} holds no pictures{'' if spec.recursive else '; --recursive looks into its folders'}")
    summary = Summary()
    try:
        with progress_bar("batch") as progress:
            done = Share(summary, len(todo), progress)
            if arguments.dask:
                from ..cluster import client

                client.run(spec, todo, arguments.dask, done, summary, **of_cluster)
            else:
                do(spec, todo, done, summary)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"cancelled: {summary}; run the same command again to do the rest") from None
    for source, reason in summary.failures:
        say(reason if str(source) in reason else f"{source}: {reason}")
    for words, results in summary.without.items():
        which = results[0] if len(results) == 1 else f"{results[0]} and {len(results) - 1} more"
        say(f"{which} could not hold of the picture: {words}")
    print(summary)
    if summary.skipped:
        say("existing files were left as they are, whatever made them; --existing replace makes them again")
    if summary.failures:
        rest = "; the rest is done" if len(summary.failures) < len(todo) else ""
        raise ValueError(f"{len(summary.failures)} of {len(todo)} pictures failed{rest}")
