"""What the workers of `--dask local` do first: leave Ctrl-C, and all that is to be said, to the client, and load what every task needs."""

import logging
import signal

from . import worker  # noqa: F401

signal.signal(signal.SIGINT, signal.SIG_IGN)
logging.getLogger("distributed").setLevel(logging.CRITICAL)
