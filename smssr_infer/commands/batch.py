"""`smssr batch IN_DIR OUT_DIR`"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .arguments import Commands, number, progress_bar
from .recipe_options import (
    add_dry_run,
    add_enlarging,
    add_painting,
    add_recipe,
    add_restoring,
    add_saving,
    recipe_of,
    save_options,
    save_recipe,
    say,
    use_usual_scale,
)

if TYPE_CHECKING:
    from ..batch.existing import Summary
    from ..batch.spec import BatchSpec, Job
    from ..recipe import Recipe


NUMBER = re.compile(r"\d+(?:\.\d+)?")


def add(commands: Commands) -> None:
    """The command's arguments."""
    parser = commands.add_parser("batch", help="enlarge, restore or paint on a folder of pictures",
                                 description="Enlarge every picture of a folder into another, restored before and painted on after if "
                                             "wanted. Without a size it is enlarged four times, but not where it is painted on. A mask may "
                                             "be a folder of masks, of the pictures' names. "
                                             "A picture that fails or cannot be read is named, and the rest is done; run again, it does "
                                             "what is missing. Hidden folders, thumbnails and trash are left out. Exit status 0 if every "
                                             "picture is done, else 2.")
    parser.add_argument("input", type=Path, metavar="IN_DIR")
    parser.add_argument("output", type=Path, metavar="OUT_DIR", help="created if it does not exist")
    add_enlarging(parser)
    add_restoring(parser)
    add_painting(parser)
    add_saving(parser)
    add_recipe(parser)
    add_folder(parser)
    parser.set_defaults(run=run)


def add_folder(parser: argparse.ArgumentParser) -> None:
    """How a folder is gone through."""
    parser.add_argument("--format", metavar="ENDING", help="png, jpg, tif, webp … (default: each picture's own)")
    parser.add_argument("--names", default="", metavar="PATTERN",
                        help="names of the output files, in which are filled in: {name} or {stem}, the picture's without its ending; "
                             "{ext}, its ending; {n}, its number, {n:04} with four digits; {width} and {height} of the result; {folder}; "
                             "{scale}; {model} (default '{name}-x{scale}', for a size '{name}-{scale}', at scale 1 '{name}-restored' or "
                             "'{name}-painted'). Pictures that would get the same name get their endings in it: a-jpg-x2, a-png-x2")
    parser.add_argument("--existing", choices=("skip", "replace", "rename"), default="skip",
                        help="what to do where an output file already exists (default skip)")
    parser.add_argument("--recursive", action="store_true", help="subfolders, too")
    parser.add_argument("--report", type=Path, metavar="FILE.csv|html",
                        help="a table of what became of every picture: sizes, models, seconds, remarks; .html shows it before and after")
    add_dry_run(parser)
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
    if not arguments.style and not arguments.coarse:
        use_usual_scale(arguments)
    run_batch(arguments, recipe_of(arguments))


