"""Every dialog of the plug-in is walked through by Tab's own means, and closed. Every Python that GIMP starts reads this
where its folder is on the path; it acts in the plug-in's process alone.

What it saw goes to `/opt/exchange/walked`, a line of JSON for each dialog: which controls the focus never came to, and the dialog's size.
"""

import json
import os
import sys

HERE = "/opt/exchange"

LOOK, LOOKS = 2000, 60
"""Milliseconds between two looks whether a dialog has the keyboard, and how many there are at most."""

MOST = 300
"""So many steps of the focus come around in any dialog."""


def walked(dialog, Gtk):  # noqa: N803 - a module
    """What of a dialog the keyboard does not reach."""
    controls = [widget for widget in within(dialog, Gtk) if is_control(widget, Gtk)]
    reached, stuck = [], []
    for _ in range(MOST):
        dialog.child_focus(Gtk.DirectionType.TAB_FORWARD)
        focus = dialog.get_focus()
        if len(reached) > 1 and focus == reached[0]:  # once around
            break
        if focus and focus not in reached:
            reached.append(focus)
    for control in controls:
        group = control.get_group() if isinstance(control, Gtk.RadioButton) else [control]
        if not any(focus == one or focus.is_ancestor(one) for focus in reached for one in group):
            stuck.append(called(control, Gtk))
    return {"title": dialog.get_title(), "controls": len(controls), "stuck": stuck,
            "radios": sum(isinstance(control, Gtk.RadioButton) for control in controls), "size": list(dialog.get_size())}


def within(widget, Gtk):  # noqa: N803
    """All widgets in one that can be seen, but for what a list or a number is made of."""
    found = []
    if isinstance(widget, Gtk.Container) and not isinstance(widget, (Gtk.ComboBox, Gtk.TreeView, Gtk.SpinButton)):
        widget.forall(found.append)
    return [widget, *(deeper for child in found if child.get_mapped() for deeper in within(child, Gtk))]


def is_control(widget, Gtk):  # noqa: N803
    """Whether a widget can be worked with now."""
    kinds = Gtk.Button, Gtk.Entry, Gtk.Scale, Gtk.ComboBox, Gtk.TreeView, Gtk.EventBox
    own = isinstance(widget, kinds) and (not isinstance(widget, Gtk.EventBox) or widget.get_can_focus())
    return own and widget.is_sensitive()


def called(widget, Gtk):  # noqa: N803
    """A widget's kind and words."""
    words = widget.get_label() if isinstance(widget, Gtk.Button) else ""
    return f"{type(widget).__name__} {words or widget.get_tooltip_text() or ''}"


def begin():
    import gi

    gi.require_version("Gtk", "3.0")
    gi.require_version("GimpUi", "3.0")
    from gi.repository import GimpUi, GLib, Gtk

    def walk(dialog, looks):
        looks.append(dialog.is_active())
        if len(looks) < LOOKS and not all(looks[-2:]):  # settled
            return GLib.SOURCE_CONTINUE
        with open(f"{HERE}/walked", "a") as file:
            try:
                print(json.dumps(walked(dialog, Gtk)), file=file)
            except Exception as error:  # else the dialog would stay open for ever
                print(json.dumps({"title": dialog.get_title(), "failed": repr(error)}), file=file)
        dialog.response(Gtk.ResponseType.CANCEL)
        return GLib.SOURCE_REMOVE

    def walking(run):
        def run_walked(dialog):
            GLib.timeout_add(LOOK, walk, dialog, [False])
            return run(dialog)
        return run_walked

    for kind in (Gtk.Dialog, GimpUi.Dialog, GimpUi.ProcedureDialog):  # each has a `run` of its own
        kind.run = walking(kind.run)


if "-run" in sys.orig_argv and any("plug-ins/smssr/" in word for word in sys.orig_argv) and os.environ.get("DISPLAY"):
    begin()
