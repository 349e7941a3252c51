"""Setting up as a process of its own, `smssr_setup`, that tells how far it is; a dialog shows it."""

import json
import os
import subprocess
import sys
import threading

from gi.repository import GLib
from smssr_setup import places
from smssr_setup.command import end_group
from smssr_setup.words import FAULTS, SILENT, STEPS

from .i18n import _


class SettingUp:
    """One run of `set_up.py`. `told(line)` is called in the main loop for each line it says, and with None where it went away.

    It runs under GIMP's own Python, and so with GIMP's own environment; what it starts does not.
    """

    def __init__(self, words, told):
        hidden = {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {"start_new_session": True}
        self._told, self._over = told, False
        self._child = subprocess.Popen([sys.executable, os.fspath(places.PLUGIN / "set_up.py"), *words, "--json"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **hidden)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self._child.stdout:
            GLib.idle_add(self._tell, json.loads(line))
        GLib.idle_add(self._tell, None)

    def _tell(self, line):
        if not self._over:
            self._over = line is None or "finished" in line or "fault" in line
            self._told(line)
        return GLib.SOURCE_REMOVE

    def stop(self):
        """End it, and all that it started, at once. It says nothing any more."""
        self._over = True
        if self._child.poll() is None:
            end_group(self._child.pid)
        self._child.wait()


def sentence(line):
    """What a line of it says, in the user's language."""
    if line is None:
        return _(FAULTS["internal"]).format(reason=_("it stopped"))
    if "fault" in line:
        return _(FAULTS[line["fault"]]).format(**{name: _(words) if words == SILENT else words for name, words in line["fields"].items()})
    return _(STEPS[line["step"]]).format(**line)