def run_batch(arguments: argparse.Namespace, recipe: Recipe) -> None:
    """Run a recipe on a folder. Raises ValueError where a picture failed, after the rest is done."""
    from ..batch import report
    from ..batch.existing import Summary
    from ..batch.run import run as do
    from ..batch.spec import BatchSpec, jobs

    of_cluster = over_dask(arguments)
    spec = BatchSpec(source=arguments.input, target=arguments.output, recipe=recipe, pattern=arguments.names, ending=arguments.format,
                     existing=arguments.existing, recursive=arguments.recursive, options=save_options(arguments))
    if arguments.report:
        report.check(arguments.report)
    save_recipe(arguments, recipe, [arguments.input])
    todo = jobs(spec)
    if not todo:
        raise ValueError(f"{spec.source} holds no pictures{'' if spec.recursive else '; --recursive looks into its folders'}")
    if arguments.dry_run:
        foretell(spec, todo)
        return
    summary = Summary()
    try:
        with progress_bar("batch") as progress:
            done = Share(summary, len(todo), progress)
            if arguments.dask:
                from ..cluster import client

                client.run(spec, todo, arguments.dask, done, summary, **of_cluster)
            else:
                do(spec, todo, done, summary, thumbnails=report.shows(arguments.report))
    except KeyboardInterrupt:
        _say_failures(summary)
        raise KeyboardInterrupt(f"cancelled: {summary}; run the same command again to do the rest") from None
    finally:
        if arguments.report:
            report.write(arguments.report, todo, summary)
    _say_failures(summary)
    for words, pictures in _alike(summary.remarks):
        say(f"{_first(pictures)}: {words}")
    for words, results in summary.without.items():
        say(f"{_first(results)} could not hold of the picture: {words}")
    print(summary)
    if summary.skipped:
        say("existing files were left as they are; --existing replace overwrites them")
    _say_left_out(spec)
    if summary.failures:
        rest = "; the rest is done" if len(summary.failures) < len(todo) else ""
        raise ValueError(f"{len(summary.failures)} of {len(todo)} pictures failed{rest}")


def _say_failures(summary: Summary) -> None:
    """Which pictures failed, and why."""
    for source, reason in summary.failures:
        say(reason if str(source) in reason else f"{source}: {reason}")


def _say_left_out(spec: BatchSpec) -> None:
    """Which files are no pictures, and which folders were not looked into."""
    from ..batch.spec import left_out, no_pictures

    others = no_pictures(spec)
    if len(others) == 1:
        say(f"{spec.source / others[0]}: no picture; left out")
    elif others:
        say(f"{spec.source}: {len(others)} files, such as {others[0]}, are no pictures; left out")
    if within := left_out(spec):
        say(f"{spec.source}: pictures in folders within, such as {within[0]}, are left out; --recursive takes them in")


def _alike(remarks: dict[str, list[Path]]) -> Iterator[tuple[str, list[Path]]]:
    """The remarks, and of which pictures they are; those that differ in numbers alone as one, with the least and the most of these."""
    kinds: dict[str, list[str]] = {}
    for words in remarks:
        kinds.setdefault(NUMBER.sub("0", words), []).append(words)
    for alike in kinds.values():
        yield _with_spans(alike), [path for words in alike for path in remarks[words]]


def _with_spans(alike: list[str]) -> str:
    """Words that differ in numbers alone as one, with the least and the most of each number."""
    columns = zip(*(NUMBER.findall(words) for words in alike), strict=True)
    spans = iter([(min(column, key=float), max(column, key=float)) for column in columns])
    return NUMBER.sub(lambda _found: "–".join(dict.fromkeys(next(spans))), alike[0])


def _first(paths: list[Path]) -> str:
    """The first of several, and how many more there are."""
    return str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"


def foretell(spec: BatchSpec, todo: list[Job]) -> None:
    """Say what a batch would do. Raises ValueError where a picture would fail, after all are told of."""
    from ..batch import forecast
    from ..batch.existing import Choice, Summary
    from ..batch.spec import Job

    choice = Choice(spec, Summary())
    pairs = ((job.source, job.target) for job in choice.todo(todo))
    seconds = nbytes = 0.0
    for source, target, told in forecast.told(spec.recipe, spec.options, pairs):
        if isinstance(told, ValueError):
            choice.failed(Job(source, target), told)
            continue
        seconds, nbytes = seconds + told.seconds, nbytes + told.nbytes
        choice.written(Job(source, target))
        print(f"{source} → {target}: {told}")
    _say_failures(choice.summary)
    summary = choice.summary
    print(f"{summary.written} would be written, in about {forecast.duration(seconds)}, about {forecast.amount(nbytes)}; "
          f"{summary.skipped} skipped (already exist)")
    _say_left_out(spec)
    if summary.failures:
        raise ValueError(f"{len(summary.failures)} of {len(todo)} pictures would fail")
