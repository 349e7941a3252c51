"""smssr calls nobody and keeps to its own folders: no connections, no files but those that were asked for, no need of a home."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from smssr_infer.networks import places

ROOT = Path(__file__).parent.parent
RUN = [sys.executable, "-m", "smssr_infer.cli"]
SECONDS = 12
"""onnxruntime's telemetry, where it is on, makes its first connection some nine seconds after the import."""

COMMANDS = """
import contextlib, io, sys, time
began = time.monotonic()
from smssr_infer.cli import main
from smssr_infer.engine.__main__ import main as engine
for words in (["upscale", "in.png", "out/a.png"], ["upscale", "in.png", "out/a.tif", "--best", "--scale", "2"],
              ["upscale", "in.png", "out/a.zarr", "--scale", "2", "--picture", "photo"],
              ["restore", "in.png", "out/b.png", "--clean", "--sharpen", ":0.5", "--fill", "dust.png"],
              ["stylize", "in.png", "out/c.png", "--style", "fur", "--coarse", "starry-night:0.5", "--scale", "2"],
              ["mask", "in.png", "out/d.png", "--here", "20,20", "--not-here", "2,2"], ["batch", "in", "out", "--scale", "2"], ["models"],
              ["gimp", "install", "--dir", "own"], ["gimp", "status", "--dir", "own"], ["gimp", "uninstall", "--dir", "own"]):
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(words) == 0, words
time.sleep(max(0.0, began + float(sys.argv[1]) - time.monotonic()))
"""

CALLS = "?open,openat,?creat,?mkdir,mkdirat,?rename,renameat2,?link,linkat,?symlink,symlinkat,?mknod,mknodat,?truncate"


