"""Several settings side by side on the same place, large, moved together; one of them is chosen by a click."""

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from .preview import interpolation  # noqa: E402

ACROSS = 3
SHARE = 0.8
"""Of the screen, that all tiles together take."""

STILL = 4
"""Pixels that a click may move before it is a drag."""


class SideBySide(Gtk.Button):
    """A button that opens a window with the place that the preview shows, at its zoom, as it would look with each of several settings."""

    def __init__(self, preview, options, add_help):
        """`options()`: (words, wish, what to call when it is chosen; None for what is shown to compare with) each, two to six.

        `add_help(dialog)` gives the window its Help.
        """
        super().__init__(label=_("S_ide by side"), use_underline=True,
                         tooltip_text=_("The same spot with several settings, to choose from"))
        self._preview, self._options, self._add_help = preview, options, add_help
        self.connect("clicked", self._open)

    def _open(self, *_args):
        options = self._options()
        dialog = Gtk.Dialog(title=_("Side by Side"), transient_for=self.get_toplevel(), modal=True)
        dialog.add_button(_("_Close"), Gtk.ResponseType.CLOSE)
        self._add_help(dialog)
        tiles = Tiles(self._preview, options, dialog)
        area = dialog.get_content_area()
        area.set_property("margin", 6)
        area.pack_start(tiles, True, True, 0)
        area.pack_start(Gtk.Label(label=_("Drag to move, wheel to zoom. Click the one that you like."), wrap=True), False, False, 6)
        area.show_all()
        tiles.ask()
        chosen = dialog.run()
        dialog.destroy()
        if chosen >= 0:
            options[chosen][2]()
        self._preview.refresh()


class Tiles(Gtk.Grid):
    """The tiles."""

    def __init__(self, preview, options, dialog):
        super().__init__(row_spacing=6, column_spacing=6)
        self._preview, self._options, self._dialog = preview, options, dialog
        self._grabbed = self._begun = None
        columns = min(ACROSS, len(options) if len(options) != 4 else 2)
        rows = -(-len(options) // columns)
        room = Gdk.Display.get_default().get_monitor(0).get_workarea()
        self._tile = int(SHARE * room.width / columns), int(SHARE * (room.height - 160) / rows)
        self._pictures = []
        for i, (words, _wish, choose) in enumerate(options):
            picture = Gtk.Image()
            picture.set_size_request(*self._tile)
            place = Gtk.EventBox()
            place.add_events(Gdk.EventMask.BUTTON_PRESS_MASK | Gdk.EventMask.BUTTON_RELEASE_MASK | Gdk.EventMask.BUTTON1_MOTION_MASK
                             | Gdk.EventMask.SCROLL_MASK)
            place.add(picture)
            place.connect("button-press-event", self._press)
            place.connect("motion-notify-event", self._move)
            place.connect("button-release-event", self._release, i)
            place.connect("scroll-event", self._scroll)
            button = Gtk.Button(label=words, sensitive=choose is not None)
            button.connect("clicked", lambda _button, i=i: dialog.response(i))
            cell = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=2)
            cell.pack_start(place, False, False, 0)
            cell.pack_start(button, False, False, 0)
            self.attach(cell, i % columns, i // columns, 1, 1)
            self._pictures.append(picture)

    def ask(self):
        """Have every tile computed."""
        zoom = self._preview.zoom
        part = self._preview.around([max(1, int(side / zoom)) for side in reversed(self._tile)])
        self._preview.offer(part, [wish for _words, wish, _choose in self._options], self._take)

    def _take(self, i, pixbuf):
        zoom = self._preview.zoom
        wide, high = max(1, int(pixbuf.get_width() * zoom)), max(1, int(pixbuf.get_height() * zoom))
        self._pictures[i].set_from_pixbuf(pixbuf if zoom == 1 else pixbuf.scale_simple(wide, high, interpolation(zoom)))

    def _press(self, _place, event):
        self._begun = self._grabbed = event.x_root, event.y_root

    def _move(self, _place, event):
        if self._grabbed:
            x, y = self._grabbed
            self._grabbed = event.x_root, event.y_root
            self._preview.shift((y - event.y_root) / self._preview.zoom, (x - event.x_root) / self._preview.zoom)
            self.ask()

    def _release(self, _place, event, i):
        begun, self._grabbed, self._begun = self._begun, None, None
        still = begun and max(abs(event.x_root - begun[0]), abs(event.y_root - begun[1])) <= STILL
        if still and self._options[i][2]:
            self._dialog.response(i)

    def _scroll(self, _place, event):
        up, down = self._preview.turned(event)
        if up or down:
            self._preview.zoom_by(1 if up else -1)
            self.ask()
        return True
