"""How many processors a process has: a container's share counts, in either version of cgroups."""

import math
import os

import pytest

from smssr_infer.arrays import processors, tiling

V1, V2 = "4:memory:/box\n3:cpu,cpuacct:/box\n1:name=systemd:/\n", "0::/a/b\n"


@pytest.mark.parametrize(("groups", "files", "quota"), [
    (V2, {"a/b/cpu.max": "250000 100000"}, 2.5), (V2, {"a/b/cpu.max": "max 100000", "a/cpu.max": "150000 100000"}, 1.5),
    (V2, {"a/b/cpu.max": "max 100000"}, math.inf), ("0::/\n", {"cpu.max": "50000 100000"}, 0.5),
    ("0::/not/seen/from/inside\n", {"cpu.max": "300000 100000"}, 3), (V2, {}, math.inf), ("", {}, math.inf),
    (V1, {"cpu/box/cpu.cfs_quota_us": "400000", "cpu/box/cpu.cfs_period_us": "100000"}, 4),
    (V1, {"cpu,cpuacct/cpu.cfs_quota_us": "200000", "cpu,cpuacct/cpu.cfs_period_us": "100000"}, 2),
    (V1, {"cpu/box/cpu.cfs_quota_us": "-1", "cpu/box/cpu.cfs_period_us": "100000"}, math.inf),
    (V1, {"cpu/box/cpu.cfs_quota_us": "400000"}, math.inf), (V2, {"a/b/cpu.max": "nonsense"}, math.inf),
    (V2, {"a/b/cpu.max": "100000 0"}, math.inf), ("\n:\nnothing\n", {"cpu.max": "100000 100000"}, math.inf),
    (V1 + V2, {"a/cpu.max": "600000 100000", "cpu/cpu.cfs_quota_us": "500000", "cpu/cpu.cfs_period_us": "100000"}, 5),
])
def test_a_quota_is_found(tmp_path, groups, files, quota):
    for name, text in {"proc/self/cgroup": groups, **{f"sys/fs/cgroup/{name}": text for name, text in files.items()}}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert processors.quota(tmp_path) == quota


@pytest.mark.parametrize(("quota", "count"), [(math.inf, 6), (1.5, 2), (0.1, 1), (6.5, 6), (3, 3)])
def test_a_share_is_rounded_up_and_counts_for_tiles(monkeypatch, quota, count):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    monkeypatch.setattr(processors, "_quota", lambda: quota)
    assert processors.available() == tiling.cores() == count


def test_no_more_threads_are_used_than_help(monkeypatch):
    monkeypatch.setattr(processors, "available", lambda: 4)
    assert [tiling.hands(threads) for threads in (1, 3, 8, 10**6)] == [1, 3, 8, 8]
    monkeypatch.setattr(processors, "available", lambda: 64)
    assert tiling.hands(10**6) == 64