def traced(folder: Path, *command: str) -> tuple[list[str], list[Path]]:
    """The connections that a command opens, and the paths that it makes or writes to, in itself and in what it starts.

    It has `folder` for its working folder, `home` in there for its home, and `own` and `temporary` for the other folders.
    """
    if not shutil.which("strace"):
        assert "SMSSR_NEED_STRACE" not in os.environ, "strace is missing (apt-get install strace)"
        pytest.skip("NOBODY HAS LOOKED FOR CONNECTIONS: needs strace (apt-get install strace)")
    for name in ("home", "own", "temporary"):
        (folder / name).mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    subprocess.run(["strace", "-f", "-y", "--seccomp-bpf", "-s", "4096", "-e", f"trace=socket,{CALLS}", "-o", folder / "trace", *command],
                   cwd=folder, check=True, env=environment | {"HOME": str(folder / "home"), "SMSSR_HOME": str(folder / "own"),
                                                              "TMPDIR": str(folder / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"})
    sockets, paths = [], []
    for line in (folder / "trace").read_text(errors="replace").splitlines():
        if "AF_INET" in line:
            sockets.append(line)
        call = re.match(r'\d+ +(\w+)\((?:[\w-]+<(.*?)>, )?"((?:[^"\\]|\\.)*)"(.*)', line)
        if call and (not call[1].startswith("open") or re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", call[4])):
            paths.append(Path(call[2] or folder, call[3]))
    return sockets, paths


def elsewhere(paths: list[Path], folder: Path) -> list[Path]:
    """Those that are neither answers, temporary files, nor the user's own folder."""
    return [path for path in paths if not any(path.is_relative_to(place) for place in
                                              (folder / "out", folder / "own", folder / "temporary", "/dev", "/proc"))]


def test_no_command_opens_a_connection_or_writes_elsewhere(tmp_path, small):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    for name in ("in.png", "in/e.png"):
        Image.fromarray(small[:60, :64]).save(tmp_path / name)
    Image.fromarray(np.eye(60, 64, dtype=np.uint8) * 255).save(tmp_path / "dust.png")
    sockets, paths = traced(tmp_path, sys.executable, "-c", COMMANDS, str(SECONDS))
    assert not sockets
    assert not elsewhere(paths, tmp_path)
    written = {path.name for path in paths if path.is_relative_to(tmp_path / "out")}
    assert len(written) > 5  # the trace has seen what was to be seen


def test_the_trace_sees_connections_and_files(tmp_path):
    code = ("import pathlib, socket, subprocess, sys; pathlib.Path.home().joinpath('x').mkdir(); open('y', 'w'); open('trace'); "
            "subprocess.run([sys.executable, '-c', 'import socket; socket.socket(socket.AF_INET6)'])")
    sockets, paths = traced(tmp_path, sys.executable, "-c", code)
    assert len(sockets) == 1
    assert elsewhere(paths, tmp_path) == [tmp_path / "home/x", tmp_path / "y"]


def test_onnxruntime_is_imported_in_one_place():
    """Wherever else it were, its telemetry might be on: scripts and tests, too, and code in strings."""
    name = "onnx" + "runtime"
    wrong = re.compile(rf"^[^#\n]*(\bimport\b[^#\n]*\b{name}\b|\bfrom {name}|importorskip.{{2}}{name})", re.M)
    found = []
    for folder in ("smssr_infer", "export", "plugin", "docs", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            if wrong.search(path.read_text(encoding="utf-8").replace(f"onnx_runtime import {name}", "")):
                found.append(path.relative_to(ROOT).as_posix())
    assert found == ["smssr_infer/networks/onnx_runtime.py"]


def upscaled(tmp_path, environment, *before):
    """The command's outcome in another environment."""
    Image.fromarray(np.full((20, 20, 3), 90, np.uint8)).save(tmp_path / "in.png")
    kept = {name: value for name, value in os.environ.items() if name not in ("HOME", "SMSSR_HOME") and not name.startswith("XDG_")}
    done = subprocess.run([*before, *RUN, "upscale", tmp_path / "in.png", tmp_path / "out" / "a.png"], env=kept | environment,
                          capture_output=True, text=True, cwd=tmp_path)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("environment", [{"HOME": "/proc/nowhere"}, {"HOME": "/nonexistent"}, {"HOME": ""}, {}])
def test_a_home_is_not_needed(tmp_path, environment):
    (tmp_path / "out").mkdir()
    assert upscaled(tmp_path, environment | {"ORT_DISABLE_TELEMETRY": "0"}) == (0, "")
    assert {path.name for path in tmp_path.rglob("*")} == {"in.png", "out", "a.png"}


@pytest.fixture
def open_folder():
    """A folder that everybody may enter and write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "out").mkdir()
        (folder / "out").chmod(0o777)
        yield folder


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root and setpriv")
def test_an_unknown_user(open_folder):
    """Of another number than any user's, who may read everything here but has no home."""
    other = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups",
             *(f"--{kind}-caps=+dac_read_search" for kind in ("inh", "ambient"))]
    assert upscaled(open_folder, {}, *other) == (0, "")
    assert (open_folder / "out/a.png").stat().st_uid == 54321
    for words in (["models"], ["mask", "--help"]):
        assert subprocess.run([*other, *RUN, *words], env={"PATH": os.environ["PATH"]}, capture_output=True).returncode == 0


def test_where_there_is_no_home(monkeypatch, capsys):
    for name in ("SMSSR_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(places.os.path, "expanduser", lambda path: path)
    from smssr_infer.cli import main
    from smssr_infer.textures import learning

    assert places.home() is None
    assert main(["models"]) == 0
    assert "smssr-x4" in capsys.readouterr().out
    assert main(["gimp", "status"]) == 2
    assert "--dir" in capsys.readouterr().err
    with pytest.raises(ValueError, match="SMSSR_HOME"):
        learning.learn_style(learning.Wish(picture=Path(__file__), name="mine"))


def test_the_engine_needs_no_home(tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    code = "from smssr_infer.engine.installing import ask, command; import json; print(json.dumps(ask(command('plain'))))"
    told = json.loads(subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True).stdout)
    assert told["models"]
