"""The engine and whatever comes in: frames that are none, rows that do not fit, too much, signals, a network that never ends."""

import io
import signal
import struct
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from endless import endless
from test_engine import Engine

from smssr_infer.arrays import stopping
from smssr_infer.engine import handlers, pictures
from smssr_infer.engine.frames import HEAD, MOST_HEADER, MOST_PAYLOAD, Broken, read_frame, write_frame
from smssr_infer.engine.request_queue import Waiting

GUARD = 60
"""Seconds after which what should have ended is given up."""


def frame(text, payload=b""):
    return HEAD.pack(len(text), len(payload)) + text + payload


HELLO = frame(b'{"id": 5, "do": "hello"}')


def run(data):
    """What the engine answers to all of that, until its input is closed: (exit status, headers, lines on standard error)."""
    done = subprocess.run([sys.executable, "-m", "smssr_infer.engine"], input=data, capture_output=True, timeout=GUARD)
    stream, headers = io.BytesIO(done.stdout), []
    while answer := read_frame(stream):
        headers.append(answer[0])
    return done.returncode, headers, done.stderr.decode().splitlines()


NO_REQUESTS = [b"[1, 2]", b"5", b"null", b"{}", b"hello", b"", b"\xff\xfe{", b"[" * 200_000, b'{"a": [' + b"0," * 100_000 + b"0]}",
               b'{"do": "cancel"}', b'{"do": "cancel", "id": "x"}', b'{"do": "cancel", "id": null}', b'{"do": ["a"], "id": 1}',
               b'{"do": null, "id": 1}', b'{"do": "upscale", "id": {"a": 1}}', b'{"do": "upscale", "id": "z"}',
               b'{"do": "upscale", "id": NaN}', b'{"do": "hello", "id": ' + b"9" * 4000 + b"}", b'{"do": "hello", "id": true}']


def test_what_asks_for_nothing_is_answered_in_a_line_and_the_engine_goes_on():
    status, headers, said = run(b"".join(map(frame, NO_REQUESTS)) + HELLO)
    assert (status, said) == (0, [])
    *errors, hello = headers
    assert len(errors) == len(NO_REQUESTS)
    assert all("\n" not in header["error"] for header in errors)
    assert hello["id"] == 5
    assert "models" in hello


@pytest.mark.parametrize("data", [
    b"\x05\0", HEAD.pack(10, 0), HEAD.pack(2, 100) + b"{}abc", HEAD.pack(MOST_HEADER + 1, 0) + b"x" * 100,
    *(HEAD.pack(2, more) + b"{}" + b"x" * 100 for more in (MOST_PAYLOAD + 1, 1 << 40, 1 << 63, (1 << 64) - 1)),
    b"\x1f\x8b" * 3000], ids=lambda data: data[:14].hex())
def test_what_is_no_frame_ends_the_engine_with_a_line(data):
    status, headers, said = run(HELLO + data)
    assert status == 1
    assert headers[0]["id"] == 5
    line, = said
    assert line.startswith("smssr: the engine ends: ")


def test_bytes_that_end_the_engine_do_so_though_its_input_stays_open():
    engine = Engine()
    engine.process.stdin.write(struct.pack("<IQ", 2, 1 << 40) + b"{}")
    engine.process.stdin.flush()
    assert engine.process.wait(GUARD) == 1


def put(height=4, width=4, channels=3, top=0, rows=4, size=None, **more):
    size = 4 * width * channels * rows if size is None else size
    return {"do": "put", "id": 1, "picture": 1, "height": height, "width": width, "channels": channels, "top": top, "rows": rows,
            **more}, bytes(size)


