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

from smssr_setup import places
from smssr_setup.pythons import pip
from smssr_setup.surroundings import clean

from .i18n import _, said
from .protocol import Cancel, Hello

HEAD = struct.Struct("<IQ")
RECORD = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "engine.json")
"""What 'smssr gimp install' wrote beside the plug-in: the command that starts the engine."""
MASKS, LEARNING = "masks", "learning"
"""The parts of the engine that Set Up fetches only once they are needed: SciPy, and PyTorch with what it needs."""


class EngineError(Exception):
    """Something that the user should read."""


class Dismissed(EngineError):
    """What a dialog was about is gone, and so is the dialog: nobody has to be told."""


class NotSetUp(EngineError):
    """There is no engine yet, none of this plug-in's version, or a part of it is missing: Set Up… brings it."""

    def __init__(self, words, part=None):
        super().__init__(f"{words} {terminal(part)}")
        self.part = part
        """The part that is missing; None where all is."""


def terminal(part=None):
    """What sets the engine up without a window."""
    python = os.path.basename(sys.executable) or "python3"
    return _("Choose Filters ▸ Super-Resolution ▸ Set Up…, or run this in a terminal: {command}").format(
        command=f'{python} "{places.PLUGIN / "set_up.py"}"{f" add {part}" if part else ""}')


def recorded():
    """How the engine is started, and whether Set Up put it where it is. Raises EngineError."""
    version = places.version()
    try:
        with open(RECORD, encoding="utf-8") as file:
            known = json.load(file)
        if version in (None, known.get("version")):
            return known["command"], False
    except (OSError, ValueError, KeyError) as error:
        if version is None:
            raise EngineError(_("The plug-in does not know where its engine is ({error}). "
                                "Run 'smssr gimp install' in a terminal.").format(error=error)) from error
    known = places.record(version)
    if known:
        return known["command"], True
    if places.others(version):
        raise NotSetUp(_("This plug-in needs version {version} of its engine.").format(version=version))
    raise NotSetUp(_("The engine is not set up yet."))


HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Where the kernel gives huge pages only to who asks (Ubuntu, Fedora), networks take a tenth less processor time so; others ignore it."""


class Engine:
    """A running engine. Use it as a context: it ends with the block, and with this process in any case."""

    def __init__(self):
        self._command, self.set_up = recorded()
        """`set_up`: whether Set Up put it where it is."""
        self._number = 0
        self.start()

    def start(self):
        """Start the process. Raises EngineError where it does not start."""
        hidden = ({"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else
                  {"start_new_session": True})  # Ctrl-C in GIMP's terminal is for GIMP
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - no pipe: nobody reads it while the engine works, and a full one would stop it
        try:
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said,
                                           env={**HUGE_PAGES, **clean()},
                                           cwd=os.path.expanduser("~"), **hidden)
        except OSError as error:
            if self.set_up:
                raise NotSetUp(_("The engine does not start ({why}). It has to be set up again.").format(why=error.strerror)) from error
            raise EngineError(_("The engine does not start ({program}: {error}). Was smssr moved or removed? Install it again "
                                "and run 'smssr gimp install'.").format(program=self._command[0], error=error.strerror)) from error
        self._why = None
        self._answered = False
        """Whether it has ever answered."""

    def pip(self, python):
        """The command of the pip that installs for the engine; an environment that Set Up made has none of its own."""
        return f'"{python}" "{pip() / "pip"}"' if self.set_up else f"{python} -m pip"

    def need(self, part):
        """Raises NotSetUp, before anything is begun, where a part is missing that Set Up fetches only once it is needed."""
        if part in self.hello()["parts"]:
            raise NotSetUp(_("This needs SciPy, a free library, which is downloaded once."), part)

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
            self._why = said[-1] if said else _("exit status {status}").format(status=status)
        why = self._why
        if self.set_up and not self._answered:  # as after an update of the Python that it was made with
            return NotSetUp(_("The engine does not start ({why}). It has to be set up again.").format(why=why))
        if self.set_up:
            return EngineError(_("The engine stopped ({why}). Nothing was changed.").format(why=why))
        return EngineError(_("The engine stopped ({why}). Nothing was changed. 'smssr doctor' in a terminal says more.").format(why=why))

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
        self._answered = True
        return json.loads(header), payload

    def answers(self, number):
        """The answers to a request, (header, bytes) each, up to its last; those to earlier ones are dropped. Raises EngineError."""
        while True:
            header, payload = self.next()
            if header["id"] != number:
                continue
            if "error" in header:
                raise self.fault(header)
            yield header, payload
            if "tile" not in header and "file" not in header:
                return

    def fault(self, header):
        """The EngineError that an answer is."""
        words = said(header["error"])
        return NotSetUp(words, header["part"]) if "part" in header and self.set_up else EngineError(words)

    def hello(self):
        """Version, models and styles, those that ship with their titles in the user's language."""
        (header, _payload), = self.answers(self.send(Hello()))
        for card in header["models"]:
            if not card["own"]:
                card.update({key: _(card[key]) for key in ("title", "about") if card.get(key)})
        return header
