"""A plug-in that was dropped into GIMP, with a small stand-in for its engine, and an index on this machine to set it up from."""

from __future__ import annotations

import contextlib
import ensurepip
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parent.parent / "plugin/smssr"
PIP = next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"), None)
"""pip's wheel, which Python brings; Debian keeps it elsewhere."""

VERSION = "9.1"
ANSWERS = """
import json, struct, sys
import tiny
head = struct.Struct("<IQ")
length, _ = head.unpack(sys.stdin.buffer.read(head.size))
sys.stdin.buffer.read(length)
answer = json.dumps({"id": 1, "version": "VERSION"}).encode()
sys.stdout.buffer.write(head.pack(len(answer), 0) + answer)
"""


def wheel(path, name, version, files):
    """A wheel of these files."""
    info = f"{name}-{version}.dist-info"
    files = {**files, f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
             f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for entry, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(entry, text)
    return path


class Index(http.server.ThreadingHTTPServer):
    """Serves a folder; `trouble` is what it does instead of answering well."""

    def __init__(self, folder, answers=None):
        self.folder, self.trouble, self.asked = folder, None, []
        super().__init__(("127.0.0.1", 0), answers or Answers)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802 - what http.server calls
        trouble, begin = self.server.trouble, self.headers.get("Range")
        self.server.asked.append((self.path, begin))
        if isinstance(trouble, int):
            self.send_error(trouble)
            return
        path = self.server.folder / self.path.strip("/").rpartition("/")[2]
        if self.path.endswith("/"):
            link = f'<a href="/files/{path.name}-1.0-py3-none-any.whl#sha256=0">x</a>'
            body, begin = b"" if "/empty/" in self.path else link.encode(), None
        elif path.exists():
            body = path.read_bytes()
        else:
            self.send_error(404)
            return
        if trouble == "damaged":
            body = body[:-5] + b"wrong"
        first = int(begin[6:-1]) if begin else 0
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(body) - first))
        self.end_headers()
        if trouble == "cut":  # once
            self.server.trouble = None
            body = body[:len(body) // 2]
        with contextlib.suppress(OSError):
            self.wfile.write(body[first:])

    def log_message(self, *_):
        pass


class Setting:
    """A plug-in that was dropped somewhere, and a home for its engine."""

    def __init__(self, folder, index):
        if PIP is None:
            pytest.skip("this Python brings no wheel of pip")
        self.plugin, self.home, self.index = folder / "plug-ins/smssr", folder / "home/zoe", index
        self.home.mkdir(parents=True)
        shutil.copytree(PLUGIN / "smssr_setup", self.plugin / "smssr_setup", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(PLUGIN / "set_up.py", self.plugin)
        (self.plugin / "wheels").mkdir()
        shutil.copy(PIP, self.plugin / "wheels")
        self.bring(VERSION)
        tiny = wheel(index.folder / "tiny-1.0-py3-none-any.whl", "tiny", "1.0", {"tiny.py": "# " + "x" * 200_000})
        more = wheel(index.folder / "more-1.0-py3-none-any.whl", "more", "1.0", {"more.py": ""})
        packages = [{"name": path.name.split("-")[0], "version": "1.0", "part": part, "files": [
            {"name": path.name, "size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
             "url": f"{index.address}/files/{path.name}"}]} for path, part in ((tiny, "first"), (more, "masks"))]
        (self.plugin / "packages.json").write_text(json.dumps({"python": "3.13", "packages": packages}))

    def bring(self, version):
        """Have the plug-in come with the engine of a version."""
        for old in (self.plugin / "wheels").glob("smssr-*"):
            old.unlink()
        wheel(self.plugin / f"wheels/smssr-{version}-py3-none-any.whl", "smssr", version,
              {"smssr_infer/__init__.py": "", "smssr_infer/engine/__init__.py": "",
               "smssr_infer/engine/__main__.py": ANSWERS.replace("VERSION", version)})

    @property
    def engine(self):
        return self.home / ".local/share/smssr/engine"

    def recorded(self, version=VERSION):
        """How the engine is started, if it is there."""
        path = self.engine / version / "engine.json"
        return json.loads(path.read_text())["command"] if path.exists() else None

    def begin(self, *words, **environment):
        """Start set_up.py."""
        environ = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        environ |= {"HOME": str(self.home), "USERPROFILE": str(self.home), **environment}
        for name in ("XDG_DATA_HOME", "SMSSR_HOME", "UV_DEFAULT_INDEX", "PIP_INDEX_URL", "SNAP_USER_COMMON"):
            if name not in environment:
                environ.pop(name, None)
        return subprocess.Popen([sys.executable, self.plugin / "set_up.py", *words], env=environ, text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def run(self, *words, **environment):
        """(exit status, standard output, standard error) of set_up.py."""
        child = self.begin(*words, **environment)
        out, err = child.communicate(timeout=600)
        return child.returncode, out, err


linux = pytest.mark.skipif(sys.platform != "linux", reason="where the engine lies is asked for as on Linux")


def fault(setting, *words, **environment):
    """The one line that it says, and the report."""
    status, _out, err = setting.run(*words, "--report", **environment)
    line, _newline, report = err.partition("\n")
    assert status == 2, err
    assert setting.recorded() is None
    assert line.startswith("smssr: ")
    assert str(setting.home) not in err
    assert "zoe" not in err
    return line, report
