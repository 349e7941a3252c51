"""One sandbox for all tests of a GIMP; where none can be made they are skipped, loudly, or fail if SMSSR_NEED_GIMP is set."""

import fcntl
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
import sandbox as boxes
from bare import Bare
from xdist.scheduler import LoadScopeScheduling


class ByRelease(LoadScopeScheduling):
    """With `-n 2`, each process tests one release: there is one tree of it."""

    def _split_scope(self, nodeid):
        return next((release for release in boxes.RELEASES if release in nodeid), nodeid)


def pytest_xdist_make_scheduler(config, log):
    return ByRelease(config, log)


@pytest.fixture(scope="session", params=boxes.RELEASES)
def gimp(request):
    reason = boxes.possible()
    if reason:
        if os.environ.get("SMSSR_NEED_GIMP"):
            pytest.fail(f"no GIMP to test in: {reason}")
        pytest.skip(f"NO REAL GIMP WAS TESTED: {reason}")
    try:
        with boxes.Sandbox(request.param) as box:
            yield box
    except subprocess.CalledProcessError as error:
        pytest.fail(f"no sandbox with {request.param}: {error.stderr}")


@pytest.fixture(scope="module", params=boxes.RELEASES)
def bare(request):
    reason = boxes.possible() or (None if shutil.which("unzip") else "needs unzip")
    if reason:
        if os.environ.get("SMSSR_NEED_GIMP"):
            pytest.fail(f"no GIMP to test in: {reason}")
        pytest.skip(f"NO REAL GIMP WAS TESTED: {reason}")
    (boxes.ROOT / "dist").mkdir(exist_ok=True)
    with open(boxes.ROOT / "dist/.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not list((boxes.ROOT / "dist").glob("smssr-gimp-*.zip")):
            subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", boxes.ROOT / "dist",
                            boxes.ROOT], check=True)
            subprocess.run([sys.executable, boxes.ROOT / "release/zips.py"], check=True)
    with Bare(request.param) as box:
        yield box


@pytest.fixture(scope="session")
def picture(astronaut):
    """60×80 RGBA float, a corner transparent, with a soft edge."""
    x = astronaut[50:110, 180:260].astype(np.float32) / 255
    alpha = np.clip((np.add.outer(np.arange(60), np.arange(80)) - 20) / 10, 0, 1).astype(np.float32)[..., None]
    return np.concatenate([x, alpha], axis=2)
