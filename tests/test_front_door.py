"""The command at its edges: signals at any moment, standard streams that are closed, full or without a reader, other encodings."""

import importlib.metadata
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
from endless import hear_ctrl_c
from PIL import Image

from smssr_infer import signals

COMMAND = [sys.executable, "-m", "smssr_infer.cli"]

GUARD = 120
"""Seconds after which what should have ended is given up."""


@pytest.fixture
def picture(tmp_path, small):
    Image.fromarray(small[:24, :32]).save(tmp_path / "in.png")
    return tmp_path / "in.png"


def interrupted(where, stop, picture, arguments=(), door="smssr_infer.cli"):
    """Exit status and words of `smssr upscale` that gets a signal at a certain place: when `where`, a line of Python, is run."""
    code = f"""
import os, signal, sys
def now():
    os.kill(os.getpid(), {int(stop)})
{where}
from {door} import main
sys.argv = ["smssr", "upscale", *sys.argv[1:]]
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", code, picture, picture.with_name("out.png"), *arguments], capture_output=True, text=True,
                          preexec_fn=hear_ctrl_c, timeout=GUARD)
    return done.returncode, done.stdout + done.stderr


IMPORTING = """
class Finder:
    def find_spec(self, name, *_):
        if name == {!r}:
            {}
sys.meta_path.insert(0, Finder())
"""

SWALLOWED = """
import weakref
class Thing: pass
def callback(_): now()
class Finder:
    def find_spec(self, name, *_):
        if name == "onnxruntime":
            thing = Thing()
            self.gone = weakref.ref(thing, callback)
            del thing
sys.meta_path.insert(0, Finder())
"""
"""What is raised in a callback of a weak reference is printed and forgotten; the import system has such callbacks."""

CONVERTED = IMPORTING.format("onnxruntime", """
            try:
                now()
                sum(range(10**6))
            except BaseException as error:
                raise ImportError(str(error))""")
"""Libraries make errors of their own of what is raised while they are imported."""


@pytest.mark.parametrize("where", [IMPORTING.format("argparse", "now()"), IMPORTING.format("numpy", "now()"),
                                   IMPORTING.format("PIL.Image", "now()"), IMPORTING.format("onnxruntime", "now()"), SWALLOWED, CONVERTED],
                         ids=["argparse", "numpy", "pillow", "onnxruntime", "swallowed", "converted"])
@pytest.mark.parametrize(("stop", "status", "words"), [(signal.SIGINT, 130, "smssr: cancelled; nothing was written\n"),
                                                       (signal.SIGTERM, 143, "")])
def test_a_signal_while_it_starts_is_a_line_and_a_status(picture, where, stop, status, words):
    assert interrupted(where, stop, picture) == (status, words)
    assert not picture.with_name("out.png").exists()


@pytest.mark.parametrize(("stop", "status", "words"), [(signal.SIGINT, 130, "smssr: cancelled; nothing was written\n"),
                                                       (signal.SIGTERM, 143, "")])
def test_the_installed_command_hears_before_the_rest_of_it_is_imported(picture, stop, status, words):
    entry, = importlib.metadata.entry_points(group="console_scripts", name="smssr")
    assert interrupted(IMPORTING.format("smssr_infer.streams", "now()"), stop, picture, door=entry.module) == (status, words)


LOADING = """
import os, signal, sys, threading
import PIL
from smssr_infer import signals
def hook(event, words):
    if event == "import" and words[0] == "PIL._imaging" and words[1]:  # its file, when that is loaded
        os.kill(os.getpid(), {})
sys.addaudithook(hook)
signals.listen(starting=False)
try:
    import PIL._imaging
    threading.Event().wait({})
except (KeyboardInterrupt, signals.Stopped):
    print("loaded" if "PIL._imaging" in sys.modules else "lost")
"""


BETWEEN = """
import importlib.machinery, os, signal, sys, threading
import PIL
from smssr_infer import signals
class Loader(importlib.machinery.ExtensionFileLoader):
    def create_module(self, spec):
        module = super().create_module(spec)
        os.kill(os.getpid(), {})
        return module
class Finder:
    def find_spec(self, name, path, *_):
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if name == "PIL._imaging":
            spec.loader = Loader(name, spec.origin)
        return spec
sys.meta_path.insert(0, Finder())
signals.listen(starting=False)
try:
    import PIL._imaging
    threading.Event().wait({})
except (KeyboardInterrupt, signals.Stopped):
    print("loaded" if "PIL._imaging" in sys.modules else "lost")
