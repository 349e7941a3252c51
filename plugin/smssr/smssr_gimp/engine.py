"""The engine as the plug-in sees it: a child process with NumPy and onnxruntime, which GIMP's own Python need not have.

Frames are those of the engine's own `frames.py`: `<IQ` (length of a JSON header, length of what follows), header, bytes.
"""

import contextlib
import json
import os
import struct
import subprocess
import sys
import tempfile

from .i18n import _
from .protocol import Cancel, Hello

HEAD = struct.Struct("<IQ")
RECORD = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "engine.json")
"""What 'smssr gimp install' wrote beside the plug-in: the command that starts the engine."""
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "PYTHONDONTWRITEBYTECODE")
"""What is set for GIMP and its own Python, and the engine's must not inherit."""


class EngineError(Exception):
    """Something that the user should read."""


class Engine:
    """A running engine. Use it as a context: it ends with the block, and with this process in any case."""

    def __init__(self):
        try:
            with open(RECORD, encoding="utf-8") as file:
                self._command = json.load(file)["command"]
        except (OSError, ValueError, KeyError) as error:
            raise EngineError(_("The plug-in does not know where its engine is ({error}). "
                                "Run 'smssr gimp install' in a terminal.").format(error=error)) from error
        self._number = 0
        self.start()

    def start(self):
        """Start the process. Raises EngineError where it does not start."""
        clean = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        hidden = ({"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else
                  {"start_new_session": True})  # Ctrl-C in GIMP's terminal is for GIMP
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - no pipe: nobody reads it while the engine works, and a full one would stop it
        try:
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, env=clean,
                                           cwd=os.path.expanduser("~"), **hidden)
        except OSError as error:
            raise EngineError(_("The engine does not start ({program}: {error}). Was smssr moved or removed? Install it again "
                                "and run 'smssr gimp install'.").format(program=self._command[0], error=error.strerror)) from error
        self._why = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """End the engine; it stops whatever it does."""
        for stream in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        """End the process where it is. Whoever waits for an answer of it gets an EngineError."""
        self._child.kill()
        self._child.wait()

    def _gone(self):
        """What to say of an engine that went away."""
        with contextlib.suppress(OSError):
            self._child.stdin.close()
        if self._why is None:
            status = self._child.wait()
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip().splitlines()
            self._why = f" ({said[-1]})" if said else f" (exit status {status})"
        why = self._why
        return EngineError(_("The engine stopped{why}. Nothing was changed. 'smssr doctor' in a terminal says more.").format(why=why))

    def send(self, request, payload=b""):
        """Send a request of `protocol`; returns its number."""
        self._number += 1
        self._write({"id": self._number, **request.header()}, payload)
        return self._number

    def cancel(self, number):
        """Have the engine drop a request and all before it."""
        self._write({"id": number, **Cancel().header()})

    def _write(self, header, payload=b""):
        text = json.dumps(header).encode()
        try:
            self._child.stdin.write(HEAD.pack(len(text), len(payload)) + text)
            self._child.stdin.write(payload)
            self._child.stdin.flush()
        except (OSError, ValueError):  # a broken pipe, or one that was closed when the engine was found to be gone
            raise self._gone() from None

    def next(self):
        """The next answer to any request, (header, bytes). Raises EngineError where the engine is gone."""
        out = self._child.stdout
        head = out.read(HEAD.size)
        if len(head) < HEAD.size:
            raise self._gone()
        length, more = HEAD.unpack(head)
        header, payload = out.read(length), out.read(more) if more else b""
        if len(header) < length or len(payload) < more:
            raise self._gone()
        return json.loads(header), payload

    def answers(self, number):
        """The answers to a request, (header, bytes) each, up to its last; those to earlier ones are dropped. Raises EngineError."""
        while True:
            header, payload = self.next()
            if header["id"] != number:
                continue
            if "error" in header:
                raise EngineError(header["error"])
            yield header, payload
            if "tile" not in header and "file" not in header:
                return

    def hello(self):
        """Version, models and styles."""
        (header, _payload), = self.answers(self.send(Hello()))
        return header
