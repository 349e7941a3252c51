"""A folder, typed or chosen. (GIMP 3.0's own field for a folder that may be a new one takes no notice of what is typed.)"""

import os
import re

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gio, Gtk  # noqa: E402

from ..i18n import plain  # noqa: E402
from .widgets import labelled  # noqa: E402


def folder_row(config, name, new=False, near=None):
    """A row bound to a setting that is a file. `new`: whether the folder may be one that does not exist yet.

    `near`: the setting of another folder, where one begins to choose.
    """
    setting = config.find_property(name)
    entry = Gtk.Entry(hexpand=True, width_chars=24, tooltip_text=setting.blurb, activates_default=True)
    button = Gtk.Button(image=Gtk.Image.new_from_icon_name("folder-open", Gtk.IconSize.BUTTON), tooltip_text=setting.blurb)

    def typed(_entry):
        path = os.path.expanduser(entry.get_text().strip())
        fine = os.path.isabs(path) and (new or os.path.isdir(path))
        config.set_property(name, Gio.File.new_for_path(path) if fine else None)

    def show(*_args):
        path = path_of(config, name)
        if path and path != os.path.normpath(os.path.expanduser(entry.get_text().strip())):
            entry.set_text(path)

    def choose(_button):
        chooser = Gtk.FileChooserNative.new(plain(setting.nick), button.get_toplevel(), Gtk.FileChooserAction.SELECT_FOLDER, None, None)
        begin = path_of(config, name) or near and path_of(config, near)
        if begin:
            chooser.set_current_folder(begin)
        if chooser.run() == Gtk.ResponseType.ACCEPT:
            entry.set_text(chooser.get_filename())
        chooser.destroy()

    show()
    entry.connect("changed", typed)
    button.connect("clicked", choose)
    config.connect(f"notify::{name}", show)
    fields = Gtk.Box(spacing=6)
    fields.pack_start(entry, True, True, 0)
    fields.pack_start(button, False, False, 0)
    row = labelled(setting.nick, fields)
    row.get_children()[0].set_mnemonic_widget(entry)
    return row


def path_of(config, name):
    """Where a setting's folder lies; None where there is none."""
    file = config.get_property(name)
    path = file and file.get_path()
    return path and re.sub("^//+", "/", path)  # GIMP keeps what was chosen last as file:////home
