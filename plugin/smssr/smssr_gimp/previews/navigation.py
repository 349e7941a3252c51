"""Moving about in a preview: pointer, wheel and keys."""

import math

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

from ..i18n import _, number  # noqa: E402

ZOOMS = (0.25, 0.5, 1, 2, 4, 8)
MOST_PIXELS = 1 << 22
"""So much of the answer is computed for a preview at most; it cannot be zoomed out further."""

STEP = 1 / 8
"""How far an arrow key goes, as a share of what is shown."""

GRIP = 12
"""Pixels to each side of the divider in which it can be grabbed."""


class Navigation:
    """What a widget with `size()`, `window()`, `refresh()`, `show_halves()`, `zoom`, `centre` and `divider` does when it is touched."""

    def __init__(self, **properties):
        super().__init__(**properties)
        self.zoom, self.centre, self.divider = 1, [0.5, 0.5], 0.5
        self.room = 1, 1
        """Width and height on screen."""
        self.zoomed = lambda: None
        """Called when the zoom has changed."""
        self.busy = lambda computing: None
        """Called when the computing of what is shown has begun or ended."""
        self._grabbed = None
        for signal, handler in (("button-press-event", self._press), ("button-release-event", self._release),
                                ("motion-notify-event", self._move), ("scroll-event", self._scroll),
                                ("key-press-event", self._key), ("size-allocate", self._resize)):
            self.connect(signal, handler)
        self.add_events(Gdk.EventMask.BUTTON_PRESS_MASK | Gdk.EventMask.BUTTON_RELEASE_MASK | Gdk.EventMask.POINTER_MOTION_MASK
                        | Gdk.EventMask.SCROLL_MASK | Gdk.EventMask.KEY_PRESS_MASK)

    def zoom_to(self, zoom):
        """Show so many screen pixels for one of the answer, as far as that can be computed."""
        least = math.sqrt(self.room[0] * self.room[1] / MOST_PIXELS)
        self.zoom = max(min(zoom, ZOOMS[-1]), least, 1 / 64)
        self.zoomed()
        self.refresh()

    def fit(self):
        """Show all, or as much as can be."""
        width, height = self.size()
        self.zoom_to(min(self.room[0] / width, self.room[1] / height))

    def zoom_by(self, steps):
        """The next larger or smaller of ZOOMS."""
        others = [zoom for zoom in ZOOMS if (zoom > self.zoom * 1.01 if steps > 0 else zoom < self.zoom / 1.01)]
        if others:
            self.zoom_to(others[0] if steps > 0 else others[-1])

    def pan(self, down, across):
        """Move by so many pixels of the answer."""
        self.shift(down, across)
        self.refresh()

    def shift(self, down, across):
        """Move the middle of what is shown, without showing it yet."""
        width, height = self.size()
        top, bottom, left, right = self.window()
        for i, (whole, lo, hi, by) in enumerate(((height, top, bottom, down), (width, left, right, across))):
            half = (hi - lo) / 2
            self.centre[i] = max(half, min(whole - half, (lo + hi) / 2 + by)) / whole

    def _resize(self, _widget, allocation):
        room = allocation.width, allocation.height
        if room != self.room:
            self.room = room
            GLib.idle_add(self.refresh)

    def _across(self, x):
        """A pointer's place as a share of the picture's width."""
        top, bottom, left, right = self.window()
        wide = (right - left) * self.zoom
        return (x - (self.room[0] - wide) / 2) / max(1, wide), wide

    def _press(self, _widget, event):
        self.grab_focus()
        share, wide = self._across(event.x)
        self._grabbed = "divider" if abs(share - self.divider) * wide <= GRIP else (event.x, event.y)

    def _release(self, *_event):
        self._grabbed = None

    def _move(self, _widget, event):
        if self._grabbed == "divider":
            self.divider = max(0.0, min(1.0, self._across(event.x)[0]))
            self.show_halves()
        elif self._grabbed:
            x, y = self._grabbed
            self._grabbed = event.x, event.y
            self.pan((y - event.y) / self.zoom, (x - event.x) / self.zoom)

    @staticmethod
    def turned(event):
        """Whether the wheel was turned up, and whether down."""
        up, down = event.direction == Gdk.ScrollDirection.UP, event.direction == Gdk.ScrollDirection.DOWN
        if event.direction == Gdk.ScrollDirection.SMOOTH:
            _given, _dx, dy = event.get_scroll_deltas()
            up, down = dy < 0, dy > 0
        return up, down

    def _scroll(self, _widget, event):
        up, down = self.turned(event)
        if up or down:
            self.zoom_by(1 if up else -1)
        return True

    def _key(self, _widget, event):
        top, bottom, left, right = self.window()
        down, across = STEP * (bottom - top), STEP * (right - left)
        key = Gdk.keyval_name(event.keyval)
        does = {"Up": lambda: self.pan(-down, 0), "Down": lambda: self.pan(down, 0), "Left": lambda: self.pan(0, -across),
                "Right": lambda: self.pan(0, across), "plus": lambda: self.zoom_by(1), "KP_Add": lambda: self.zoom_by(1),
                "minus": lambda: self.zoom_by(-1), "KP_Subtract": lambda: self.zoom_by(-1), "1": lambda: self.zoom_to(1), "0": self.fit}
        if key in does:
            does[key]()
        return key in does


def zoom_buttons(preview, *others, hint=None):
    """Buttons for who does not use the wheel, and `others`; `hint`: what mouse and keys do, if not the usual."""
    row = Gtk.Box(spacing=6)
    for words, tip, does in ((_("Fit"), _("Show everything, or as much as possible"), preview.fit),
                             ("1:_1", _("Actual size"), lambda: preview.zoom_to(1)),
                             ("+", _("Larger"), lambda: preview.zoom_by(1)), ("−", _("Smaller"), lambda: preview.zoom_by(-1))):
        button = Gtk.Button(label=words, use_underline=True, tooltip_text=tip)
        button.connect("clicked", lambda _button, does=does: does())
        row.pack_start(button, False, False, 0)
    written = Gtk.Label(width_chars=6)
    preview.zoomed = lambda: written.set_text(number(preview.zoom, ".0%" if preview.zoom >= 0.1 else ".1%"))
    preview.zoomed()
    row.pack_start(written, False, False, 0)
    spinner = Gtk.Spinner()
    preview.busy = lambda computing: spinner.start() if computing else spinner.stop()
    row.pack_start(spinner, False, False, 0)
    for button in others:
        row.pack_start(button, False, False, 0)
    words = Gtk.Label(label=hint or _("Drag the divider or the picture; the wheel zooms, arrow keys move."), xalign=0, wrap=True,
                      max_width_chars=24)
    words.get_style_context().add_class("dim-label")
    row.pack_start(words, True, True, 6)
    return row
