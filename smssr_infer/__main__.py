"""The command `smssr` as it is installed, and `python -m smssr_infer`: hears Ctrl-C and SIGTERM before it imports anything else.

Before that Python itself is starting, which no program can change: a signal then ends it with lines of Python's, or with none.
"""

from __future__ import annotations

import sys

from . import signals


def main() -> int:
    """Run the command line of this process; returns the exit status."""
    signals.listen(starting=True)
    from . import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
