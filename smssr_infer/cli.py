"""The command `smssr`.

Exit status 0; 2 with one line on standard error for anything that does not work; 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from . import __version__


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> None:
        raise ValueError(f"{message} (see '{self.prog} --help')")


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar on a terminal's standard error, shown once the work has taken a second."""
    from tqdm import tqdm

    shape = "{desc} {percentage:3.0f}% |{bar}| {remaining} left"
    with tqdm(total=1.0, desc=label, delay=1, disable=None, leave=False, bar_format=shape) as bar:
        yield lambda done: bar.update(done - bar.n)


def numbers(text: str) -> list[float]:
    """`1.5,1,0` as a list."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of numbers such as 1.5,1,1") from None


def number(text: str) -> float:
    """A number, `x` or `×` before it allowed."""
    try:
        return float(text.lstrip("x×"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def upscale(arguments: argparse.Namespace) -> None:
    """`smssr upscale`"""
    from . import files
    from .upscale import check_scale, plan
    from .upscale import upscale as enlarge

    source, target = arguments.input, arguments.output
    if target.exists() and source.exists() and target.samefile(source):
        raise ValueError(f"{target} is the input itself; give the answer another name")
    files.writer(target)
    picture = files.read(source)
    files.check(target, picture, *check_scale(arguments.scale, *picture.pixels.shape[:2]))
    plan(arguments.scale, arguments.model)
    if picture.frames > 1:
        print(f"smssr: {source} has {picture.frames} frames; only the first is enlarged", file=sys.stderr)
    with progress_bar(source.name) as progress:
        pixels = enlarge(picture.pixels, arguments.scale, arguments.model, arguments.bands, progress)
    files.write(target, picture.enlarged(pixels))


def models(arguments: argparse.Namespace) -> None:
    """`smssr models`"""
    from . import manifest

    print(f"{'name':14} {'scale':>5} {'params':>8}  what it is")
    for card in manifest.models():
        print(f"{card.name:14} {'×' + str(card.scale):>5} {card.params:8}  {card.title}")
        for name, figures in card.metrics.items():
            print(f"{'':30} {name}: {figures['model'][0]:.2f} dB, {figures['model'][0] - figures['bicubic'][0]:+.2f} over bicubic")


def doctor(arguments: argparse.Namespace) -> None:
    """`smssr doctor`"""
    from .doctor import examine

    examine()


def bench(arguments: argparse.Namespace) -> None:
    """`smssr bench`"""
    from .bench import run

    run(arguments.quick)


def parser() -> Parser:
    """The whole command line."""
    main = Parser(prog="smssr", description="Enlarge pictures on an ordinary CPU.")
    main.add_argument("--version", action="version", version=f"smssr {__version__}")
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)

    up = commands.add_parser("upscale", help="enlarge a picture",
                             description="Enlarge a picture. Profile, EXIF, 16-bit depth and transparency are kept; the "
                                         "resolution is scaled, so that it prints as large as before.")
    up.add_argument("input", type=Path, metavar="IN", help="a picture; of an animation the first frame is read")
    up.add_argument("output", type=Path, metavar="OUT", help="its ending says the format; an existing file is replaced")
    up.add_argument("--scale", type=number, default=4, metavar="S", help="above 1, at most 64, decimals too (default 4)")
    up.add_argument("--model", metavar="NAME", help="one of 'smssr models' (default: the one that fits the scale)")
    up.add_argument("--bands", type=numbers, metavar="FINE,…,COARSE",
                    help="a gain for each band of detail (three; paper-x4 has six): 1 is as trained, more has more bite, "
                         "0 leaves it bicubic")
    up.set_defaults(run=upscale)

    commands.add_parser("models", help="list the models", description="List the models.").set_defaults(run=models)
    commands.add_parser("doctor", help="check this installation",
                        description="Versions, backend, threads; verifies the weights and times a small picture.").set_defaults(run=doctor)
    timing = commands.add_parser("bench", help="measure this machine",
                                 description="Speed of every model, of its bare graph and of a large matrix product; memory; cold start.")
    timing.add_argument("--quick", action="store_true", help="smaller pictures; the figures are not for quoting")
    timing.set_defaults(run=bench)
    return main


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a stopped run, too, takes its half-written file away
    try:
        arguments = parser().parse_args(argv)
        arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `smssr models | head`: whoever reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except MemoryError:
        print("smssr: not enough memory; take a smaller picture or scale", file=sys.stderr)
        return 2
    except (ValueError, OSError) as error:
        print(f"smssr: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("smssr: cancelled, nothing written", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
