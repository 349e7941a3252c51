"""The command `smssr`: the front door. What each sub-command takes and does is in `commands`.

Exit status 0; 2 with one line on standard error for anything that does not work; 130 after Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys

from . import __version__
from .commands import batch, bench, doctor, gimp, learn_style, models, stylize, upscale
from .commands.arguments import Parser

COMMANDS = (upscale, batch, stylize, learn_style, gimp, models, doctor, bench)


def parser() -> Parser:
    """The whole command line."""
    main = Parser(prog="smssr", description="Enlarge pictures and paint texture into them, on an ordinary CPU.")
    main.add_argument("--version", action="version", version=f"smssr {__version__}")
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return main


def drop_output() -> None:
    """Let what is still to be printed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def interrupt(*_: object) -> None:
    """The first Ctrl-C ends the run; any further one is ignored, so that it ends in order: tiles under way are finished."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def say(words: str) -> None:
    """The one line on standard error."""
    print(f"smssr: {' '.join(words.splitlines())}", file=sys.stderr)


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
    except KeyboardInterrupt as stop:
        say(str(stop) or "cancelled, nothing written")
        return 130
    except Exception as error:
        if isinstance(error, MemoryError):
            say("not enough memory; take a smaller picture or scale")
        elif isinstance(error, (ValueError, OSError)):
            say(str(error))
        else:  # a fault of ours; SMSSR_DEBUG shows where
            if os.environ.get("SMSSR_DEBUG"):
                raise
            say(f"something unforeseen happened ({type(error).__name__}: {error}); please report it. SMSSR_DEBUG=1 shows more")
        try:
            sys.stdout.flush()
        except OSError:  # a full disk: what is left would fail once more, in more words, at the end
            drop_output()
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
