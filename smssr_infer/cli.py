"""The command `smssr`.

Exit status 0; 2 with one line on standard error for anything that does not work; 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
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
    files.write(target, picture.with_pixels(pixels))


def style(text: str) -> tuple[str, Path | None, float | None]:
    """`NAME[=MASK][:STRENGTH]` as a name, a mask's path and a strength."""
    parts = re.fullmatch(r"([^=:]+)(?:=(.+?))?(?::(-?[0-9]*\.?[0-9]+))?", text)
    if not parts:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME, NAME:STRENGTH, NAME=MASK.png or NAME=MASK.png:STRENGTH")
    name, mask, strength = parts.groups()
    return name, mask and Path(mask), strength and float(strength)


def betas(styles: list[tuple[str, Path | None, float | None]], shape: tuple[int, int]) -> dict:
    """β for every style that the command line names, for a picture of that shape. Raises ValueError for what is not there."""
    from . import files, manifest

    found = {}
    for name, path, strength in styles:
        card = manifest.find(name, "style")
        if name in found:
            raise ValueError(f"the style {name} is named twice; give it one mask")
        strength = card.strength if strength is None else strength
        if not 0 <= strength <= 1:
            raise ValueError(f"the strength of {name} must lie in 0 … 1, not {strength:g}")
        found[name] = strength
        if path:
            if not path.exists() and ":" in path.name:
                raise ValueError(f"there is no mask {path}; after a colon a strength is expected, a number in 0 … 1")
            mask = files.mask(path)
            if abs(mask.shape[0] * shape[1] / (mask.shape[1] * shape[0]) - 1) > 0.02:
                print(f"smssr: {path} ({mask.shape[1]}×{mask.shape[0]}) has other proportions than the picture and is stretched to it",
                      file=sys.stderr)
            found[name] = mask * strength
    return found


def stylize(arguments: argparse.Namespace) -> None:
    """`smssr stylize`"""
    from . import files
    from .stylize import stylize as paint
    from .upscale import check_scale, plan
    from .upscale import upscale as enlarge

    source, target = arguments.input, arguments.output
    if target.exists() and source.exists() and target.samefile(source):
        raise ValueError(f"{target} is the input itself; give the answer another name")
    files.writer(target)
    picture = files.read(source)
    shape = picture.pixels.shape[:2]
    if arguments.scale is not None:
        shape = check_scale(arguments.scale, *shape)
        plan(arguments.scale, arguments.model)
    elif arguments.model:
        raise ValueError("--model says how to enlarge; give --scale with it")
    files.check(target, picture, *shape)
    styles = betas(arguments.style, shape)
    if picture.frames > 1:
        print(f"smssr: {source} has {picture.frames} frames; only the first is used", file=sys.stderr)
    pixels = picture.pixels
    if arguments.scale is not None:
        with progress_bar(f"{source.name}, enlarging") as progress:
            pixels = enlarge(pixels, arguments.scale, arguments.model, progress=progress)
    with progress_bar(f"{source.name}, painting") as progress:
        pixels = paint(pixels, styles, progress, seed=arguments.seed)
    files.write(target, picture.with_pixels(pixels))


def batch(arguments: argparse.Namespace) -> None:
    """`smssr batch`"""
    from . import batch as folder

    plan = folder.jobs(arguments.input, arguments.output, scale=arguments.scale, model=arguments.model, pattern=arguments.names,
                       format_=arguments.format, recursive=arguments.recursive)
    if not plan:
        raise ValueError(f"{arguments.input} holds no pictures{'' if arguments.recursive else '; --recursive looks into its folders'}")
    number = {job.source: i for i, job in enumerate(plan)}
    summary = folder.Summary()
    try:
        with progress_bar("batch") as progress:
            folder.run(plan, scale=arguments.scale, model=arguments.model, bands=arguments.bands, existing=arguments.existing,
                       progress=lambda job, done: progress((number[job.source] + done) / len(plan)), summary=summary)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"cancelled: {summary}; called again, the rest is done") from None
    for source, reason in summary.failures:
        print(f"smssr: {source}: {reason}", file=sys.stderr)
    print(summary)
    if summary.skipped:
        print("smssr: what was there is left as it is, whatever made it; --existing replace makes it anew", file=sys.stderr)
    if summary.failures:
        raise ValueError(f"{len(summary.failures)} of {len(plan)} pictures failed; the rest is done")


