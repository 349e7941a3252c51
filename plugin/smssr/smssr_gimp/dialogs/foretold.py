"""How many pictures there are to do, and how long that takes: found out beside the dialog, anew after every change of a setting."""

import threading

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib  # noqa: E402

from ..engine import EngineError  # noqa: E402

DELAY = 400
"""Milliseconds after the last change of a setting before the engine is asked."""

PATIENCE = 10
"""Seconds that the engine has to end what it does in, when the dialog is closed."""


class Foretold:
    """Asks the engine in a thread of its own; a question that was asked anew is dropped."""

    def __init__(self, engine, request, show):
        """`request()`: what to ask; `show(header, words)`: told the answer, or what is wrong with it."""
        self._engine, self._request, self._show = engine, request, show
        self._timer = self._thread = self._number = None
        self._again = self._dropped = self._closed = False

    def ask(self):
        """Ask once the settings have stood still."""
        if self._timer:
            GLib.source_remove(self._timer)
        self._timer = GLib.timeout_add(DELAY, self._begin)

    def drop(self):
        """What is under way is not wanted any more."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = None
        if self._thread:
            self._dropped = True
            self._engine.cancel(self._number)

    def _begin(self):
        self._timer = None
        if self._thread:
            self._again = True
            self._engine.cancel(self._number)
            return GLib.SOURCE_REMOVE
        self._dropped = False
        self._number = self._engine.send(self._request())
        self._thread = threading.Thread(target=self._wait, args=(self._number,), daemon=True)
        self._thread.start()
        return GLib.SOURCE_REMOVE

    def _wait(self, number):
        try:
            header, words = [answer for answer, _payload in self._engine.answers(number)][-1], None
        except EngineError as error:
            header, words = None, str(error)
        GLib.idle_add(self._answered, header, words)

    def _answered(self, header, words):
        if self._closed:
            return GLib.SOURCE_REMOVE
        self._thread.join()
        self._thread = None
        if self._again:
            self._again = False
            self._begin()
        elif not self._dropped and not (header or {}).get("cancelled"):
            self._show(header, words)
        return GLib.SOURCE_REMOVE

    def close(self):
        """End what is under way; afterwards the engine is free for others."""
        self._closed = True
        if self._timer:
            GLib.source_remove(self._timer)
        if self._thread:
            self._engine.cancel(self._number)
            self._thread.join(PATIENCE)
