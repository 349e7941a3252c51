"""How many processors this process may use: those that it may run on, and its cgroup's share of their time."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def _folders(mounted: Path, group: str) -> Iterator[Path]:
    """A group's folder and those around it, up to the mount: each may have a limit. In a container the group's own path may not exist."""
    path = PurePosixPath(group.lstrip("/"))
    for folder in (path, *path.parents):
        yield mounted / folder


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _share(text: str) -> float:
    """`quota period`, in microseconds each, as processors; infinite without a limit: `max`, or -1."""
    try:
        quota, period = (float(word) for word in text.split())
    except ValueError:
        return math.inf
    return quota / period if quota > 0 and period > 0 else math.inf


def quota(root: Path = Path("/")) -> float:
    """The processors whose time the cgroups of this process allow it, of version 1 or 2; infinite where there is no limit."""
    found = [math.inf]
    for line in _read(root / "proc/self/cgroup").splitlines():  # hierarchy:controllers:path
        number, controllers, group = (line.split(":", 2) + ["", ""])[:3]
        if (number, controllers) == ("0", ""):
            found += [_share(_read(folder / "cpu.max")) for folder in _folders(root / "sys/fs/cgroup", group)]
        elif "cpu" in controllers.split(","):
            for name in ("cpu", controllers):
                found += [_share(_read(folder / "cpu.cfs_quota_us") + " " + _read(folder / "cpu.cfs_period_us"))
                          for folder in _folders(root / "sys/fs/cgroup" / name, group)]
    return min(found)


_quota = functools.cache(quota)


def available() -> int:
    """How many processors can work for this process at once, at least 1."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # noqa: TID251 - asked for
    return max(1, min(here, math.ceil(min(_quota(), here))))