def learn_style(arguments: argparse.Namespace) -> None:
    """`smssr learn-style`"""
    from .learning import DEFAULTS
    from .learning import learn_style as learn

    learn(**{name: value for name, value in vars(arguments).items() if name in {"picture", "name", *DEFAULTS}})


def gimp(arguments: argparse.Namespace) -> None:
    """`smssr gimp install | uninstall | status`"""
    from . import gimp as home

    {"install": home.install, "uninstall": home.uninstall, "status": home.status}[arguments.what](arguments.dir)


def models(arguments: argparse.Namespace) -> None:
    """`smssr models`"""
    from . import manifest

    cards = manifest.models()
    print(f"{'name':15} {'scale':>5} {'params':>8}  what it is")
    for card in (card for card in cards if card.task == "sr"):
        print(f"{card.name:15} {'×' + str(card.scale):>5} {card.params:8}  {card.title}")
        for name, figures in card.metrics.items():
            print(f"{'':31} {name}: {figures['model'][0]:.2f} dB, {figures['model'][0] - figures['bicubic'][0]:+.2f} over bicubic")
    print(f"\n{'style':15} {'strength':>8} {'params':>8}  what it paints")
    for card in (card for card in cards if card.task == "style"):
        print(f"{card.name:15} {card.strength:8g} {card.params:8}  {card.title}")


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
    main = Parser(prog="smssr", description="Enlarge pictures and paint texture into them, on an ordinary CPU.")
    main.add_argument("--version", action="version", version=f"smssr {__version__}")
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)

    up = commands.add_parser("upscale", help="enlarge a picture",
                             description="Enlarge a picture. Profile, EXIF, 16-bit depth and transparency are kept; the "
                                         "resolution is scaled, so that it prints as large as before.")
    up.add_argument("input", type=Path, metavar="IN", help="a picture; of an animation the first frame is read")
    up.add_argument("output", type=Path, metavar="OUT", help="its ending says the format; an existing file is replaced")
    up.add_argument("--scale", type=number, default=4, metavar="S", help="above 1, at most 64, decimals too (default 4)")
    up.add_argument("--model", metavar="NAME", help="one of 'smssr models', or an ONNX file (default: the one that fits the scale)")
    up.add_argument("--bands", type=numbers, metavar="FINE,…,COARSE",
                    help="a gain for each band of detail (three; paper-x4 has six): 1 is as trained, more has more bite, "
                         "0 leaves it bicubic")
    up.set_defaults(run=upscale)

    many = commands.add_parser("batch", help="enlarge a folder of pictures",
                               description="Enlarge every picture of a folder into another. A picture that fails is listed and the rest "
                                           "is done; called again, it does what is missing. Exit status 0 where every picture is "
                                           "done, else 2.")
    many.add_argument("input", type=Path, metavar="IN_DIR")
    many.add_argument("output", type=Path, metavar="OUT_DIR", help="made where it is not there")
    many.add_argument("--scale", type=number, default=4, metavar="S", help="above 1, at most 64, decimals too (default 4)")
    many.add_argument("--model", metavar="NAME", help="one of 'smssr models', or an ONNX file (default: the one that fits the scale)")
    many.add_argument("--bands", type=numbers, metavar="FINE,…,COARSE", help="a gain for each band of detail, as in 'smssr upscale'")
    many.add_argument("--format", metavar="ENDING", help="png, jpg, tif, webp … (default: each picture's own)")
    many.add_argument("--names", default="{name}-x{scale}", metavar="PATTERN",
                      help="how answers are called: {name}, {scale} and {model} are filled in (default '{name}-x{scale}')")
    many.add_argument("--existing", choices=("skip", "replace", "rename"), default="skip",
                      help="what to do where an answer is there already (default skip)")
    many.add_argument("--recursive", action="store_true", help="folders within, too")
    many.set_defaults(run=batch)

    paint = commands.add_parser("stylize", help="paint texture into a picture",
                                description="Paint the texture of one or several styles into a picture, enlarged first or as it is. "
                                            "Where a mask is black nothing changes.")
    paint.add_argument("input", type=Path, metavar="IN", help="a picture; of an animation the first frame is read")
    paint.add_argument("output", type=Path, metavar="OUT", help="its ending says the format; an existing file is replaced")
    paint.add_argument("--style", type=style, action="append", required=True, metavar="NAME[=MASK.png][:STRENGTH]",
                       help="one of 'smssr models'; where the mask is white (default: everywhere), as strong as STRENGTH in 0 … 1 "
                            "(default: the style's own); may be given several times")
    paint.add_argument("--scale", type=number, metavar="S", help="enlarge first, as 'smssr upscale' does (default: do not)")
    paint.add_argument("--model", metavar="NAME", help="the model to enlarge with")
    paint.add_argument("--seed", type=int, metavar="N", help="another number draws the same texture anew")
    paint.set_defaults(run=stylize)

    learn = commands.add_parser("learn-style", help="learn a style of your own from a picture",
                                description="Learn a new style from a picture of a texture, or a part of one, in some minutes. It goes "
                                            "to your own folder of styles, where every command finds it. Ctrl-C keeps the best so far. "
                                            "Needs PyTorch: pip install torch onnx.")
    learn.add_argument("picture", type=Path, metavar="PICTURE", help="a picture of the texture, 184 pixels a side or more")
    learn.add_argument("--name", required=True, metavar="NAME", help="what to call the style: letters, digits, - and _")
    learn.add_argument("--title", metavar="TEXT", help="what it paints, in words (default: the picture's name)")
    learn.add_argument("--crop", type=numbers, metavar="LEFT,TOP,WIDTH,HEIGHT", help="the part of the picture to learn from, in pixels")
    learn.add_argument("--reduce", type=number, default=1, metavar="R",
                       help="shrink the picture so many times first: features up to some 20 pixels are learnt best (default 1)")
    learn.add_argument("--minutes", type=number, default=8, metavar="M", help="at most so long (default 8)")
    learn.add_argument("--photos", type=Path, metavar="DIR", help="a folder of photographs to practise on (default: drawn pictures)")
    learn.add_argument("--vgg-weights", type=Path, metavar="FILE.npz",
                       help="VGG-16's filters (default: torchvision's, where it is installed, or what was given the last time)")
    learn.add_argument("--replace", action="store_true", help="replace a style of yours that has this name")
    learn.set_defaults(run=learn_style)

    plugin = commands.add_parser("gimp", help="install the GIMP 3 plug-in",
                                 description="Put the plug-in into the user folders of every GIMP 3 here, take it out again, or say how "
                                             "things stand. It starts its engine with the Python that runs this command.")
    plugin.add_argument("what", choices=("install", "uninstall", "status"))
    plugin.add_argument("--dir", type=Path, metavar="FOLDER", help="GIMP's user folder, such as ~/.config/GIMP/3.0 (default: all)")
    plugin.set_defaults(run=gimp)

    commands.add_parser("models", help="list models and styles", description="List the models and styles.").set_defaults(run=models)
    commands.add_parser("doctor", help="check this installation",
                        description="Versions, backend, threads; verifies the weights and times a small picture.").set_defaults(run=doctor)
    timing = commands.add_parser("bench", help="measure this machine",
                                 description="Speed of every model, of its bare graph and of a large matrix product; memory; cold start.")
    timing.add_argument("--quick", action="store_true", help="smaller pictures; the figures are not for quoting")
    timing.set_defaults(run=bench)
    return main


def drop_output() -> None:
    """Let what is still to be printed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def interrupt(*_: object) -> None:
    """The first Ctrl-C ends the run; any further one is ignored, so that it ends in order: tiles under way are finished."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a stopped run, too, takes its half-written file away
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
    try:
        arguments = parser().parse_args(argv)
        arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `smssr models | head`: whoever reads has enough
        drop_output()
    except MemoryError:
        print("smssr: not enough memory; take a smaller picture or scale", file=sys.stderr)
        return 2
    except (ValueError, OSError) as error:
        print(f"smssr: {error}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # a full disk: what is left would fail once more, in more words, at the end
            drop_output()
        return 2
    except KeyboardInterrupt as stop:
        print(f"smssr: {str(stop) or 'cancelled, nothing written'}", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
