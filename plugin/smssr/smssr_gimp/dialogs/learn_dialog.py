"""The dialog of Learn a Style from Selection…"""

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gdk, GimpUi, Gtk  # noqa: E402

from ..i18n import _, isolated  # noqa: E402
from .naming import check_name  # noqa: E402
from .widgets import add_help, allowed, answered, begin_in, opened, packed  # noqa: E402


def learn_dialog(procedure, config, cards, width, height):
    """Learn a Style from Selection…; True for OK. `cards`: the models and styles there are; their names are taken."""
    dialog = opened(procedure, config, _("Learn a Style"))
    dialog.fill(["name", "title", "coarse", "minutes", "replace"])
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def named(*_args):
        if allowed(dialog, note, lambda: check_name(config.get_property("name") or "", cards, config.get_property("replace"))):
            note.set_text(isolated(_("From {0} × {1} pixels of the active layer.").format(width, height)))

    for name in ("name", "replace"):
        config.connect(f"notify::{name}", named)
    named()
    packed(dialog, (note,))
    begin_in(dialog, "name", "title")
    return answered(dialog)


def missing_dialog(procedure, words, command):
    """Say what is missing, with the command that installs it, to be copied."""
    GimpUi.init(procedure.get_name())
    dialog = Gtk.Dialog(title=_("Learn a Style"))
    dialog.add_buttons(_("_Copy the Command"), Gtk.ResponseType.APPLY, _("_Close"), Gtk.ResponseType.CLOSE)
    add_help(dialog, procedure.get_name())
    dialog.set_default_response(Gtk.ResponseType.APPLY)
    line = Gtk.Entry(text=command, editable=False, width_chars=60)
    box = dialog.get_content_area()
    box.set_property("margin", 12)
    box.set_spacing(12)
    for widget in (Gtk.Label(label=words, wrap=True, max_width_chars=60, xalign=0), line):
        box.pack_start(widget, False, False, 0)
    box.show_all()
    while dialog.run() == Gtk.ResponseType.APPLY:
        clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
        clipboard.set_text(command, -1)
        clipboard.store()  # so that it is still there when this is closed
        dialog.set_title(_("Learn a Style (the command was copied)"))
    dialog.destroy()