"""
"""Python goes on loading between what it asks of native code."""


@pytest.mark.parametrize("code", [LOADING, BETWEEN], ids=["in it", "between two steps"])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_native_code_is_loaded(stop, code):
    """It would be lost there, or end the process: onnxruntime calls Python, and so the hooks of libraries, while it is loaded."""
    done = subprocess.run([sys.executable, "-c", code.format(int(stop), GUARD)], capture_output=True, text=True, preexec_fn=hear_ctrl_c,
                          timeout=GUARD)
    assert (done.stdout, done.stderr) == ("loaded\n", "")


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="Windows")
def test_a_signal_that_woke_nobody_is_sent_again(monkeypatch):
    """The main thread misses one that comes when it has looked for signals and does not wait yet."""
    sent, kept, send = [], signal.getsignal(signal.SIGTERM), signal.pthread_kill

    def missed(thread, number):
        sent.append(number)
        if len(sent) > 2:
            send(thread, number)

    monkeypatch.setattr(signals.signal, "pthread_kill", missed)
    try:
        signals.listen(starting=False)
        signals._process.heard = signal.SIGTERM
        signals._later()
        with pytest.raises(signals.Stopped):
            threading.Event().wait(GUARD)
    finally:
        signals.over()
        signal.signal(signal.SIGTERM, kept)
    assert sent[:3] == [signal.SIGTERM] * 3


@pytest.mark.parametrize("where", ["import atexit; atexit.register(now)", "import threading; threading._register_atexit(now)"],
                         ids=["exit functions", "threads"])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_after_the_work_changes_nothing(picture, where, stop):
    assert interrupted(where, stop, picture, ("--model", "smssr-x4-quick")) == (0, "")
    assert Image.open(picture.with_name("out.png")).size == (128, 96)


def test_an_impatient_user_is_heard_in_the_end(monkeypatch):
    """A second signal soon after the first is ignored, so that half-written files are taken away; much later it ends everything."""
    left = []
    monkeypatch.setattr(signals.os, "_exit", left.append)
    monkeypatch.setattr(signals.os, "write", lambda *_: None)
    now = 100.0
    monkeypatch.setattr(signals.time, "monotonic", lambda: now)
    kept = {number: signal.getsignal(number) for number in signals.SIGNALS}
    try:
        signals.listen(starting=False)
        with pytest.raises(KeyboardInterrupt):
            signals._handle(signal.SIGINT, None)
        now += signals.PATIENCE - 1
        signals._handle(signal.SIGINT, None)
        assert not left
        now += 2
        signals._handle(signal.SIGINT, None)
        assert left == [130]
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


CLOSED = ["2>&-", ">&-", "<&-", "<&- >&- 2>&-", "2>/dev/full", "2> >(true)"]


def shell(words, streams):
    """The command with its standard streams redirected."""
    return subprocess.run(["bash", "-c", f"'{sys.executable}' -m smssr_infer.cli {words} {streams}"], capture_output=True, text=True,
                          timeout=GUARD)


@pytest.mark.parametrize("streams", CLOSED)
def test_the_work_is_done_whatever_the_standard_streams_are(tmp_path, small, streams):
    Image.fromarray(small[:24, :32]).save(tmp_path / "in.tif")
    done = shell(f"upscale {tmp_path}/in.tif {tmp_path}/out.tif --model smssr-x4-quick", streams)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert np.asarray(Image.open(tmp_path / "out.tif")).shape == (96, 128, 3)


@pytest.mark.parametrize("streams", CLOSED)
def test_a_batch_keeps_its_status_though_nobody_can_be_told(tmp_path, picture, streams):
    (tmp_path / "bad.png").write_bytes(b"no")
    done = shell(f"batch {tmp_path} {tmp_path}/out --model smssr-x4-quick", streams)
    assert done.returncode == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["in-x4.png"]
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("words", ["models", "--help", "--version", "stylize --help"])
def test_output_that_nobody_takes(words):
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, *words.split()], stdout=full, stderr=subprocess.PIPE, text=True, timeout=GUARD)
    assert (done.returncode, done.stderr) == (2, "smssr: standard output: No space left on device\n")
    piped = subprocess.run(["bash", "-c", f"'{sys.executable}' -m smssr_infer.cli {words} | true"], capture_output=True, text=True)
    assert piped.stderr == ""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii:strict"])
def test_an_encoding_that_lacks_most_characters_stops_nothing(tmp_path, picture, encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    commands = ([], *([name] for name in ("upscale", "restore", "batch", "stylize", "mask", "learn-style", "gimp", "models", "doctor",
                                          "bench")))
    code = """
import sys
from smssr_infer import streams
from smssr_infer.cli import parser
streams.take()
for words in sys.argv[1:]:
    try:
        parser().parse_args([*words.split(), "--help"])
    except SystemExit as leaving:
        assert not leaving.code
"""
    done = subprocess.run([sys.executable, "-c", code, *(" ".join(words) for words in commands)], capture_output=True, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"usage: smssr") == len(commands)
    assert subprocess.run([*COMMAND, "models"], capture_output=True, env=environment).returncode == 0
    for name in ("ü", "…β", "\N{CAT FACE}", "\udcff"):
        done = subprocess.run([*COMMAND, "upscale", tmp_path / f"{name}.png", tmp_path / "out.png"], capture_output=True, env=environment)
        assert done.returncode == 2
        assert done.stderr.startswith(b"smssr: ")
        assert done.stderr.count(b"\n") == 1
        assert b"internal error" not in done.stderr
        assert b"codec" not in done.stderr


def test_what_is_opened_never_gets_a_standard_streams_place(tmp_path):
    """Else a library's warnings would be written into the answer."""
    answer = tmp_path / "answer"
    (tmp_path / "code.py").write_text(f"""
import os
from smssr_infer import streams
streams.take()
with open({str(answer)!r}, "w") as file:
    file.write(str(file.fileno()))
print(*(os.fstat(number).st_rdev == os.stat(os.devnull).st_rdev for number in range(3)), file=open(7, "w"))
""")
    done = subprocess.run(["bash", "-c", f"'{sys.executable}' {tmp_path}/code.py 7>&1 <&- >&- 2>&-"], capture_output=True, text=True)
    assert done.stdout == "True True True\n"
    assert int(answer.read_text()) > 2
