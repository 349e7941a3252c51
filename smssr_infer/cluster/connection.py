"""The connection to a Dask cluster: making it, seeing whether it lives, and what its errors mean."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import queue
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..arrays import tiling
from .worker import Failed, IncompatibleWorker, Task, examine

PATIENCE = 60.0
"""Seconds that a cluster may be without a worker before it counts as lost."""

NEEDED = "a batch over Dask needs the packages dask and distributed: pip install 'smssr[dask]'"


class Lost(Exception):
    """A task that has no result because something died."""

    def __init__(self, words: str, counts: bool):
        """`counts`: whether the task itself may have been what it died of."""
        super().__init__(words)
        self.counts = counts


class Refused(Exception):
    """A worker, joined while the batch ran, that cannot take part; in one line."""


@contextlib.contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at `address`, or of a cluster on this machine alone, `local`: a worker of one thread for each core.

    Raises ValueError, in one line, where there is none. Dask's own settings count (`~/.config/dask`, `DASK_…`), those for TLS as well.
    """
    if importlib.util.find_spec("distributed") is None:
        raise ValueError(NEEDED)
    import dask

    with dask.config.set({"logging.distributed": "critical"}), warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")  # of pictures that go through the scheduler, that they are large
        from distributed import Client, LocalCluster, Security

        for name in ("distributed", "distributed.nanny", "distributed.scheduler", "distributed.client", "distributed.worker"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what has to be said is said in one line
        if address.startswith("tls:") and not Security().get_connection_args("client").get("ssl_context"):
            raise ValueError(f"{address} asks for a certificate: set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and "
                             "…__CLIENT__KEY (docs/dask.md)")
        try:
            if address == "local":
                address = stack.enter_context(LocalCluster(n_workers=tiling.cores(), threads_per_worker=1, dashboard_address="127.0.0.1:0",
                                                           preload="smssr_infer.cluster.preload"))
            client = stack.enter_context(Client(address, set_as_default=False))
        except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError; what is no address raises the others
            words = " ".join(str(error).split()) or type(error).__name__
            raise ValueError(f"no Dask scheduler answers at {address!r} ({words[:200]}); start one: dask scheduler") from error
        yield client


def check_workers(client: Any, task: Task) -> None:
    """Ask every worker whether it can do its part of `task`. Raises ValueError naming one that cannot, or where there is none."""
    from distributed import TimeoutError as Late

    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except Late:
        raise ValueError(f"the Dask cluster has no workers; start some: dask worker {client.scheduler.address}") from None
    for address, answer in client.run(examine, task, on_error="return").items():
        if answer is not None:
            raise ValueError(answer.words if isinstance(answer, IncompatibleWorker) else _unlike(f"the worker {address}", answer))


def _unlike(worker: str, error: Exception) -> str:
    return f"{worker} cannot take part: {' '.join(str(error).split())[:200]}; has it the same smssr, dask and Python?"


class Watch:
    """Looks after a client: what comes back, whether the scheduler and any worker are there."""

    def __init__(self, client: Any):
        self._client = client
        self._comm = client.scheduler_comm
        self._threads, self._looked, self._peopled = 1, 0.0, time.monotonic()

    def threads(self) -> int:
        """How many threads the cluster has, asked every few seconds; at least 1. Raises ValueError where the cluster is lost."""
        if time.monotonic() - self._looked > 2:
            self._connected()
            threads = 0
            with contextlib.suppress(OSError):
                threads = sum(self._client.nthreads().values())
            self._looked = time.monotonic()
            if threads:
                self._threads, self._peopled = threads, self._looked
            elif self._looked - self._peopled > PATIENCE:
                raise ValueError("the Dask cluster has lost all its workers; run the same command again to do the rest")
        return self._threads

    def _connected(self) -> None:
        """Wait for the scheduler. Raises ValueError where it does not come back."""
        while self._client.status == "connecting":  # for as long as Dask's `distributed.comm.timeouts.connect`
            time.sleep(0.05)
        if self._client.status != "running":
            raise ValueError("the Dask scheduler is lost; run the same command again to do the rest")

    def next(self, done_queue: queue.SimpleQueue[Any], in_flight: Mapping[Any, object]) -> Any:
        """The next of the futures that is done."""
        while True:
            with contextlib.suppress(queue.Empty):
                future = done_queue.get(timeout=0.5)
                if future in in_flight:
                    return future
                continue
            self.threads()
            if self._client.scheduler_comm is not self._comm:  # another scheduler knows nothing of what was asked of the one before
                self._comm = self._client.scheduler_comm
                self._client.cancel(list(in_flight), force=True)

    def result(self, future: Any) -> Any:
        """What a future that is done has brought. Raises `Lost`, ValueError for a picture that failed, `Refused` for a worker not fit."""
        from distributed import KilledWorker

        if future.status in ("cancelled", "lost"):
            self._connected()
            raise Lost("the scheduler was lost", counts=False)
        if future.status == "error":
            error = future.exception()
            if isinstance(error, KilledWorker):
                raise Lost("every worker that took it died; it may need more memory than they have", counts=True)
            if isinstance(error, (OSError, EOFError)):  # Dask's own, of connections: a task returns what it fails of
                raise Lost(f"the connection broke ({error})", counts=True)
            raise Refused(_unlike("a worker", error))
        try:
            result = future.result()
        except Exception as error:  # the worker that held it has died since
            self._connected()
            raise Lost(f"its result was lost ({error})", counts=True) from error
        if isinstance(result, IncompatibleWorker):
            raise Refused(result.words)
        if isinstance(result, Failed):
            raise ValueError(result.words)
        return result

    def cancel(self, futures: Iterable[Any]) -> None:
        """Have what is not begun not be begun."""
        if self._client.status == "running":
            with contextlib.suppress(Exception):  # whoever cancels does not mind that the cluster is gone
                self._client.cancel(list(futures), force=True)
