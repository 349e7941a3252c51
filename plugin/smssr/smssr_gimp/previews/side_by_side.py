"""Several settings side by side on the same place, one of which is chosen by a click."""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..i18n import _  # noqa: E402

WIDTH, HEIGHT, ACROSS = 200, 130, 2


class SideBySide(Gtk.MenuButton):
    """A button that shows, below each other and beside, how what is shown would look with each of several settings."""

    def __init__(self, preview, options):
        """`options()`: (words, wish, what to call when it is chosen) each; `wish` as the preview's settings."""
        super().__init__(label=_("Side _by side"), use_underline=True,
                         tooltip_text=_("The same place with several settings, to choose from"))
        self._preview, self._options = preview, options
        self._box = Gtk.Grid(row_spacing=6, column_spacing=6, margin=6)
        popover = Gtk.Popover(relative_to=self)
        popover.add(self._box)
        self.set_popover(popover)
        self.connect("toggled", self._open)

    def _open(self, *_args):
        for child in self._box.get_children():
            self._box.remove(child)
        if not self.get_active():
            return
        options, pictures = self._options(), []
        for i, (words, _wish, choose) in enumerate(options):
            picture = Gtk.Image()
            picture.set_size_request(WIDTH, HEIGHT)
            face = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=2)
            face.pack_start(picture, False, False, 0)
            face.pack_start(Gtk.Label(label=words, wrap=True, max_width_chars=24), False, False, 0)
            button = Gtk.Button(relief=Gtk.ReliefStyle.NONE)
            button.add(face)
            button.connect("clicked", self._chosen, choose)
            self._box.attach(button, i % ACROSS, i // ACROSS, 1, 1)
            pictures.append(picture)
        self._box.show_all()
        wishes = [wish for _words, wish, _choose in options]
        self._preview.offer((WIDTH, HEIGHT), wishes, lambda i, pixbuf: pictures[i].set_from_pixbuf(pixbuf))

    def _chosen(self, _button, choose):
        self.set_active(False)
        choose()