@pytest.mark.parametrize(("frames", "words"), [
    ([put(height=-1)], "cannot be"), ([put(height=1 << 40, width=1 << 40, size=4)], "cannot be"), ([put(channels=0)], "cannot be"),
    ([put(channels=9)], "cannot be"), ([put(height=4.5)], "height 4.5"), ([put(height="4")], "height '4'"), ([put(size=188)], "188"),
    ([put(size=191)], "191"), ([put(rows=9)], "do not follow"), ([put(rows=-1, size=192)], "do not follow"),
    ([put(rows=0)], "do not follow"), ([put(top=2, rows=1)], "beginning"), ([put(top=-2, rows=1)], "beginning"),
    ([put(rows=2), put(rows=2, top=1)], "do not follow"), ([put(rows=2), put(rows=1, top=3)], "do not follow"),
    ([put(rows=2), put(rows=2, top=2, width=5)], "its rows say 5×4"), ([put(rows=2)], "only a part"),
    ([put(), put(rows=1, top=3)], "do not follow"), ([put(rows=2), put(rows=9, top=2), put(rows=2, top=2)], "9 rows"),
    ([put(width=None, size=4)], "width None"),
])
def test_rows_that_do_not_make_a_picture_are_told_to_whoever_uses_it(frames, words):
    """Overlapping rows once made a whole picture of memory that nobody had written to."""
    answers = io.BytesIO()
    engine = handlers.Engine(answers)
    for header, payload in frames:
        engine.serve(header, payload)
    engine.serve({"do": "upscale", "id": 2, "picture": 1, "height": 8, "width": 8}, b"")
    assert words in last(answers)["error"]
    engine.serve(*put())
    engine.serve({"do": "upscale", "id": 3, "picture": 1, "height": 8, "width": 8, "plain": True}, b"")
    assert last(answers)["end"]


def last(stream):
    """The header of the last frame."""
    stream.seek(0)
    header = None
    while answer := read_frame(stream):
        header = answer[0]
    return header


def test_a_picture_there_was_no_memory_for_is_told_of_as_that(monkeypatch):
    def full(*_):
        raise MemoryError

    answers = io.BytesIO()
    engine = handlers.Engine(answers)
    monkeypatch.setattr(pictures.np, "zeros", full)
    for top in (0, 2):
        engine.serve(*put(top=top, rows=2))
    engine.serve({"do": "specks", "id": 2, "picture": 1, "sensitivity": 0.5, "size": 3}, b"")
    assert last(answers) == {"id": 2, "error": "there was not enough memory for the picture"}


class Pipe:
    """Takes what is written to it, and lets another thread write between two parts of a frame, if it can."""

    def __init__(self):
        self.parts = []
        self.other = threading.Event()

    def write(self, part):
        self.parts.append(bytes(part))
        if len(self.parts) == 1:
            self.other.wait(0.3)
        else:
            self.other.set()

    def flush(self):
        pass


