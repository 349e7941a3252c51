"""A Dask cluster of real processes on this machine, to be measured and to have processes of it killed."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ENVIRONMENT = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}
"""A scheduler that was killed is not waited for as long as one on another machine."""

HERE = "--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"
"""Nothing listens to other machines; with --no-dashboard the dashboard's port would."""


def free_port() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(what: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is so. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            raise TimeoutError(f"not so after {seconds:g} s")
        time.sleep(0.005)


class Machines:
    """A scheduler and workers of one process each, to be used in a `with` statement."""

    def __init__(self, folder: Path, workers: int, threads: int = 1):
        """`folder`: where the workers may leave what they need."""
        self._folder, self._count, self._threads = folder, workers, threads
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Machines:
        self.repair()
        return self

    def __exit__(self, *_: object) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            process.kill()
            process.wait()

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "dask", *words], cwd=self._folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True)

    def repair(self) -> None:
        """Start what is not alive, and wait until the cluster is whole."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            for process in self.workers:  # those of the scheduler before
                process.kill()
                process.wait()
            self.scheduler = self._start("scheduler", "--port", self.address.rpartition(":")[2], *HERE)
        self.workers = [process for process in self.workers if process.poll() is None]
        while len(self.workers) < self._count:
            self.workers.append(self._start("worker", self.address, "--nworkers", "1", "--nthreads", str(self._threads), "--no-nanny",
                                            "--memory-limit", "0", *HERE))
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(self._count, timeout=60)

    def processors(self) -> float:
        """Seconds of processors that its processes have used so far."""
        import psutil  # comes with distributed

        alive = [*self.workers, *([self.scheduler] if self.scheduler else [])]
        return sum(sum(psutil.Process(process.pid).cpu_times()[:2]) for process in alive)


def batch(source: Path, target: Path, *options: str) -> subprocess.Popen[str]:
    """`smssr batch`, begun."""
    return subprocess.Popen([sys.executable, "-m", "smssr_infer.cli", "batch", str(source), str(target), *options], env=ENVIRONMENT,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a batch; what it said. Raises RuntimeError where its exit status is not 0."""
    out, errors = process.communicate(timeout=600)
    if process.returncode:
        raise RuntimeError(f"exit status {process.returncode}: {errors.strip() or out.strip()}")
    return out


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones as well."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
