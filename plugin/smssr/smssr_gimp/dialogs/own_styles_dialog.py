"""The dialog of My Styles…: a list, and what can be done to the style that is chosen."""

import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import GdkPixbuf, GimpUi, GLib, Gtk, Pango  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..one_window import one_window  # noqa: E402
from .widgets import add_help  # noqa: E402

SUFFIX = ".smssr"
PAINTED = "painting", "coarse"
"""What a card's task says of those that Repaint… lists; Stylize… lists the others."""

SHOWN = 48
"""Side of a thumbnail in the list."""


class OwnStyles(Gtk.Box):
    """The list, its buttons, and a line for what was done or went wrong."""

    def __init__(self, engine, act):
        """`act(action, name, title, file)` has the engine do it, and raises EngineError."""
        super().__init__(orientation=Gtk.Orientation.VERTICAL, spacing=6, margin=12)
        self._engine, self._act = engine, act
        self._rows = Gtk.ListStore(str, str, GdkPixbuf.Pixbuf, str)
        self._list = Gtk.TreeView(model=self._rows, headers_visible=False)
        column = Gtk.TreeViewColumn()
        for cell, what, number in ((Gtk.CellRendererPixbuf(), "pixbuf", 2),
                                   (Gtk.CellRendererText(xpad=6, ellipsize=Pango.EllipsizeMode.END), "markup", 3)):
            column.pack_start(cell, what == "markup")
            column.add_attribute(cell, what, number)
        self._list.append_column(column)
        scrolled = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, expand=True)
        scrolled.set_size_request(360, 260)
        scrolled.add(self._list)
        self.pack_start(scrolled, True, True, 0)
        self._note = Gtk.Label(xalign=0, wrap=True, max_width_chars=50)
        row = Gtk.Box(spacing=6, homogeneous=True)
        self._of_one = []
        for label, do in ((_("_Rename…"), self._rename), (_("_Delete"), self._delete), (_("_Export…"), self._export),
                          (_("_Import…"), self._import)):
            button = Gtk.Button(label=label, use_underline=True)
            button.connect("clicked", lambda _button, do=do: do())
            row.pack_start(button, True, True, 0)
            if do != self._import:
                self._of_one.append(button)
        self.pack_start(row, False, False, 0)
        self.pack_start(self._note, False, False, 0)
        self._list.get_selection().connect("changed", lambda *_args: self._choosable())
        self._fill()

    def _fill(self, chosen=None):
        self._rows.clear()
        for card in self._engine.hello()["models"]:
            if card["own"]:
                path = card["thumbnail"]
                picture = GdkPixbuf.Pixbuf.new_from_file_at_size(path, SHOWN, SHOWN) if os.path.exists(path) else None
                where = _("You find it in Repaint…") if card["task"] in PAINTED else _("You find it in Stylize…")
                words = GLib.markup_escape_text(card["title"] or card["name"])
                at = self._rows.append([card["name"], card["title"], picture, f"{words}\n<small>{where}</small>"])
                if card["name"] == chosen:
                    self._list.get_selection().select_iter(at)
        if not len(self._rows):
            self._note.set_text(_("There are none yet. Material from Selection… and Painting from Selection… create them."))
        self._choosable()

    def _choosable(self):
        for button in self._of_one:
            button.set_sensitive(self._chosen() is not None)

    def _chosen(self):
        _rows, at = self._list.get_selection().get_selected()
        return at and self._rows[at]

    def _do(self, *what):
        """Have it done, and show the list as it is then; whether it was done."""
        try:
            name = self._act(*what)["name"]
        except EngineError as error:
            self._note.set_text(str(error))
            return False
        self._note.set_text("")
        self._fill(name)
        return True

    def _rename(self):
        row = self._chosen()
        asked = Gtk.MessageDialog(transient_for=self.get_toplevel(), modal=True, buttons=Gtk.ButtonsType.OK_CANCEL, text=_("A new name"))
        asked.set_default_response(Gtk.ResponseType.OK)
        entry = Gtk.Entry(text=row[1], activates_default=True, margin=12)
        asked.get_content_area().pack_start(entry, False, False, 0)
        entry.show()
        answer, title = asked.run(), entry.get_text().strip()
        asked.destroy()
        if answer == Gtk.ResponseType.OK and title:
            self._do("rename", row[0], title)

    def _delete(self):
        row = self._chosen()
        asked = Gtk.MessageDialog(transient_for=self.get_toplevel(), modal=True, buttons=Gtk.ButtonsType.CANCEL,
                                  text=_("Delete {style}? This cannot be undone.").format(style=row[1]))
        asked.add_button(_("_Delete"), Gtk.ResponseType.OK)
        asked.set_default_response(Gtk.ResponseType.CANCEL)
        answer = asked.run()
        asked.destroy()
        if answer == Gtk.ResponseType.OK:
            self._do("remove", row[0])

    def _file(self, action, title):
        """The path of a file that the user chooses; None where none is."""
        asked = Gtk.FileChooserNative(title=title, transient_for=self.get_toplevel(), modal=True, action=action,
                                      do_overwrite_confirmation=True)
        kinds = Gtk.FileFilter()
        kinds.set_name(_("Styles (*.smssr)"))
        kinds.add_pattern(f"*{SUFFIX}")
        asked.add_filter(kinds)
        if action == Gtk.FileChooserAction.SAVE:
            asked.set_current_name(f"{self._chosen()[0]}{SUFFIX}")
        path = asked.get_filename() if asked.run() == Gtk.ResponseType.ACCEPT else None
        asked.destroy()
        return path

    def _export(self):
        path = self._file(Gtk.FileChooserAction.SAVE, _("Export a style"))
        if path:
            path = path if path.endswith(SUFFIX) else path + SUFFIX
            if self._do("export", self._chosen()[0], "", path):
                self._note.set_text(_("Exported to {file}").format(file=path))

    def _import(self):
        path = self._file(Gtk.FileChooserAction.OPEN, _("Import a style"))
        if path:
            self._do("import", "", "", path)


def own_styles_dialog(procedure, engine, act):
    """My Styles…; returns when it is closed."""
    GimpUi.init(procedure.get_name())
    dialog = GimpUi.Dialog(title=_("My Styles"))
    dialog.add_buttons(_("_Close"), Gtk.ResponseType.CLOSE)
    add_help(dialog, procedure.get_name())
    one_window.listen(dialog)
    dialog.get_content_area().pack_start(OwnStyles(engine, act), True, True, 0)
    dialog.show_all()
    dialog.run()
    dialog.destroy()
