"""Setting up where everything goes against it: killed, a full disk, no network, proxies, an AppImage's surroundings, long paths.

It works, or says one sentence; nothing half is ever taken for whole.
"""

import contextlib
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from dropped import ANSWERS, VERSION, fault, linux, wheel

root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts")

WORKS = "import tiny, smssr_infer.engine"


def works(command):
    """Whether the engine that is recorded has all that it needs."""
    return subprocess.run([command[0], "-I", "-c", WORKS], capture_output=True).returncode == 0


def edit(setting, file, old, new):
    """Have the plug-in of a setting other constants."""
    path = setting.plugin / "smssr_setup" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@contextlib.contextmanager
def mounted(folder, options):
    """A disk of its own at a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@linux
def test_killed_at_twenty_moments(setting):
    """In a first setting up, an upgrade and an addition: what is recorded is whole after each, and in the end all of it is there."""
    def killed(words, share):
        """Whether it was at work still when it had said that share of its lines, and was killed with all that it started."""
        child = setting.begin(*words, "--json")
        for _ in range(1 + int(share * lines)):
            line = child.stdout.readline()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        for version in (VERSION, "9.2"):
            command = setting.recorded(version)
            assert command is None or works(command), "half an engine is recorded"
        part = setting.engine / VERSION / "masks"
        assert not part.exists() or (part / "more.py").exists()
        return bool(line) and "finished" not in line

    child = setting.begin("--json")
    lines = len(list(child.stdout)) - 1
    assert child.wait() == 0
    child.communicate()
    setting.run("remove")
    interrupted = 0
    for number in range(8):
        interrupted += killed([], number / 8)
        if number % 2:  # every other time it goes on with what there is
            setting.run("remove")
    assert setting.run()[0] == 0
    for number in range(6):
        interrupted += killed(["add", "masks"], number / 8)
    setting.bring("9.2")
    for number in range(6):
        interrupted += killed([], number / 6)
        assert setting.recorded("9.2") or works(setting.recorded()), "the older engine is gone before the newer one is there"
    assert interrupted >= 10, "it was hardly ever killed at work"
    assert setting.run()[0] == 0
    assert works(setting.recorded("9.2"))
    assert sorted(path.name for path in setting.engine.iterdir()) == ["9.2", "lock"]


@linux
def test_one_of_two_is_killed(setting):
    """The other one, which waits, goes on with what was left."""
    first = setting.begin("--json")
    while '"install"' not in first.stdout.readline():
        pass
    second = setting.begin()
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert second.communicate(timeout=600)[1] == ""
    assert second.returncode == 0
    assert works(setting.recorded())


@linux
@root
@pytest.mark.parametrize("kilobytes", [4, 150, 400, 2000, 10_000])
def test_a_disk_that_fills_up_on_the_way(setting, kilobytes):
    """Wherever it is full, and however little was left."""
    edit(setting, "faults.py", "NEEDED = 300", "NEEDED = 0")
    base = setting.home / "disk"
    with mounted(base, f"size={kilobytes}k"):
        status, _out, err = setting.run(SMSSR_HOME=str(base))
        records = list(base.glob("engine/*/engine.json"))
        if status == 0:
            assert kilobytes >= 2000
            assert works(json.loads(records[0].read_text())["command"])
        else:
            assert err == "smssr: The disk with ~/disk is full. About 0 MB must be free.\n"
            assert not records
            subprocess.run(["mount", "-o", "remount,size=100m", base], check=True)
            assert setting.run(SMSSR_HOME=str(base))[0] == 0, "it does not go on once there is room"


@linux
@root
def test_too_little_room_is_said_before_anything_is_fetched(setting):
    with mounted(setting.home / "disk", "size=100m"):
        assert "About 300 MB must be free" in fault(setting, SMSSR_HOME=str(setting.home / "disk"))[0]
    assert not setting.index.asked


@linux
@root
def test_a_home_that_cannot_be_written_to(setting):
    with mounted(setting.home, "size=1m,ro"):
        assert "not allowed to write to ~/" in fault(setting)[0]
        assert setting.run("remove")[0] == 0
    assert not setting.index.asked


@linux
def test_everything_came_along_and_there_is_no_network(setting):
    """As with the zip “with everything”; the proxy that is set leads nowhere, either."""
    for path in setting.index.folder.glob("*.whl"):
        shutil.copy(path, setting.plugin / "wheels")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    status, out, _err = setting.run("plan", **nowhere)
    assert json.loads(out)["bytes"] == 0
    assert setting.run(**nowhere)[0] == 0
    assert setting.run("add", "masks", **nowhere)[0] == 0
    assert works(setting.recorded())
    assert not setting.index.asked


class Refusing(http.server.BaseHTTPRequestHandler):
    """A proxy that lets nobody through."""

    def do_CONNECT(self):  # noqa: N802 - what http.server calls
        if self.server.status:
            self.send_error(self.server.status)
        else:
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_):
        pass


@linux
@pytest.mark.parametrize("status", [403, 407, 502, None])
def test_a_proxy_that_refuses(setting, status):
    """Over HTTPS, as everywhere outside of tests: by an answer, or by hanging up."""
    path = setting.plugin / "packages.json"
    path.write_text(path.read_text().replace(setting.index.address, "https://files.example.org"))
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    proxy.status = status
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        line, report = fault(setting, https_proxy=f"http://zoe:secret@127.0.0.1:{proxy.server_address[1]}", no_proxy="")
    finally:
        proxy.shutdown()
        proxy.server_close()
    assert "The proxy 127.0.0.1 refuses the connection to files.example.org" in line
    assert "secret" not in report


@linux
def test_in_an_appimage(setting):
    """As the official one sets it: all of GIMP's libraries preloaded, and its own programs first, of which one is called python3."""
    app = setting.home / "squashfs-root"
    (app / "usr/bin").mkdir(parents=True)
    (app / "usr/lib").mkdir()
    os.symlink(os.path.realpath(sys.executable), app / "usr/bin/python3")
    for name in ("python3.13", "uv", "pip"):
        (app / "usr/bin" / name).write_text(f"#!/bin/sh\necho {name} >> {setting.home}/started\nexit 1\n")
        (app / "usr/bin" / name).chmod(0o755)
    environ = {"APPDIR": str(app), "LD_PRELOAD": f"{app}/usr/lib/libgtk-3.so.0:{app}/usr/lib/libbabl-0.1.so",
               "PATH": f"{app}/usr/bin:{os.path.dirname(sys.executable)}:{os.environ['PATH']}", "PYTHONHOME": sys.base_prefix,
               "GI_TYPELIB_PATH": f"{app}/usr/lib/girepository-1.0", "SSL_CERT_FILE": f"{app}/none.pem", "HOME": str(setting.home)}
    engine = setting.plugin / f"wheels/smssr-{VERSION}-py3-none-any.whl"
    strict = ("import os\nassert not {'LD_PRELOAD', 'PYTHONHOME', 'GI_TYPELIB_PATH', 'SSL_CERT_FILE'} & set(os.environ), os.environ\n"
              "assert os.environ['APPDIR'] not in os.environ['PATH']\n")
    wheel(engine, "smssr", VERSION, {"smssr_infer/__init__.py": "", "smssr_infer/engine/__init__.py": "",
                                     "smssr_infer/engine/__main__.py": strict + ANSWERS.replace("VERSION", VERSION)})
    done = subprocess.run([app / "usr/bin/python3", setting.plugin / "set_up.py"], env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    python = Path(setting.recorded()[0])
    assert app not in Path(os.readlink(python)).parents, "the engine was made with the AppImage's own Python, which moves at each start"
    assert not (setting.home / "started").exists()


@linux
def test_paths_that_are_too_long_for_windows(setting):
    """260 characters, the last of which is a zero: before anything is installed there is a sentence, and with a shorter folder it works."""
    edit(setting, "environment.py", "LONGEST = longest_path()", "LONGEST = 259")
    place = setting.home
    while len(str(place)) < 200:
        place = place / "a folder with a long name"
    line, _report = fault(setting, SMSSR_HOME=str(place))
    assert line.endswith("is too long for this system. Name a shorter folder in the environment variable SMSSR_HOME.")
    assert setting.run()[0] == 0


@linux
def test_paths_that_are_too_long_for_linux(setting):
    assert "is too long for this system" in fault(setting, SMSSR_HOME=str(setting.home / ("x" * 300)))[0]


@linux
def test_a_part_is_taken_away_alone(setting):
    assert setting.run()[0] == 0
    assert setting.run("add", "masks")[0] == 0
    assert json.loads(setting.run("status")[1])["parts"] == ["masks"]
    assert sorted(path.name for path in (setting.engine / VERSION).iterdir()) == ["engine.json", "env", "masks"]
    assert setting.run("remove", "masks")[0] == 0
    assert json.loads(setting.run("status")[1])["parts"] == []
    assert works(setting.recorded())
    assert sorted(path.name for path in (setting.engine / VERSION).iterdir()) == ["engine.json", "env"]
