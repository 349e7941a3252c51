"""Buttons of a dialog that makes a selection: accept it, and open the filter that it is mostly made for."""

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gimp, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from .columns import NARROW  # noqa: E402


class Handing(Gtk.Box):
    """A row of them. `then`: the procedure that was chosen; None while none is."""

    def __init__(self, dialog, targets):
        """`targets`: (procedure, words) of each."""
        super().__init__(spacing=6)
        self.then = None
        for name, words in targets:
            button = Gtk.Button(label=words, use_underline=True, tooltip_text=_("Accept, and open that filter with the mask"))
            button.get_child().set_line_wrap(True)
            button.get_child().set_max_width_chars(NARROW // len(targets))
            button.connect("clicked", self._clicked, dialog, name)
            self.pack_start(button, False, False, 0)

    def _clicked(self, _button, dialog, name):
        self.then = name
        dialog.response(Gtk.ResponseType.OK)


def invitation():
    """The words above them."""
    return Gtk.Label(label=_("Accept, and continue with:"), xalign=0)


def go_on(name, image, layer):
    """Open another of our dialogs with the mask that was made."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.INTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    procedure.run(config)
