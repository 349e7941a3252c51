"""A live preview: a crop of the real picture, before | after, with a divider that one drags. Drag elsewhere to see another part.

What is shown is computed as the result will be: by the same engine, and composed by GIMP itself in a small image that nobody sees.
A thread reads the engine's answers; those to a question that has been asked anew are dropped.
"""

import contextlib
import threading

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gdk, GdkPixbuf, Gegl, Gimp, GLib, Gtk  # noqa: E402

from .engine import EngineError  # noqa: E402
from .pixels import format_of, image_like, put, rectangle  # noqa: E402

WIDTH, HEIGHT = 480, 320
DELAY = 30
"""Milliseconds after the last change of a setting before the engine is asked."""

GRIP = 12
"""Pixels to each side of the divider in which it can be grabbed."""

CHECK, LIGHT, DARK = 8, 0x999999, 0x666666


def pixbuf_of(drawable, rect):
    """A part of a drawable as it looks on screen, over checks where it is transparent."""
    pixels = drawable.get_buffer().get(rect, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
    width, height = rect.width, rect.height
    flat = GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(pixels), GdkPixbuf.Colorspace.RGB, True, 8, width, height, 4 * width)
    return flat.composite_color_simple(width, height, GdkPixbuf.InterpType.NEAREST, 255, CHECK, LIGHT, DARK)


class Preview(Gtk.EventBox):
    """The drawing area. A subclass says of what a part is shown, what before looks like, what to ask, and how to compose the answer."""

    def __init__(self, engine, image, layer):
        super().__init__()
        self.engine, self.image, self.layer = engine, image, layer
        self.before = self.after = None
        self.divider = WIDTH // 2
        self.corner = None
        self._asked = self._timer = 0
        self._grabbed = None
        self._scratch = None
        self._inset = 0
        self._picture = Gtk.Image()
        self._picture.set_size_request(WIDTH, HEIGHT)
        self.add(self._picture)
        self.set_halign(Gtk.Align.CENTER)
        self.add_events(Gdk.EventMask.BUTTON_PRESS_MASK | Gdk.EventMask.BUTTON_RELEASE_MASK | Gdk.EventMask.POINTER_MOTION_MASK)
        self.connect("button-press-event", self._press)
        self.connect("button-release-event", self._release)
        self.connect("motion-notify-event", self._move)
        put(engine, layer)
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        self.refresh()

    def size(self):
        """Width and height of what a part is shown of."""
        raise NotImplementedError

    def show_before(self, window):
        """The pixbuf of the part before."""
        raise NotImplementedError

    def question(self, window):
        """The engine's request for the part."""
        raise NotImplementedError

    def compose(self, scratch, window):
        """The pixbuf of the part after, from the layer that holds the engine's tiles."""
        raise NotImplementedError

    def window(self):
        """`(top, bottom, left, right)` of the part that is shown."""
        width, height = self.size()
        if self.corner is None:
            self.corner = (height - HEIGHT) // 2, (width - WIDTH) // 2
        top = max(0, min(self.corner[0], height - HEIGHT))
        left = max(0, min(self.corner[1], width - WIDTH))
        return top, min(height, top + HEIGHT), left, min(width, left + WIDTH)

    def refresh(self, *_):
        """Something has changed: ask anew, in a moment."""
        if not self._timer:
            self._timer = GLib.timeout_add(DELAY, self._ask)

    def _ask(self):
        self._timer = 0
        try:
            self._ask_engine()
        except EngineError as error:
            self.told(str(error))
        return GLib.SOURCE_REMOVE

    def _ask_engine(self):
        window = self.window()
        self.before = self.show_before(window)
        if self._asked:
            self.engine.cancel(self._asked)
        if self._scratch:
            self._scratch.get_image().delete()
        top, bottom, left, right = window
        small = image_like(self.image, right - left, bottom - top)
        self._scratch = Gimp.Layer.new(small, "part", right - left, bottom - top, self.layer.type(), 100.0, Gimp.LayerMode.NORMAL)
        small.insert_layer(self._scratch, None, 0)
        self._window = window
        self._asked = self.engine.send(window=window, picture=1, **self.question(window))
        self._show()

    def _listen(self):
        """In a thread of its own: hand every answer to GTK's one."""
        try:
            while True:
                header, payload = self.engine.next()
                if "version" in header:
                    return
                GLib.idle_add(self._answer, header, payload)
        except EngineError as error:
            GLib.idle_add(self.told, str(error))

    def told(self, words):
        """Say what went wrong; a dialog connects its own label here."""

    def _answer(self, header, payload):
        if header["id"] != self._asked:
            return GLib.SOURCE_REMOVE
        if "error" in header:
            self.told(header["error"])
        elif "tile" in header:
            a, b, c, d = header["tile"]
            top, _, left, _ = self._window
            self._scratch.get_buffer().set(rectangle(a - top, b - top, c - left, d - left), self.answer_format(), payload)
        elif header.get("end"):
            self._scratch.get_buffer().flush()
            self._scratch.update(0, 0, self._scratch.get_width(), self._scratch.get_height())
            self.after = self.compose(self._scratch, self._window)
            self.told("")
            self._show()
        return GLib.SOURCE_REMOVE

    def answer_format(self):
        """The format of the engine's tiles."""
        return format_of(self.layer)[0]

    def close(self):
        """Stop reading, so that the engine can be asked for the whole."""
        if self._timer:
            GLib.source_remove(self._timer)
        with contextlib.suppress(EngineError):  # whoever asks the engine next will be told
            if self._asked:
                self.engine.cancel(self._asked)
            self.engine.send(do="hello")
        self._reader.join(10)
        if self._scratch:
            self._scratch.get_image().delete()

    def _show(self):
        """Before to the left of the divider, after to its right. Composed as a pixbuf: GIMP's Python need not know cairo."""
        if not self.before:
            return
        width, height = self.before.get_width(), self.before.get_height()
        self._inset = (WIDTH - width) // 2
        at = int(max(0, min(self.divider - self._inset, width)))
        shown = self.before.copy()
        if self.after and (self.after.get_width(), self.after.get_height()) == (width, height) and at < width:
            self.after.copy_area(at, 0, width - at, height, shown, at, 0)
        for left, wide, colour in ((at - 1, 3, 0x000000FF), (at, 1, 0xFFFFFFFF)):
            left, right = max(0, left), min(width, left + wide)
            if left < right:
                shown.new_subpixbuf(left, 0, right - left, height).fill(colour)
        self._picture.set_from_pixbuf(shown)

    def _press(self, _, event):
        if abs(event.x - self.divider) <= GRIP:
            self._grabbed = "divider"
        else:
            top, _, left, _ = self.window()
            self._grabbed = event.x + left, event.y + top

    def _release(self, *_):
        self._grabbed = None

    def _move(self, _, event):
        if self._grabbed == "divider":
            self.divider = max(0, min(WIDTH, event.x))
            self._show()
        elif self._grabbed:
            self.corner = int(self._grabbed[1] - event.y), int(self._grabbed[0] - event.x)
            self.refresh()
