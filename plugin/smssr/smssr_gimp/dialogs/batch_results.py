"""The window that says what became of each picture of a folder; it can be saved as a table."""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk, Pango  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _, plain  # noqa: E402
from ..operations.folders import in_words, outcome  # noqa: E402
from .widgets import add_help  # noqa: E402

SAVE = 1
"""The window's own answer."""

HELP = "smssr-batch"
"""The help page's section."""


WIDE = 380
"""Pixels of a line of remarks."""


def show_results(header, save):
    """Show it until it is closed. `header`: the engine's last answer; `save`: writes the table into the file of that name."""
    dialog = Gtk.Dialog(title=_("Batch Upscale: Results"))
    dialog.add_button(_("_Save Report…"), SAVE)
    dialog.add_button(_("_Close"), Gtk.ResponseType.CLOSE)
    add_help(dialog, HELP)
    dialog.set_default_response(Gtk.ResponseType.CLOSE)
    dialog.set_default_size(720, 420)
    words = Gtk.Label(label=outcome(header), xalign=0, wrap=True, selectable=True)
    area = dialog.get_content_area()
    area.set_property("margin", 12)
    area.set_spacing(12)
    area.pack_start(words, False, False, 0)
    scrolled = Gtk.ScrolledWindow(shadow_type=Gtk.ShadowType.IN)
    scrolled.add(table(header["rows"]))
    area.pack_start(scrolled, True, True, 0)
    area.show_all()
    while dialog.run() == SAVE:
        path = chosen(dialog)
        if path:
            try:
                save(path)
                words.set_text(f"{outcome(header)} → {path}")
            except EngineError as error:
                words.set_text(str(error))
    dialog.destroy()


def table(rows):
    """Name, what became of it, and remarks; what failed comes first."""
    states = {"written": _("Written"), "skipped": _("Skipped"), "failed": _("Failed")}
    store = Gtk.ListStore(str, str, str)
    for name, state, remarks in sorted(rows, key=lambda row: row[1] != "failed"):
        store.append([name, states.get(state, state), "; ".join(map(in_words, remarks))])
    view = Gtk.TreeView(model=store, tooltip_column=2)
    for number, title in enumerate((plain(_("Pict_ure")), _("Result"), _("Remarks"))):
        last = number == 2
        cell = (Gtk.CellRendererText(wrap_mode=Pango.WrapMode.WORD_CHAR, wrap_width=WIDE) if last else
                Gtk.CellRendererText(ellipsize=Pango.EllipsizeMode.END, yalign=0))
        column = Gtk.TreeViewColumn(title, cell, text=number)
        column.set_resizable(True)
        column.set_expand(last)
        column.set_min_width((180, 120, 240)[number])
        view.append_column(column)
    return view


def chosen(parent):
    """The file that a user chooses for the report; None for none."""
    chooser = Gtk.FileChooserNative.new(plain(_("_Save Report…")), parent, Gtk.FileChooserAction.SAVE, None, None)
    chooser.set_do_overwrite_confirmation(True)
    chooser.set_current_name("report.html")
    try:
        return chooser.get_filename() if chooser.run() == Gtk.ResponseType.ACCEPT else None
    finally:
        chooser.destroy()
