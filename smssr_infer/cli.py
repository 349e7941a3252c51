"""The command `smssr`: the front door. What each sub-command takes and does is in `commands`.

Exit status 0; 2 with one line on standard error for anything that does not work; 130 after Ctrl-C, 143 after SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from typing import TYPE_CHECKING

from . import __version__, files, parts, signals, streams

if TYPE_CHECKING:
    from .commands.arguments import Parser


def parser() -> Parser:
    """The whole command line."""
    from .commands import batch, bench, doctor, gimp, learn_style, mask, models, restore, run, style, stylize, upscale
    from .commands.arguments import Parser

    main = Parser(prog="smssr", description="Enlarge pictures and paint texture into them, on an ordinary CPU.")
    main.add_argument("--version", action="version", version=f"smssr {__version__}")
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in (upscale, restore, stylize, batch, run, mask, learn_style, style, gimp, models, doctor, bench):
        command.add(commands)
    return main


def say(words: str) -> None:
    """The one line on standard error."""
    from .translations import said

    print(f"smssr: {said(' '.join(words.splitlines()))}", file=sys.stderr)


def run(argv: list[str] | None) -> int:
    """Run the command line; returns the exit status."""
    try:
        arguments = parser().parse_args(argv)
        signals.work()
        with warnings.catch_warnings():
            if not sys.warnoptions:
                warnings.simplefilter("ignore")  # libraries warn of odd metadata; of what cannot be read they raise
            arguments.run(arguments)
        signals.over()
    except (Exception, KeyboardInterrupt, signals.Stopped) as error:
        signals.over()
        if signals.heard() == signal.SIGTERM:
            return 128 + signal.SIGTERM
        if signals.heard() or isinstance(error, KeyboardInterrupt):
            say((str(error) if isinstance(error, KeyboardInterrupt) else "") or signals.CANCELLED)
            return 128 + signal.SIGINT
        if isinstance(error, MemoryError):
            say("not enough memory; try a smaller picture or scale")
        elif isinstance(error, (ValueError, OSError)):
            say(files.said(error))
        elif lacked := parts.lacked(error):
            say(lacked[1])
        else:  # a fault of ours; SMSSR_DEBUG shows where
            if os.environ.get("SMSSR_DEBUG"):
                raise
            say(f"internal error ({type(error).__name__}: {error}); please report it. SMSSR_DEBUG=1 shows more")
        return 2
    return 0


def main(argv: list[str] | None = None) -> int:
    """As `run`. Without `argv` this is a process of its own: its signals and standard streams are taken over, too."""
    signals.listen(starting=argv is None)
    if argv is not None:
        return run(argv)
    streams.take()
    try:
        status = run(None)
    except SystemExit as leaving:  # after --help
        status = int(leaving.code or 0)
    except (KeyboardInterrupt, signals.Stopped):  # in the last moment
        status = 128 + (signals.heard() or signal.SIGINT)
    finally:
        signals.ignore()
    sys.stdout.flush()
    trouble = sys.stdout.trouble if isinstance(sys.stdout, streams.Stream) else None
    if trouble and not status and not isinstance(trouble, BrokenPipeError):  # `smssr models | head`: whoever reads has enough
        say(f"standard output: {trouble.strerror}")
        status = 2
    return status


if __name__ == "__main__":
    sys.exit(main())
