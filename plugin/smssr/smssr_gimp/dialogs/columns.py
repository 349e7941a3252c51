"""Fields in a column: words of one width before them, and none too wide for a small screen."""

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gdk, GimpUi, Gtk, Pango  # noqa: E402

NARROW = 46
"""Characters of the words beside a preview, of ticks and of what a list shows."""

LABEL = 24
"""Characters of the words before a field."""

AROUND = 200
"""Pixels of a dialog's height besides its column: its title, its buttons and those of its settings."""


def aligned(column):
    """Make the words before the fields of a column equally wide."""
    labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
    for widget in column.get_children():
        label = _label_of(widget)
        if label:
            labels.add_widget(label)


def scrolling(column):
    """The column in a frame that is as tall as it is, but scrolls where a dialog would be taller than the screen."""
    room = Gdk.Display.get_default().get_monitor(0).get_workarea().height - AROUND
    frame = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, propagate_natural_height=True, propagate_natural_width=True,
                               max_content_height=room)
    frame.add(column)
    return frame


def narrowed(widget):
    """Have the words in a widget take a second line, and lists end in dots, rather than make the dialog wider than a small screen."""
    if isinstance(widget, Gtk.ComboBox):
        for cell in widget.get_cells():
            if isinstance(cell, Gtk.CellRendererText) and cell.get_property("max-width-chars") < 0:
                cell.set_property("ellipsize", Pango.EllipsizeMode.END)
                cell.set_property("max-width-chars", NARROW)
        return
    words, most = ((widget.get_label(), LABEL) if isinstance(widget, GimpUi.Labeled) else
                   (widget.get_child(), NARROW) if isinstance(widget, Gtk.CheckButton) else (None, 0))
    if isinstance(words, Gtk.Label):
        words.set_line_wrap(True)
        words.set_max_width_chars(most)
    if isinstance(widget, Gtk.Container):
        for child in widget.get_children():
            narrowed(child)


def _label_of(widget):
    """The label at the beginning of a row; None where there is none."""
    if isinstance(widget, GimpUi.Labeled):
        return widget.get_label()
    first = widget.get_children()[0] if isinstance(widget, Gtk.Box) and widget.get_children() else None
    return first if isinstance(first, Gtk.Label) else first and _label_of(first)
