"""One window for each filter and layer: a dialog that is chosen again while it is open comes to the front.

GIMP runs each choice as a process of its own. The first one holds a lock as long as its dialog is open; who finds it held leaves a call,
a parasite of GIMP's own, which the first one looks for.
"""

import contextlib
import os
import tempfile

from gi.repository import Gimp, GLib
from smssr_setup.locking import locked

LOOK = 100
"""Milliseconds between two looks for a call."""


class OneWindow:
    """The window of this process."""

    def __init__(self):
        self._name, self._lock = "", contextlib.ExitStack()

    def alone(self, procedure, items=()):
        """Whether no other process has a window of a procedure for these layers (or whatever else is chosen); one that has is called."""
        self._name = "-".join([procedure, str(os.getppid()), *(str(item.get_id()) for item in items)])
        try:
            self._lock.enter_context(locked(_path(self._name), self._found))
        except FileExistsError:
            Gimp.attach_parasite(Gimp.Parasite.new(self._name, 0, b"called"))
            return False
        except OSError:  # nowhere to lock: two windows are better than none
            return True
        Gimp.detach_parasite(self._name)  # of a call that came too late for the last window
        return True

    def _found(self):
        raise FileExistsError(self._name)

    def listen(self, dialog):
        """Bring a dialog to the front whenever it is called."""
        def look():
            if not dialog.get_realized() or not self._name:
                return GLib.SOURCE_REMOVE
            if Gimp.get_parasite(self._name):
                Gimp.detach_parasite(self._name)
                dialog.present()
            return GLib.SOURCE_CONTINUE

        def shown(_dialog):
            dialog.present()  # with the keyboard, also where a shortcut of GIMP's chose it
            GLib.timeout_add(LOOK, look)

        Gimp.progress_end()  # "Opening…"
        dialog.connect("map", shown)

    def leave(self):
        """The window is closed, and another one may open while this process goes on."""
        with contextlib.suppress(OSError):
            os.unlink(_path(self._name))
        self._lock.close()
        self._name = ""


def _path(name):
    return os.path.join(tempfile.gettempdir(), f"{name}.lock")


one_window = OneWindow()
