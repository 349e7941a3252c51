"""Where on the screen the controls of the plug-in's dialogs lie, for a hand that clicks on them. Every Python that GIMP starts reads this
where its folder is on the path; it acts in the plug-in's process alone.

Twice a second `/opt/exchange/places` is written anew: {title: {words: [x, y]}}, of each dialog that is open.
"""

import json
import os
import sys

HERE = "/opt/exchange"

LOOK = 500
"""Milliseconds."""


def within(widget, Gtk):  # noqa: N803 - a module
    """All widgets in one that can be seen."""
    found = []
    if isinstance(widget, Gtk.Container):
        widget.forall(found.append)
    return [widget, *(deeper for child in found if child.get_mapped() for deeper in within(child, Gtk))]


def places(dialog, Gtk):  # noqa: N803
    """The middles of a dialog's buttons, by their words, and of its numbers and lists, by the words before them."""
    found = {}
    for widget in within(dialog, Gtk):
        label = widget.get_label() if isinstance(widget, Gtk.Button) else None
        if isinstance(widget, Gtk.Label) and widget.get_mnemonic_widget():
            label, widget = widget.get_label(), widget.get_mnemonic_widget()
        if label and widget.get_mapped():
            box = widget.get_allocation()
            x, y = widget.translate_coordinates(dialog, box.width // 2, box.height // 2)
            _there, left, top = dialog.get_window().get_origin()
            found[label.replace("_", "")] = [left + x, top + y]
    return found


def begin():
    import gi

    gi.require_version("Gtk", "3.0")
    gi.require_version("GimpUi", "3.0")
    from gi.repository import GimpUi, GLib, Gtk

    shown = {}

    def look(dialog):
        if not dialog.get_mapped():
            return GLib.SOURCE_CONTINUE
        shown[dialog.get_title()] = places(dialog, Gtk)
        write()
        return GLib.SOURCE_CONTINUE

    def write():
        with open(f"{HERE}/places-new", "w") as file:
            json.dump(shown, file)
        os.replace(f"{HERE}/places-new", f"{HERE}/places")

    def telling(run):
        def run_telling(dialog):
            timer = GLib.timeout_add(LOOK, look, dialog)
            try:
                return run(dialog)
            finally:
                GLib.source_remove(timer)
                shown.pop(dialog.get_title(), None)
                write()
        return run_telling

    for kind in (Gtk.Dialog, GimpUi.Dialog, GimpUi.ProcedureDialog):  # each has a `run` of its own
        kind.run = telling(kind.run)


if "-run" in sys.orig_argv and any("plug-ins/smssr/" in word for word in sys.orig_argv) and os.environ.get("DISPLAY"):
    begin()
