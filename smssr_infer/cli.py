"""The command `smssr`: the front door. What each sub-command takes and does is in `commands`.

Exit status 0; 2 with one line on standard error for anything that does not work; 130 after Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings

from . import __version__
from .commands import batch, bench, doctor, gimp, learn_style, mask, models, restore, stylize, upscale
from .commands.arguments import Parser

COMMANDS = (upscale, restore, batch, stylize, mask, learn_style, gimp, models, doctor, bench)


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


class Stopped(BaseException):
    """A signal has asked the run to end."""


_signals: list[int] = []
"""The signal that ended the run: a library that was being imported may turn `Stopped` into an exception of its own."""


def stop(number: int, _frame: object) -> None:
    """The first Ctrl-C, or SIGTERM, ends the run; any further one is ignored, so that it ends in order: tiles under way are finished."""
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_, signal.SIG_IGN)
    _signals.append(number)
    raise KeyboardInterrupt if number == signal.SIGINT else Stopped


def say(words: str) -> None:
    """The one line on standard error."""
    print(f"smssr: {' '.join(words.splitlines())}", file=sys.stderr)


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    _signals.clear()
    signal.signal(signal.SIGTERM, stop)  # so that a stopped run, too, takes its half-written file away
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)
    try:
        arguments = parser().parse_args(argv)
        with warnings.catch_warnings():
            if not sys.warnoptions:
                warnings.simplefilter("ignore")  # libraries warn of odd metadata; of what cannot be read they raise
            arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `smssr models | head`: whoever reads has enough
        drop_output()
    except (Exception, KeyboardInterrupt, Stopped) as error:
        if signal.SIGTERM in _signals:
            return 128 + signal.SIGTERM
        if _signals or isinstance(error, KeyboardInterrupt):
            say((str(error) if isinstance(error, KeyboardInterrupt) else "") or "cancelled; nothing was written")
            return 128 + signal.SIGINT
        if isinstance(error, MemoryError):
            say("not enough memory; try a smaller picture or scale")
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