def test_frames_of_several_threads_do_not_mix():
    pipe = Pipe()
    engine = handlers.Engine(pipe)
    threads = [threading.Thread(target=engine.answer, args=(i, {}, bytes([i]) * 9)) for i in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stream = io.BytesIO(b"".join(pipe.parts))
    for _ in threads:
        header, payload = read_frame(stream)
        assert payload == bytes([header["id"]]) * 9


@pytest.mark.parametrize("waiting", [Waiting(most=2), Waiting(most_bytes=1000)], ids=["many", "large"])
def test_who_sends_too_much_has_to_wait(waiting):
    frames = [({"id": i}, bytes(400)) for i in range(3)]
    source = open("/dev/null", "rb")  # noqa: SIM115 - it is never hung up
    assert all(waiting.put(frame, source) for frame in frames[:2])
    third = threading.Thread(target=waiting.put, args=(frames[2], source))
    third.start()
    third.join(0.3)
    assert third.is_alive()
    assert waiting.get() == frames[0]
    third.join(GUARD)
    waiting.close()
    assert [waiting.get() for _ in range(3)] == [*frames[1:], None]


AT_WORK = """
import sys
from pathlib import Path
from smssr_infer.engine import __main__, request_queue
from smssr_infer.networks.onnx_runtime import onnxruntime

run = onnxruntime.InferenceSession.run
def told(*arguments):
    Path(sys.argv[1]).touch()
    return run(*arguments)
onnxruntime.InferenceSession.run = told
request_queue.Waiting.__init__.__defaults__ = int(sys.argv[2]), 1 << 20
__main__.main()
"""
"""An engine that makes a file when its network begins, and with which so many requests can wait."""


def at_work(folder, waiting=9):
    """An engine in the midst of a network that never ends, and the request."""
    begun = folder / "begun"
    engine = Engine([sys.executable, "-c", AT_WORK, str(begun), str(waiting)])
    engine.put(np.ones((20, 20, 3)))
    request = {"do": "upscale", "picture": 1, "height": 40, "width": 40, "model": str(endless(folder))}
    number = engine.send(**request)
    until = time.monotonic() + GUARD
    while not begun.exists():
        assert time.monotonic() < until and engine.process.poll() is None
        time.sleep(0.01)
    return engine, request, number


def test_a_network_that_never_ends_is_cancelled(tmp_path):
    engine, _, number = at_work(tmp_path)
    write_frame(engine.process.stdin, {"id": number, "do": "cancel"})
    (header, _), = engine.answers(number)
    assert header == {"id": number, "cancelled": True}
    (header, _), = engine.answers(engine.send(do="hello"))
    assert header["version"]
    engine.process.stdin.close()
    assert engine.process.wait(GUARD) == 0


def test_the_request_under_way_ends_with_a_cancel_of_its_own_id_and_not_of_one_before(monkeypatch):
    begun, ended = threading.Event(), threading.Event()

    def work(*_):
        with stopping.ended_by(ended.set):
            begun.set()
            ended.wait(GUARD)
            stopping.check()

    monkeypatch.setattr(handlers.Engine, "specks", work)
    answers = io.BytesIO()
    engine = handlers.Engine(answers)
    thread = threading.Thread(target=engine.serve, args=({"do": "specks", "id": 7, "picture": 1, "sensitivity": 0.5, "size": 3}, b""))
    thread.start()
    assert begun.wait(GUARD)
    engine.cancel(6)
    assert not ended.is_set()
    engine.cancel(7)
    assert ended.is_set()
    thread.join(GUARD)
    assert last(answers) == {"id": 7, "cancelled": True}


@pytest.mark.parametrize("many", [0, 9])
def test_the_engine_ends_with_its_input_though_a_network_does_not(tmp_path, many):
    """Also where it cannot read to the end of it, because many requests wait."""
    engine, request, _ = at_work(tmp_path, waiting=1)
    for _ in range(many):
        engine.send(**request)
    engine.process.stdin.close()
    assert engine.process.wait(GUARD) == 0


LESSON = """
import pathlib, time

def learn(wish, progress):
    time.sleep(1.2)  # preparing
    try:
        for part in range(1000):
            progress(part / 1000)
            time.sleep(0.01)
    except KeyboardInterrupt:
        time.sleep(4)  # longer than other work has to end in
        pathlib.Path(wish.picture.parent.parent, wish.name).write_text(str(part))
"""


def test_a_lesson_is_told_of_from_the_first_second_and_kept_where_the_plug_in_is_gone(tmp_path):
    """A style in training, whose network is none: GIMP's Cancel ends the plug-in, as closing its pipe does."""
    for package, file, text in (("torch", "__init__", ""), ("smssr_export", "__init__", ""), ("smssr_export", "learn_style", LESSON)):
        (tmp_path / package).mkdir(exist_ok=True)
        (tmp_path / package / f"{file}.py").write_text(text)
    engine = Engine(environment={"PYTHONPATH": str(tmp_path), "TMPDIR": str(tmp_path), "SMSSR_HOME": str(tmp_path / "home")})
    engine.put(np.ones((200, 200, 3)))
    number = engine.send(do="learn", picture=1, name="mine", minutes=1)
    shares = []
    while not shares or shares[-1] < 0.1:
        header, _ = read_frame(engine.process.stdout)
        assert header["id"] == number and "share" in header, header
        shares.append(header["share"])
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.05  # while nothing was learnt yet, the share of the minutes that had passed
    engine.process.stdin.close()
    assert engine.process.wait(GUARD) == 0
    assert int((tmp_path / "mine").read_text()) > 50


def test_ctrl_c_in_gimps_terminal_is_not_for_the_engine():
    engine = Engine()
    list(engine.answers(engine.send(do="hello")))
    engine.process.send_signal(signal.SIGINT)
    (header, _), = engine.answers(engine.send(do="hello"))
    assert header["version"]
    engine.process.stdin.close()
    assert engine.process.wait(GUARD) == 0


@pytest.mark.parametrize(("length", "more"), [(MOST_HEADER + 1, 0), (2, MOST_PAYLOAD + 1)])
def test_what_claims_too_much_is_refused_before_it_is_read(length, more):
    stream = io.BytesIO(HEAD.pack(length, more) + b"{}")
    with pytest.raises(Broken, match="claims"):
        read_frame(stream)
    assert stream.tell() == HEAD.size
