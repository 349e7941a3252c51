"""Whatever is under way ends when it is to: Ctrl-C, SIGTERM, cancel, a failure beside it."""

import _thread
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
from endless import TELLING, endless, hear_ctrl_c
from PIL import Image

from smssr_infer.arrays import stopping, tiling

GUARD = 60
"""Seconds after which what should have been stopped is given up."""

API = TELLING + """
import numpy as np, smssr_infer
try:
    smssr_infer.upscale(np.ones((40, 40), np.uint8) * 255, 2, sys.argv[1])
except KeyboardInterrupt:
    sys.exit(7)
"""

COMMAND = TELLING + """
from smssr_infer.cli import main
sys.argv = ["smssr", "upscale", sys.argv[2], sys.argv[3], "--model", sys.argv[1]]
sys.exit(main())
"""


@pytest.mark.parametrize("dark_ends", [False, True], ids=["looked at", "at work"])
@pytest.mark.parametrize(("code", "stop", "status", "words"), [
    (API, signal.SIGINT, 7, ""), (COMMAND, signal.SIGINT, 130, "smssr: cancelled; nothing was written\n"),
    (COMMAND, signal.SIGTERM, 143, "")], ids=["api", "ctrl-c", "sigterm"])
def test_a_network_that_never_ends_is_stopped(tmp_path, code, stop, status, words, dark_ends):
    Image.fromarray(np.full((40, 40), 255, np.uint8)).save(tmp_path / "in.png")
    arguments = endless(tmp_path, dark_ends), tmp_path / "in.png", tmp_path / "out.png"
    running = subprocess.Popen([sys.executable, "-c", "import sys\n" + code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, preexec_fn=hear_ctrl_c)
    assert running.stdout.readline() == "running\n"
    running.send_signal(stop)
    try:
        _, said = running.communicate(timeout=GUARD)
    finally:
        running.kill()
    assert (running.returncode, said) == (status, words)
    assert {path.name for path in tmp_path.iterdir()} - {"endless.json"} == {"in.png", "endless.onnx"}


@pytest.mark.parametrize("how", ["looked at", "at work"])
def test_a_signal_just_before_the_wait_is_heard(how):
    """`interrupt_main` leaves a signal to be heard and wakes nobody, as one does that comes a moment before the main thread waits."""
    ended = threading.Event()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in pytest's workers it is ignored

    def work(*_):
        with stopping.ended_by(ended.set):
            threading.Timer(0.3, _thread.interrupt_main).start()
            assert ended.wait(GUARD), "nobody heard it"

    try:
        with pytest.raises(KeyboardInterrupt):
            stopping.interruptible(work) if how == "looked at" else tiling.run(work, [(0, 1, 0, 1)], 1, None)
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended.is_set()


def test_tiles_under_way_are_told_when_another_one_fails():
    """The second tile waits for nothing but that."""
    ended = threading.Event()

    def work(tile):
        if tile[0]:
            raise ValueError("the first to fail")
        with stopping.ended_by(ended.set):
            assert ended.wait(GUARD)
            raise RuntimeError("what a library says of a call that was ended")

    with pytest.raises(ValueError, match="the first to fail"):
        tiling.run(work, [(0, 1, 0, 1), (1, 2, 0, 1)], 2, None)
    assert ended.is_set()


def test_a_stopped_scope_stops_those_within_and_begins_nothing():
    begun = []
    with stopping.Scope() as outer:
        def work():
            with stopping.Scope() as inner:
                outer.stop()
                inner.run(begun.append, 1)

        with pytest.raises(stopping.Stopped):
            outer.run(work)
    with pytest.raises(stopping.Stopped):
        outer.run(begun.append, 2)
    stopping.check()  # outside of it nothing is stopped
    assert not begun
